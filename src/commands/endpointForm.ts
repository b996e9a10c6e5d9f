import { l10n } from 'vscode';
import { addressProblem, gatewayPriorityProblem, linksProblem, macProblem } from '../actions/endpointProblems.ts';
import { formatKeyValues, parseKeyValues } from '../actions/keyValues.ts';
import { formatAliases, formatLinks, parseAliases, parseLinks } from '../actions/names.ts';
import type { Parsed } from '../actions/problem.ts';
import { proposeAddress } from '../actions/proposals.ts';
import type { EndpointSpec } from '../actions/specs.ts';
import { textField, type Field } from '../editor/form.ts';
import { tellsFixed } from '../editor/overlayText.ts';
import { problemText } from '../editor/problemText.ts';
import { visible } from '../editor/untrusted.ts';
import { isPlugged, type Endpoint, type EngineInfo, type Network, type Snapshot } from '../topology/model.ts';

/** A seat as a form edits it: texts as they are typed. */
export interface EndpointDraft {
  readonly aliases: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly mac: string;
  readonly links: string;
  readonly driverOptions: string;
  readonly gatewayPriority: string;
}

export const emptyEndpoint: EndpointDraft = {
  aliases: '',
  ipv4: '',
  ipv6: '',
  mac: '',
  links: '',
  driverOptions: '',
  gatewayPriority: '',
};

/** What a person asked for when the seat was taken; the engine's own additions (the short id) are left out. */
export function endpointDraft(endpoint: Endpoint, network: Network): EndpointDraft {
  const shortId = endpoint.containerId.slice(0, 12);
  const fixed = isUntold(endpoint, network) ? {} : { ipv4: endpoint.fixedIpv4 ?? '', ipv6: endpoint.fixedIpv6 ?? '' };
  return {
    ...emptyEndpoint,
    aliases: formatAliases(endpoint.aliases.filter((alias) => alias !== shortId)),
    ...fixed,
    links: formatLinks(endpoint.links),
    driverOptions: formatKeyValues(endpoint.driverOptions),
    gatewayPriority: endpoint.gatewayPriority === undefined ? '' : String(endpoint.gatewayPriority),
  };
}

/**
 * Whether nothing tells an address that a person fixed from one that the swarm chose, which is so while the container runs.
 * Taken for fixed, a chosen one would be asked for at each start, though the swarm may have given it to another container
 * meanwhile, with which the start fails. Measured on Docker 28.5.
 */
function isUntold(endpoint: Endpoint, network: Network): boolean {
  return !tellsFixed(network) && isPlugged(endpoint) && (endpoint.fixedIpv4 ?? endpoint.fixedIpv6) !== undefined;
}

/** What is said beside a seat whose address may have been fixed and is not carried on; undefined for all others. */
export function untoldNote(draft: EndpointDraft, endpoint: Endpoint, network: Network): string | undefined {
  const address = endpoint.fixedIpv4 ?? endpoint.fixedIpv6;
  if (!isUntold(endpoint, network) || address === undefined || draft.ipv4 !== '' || draft.ipv6 !== '') return undefined;
  return l10n.t(
    'The swarm does not tell whether {0} was fixed or chosen by it. It will choose a new address: enter this one to keep it.',
    visible(address, 60),
  );
}

/** For a draft without problems. */
export function endpointSpec(draft: EndpointDraft): EndpointSpec {
  const { ipv4, ipv6, mac, gatewayPriority } = draft;
  return {
    aliases: parseAliases(draft.aliases).value ?? [],
    links: parseLinks(draft.links).value ?? [],
    driverOptions: parseKeyValues(draft.driverOptions).value ?? {},
    ...(ipv4 === '' ? {} : { ipv4 }),
    ...(ipv6 === '' ? {} : { ipv6 }),
    ...(mac === '' ? {} : { mac }),
    ...(gatewayPriority === '' ? {} : { gatewayPriority: Number(gatewayPriority) }),
  };
}

function addressNow({ id }: Network, { containers }: Snapshot, containerId: string | undefined): string | undefined {
  const owner = containers.find((container) => container.id === containerId);
  return owner?.endpoints.find(({ networkId }) => networkId === id)?.ipv4;
}

/** True from that API version on: `speaks(engine, 1, 48)`. */
function speaks({ apiVersion }: EngineInfo, major: number, minor: number): boolean {
  const [itsMajor = 0, itsMinor = 0] = apiVersion.split('.').map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}

/**
 * The fields of a seat inside of whatever draft holds one.
 * @param networkOf the network that the seat is on; undefined where addresses cannot be fixed
 * @param containerId who may have the address now
 */
export function endpointFields<T>(
  snapshot: Snapshot,
  get: (draft: T) => EndpointDraft,
  set: (draft: T, endpoint: EndpointDraft) => T,
  networkOf: (draft: T) => Network | undefined,
  containerId?: string,
): readonly Field<T>[] {
  const parsed =
    (parse: (text: string) => Parsed<unknown>) =>
    (_draft: T, text: string): string | undefined =>
      text === '' ? undefined : problemText(parse(text).problem);
  const field = (
    id: keyof EndpointDraft,
    label: string,
    prompt: string,
    problem: (draft: T, text: string) => string | undefined,
    more: { placeHolder?: string | ((draft: T) => string | undefined); applies?: (draft: T) => boolean } = {},
  ): Field<T> =>
    textField<T>({
      id,
      label,
      prompt,
      get: (draft) => get(draft)[id],
      set: (draft, text) => set(draft, { ...get(draft), [id]: text }),
      problem,
      ...more,
    });
  const address =
    (family: 4 | 6) =>
    (draft: T, text: string): string | undefined => {
      const network = networkOf(draft);
      return text === '' || network === undefined
        ? undefined
        : problemText(addressProblem(text, family, network, snapshot, containerId));
    };
  const onNetwork = (draft: T): boolean => networkOf(draft) !== undefined;
  const proposal = (draft: T): string | undefined => {
    const network = networkOf(draft);
    const proposed = network && proposeAddress(network, snapshot);
    // It may keep the one that it has.
    return proposed && (addressNow(network, snapshot, containerId) ?? proposed);
  };
  return [
    field(
      'aliases',
      l10n.t('Aliases'),
      l10n.t('More names under which others on this network find it, separated by commas.'),
      parsed(parseAliases),
      { placeHolder: 'db, cache', applies: onNetwork },
    ),
    field(
      'ipv4',
      l10n.t('IPv4 Address'),
      l10n.t('A fixed address inside the subnet; nothing: the engine chooses.'),
      address(4),
      { placeHolder: proposal, applies: onNetwork },
    ),
    field(
      'ipv6',
      l10n.t('IPv6 Address'),
      l10n.t('A fixed address inside the IPv6 subnet; nothing: the engine chooses.'),
      address(6),
      {
        applies: (draft) => networkOf(draft)?.ipv6 === true,
      },
    ),
    field(
      'mac',
      l10n.t('MAC Address'),
      l10n.t('Nothing: the engine makes one.'),
      (draft, text) =>
        text === '' ? undefined : problemText(macProblem(text, networkOf(draft), snapshot, containerId)),
      {
        applies: () => speaks(snapshot.engine, 1, 44),
      },
    ),
    field(
      'links',
      l10n.t('Links'),
      l10n.t('Other containers under names of your own, as container:alias, separated by commas.'),
      (_draft, text) => (text === '' ? undefined : problemText(linksProblem(text, snapshot))),
      {
        placeHolder: 'test1:db',
        // Podman refuses them.
        applies: () => snapshot.engine.flavour !== 'podman',
      },
    ),
    field(
      'driverOptions',
      l10n.t('Driver Options'),
      l10n.t('key=value, separated by commas.'),
      parsed(parseKeyValues),
      { applies: onNetwork },
    ),
    field(
      'gatewayPriority',
      l10n.t('Gateway Priority'),
      l10n.t('The network with the highest one gives the container its default gateway; nothing: 0.'),
      (_draft, text) => (text === '' ? undefined : problemText(gatewayPriorityProblem(text))),
      {
        applies: (draft) => onNetwork(draft) && speaks(snapshot.engine, 1, 48),
      },
    ),
  ];
}
