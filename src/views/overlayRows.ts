import { l10n } from 'vscode';
import { comma } from '../editor/listText.ts';
import { remoteHostText, taskHostText } from '../editor/overlayText.ts';
import { markdownCode, visible } from '../editor/untrusted.ts';
import type { Network, OverlayService, RemoteEndpoint } from '../topology/model.ts';
import { remoteEndpoints } from '../topology/overlay.ts';
import { bold, detail, facts, joined, nameList, paragraphs, rowsFor, type Row, type RowContext } from './row.ts';

/** What is beside its own containers below an overlay network: those of other hosts, then services. */
export function overlayRows(context: RowContext, network: Network): Row[] {
  if (network.overlay === undefined) return [];
  const remote = remoteEndpoints(network, context.lookup.snapshot);
  const services = network.overlay.services.filter(({ name }) => name !== '');
  return [
    ...rowsFor(context, remote, (endpoint) => remoteRow(context, endpoint)),
    ...rowsFor(context, services, (service) => serviceRow(context, service)),
  ];
}

/** Where its engine is shown too it stands for the container there; else nothing can be done with it from here. */
function remoteRow(context: RowContext, endpoint: RemoteEndpoint): Row {
  const { endpointId, ipv4, mac } = endpoint;
  const name = endpoint.name === '' ? visible(endpointId, 12) : visible(endpoint.name);
  const seat = context.remoteSeats?.get(endpointId);
  const where = seat === undefined ? remoteHostText(endpoint.host) : shownHostText(context, seat.engine);
  const address = ipv4 === undefined ? undefined : visible(ipv4, 60);
  return {
    key: `remote:${endpointId}`,
    label: name,
    description: joined([address, where]),
    icon: { id: 'remote' },
    tokens:
      seat === undefined ? ['remote'] : ['remote', 'can:revealContainer', 'can:revealEndpoint', 'can:showInDiagram'],
    ...(seat === undefined ? {} : { subject: { kind: 'endpoint', ...seat } }),
    spoken: joined([name, address, where], comma()),
    children: () => [
      ...(ipv4 === undefined ? [] : [detail('ip', l10n.t('IPv4'), ipv4, { icon: { id: 'symbol-numeric' } })]),
      ...(mac === undefined ? [] : [detail('mac', l10n.t('MAC'), mac, { icon: { id: 'key' } })]),
      detail('endpoint', l10n.t('Endpoint ID'), endpointId.slice(0, 12), { icon: { id: 'tag' } }),
    ],
  };
}

function shownHostText({ engineLabel }: RowContext, engine: string): string {
  return l10n.t('on {0}', visible(engineLabel?.(engine) ?? engine, 60));
}

function serviceRow({ lookup }: RowContext, service: OverlayService): Row {
  const { name, vip, ports, tasks } = service;
  const label = visible(name);
  const count = tasks.length === 1 ? l10n.t('1 task') : l10n.t('{0} tasks', tasks.length);
  const virtual = vip === undefined ? undefined : l10n.t('virtual IP {0}', visible(vip, 60));
  const shownPorts = ports.slice(0, 8).map((port) => visible(port, 80));
  return {
    key: `service:${name}`,
    label,
    description: joined([l10n.t('service'), virtual, count, ...shownPorts]),
    icon: { id: 'server-process' },
    tokens: ['service'],
    spoken: joined([l10n.t('Service {0}', label), virtual, count, ...shownPorts], comma()),
    tooltip: () =>
      paragraphs(
        bold(name),
        facts([
          [l10n.t('Virtual IP'), vip === undefined ? undefined : markdownCode(vip)],
          [l10n.t('Published by every node'), nameList(ports)],
        ]),
      ),
    children: () =>
      tasks.map((task) => {
        const facts = [visible(task.address, 60), taskHostText(lookup, task.host)];
        return {
          key: `task:${task.endpointId}:${task.name}`,
          label: visible(task.name),
          description: joined(facts),
          icon: { id: 'symbol-event' },
          tokens: ['task'],
          spoken: joined([visible(task.name), ...facts], comma()),
        };
      }),
  };
}
