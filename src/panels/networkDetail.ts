import { l10n } from 'vscode';
import { containerName } from '../editor/containerText.ts';
import { wireOf } from '../editor/elementTokens.ts';
import { kindText } from '../editor/linkKindText.ts';
import type { Seat } from '../editor/lookup.ts';
import { flannelSentence } from '../editor/flannelText.ts';
import { remoteHostText, overlaySentence, taskHostText } from '../editor/overlayText.ts';
import { modeName, parentOf, parentSentences, vlanText } from '../editor/parentText.ts';
import { stateText } from '../editor/stateText.ts';
import { visible } from '../editor/untrusted.ts';
import type { Detail, DetailRow, DetailSection } from '../protocol/messages.ts';
import { bridgeName } from '../topology/bridgeName.ts';
import { isRunning, type Network } from '../topology/model.ts';
import { remoteEndpoints, sandboxOf } from '../topology/overlay.ts';
import {
  addressText,
  codeRow,
  linkRows,
  listRow,
  row,
  section,
  targetOf,
  yesNo,
  type DetailContext,
} from './detailParts.ts';
import { bridgeSections } from './linkDetail.ts';

/** A network as the engine has it, its bridge as the kernel has it, and who is on it. */
export function networkDetail(context: DetailContext, id: string, network: Network): Detail {
  const { lookup } = context;
  const name = bridgeName(network);
  const bridge = name === undefined ? undefined : lookup.hostLinks.get(name);
  const seats = lookup.seats.get(network.id) ?? [];
  return {
    id,
    title: visible(network.name === '' ? network.id.slice(0, 12) : network.name),
    subtitle: visible(network.driver, 60),
    sections: [
      ...section(l10n.t('Network'), summary(context, network)),
      ...network.pools
        .slice(0, 20)
        .flatMap((pool) =>
          section(pool.subnet, [
            ...codeRow(l10n.t('Subnet'), pool.subnet),
            ...codeRow(l10n.t('Gateway'), pool.gateway),
            ...codeRow(l10n.t('Addresses given out from'), pool.ipRange),
            ...Object.entries(pool.auxiliaryAddresses).flatMap(([key, address]) => codeRow(key, address)),
          ]),
        ),
      ...section(
        l10n.t('Containers'),
        seats.flatMap((seat) => seatRow(context, seat)),
      ),
      ...overlaySections(context, network),
      ...(bridge === undefined
        ? section(l10n.t('Bridge'), codeRow(l10n.t('Bridge'), name))
        : [...section(visible(bridge.name), linkRows(bridge)), ...bridgeSections(context, bridge)]),
      ...section(l10n.t('Options'), mapRows(network.options)),
      ...section(l10n.t('Labels'), mapRows(network.labels)),
    ],
    ...(bridge === undefined ? {} : { trafficLink: bridge.name }),
  };
}

function summary(context: DetailContext, network: Network): DetailRow[] {
  return [
    ...codeRow(l10n.t('ID'), network.id.slice(0, 12)),
    ...row(l10n.t('Driver'), network.driver),
    ...row(l10n.t('Scope'), network.scope),
    ...parentRows(context, network),
    ...row(l10n.t('Internal'), yesNo(network.internal)),
    ...row(l10n.t('Attachable'), yesNo(network.attachable)),
    ...row(l10n.t('IPv6'), yesNo(network.ipv6)),
    ...codeRow('VNI', network.overlay?.vnis.slice(0, 8).join(' ')),
    ...listRow(l10n.t('Hosts'), network.overlay?.peers.map(({ address }) => address) ?? []),
    ...row(l10n.t('Between hosts'), overlaySentence(context.lookup, network)),
    ...row('flannel', flannelSentence(context.lookup, network)),
    ...row(l10n.t('Compose project'), network.labels['com.docker.compose.project']),
    ...row(l10n.t('Created'), network.created),
  ];
}

/** Of a macvlan or ipvlan: the link of the host that it rides on, how, and what that means. */
function parentRows(context: DetailContext, network: Network): DetailRow[] {
  const parent = parentOf(context.lookup, network);
  if (parent === undefined) return [];
  return [
    ...row(l10n.t('Parent'), parent.parent, {
      code: true,
      ...(parent.parent === undefined ? {} : targetOf(context, { kind: 'link', name: parent.parent })),
    }),
    ...row(l10n.t('{0} mode', parent.driver), modeName(parent)),
    ...row('VLAN', vlanText(parent)),
    ...parentSentences(network, parent).flatMap((sentence, at) =>
      row(at === 0 ? l10n.t('Who reaches whom') : '', sentence),
    ),
  ];
}

/** Of an overlay: containers of other hosts, services, and the namespace that the network has on this host. */
function overlaySections({ lookup }: DetailContext, network: Network): DetailSection[] {
  if (network.overlay === undefined) return [];
  const remote = remoteEndpoints(network, lookup.snapshot);
  const services = network.overlay.services.filter(({ name }) => name !== '');
  const sandbox = sandboxOf(lookup.kernel, network.id);
  return [
    ...section(
      l10n.t('Containers of other hosts'),
      remote.flatMap(({ name, endpointId, ipv4 = '', host }) => {
        const parts = [ipv4, remoteHostText(host)].filter((part) => part !== '');
        return row(name === '' ? endpointId.slice(0, 12) : name, parts.join(' · '));
      }),
    ),
    ...services
      .slice(0, 20)
      .flatMap(({ name, vip, ports, tasks }) =>
        section(l10n.t('Service {0}', visible(name)), [
          ...codeRow(l10n.t('Virtual IP'), vip),
          ...listRow(l10n.t('Published by every node'), ports),
          ...tasks.flatMap((task) => row(task.name, `${task.address} · ${taskHostText(lookup, task.host)}`)),
        ]),
      ),
    ...(sandbox === undefined
      ? []
      : section(
          l10n.t('Network namespace {0}', visible(sandbox.name)),
          sandbox.links
            .filter(({ kind }) => kind !== 'loopback')
            .flatMap((link) => {
              const vni = link.vxlan === undefined ? '' : `VNI ${link.vxlan.vni}`;
              const parts = [kindText(link), vni, ...link.addresses.slice(0, 2).map(addressText)];
              return codeRow(link.name, parts.filter((part) => part !== '').join(' · '));
            }),
        )),
  ];
}

function seatRow(context: DetailContext, { container, endpoint }: Seat): DetailRow[] {
  const wire = wireOf(context.lookup, endpoint);
  const parts = [
    endpoint.ipv4 ?? endpoint.ipv6 ?? '',
    wire?.hostLink === undefined ? '' : `⇄ ${visible(wire.hostLink.name, 40)}`,
    isRunning(container) ? '' : stateText(container),
  ];
  const value = parts.filter((part) => part !== '').join(' · ');
  return row(containerName(container), value === '' ? stateText(container) : value, {
    code: true,
    ...targetOf(context, { kind: 'endpoint', containerId: container.id, networkId: endpoint.networkId }),
  });
}

function mapRows(map: Readonly<Record<string, string>>): DetailRow[] {
  return Object.entries(map)
    .slice(0, 20)
    .flatMap(([key, value]) => codeRow(key, value));
}
