import { l10n } from 'vscode';
import { comma } from '../editor/listText.ts';
import { endpointTokens, networkTokens, wireOf } from '../editor/elementTokens.ts';
import { byName, type Lookup, type Seat } from '../editor/lookup.ts';
import { flannelSentence } from '../editor/flannelText.ts';
import { overlaySentence, vniText } from '../editor/overlayText.ts';
import { modeName, parentOf, parentSentences, vlanText } from '../editor/parentText.ts';
import { stateText } from '../editor/stateText.ts';
import { markdownCode, markdownText, visible } from '../editor/untrusted.ts';
import { isBuiltIn } from '../topology/builtIn.ts';
import { isRunning, type Container, type Network } from '../topology/model.ts';
import { containerName } from '../editor/containerText.ts';
import { endpointDetails, endpointSubject, endpointTooltip, shownAddress } from './endpointDetails.ts';
import { endpointIcon, networkIcon } from './icons.ts';
import { overlayRows } from './overlayRows.ts';
import { bold, facts, joined, mapFacts, nameList, paragraphs, rowsFor, type Row, type RowContext } from './row.ts';
import { sharerRow } from './sharerRow.ts';
import { wireLine, wireSpoken } from './wireText.ts';

/** More endpoints than this, and a network starts folded. */
const unfoldedUpTo = 50;

const composeProject = 'com.docker.compose.project';

/** The tree *Networks*: network → endpoint → details, in groups if the person wants them. */
export function networkRows(context: RowContext): readonly Row[] {
  const { lookup, options } = context;
  const shown = lookup.snapshot.networks.filter((network) => options.showBuiltIn || !isBuiltIn(network));
  const rows = (networks: readonly Network[]): Row[] =>
    rowsFor(context, [...networks].sort(builtInLast), (network) => networkRow(context, network));
  if (options.groupBy === 'none') return rows(shown);
  const byProject = options.groupBy === 'project';
  const groups = Map.groupBy(shown, (network) => (byProject ? network.labels[composeProject] : network.driver));
  return [...groups]
    .sort(([a], [b]) => (a === undefined ? 1 : b === undefined ? -1 : byName({ name: a }, { name: b })))
    .map(([name, networks]) => groupRow(name, networks.length, byProject, () => rows(networks)));
}

function builtInLast(a: Network, b: Network): number {
  return Number(isBuiltIn(a)) - Number(isBuiltIn(b)) || byName(a, b);
}

function groupRow(name: string | undefined, count: number, byProject: boolean, children: () => Row[]): Row {
  const label = name === undefined ? l10n.t('No Compose project') : visible(name);
  return {
    key: `group:${byProject ? 'project' : 'driver'}:${label}`,
    label,
    description: String(count),
    icon: { id: byProject ? 'layers' : 'extensions' },
    tokens: ['group'],
    spoken: l10n.t('{0}, {1} networks', label, count),
    children,
    unfolded: true,
  };
}

function networkRow(context: RowContext, network: Network): Row {
  const { lookup } = context;
  const seats = seatsShown(context, network);
  const name = networkName(context, network);
  const pools = network.pools.map((pool) => visible(pool.subnet, 60));
  const gateways = network.pools.flatMap((pool) => (pool.gateway ? visible(pool.gateway, 60) : []));
  const count = containerCount(lookup.seats.get(network.id)?.length ?? 0);
  const parent = parentOf(lookup, network);
  return {
    key: `network:${network.id}`,
    label: name,
    description: joined([
      visible(network.driver, 40),
      pools.join(comma()),
      gateways.length === 0 ? undefined : l10n.t('gateway {0}', gateways.join(comma())),
      network.scope === 'local' ? undefined : visible(network.scope, 20),
      vniText(network),
      parent && l10n.t('mode {0}', modeName(parent)),
      parent?.parent && l10n.t('parent {0}', visible(parent.parent, 40)),
      parent?.vlanId === undefined ? undefined : `VLAN ${parent.vlanId}`,
      network.overlay?.encrypted === true ? l10n.t('encrypted') : undefined,
      network.internal ? l10n.t('internal') : undefined,
      count,
    ]),
    icon: networkIcon(network),
    tokens: networkTokens(network, seats.length),
    subject: { kind: 'network', networkId: network.id },
    spoken: joined(
      [
        l10n.t('Network {0}', name),
        l10n.t('driver {0}', visible(network.driver, 40)),
        pools.length === 0 ? undefined : l10n.t('subnet {0}', pools.join(comma())),
        gateways.length === 0 ? undefined : l10n.t('gateway {0}', gateways.join(comma())),
        l10n.t('scope {0}', visible(network.scope, 20)),
        parent && l10n.t('mode {0}', modeName(parent)),
        parent?.parent && l10n.t('parent {0}', visible(parent.parent, 40)),
        parent?.vlanId === undefined ? undefined : `VLAN ${parent.vlanId}`,
        network.overlay?.encrypted === true ? l10n.t('encrypted') : undefined,
        network.internal ? l10n.t('internal') : undefined,
        count,
      ],
      comma(),
    ),
    tooltip: () => networkTooltip(context, network),
    // An empty one is an open row too: the editor decides once, and what comes into it is to be seen without a click.
    children: () => [
      ...rowsFor(context, seats, (seat) => endpointRow(context, seat)),
      ...overlayRows(context, network),
    ],
    unfolded: seats.length <= unfoldedUpTo,
  };
}

function networkName({ lookup }: RowContext, network: Network): string {
  const short = network.id.slice(0, 12);
  if (network.name === '') return visible(short);
  return lookup.ambiguousNames.has(network.name)
    ? `${visible(network.name)} (${visible(short)})`
    : visible(network.name);
}

function containerCount(count: number): string {
  return count === 1 ? l10n.t('1 container') : l10n.t('{0} containers', count);
}

function seatsShown({ lookup, options }: RowContext, network: Network): readonly Seat[] {
  const seats = lookup.seats.get(network.id) ?? [];
  return options.showStopped ? seats : seats.filter((seat) => isRunning(seat.container));
}

function endpointRow(context: RowContext, { container, endpoint }: Seat): Row {
  const { lookup, options } = context;
  const wire = wireOf(lookup, endpoint);
  const name = containerName(container);
  const running = isRunning(container);
  const address = shownAddress(endpoint);
  const state = container.state === 'running' ? undefined : stateText(container);
  const sharers = (lookup.sharers.get(container.id) ?? []).filter((one) => options.showStopped || isRunning(one));
  return {
    key: `endpoint:${container.id}`,
    label: name,
    description: joined([address, wire && running ? wireLine(wire) : noWireText(container), state]),
    icon: endpointIcon(running, wire),
    tokens: [...endpointTokens(lookup, container, endpoint), 'can:revealContainer'],
    subject: endpointSubject(endpoint),
    spoken: joined(
      [name, stateText(container), address, wire && running ? wireSpoken(wire) : noWireText(container)],
      comma(),
    ),
    tooltip: () => paragraphs(endpointTooltip(lookup, container, endpoint), ...parentTexts(lookup, endpoint.networkId)),
    children: () => [
      ...rowsFor(context, sharers, (sharer) => sharerRow(context, sharer)),
      ...endpointDetails(lookup, endpoint),
    ],
  };
}

/** Host and none mode have nothing between them and their namespace. */
function noWireText(container: Container): string | undefined {
  if (!isRunning(container)) return undefined;
  if (container.mode.kind === 'host') return l10n.t('namespace of the host');
  return container.mode.kind === 'none' ? l10n.t('loopback only') : undefined;
}

function networkTooltip({ lookup }: RowContext, network: Network): string {
  const parent = parentOf(lookup, network);
  const yes = (flag: boolean): string => (flag ? l10n.t('yes') : l10n.t('no'));
  const pools = network.pools.slice(0, 20).map((pool) =>
    facts([
      [l10n.t('Subnet'), markdownCode(pool.subnet)],
      [l10n.t('Gateway'), pool.gateway === undefined ? undefined : markdownCode(pool.gateway)],
      [l10n.t('Addresses given out from'), pool.ipRange === undefined ? undefined : markdownCode(pool.ipRange)],
    ]),
  );
  return paragraphs(
    bold(network.name),
    facts([
      [l10n.t('ID'), markdownCode(network.id.slice(0, 12))],
      [l10n.t('Driver'), markdownCode(network.driver)],
      [l10n.t('Scope'), markdownCode(network.scope)],
      [l10n.t('Internal'), yes(network.internal)],
      [l10n.t('Attachable'), yes(network.attachable)],
      [l10n.t('IPv6'), yes(network.ipv6)],
      [l10n.t('Parent'), parent?.parent === undefined ? undefined : markdownCode(parent.parent)],
      [l10n.t('{0} mode', network.driver), parent && markdownText(modeName(parent))],
      ['VLAN', parent && vlanText(parent)],
      ['VNI', network.overlay?.vnis.slice(0, 8).join(' ')],
      [l10n.t('Hosts'), network.overlay && nameList(network.overlay.peers.map(({ address }) => address))],
      [l10n.t('Created'), network.created === undefined ? undefined : markdownCode(network.created)],
    ]),
    ...pools,
    ...parentTexts(lookup, network.id),
    sentence(flannelSentence(lookup, network)),
    sentence(overlaySentence(lookup, network)),
    mapFacts(l10n.t('Options'), network.options),
    mapFacts(l10n.t('Labels'), network.labels),
  );
}

function parentTexts(lookup: Lookup, networkId: string): readonly (string | undefined)[] {
  const network = lookup.networks.get(networkId);
  const parent = network && parentOf(lookup, network);
  return network === undefined || parent === undefined ? [] : parentSentences(network, parent).map(sentence);
}

function sentence(text: string | undefined): string | undefined {
  return text === undefined ? undefined : markdownText(text, 1000);
}
