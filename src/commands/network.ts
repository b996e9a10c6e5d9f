import { ThemeIcon, l10n, window } from 'vscode';
import { modesOf } from '../actions/driverOptions.ts';
import {
  draftProblems,
  emptyDraft,
  fieldsOf,
  fromNetwork,
  toNetworkSpec,
  type DraftField,
  type NetworkDraft,
} from '../actions/networkDraft.ts';
import { occupied } from '../actions/occupied.ts';
import { proposeIpv6Subnet, proposeSubnet } from '../actions/proposals.ts';
import type { Action } from '../actions/specs.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { titleOn } from '../editor/engineName.ts';
import { choiceField, fillForm, flagField, textField, type Field, type FormChoice } from '../editor/form.ts';
import { problemText } from '../editor/problemText.ts';
import { withoutIcons } from '../editor/untrusted.ts';
import { commands } from '../ids.ts';
import type { Link, Network, Snapshot } from '../topology/model.ts';
import type { Acting } from './act.ts';
import { chooseNetworks, subjectsOf } from './chosen.ts';
import { confirm } from './confirm.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';
import { withoutManagerText } from './swarmStatus.ts';

type CreationCommand = typeof commands.createNetwork | typeof commands.duplicateNetwork;

export function networkCreationHandlers(current: CurrentSession, acting: Acting): Record<CreationCommand, Handler> {
  return {
    [commands.createNetwork]: async () => {
      acting.control();
      const { snapshot } = await freshLookup(current);
      await create(acting, snapshot, emptyDraft('bridge'), `createNetwork ${acting.key}`);
    },
    [commands.duplicateNetwork]: async (argument) => {
      acting.control();
      const lookup = await freshLookup(current);
      const fits = ({ driver }: Network): boolean => ['bridge', 'macvlan', 'ipvlan', 'overlay'].includes(driver);
      const placeHolder = l10n.t('Make a network like which one?');
      const [network] = await chooseNetworks(lookup, subjectsOf(argument, undefined), placeHolder, fits);
      if (network !== undefined)
        await create(acting, lookup.snapshot, fromNetwork(network, lookup.snapshot), undefined);
    },
  };
}

async function create(
  acting: Acting,
  snapshot: Snapshot,
  start: NetworkDraft,
  remember: string | undefined,
): Promise<void> {
  const control = acting.control();
  const draft = await fillForm(
    {
      title: titleOn(l10n.t('Create Network'), acting.engineName),
      start,
      fields: networkFields(snapshot),
      submit: l10n.t('Create'),
      command: (now) => acting.commandText(networkAction(now)),
      note: (now) => noteOf(now, snapshot),
    },
    remember,
  );
  if (draft === undefined) return;
  if (draft.driver === 'overlay' && !(await ensureSwarm(acting, snapshot))) return;
  const spec = toNetworkSpec(draft);
  const { warning } = await acting.perform({ kind: 'createNetwork', spec }, (signal) =>
    control.createNetwork(spec, signal),
  );
  if (warning !== '') void window.showWarningMessage(withoutIcons(warning, 500));
}

export function networkAction(draft: NetworkDraft): Action {
  return { kind: 'createNetwork', spec: toNetworkSpec(draft) };
}

function noteOf(draft: NetworkDraft, { engine }: Snapshot): string | undefined {
  if (draft.driver === 'overlay' && engine.swarm !== 'active' && engine.clusterStore === undefined)
    return l10n.t('An overlay network needs swarm mode, which is off: you are asked before it is started.');
  if (draft.driver === 'macvlan' || draft.driver === 'ipvlan')
    return l10n.t('The host itself cannot reach containers on this network over its parent link.');
  return undefined;
}

/** Offers to start swarm mode, and says what that does. */
async function ensureSwarm(acting: Acting, { engine }: Snapshot): Promise<boolean> {
  // With a cluster store of its own an overlay needs no swarm.
  if (engine.clusterStore !== undefined) return true;
  const control = acting.control();
  // Read now: the snapshot's word is as old as the connection.
  const status = await control.swarm.status();
  if (status.state === 'active' && status.manager) return true;
  if (status.state !== 'inactive') {
    void window.showInformationMessage(withoutManagerText(status));
    return false;
  }
  const action: Action = { kind: 'swarmInit', advertiseAddress: '' };
  const agreed = await confirm(acting, {
    message: l10n.t('Start swarm mode on {0}?', withoutIcons(engine.name, 80)),
    details: [
      l10n.t(
        'An overlay network belongs to a swarm. This engine becomes the only manager of a new one: it makes certificates and keys, and the networks docker_gwbridge and ingress, and listens on TCP port 2377. “docker swarm leave --force” ends it.',
      ),
    ],
    command: acting.commandText(action),
    button: l10n.t('Start Swarm Mode'),
  });
  if (!agreed) return false;
  await acting.perform(action, () => control.initSwarm(''));
  return true;
}

export function networkFields(snapshot: Snapshot): readonly Field<NetworkDraft>[] {
  const taken = occupied(snapshot);
  const set = (draft: NetworkDraft, change: Partial<NetworkDraft>): NetworkDraft => ({ ...draft, ...change });
  const applies = (field: DraftField) => (draft: NetworkDraft) => fieldsOf(draft.driver).includes(field);
  const problem =
    (field: DraftField) =>
    (draft: NetworkDraft, text: string): string | undefined =>
      problemText(draftProblems({ ...draft, [field]: text }, snapshot).find((one) => one.field === field)?.problem);
  type TextKey = { [K in DraftField]: NetworkDraft[K] extends string ? K : never }[DraftField];
  const text = (
    id: Exclude<TextKey, 'driver'>,
    label: string,
    prompt: string,
    placeHolder?: string | ((draft: NetworkDraft) => string | undefined),
  ): Field<NetworkDraft> =>
    textField<NetworkDraft>({
      id,
      label,
      prompt,
      ...(placeHolder === undefined ? {} : { placeHolder }),
      applies: applies(id),
      get: (draft) => draft[id],
      set: (draft, value) => set(draft, { [id]: value }),
      problem: problem(id),
    });
  const flag = (
    id: 'ipv6' | 'internal' | 'attachable' | 'encrypted' | 'masquerade',
    label: string,
  ): Field<NetworkDraft> =>
    flagField<NetworkDraft>({
      id,
      label,
      applies: applies(id),
      get: (draft) => draft[id],
      set: (draft, value) => set(draft, { [id]: value }),
    });
  const proposed = proposeSubnet(taken);
  return [
    {
      ...text(
        'name',
        l10n.t('Name'),
        l10n.t('The name of the network; containers on it find each other by their own names.'),
        'my-bridge',
      ),
      required: true,
    },
    { ...driverField(snapshot), required: true },
    { ...parentField(snapshot), required: true },
    text(
      'subnet',
      l10n.t('Subnet'),
      proposed === undefined
        ? l10n.t('A subnet, or nothing: then the engine chooses.')
        : l10n.t('A subnet, or nothing: then the engine chooses. {0} is free.', proposed),
      proposed,
    ),
    text('gateway', l10n.t('Gateway'), l10n.t('An address inside the subnet; nothing: the first one.')),
    text(
      'ipRange',
      l10n.t('IP Range'),
      l10n.t('The part of the subnet that addresses are given out from; nothing: all of it.'),
    ),
    text(
      'auxiliary',
      l10n.t('Auxiliary Addresses'),
      l10n.t('Addresses that are never given out, as name=address, separated by commas.'),
      'router=172.30.0.2',
    ),
    flag('ipv6', l10n.t('IPv6')),
    {
      ...text(
        'ipv6Subnet',
        l10n.t('IPv6 Subnet'),
        l10n.t('An IPv6 subnet; engines older than 27 choose none by themselves.'),
        () => proposeIpv6Subnet(snapshot, taken),
      ),
      applies: (draft) => draft.ipv6 && applies('ipv6Subnet')(draft),
    },
    flag('internal', l10n.t('Internal (no way out)')),
    flag('attachable', l10n.t('Attachable (by containers outside of services)')),
    flag('encrypted', l10n.t('Encrypted (IPsec between the hosts)')),
    text('mtu', 'MTU', l10n.t('Largest packet in bytes; nothing: the engine’s default.'), '1500'),
    flag('masquerade', l10n.t('Masquerade (containers go out under the host’s address)')),
    text(
      'hostBinding',
      l10n.t('Host Binding Address'),
      l10n.t('The host address on which published ports of this network are bound; nothing: all of them.'),
      '127.0.0.1',
    ),
    text(
      'bridgeName',
      l10n.t('Bridge Name'),
      l10n.t('The name of the Linux bridge; nothing: br- and the start of the id.'),
      'br-shop',
    ),
    text(
      'vlanId',
      l10n.t('VLAN ID'),
      l10n.t('1 to 4094: the engine makes the 802.1Q sub-interface of the parent; nothing: none.'),
      '10',
    ),
    modeField(snapshot),
    text('labels', l10n.t('Labels'), l10n.t('key=value, separated by commas.'), 'team=net'),
    text(
      'options',
      l10n.t('Driver Options'),
      l10n.t('key=value, separated by commas; they win over the fields above.'),
    ),
  ];
}

function driverField({ engine }: Snapshot): Field<NetworkDraft> {
  const choices: readonly FormChoice<NetworkDraft['driver']>[] = [
    {
      label: 'bridge',
      description: l10n.t('a Linux bridge on this host; containers reach the world by masquerade'),
      value: 'bridge',
    },
    {
      label: 'macvlan',
      description: l10n.t('containers appear on the parent’s network with MAC addresses of their own'),
      value: 'macvlan',
    },
    {
      label: 'ipvlan',
      description: l10n.t('containers appear on the parent’s network with the parent’s MAC address'),
      value: 'ipvlan',
    },
    {
      label: 'overlay',
      description:
        engine.swarm === 'active'
          ? l10n.t('a VXLAN across the hosts of the swarm')
          : l10n.t('a VXLAN across the hosts of a swarm; swarm mode is off'),
      value: 'overlay',
    },
  ];
  return choiceField<NetworkDraft, NetworkDraft['driver']>({
    id: 'driver',
    label: l10n.t('Driver'),
    placeHolder: l10n.t('How are the containers to be connected?'),
    choices: () => choices,
    shown: ({ driver }) => driver,
    isChosen: (draft, value) => draft.driver === value,
    set: (draft, driver) => ({ ...emptyDraft(driver), ...common(draft), driver }),
  });
}

/** What a draft keeps when its driver changes. */
function common({
  name,
  subnet,
  ipRange,
  gateway,
  auxiliary,
  ipv6,
  ipv6Subnet,
  internal,
  labels,
}: NetworkDraft): Partial<NetworkDraft> {
  return { name, subnet, ipRange, gateway, auxiliary, ipv6, ipv6Subnet, internal, labels };
}

/** Real links of the host; without a kernel view a name is typed. */
function parentField(snapshot: Snapshot): Field<NetworkDraft> {
  const links = snapshot.kernel.kind === 'read' ? snapshot.kernel.view.host.links : [];
  const fits = ({ kind, master }: Link): boolean =>
    ['physical', 'bond', 'vlan', 'veth', 'dummy', 'bridge'].includes(kind) && master === undefined;
  const choices = links.filter(fits).map((link): FormChoice<string> => ({
    label: withoutIcons(link.name, 40),
    description: [
      link.kind,
      ...link.addresses.slice(0, 2).map(({ address, prefixLength }) => `${address}/${prefixLength}`),
    ].join(' · '),
    iconPath: new ThemeIcon('circuit-board'),
    value: link.name,
  }));
  return choiceField<NetworkDraft, string>({
    id: 'parent',
    label: l10n.t('Parent Link'),
    placeHolder: l10n.t('The host link that the network rides on; a name can be typed.'),
    applies: ({ driver }) => fieldsOf(driver).includes('parent'),
    choices: () => choices,
    shown: ({ parent }) => parent,
    isChosen: ({ parent }, value) => parent === value,
    set: (draft, parent) => ({ ...draft, parent }),
    problem: (draft) => problemText(draftProblems(draft, snapshot).find(({ field }) => field === 'parent')?.problem),
    typed: (text) =>
      text === '' || choices.some(({ value }) => value === text)
        ? undefined
        : { label: withoutIcons(text, 40), description: l10n.t('as typed'), value: text },
  });
}

function modeField(snapshot: Snapshot): Field<NetworkDraft> {
  const modes: Readonly<Record<string, readonly FormChoice<string>[]>> = {
    macvlan: [
      { label: 'bridge', description: l10n.t('children reach each other directly'), value: 'bridge' },
      { label: 'private', description: l10n.t('children never reach each other'), value: 'private' },
      { label: 'vepa', description: l10n.t('children reach each other through the switch outside'), value: 'vepa' },
      { label: 'passthru', description: l10n.t('one child takes the parent over'), value: 'passthru' },
    ],
    ipvlan: [
      { label: 'l2', description: l10n.t('as a switch: ARP and broadcast'), value: 'l2' },
      { label: 'l3', description: l10n.t('as a router: no ARP, no broadcast; the outside needs routes'), value: 'l3' },
      { label: 'l3s', description: l10n.t('as l3, with the host’s netfilter in the way'), value: 'l3s' },
    ],
  };
  return choiceField<NetworkDraft, string>({
    id: 'mode',
    label: l10n.t('Driver Mode'),
    placeHolder: l10n.t('How do children of one parent reach each other?'),
    applies: ({ driver }) => fieldsOf(driver).includes('mode'),
    choices: ({ driver }) => {
      const known = modesOf(driver, snapshot.engine.version);
      return (modes[driver] ?? []).filter(({ value }) => known.includes(value));
    },
    shown: ({ mode, driver }) => (mode === '' ? (modes[driver]?.[0]?.label ?? '') : mode),
    isChosen: (draft, value) => draft.mode === value,
    set: (draft, mode) => ({ ...draft, mode }),
    problem: (draft) => problemText(draftProblems(draft, snapshot).find(({ field }) => field === 'mode')?.problem),
  });
}
