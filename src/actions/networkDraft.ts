import type { Network, Snapshot } from '../topology/model.ts';
import { formatCidr, parseAddress, parseCidr, type Family } from './addresses.ts';
import { driverOptions, isDockerBefore, isEngines, modeOption, modesOf } from './driverOptions.ts';
import { formatKeyValues, parseKeyValues } from './keyValues.ts';
import { bridgeNameProblem, fullParent, parentProblem } from './linkProblems.ts';
import { linkNameProblem, networkNameProblem, swarmNameProblem } from './nameProblems.ts';
import { numberProblem } from './numberProblem.ts';
import { occupied, type Occupied } from './occupied.ts';
import type { Problem } from './problem.ts';
import { proposeIpv6Subnet, proposeNetworkName, proposeSubnet } from './proposals.ts';
import type { NetworkSpec, PoolSpec } from './specs.ts';
import {
  auxiliaryProblem,
  gatewayOf,
  gatewayProblem,
  hostAddressProblem,
  ipRangeProblem,
  subnetProblem,
} from './subnetProblems.ts';

export type DraftDriver = 'bridge' | 'macvlan' | 'ipvlan' | 'overlay';

/** A network as a form edits it: texts as they are typed. Empty texts are left to the engine. */
export interface NetworkDraft {
  readonly name: string;
  readonly driver: DraftDriver;
  readonly subnet: string;
  readonly ipRange: string;
  readonly gateway: string;
  /** `name=address` items. */
  readonly auxiliary: string;
  readonly ipv6: boolean;
  readonly ipv6Subnet: string;
  readonly internal: boolean;
  /** Whether containers may be connected to a network of a swarm, which is for services otherwise. */
  readonly attachable: boolean;
  readonly encrypted: boolean;
  readonly mtu: string;
  readonly masquerade: boolean;
  /** Host address that published ports of this network bind to. */
  readonly hostBinding: string;
  readonly bridgeName: string;
  /** Host link of a macvlan or ipvlan; empty makes a network without a way out. */
  readonly parent: string;
  readonly vlanId: string;
  /** One of `modesOf`; empty is the driver's own. */
  readonly mode: string;
  /** `key=value` items. */
  readonly labels: string;
  /** More driver options, `key=value` items; they win over the fields above. */
  readonly options: string;
}

export type DraftField = keyof NetworkDraft;

export function emptyDraft(driver: DraftDriver): NetworkDraft {
  return {
    name: '',
    driver,
    subnet: '',
    ipRange: '',
    gateway: '',
    auxiliary: '',
    ipv6: false,
    ipv6Subnet: '',
    internal: false,
    // Without it nothing in this extension could join the network.
    attachable: driver === 'overlay',
    encrypted: false,
    mtu: '',
    masquerade: true,
    hostBinding: '',
    bridgeName: '',
    parent: '',
    vlanId: '',
    mode: '',
    labels: '',
    options: '',
  };
}

const addressFields = ['name', 'driver', 'subnet', 'ipRange', 'gateway', 'auxiliary'] as const;
const lastFields = ['mtu', 'labels', 'options'] as const;
const parentFields = ['ipv6', 'ipv6Subnet', 'internal', 'parent', 'vlanId', 'mode'] as const;
const fields: Readonly<Record<DraftDriver, readonly DraftField[]>> = {
  bridge: [
    ...addressFields,
    ...(['ipv6', 'ipv6Subnet', 'internal', 'masquerade', 'hostBinding', 'bridgeName'] as const),
    ...lastFields,
  ],
  macvlan: [...addressFields, ...parentFields, ...lastFields],
  ipvlan: [...addressFields, ...parentFields, ...lastFields],
  // Tried on Docker 20.10 and 28.5: no container can join an overlay with IPv6.
  overlay: [...addressFields, 'internal', 'attachable', 'encrypted', ...lastFields],
};

/** Which fields mean something for a driver, in the order of the form. */
export function fieldsOf(driver: DraftDriver): readonly DraftField[] {
  return fields[driver];
}

/** IPv4 asks for 68 bytes (RFC 791), IPv6 for 1280 (RFC 8200); a bridge has at most 65535. */
const leastMtu = { ipv4: 68, ipv6: 1280 } as const;
const mostMtu = 65_535;

/** For a draft without problems; what cannot be read, and what means nothing for the driver, is left out. */
export function toNetworkSpec(draft: NetworkDraft): NetworkSpec {
  const has = (field: DraftField): boolean => fields[draft.driver].includes(field);
  const ipv6 = has('ipv6') && draft.ipv6;
  return {
    name: draft.name,
    driver: draft.driver,
    pools: [
      ...poolOf(draft, 4, draft.subnet, draft.ipRange, draft.gateway),
      ...(ipv6 ? poolOf(draft, 6, draft.ipv6Subnet) : []),
    ],
    ipv6,
    internal: draft.internal,
    attachable: has('attachable') && draft.attachable,
    options: { ...optionsOf(draft, has), ...parseKeyValues(draft.options).value },
    labels: parseKeyValues(draft.labels).value ?? {},
  };
}

function poolOf(
  { auxiliary }: NetworkDraft,
  family: Family,
  subnet: string,
  ipRange = '',
  gateway = '',
): readonly PoolSpec[] {
  const cidr = parseCidr(subnet);
  if (cidr === undefined) return [];
  const range = parseCidr(ipRange);
  return [
    {
      subnet: formatCidr(cidr),
      ...(range === undefined ? {} : { ipRange: formatCidr(range) }),
      ...(parseAddress(gateway) === undefined ? {} : { gateway }),
      auxiliaryAddresses: Object.fromEntries(
        Object.entries(parseKeyValues(auxiliary).value ?? {}).filter(
          ([, address]) => parseAddress(address)?.family === family,
        ),
      ),
    },
  ];
}

function optionsOf(draft: NetworkDraft, has: (field: DraftField) => boolean): Record<string, string> {
  const made: Record<string, string> = {};
  const put = (field: DraftField, name: string, value: string): void => {
    if (has(field) && value !== '') made[name] = value;
  };
  put('parent', driverOptions.parent, draft.parent === '' ? '' : fullParent(draft));
  put('mode', modeOption(draft.driver), draft.mode);
  put('bridgeName', driverOptions.bridgeName, draft.bridgeName);
  put('masquerade', driverOptions.masquerade, draft.masquerade ? '' : 'false');
  put('hostBinding', driverOptions.hostBinding, draft.hostBinding);
  put('mtu', driverOptions.mtu, draft.mtu);
  // Its mere presence switches it on.
  if (has('encrypted') && draft.encrypted) made[driverOptions.encrypted] = '';
  return made;
}

/**
 * A draft that makes a network like this one, with a name and subnets that are free. What follows from the subnet, the
 * name of the bridge, and what tools use to know their own networks by is not copied.
 */
export function fromNetwork(network: Network, snapshot: Snapshot): NetworkDraft {
  const driver = (['macvlan', 'ipvlan', 'overlay'] as const).find((one) => one === network.driver) ?? 'bridge';
  const taken = occupied(snapshot);
  const own = network.options;
  const parent = /^(.+)\.([1-9]\d{0,3})$/.exec(own[driverOptions.parent] ?? '');
  const known = new Set<string>([...Object.values(driverOptions), modeOption(driver)]);
  return {
    ...emptyDraft(driver),
    name: proposeNetworkName(network.name, snapshot),
    subnet: proposeSubnet(taken, driver) ?? '',
    ipv6: network.ipv6 && fields[driver].includes('ipv6'),
    ipv6Subnet: network.ipv6 ? (proposeIpv6Subnet(snapshot, taken) ?? '') : '',
    internal: network.internal,
    attachable: network.attachable,
    encrypted: Object.hasOwn(own, driverOptions.encrypted),
    mtu: own[driverOptions.mtu] ?? '',
    // Go's strconv.ParseBool.
    masquerade: !['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(own[driverOptions.masquerade] ?? ''),
    hostBinding: own[driverOptions.hostBinding] ?? '',
    parent: parent?.[1] ?? own[driverOptions.parent] ?? '',
    vlanId: parent?.[2] ?? '',
    mode: own[modeOption(driver)] ?? '',
    labels: formatKeyValues(keep(network.labels, (key) => !/^com\.docker\.(compose|stack)\./.test(key))),
    options: formatKeyValues(keep(own, (key) => !known.has(key) && !isEngines(key))),
  };
}

function keep(values: Readonly<Record<string, string>>, wanted: (key: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => wanted(key)));
}

export interface FieldProblem {
  readonly field: DraftField;
  readonly problem: Problem;
}

/** Why the engine would refuse a draft, or make a network of it that does not work: at most one problem a field. */
export function draftProblems(draft: NetworkDraft, snapshot: Snapshot): readonly FieldProblem[] {
  const taken = takenBeside(draft, snapshot);
  return fields[draft.driver].flatMap((field) => {
    const problem = problemOf(field, draft, snapshot, taken);
    return problem === undefined ? [] : [{ field, problem }];
  });
}

/** A macvlan or ipvlan lives on the subnet of its parent: what the parent has and reaches is not in its way. */
function takenBeside(draft: NetworkDraft, snapshot: Snapshot): readonly Occupied[] {
  const taken = occupied(snapshot);
  if (!fields[draft.driver].includes('parent')) return taken;
  const parents = [draft.parent, fullParent(draft)];
  return taken.filter(({ by }) => by.kind === 'network' || !parents.includes(by.link));
}

function problemOf(
  field: DraftField,
  draft: NetworkDraft,
  snapshot: Snapshot,
  taken: readonly Occupied[],
): Problem | undefined {
  switch (field) {
    case 'name':
      return (
        networkNameProblem(draft.name, snapshot) ??
        (draft.driver === 'overlay' ? swarmNameProblem(draft.name) : undefined)
      );
    case 'subnet':
      return subnetProblem(draft.subnet, taken);
    case 'gateway':
      return gatewayProblem(draft.gateway, draft.subnet);
    case 'ipRange':
      return ipRangeProblem(draft.ipRange, draft.subnet);
    case 'auxiliary': {
      const ipv6Subnet = draft.ipv6 ? draft.ipv6Subnet : '';
      const gateways = [gatewayOf(draft.gateway, draft.subnet, draft.ipRange), gatewayOf('', ipv6Subnet, '')];
      return auxiliaryProblem(
        draft.auxiliary,
        [draft.subnet, ipv6Subnet],
        gateways.flatMap((one) => one ?? []),
      );
    }
    case 'ipv6Subnet':
      if (!draft.ipv6) return undefined;
      if (draft.ipv6Subnet === '' && isDockerBefore(27, snapshot.engine.version)) return { kind: 'needsIpv6Subnet' };
      return subnetProblem(draft.ipv6Subnet, taken, 6);
    case 'mtu':
      return numberProblem(draft.mtu, draft.ipv6 ? leastMtu.ipv6 : leastMtu.ipv4, mostMtu);
    case 'hostBinding':
      return hostAddressProblem(draft.hostBinding);
    case 'bridgeName':
      return bridgeNameProblem(draft.bridgeName, snapshot);
    case 'parent':
      return parentProblem(draft, snapshot);
    case 'vlanId':
      // Source: IEEE 802.1Q; 0 and 4095 are reserved.
      return (
        numberProblem(draft.vlanId, 1, 4094) ?? (draft.vlanId === '' ? undefined : linkNameProblem(fullParent(draft)))
      );
    case 'mode': {
      const modes = modesOf(draft.driver, snapshot.engine.version);
      return draft.mode === '' || modes.includes(draft.mode)
        ? undefined
        : { kind: 'unknownMode', text: draft.mode, modes };
    }
    case 'labels':
      return parseKeyValues(draft.labels).problem;
    case 'options':
      return parseKeyValues(draft.options).problem;
    case 'driver':
    case 'ipv6':
    case 'internal':
    case 'attachable':
    case 'encrypted':
    case 'masquerade':
      return undefined;
  }
}
