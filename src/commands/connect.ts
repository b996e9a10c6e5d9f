import { ThemeIcon, l10n, window } from 'vscode';
import { connectObstacle, type ConnectObstacle } from '../actions/connectObstacle.ts';
import type { Action } from '../actions/specs.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { titleOn } from '../editor/engineName.ts';
import { fillForm, manyField, type Field, type FormChoice } from '../editor/form.ts';
import { listText } from '../editor/listText.ts';
import { byName, type Lookup, type Seat } from '../editor/lookup.ts';
import type { Subject } from '../editor/subject.ts';
import { visible, withoutIcons } from '../editor/untrusted.ts';
import { commands } from '../ids.ts';
import type { Container, Network } from '../topology/model.ts';
import type { Acting } from './act.ts';
import { subjectsOf } from './chosen.ts';
import { confirm } from './confirm.ts';
import {
  emptyEndpoint,
  endpointDraft,
  endpointFields,
  endpointSpec,
  untoldNote,
  type EndpointDraft,
} from './endpointForm.ts';
import { obstacleText } from './obstacleText.ts';
import { endpointChoices, pick } from './pick.ts';
import { seatsOf } from './resolve.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

type ConnectCommand = typeof commands.connect | typeof commands.disconnect | typeof commands.editEndpoint;

export function connectHandlers(current: CurrentSession, acting: Acting): Record<ConnectCommand, Handler> {
  return {
    [commands.connect]: (argument, selection) => connect(current, acting, argument, selection),
    [commands.disconnect]: (argument, selection) => disconnect(current, acting, argument, selection),
    [commands.editEndpoint]: (argument) => editEndpoint(current, acting, argument),
  };
}

interface ConnectDraft {
  readonly networks: readonly Network[];
  readonly containers: readonly Container[];
  readonly endpoint: EndpointDraft;
}

/** Any number of containers to any number of networks; addresses can be fixed where it is one and one. */
async function connect(current: CurrentSession, acting: Acting, argument: unknown, selection: unknown): Promise<void> {
  const control = acting.control();
  const lookup = await freshLookup(current);
  const subjects = subjectsOf(argument, selection);
  const networks = subjects.flatMap((subject) =>
    subject.kind === 'network' ? (lookup.networks.get(subject.networkId) ?? []) : [],
  );
  const chosen = subjects.flatMap((subject) => containerOf(lookup, subject));
  const refused = obstacleOf(lookup, networks, chosen);
  if (refused !== undefined) {
    void window.showInformationMessage(obstacleText(lookup, refused));
    return;
  }
  // Of several rows some may be refused: the others are connected all the same.
  const containers = chosen.filter((container) => isFree(lookup, container, networks));
  const start: ConnectDraft = { networks, containers, endpoint: emptyEndpoint };
  const leftOut = chosen.filter((container) => !containers.includes(container));
  const draft = await fillForm({
    title: titleOn(l10n.t('Connect Container to Network'), acting.engineName),
    start,
    fields: connectFields(lookup, start),
    submit: l10n.t('Connect'),
    command: ({ networks, containers, endpoint }) =>
      pairs(networks, containers)
        .map(([network, container]) => acting.commandText(connectAction(network, container, endpoint)))
        .join(' && '),
    note: () => leftOutText(lookup, networks, leftOut),
  });
  if (draft === undefined) return;
  for (const [network, container] of pairs(draft.networks, draft.containers)) {
    await acting.perform(connectAction(network, container, draft.endpoint), () =>
      control.connect(network.id, container.id, endpointSpec(draft.endpoint)),
    );
  }
}

function containerOf(lookup: Lookup, subject: Subject): readonly Container[] {
  const container =
    subject.kind === 'container' || subject.kind === 'endpoint'
      ? lookup.containers.get(subject.containerId)
      : undefined;
  return container === undefined ? [] : [container];
}

function connectAction(network: Network, container: Container, endpoint: EndpointDraft): Action {
  return { kind: 'connect', network: network.name, container: container.name, spec: endpointSpec(endpoint) };
}

function pairs(networks: readonly Network[], containers: readonly Container[]): [Network, Container][] {
  return networks.flatMap((network) => containers.map((container): [Network, Container] => [network, container]));
}

function isFree(lookup: Lookup, container: Container, networks: readonly Network[]): boolean {
  return (
    networks.length === 0 ||
    networks.some((network) => connectObstacle(network, container, lookup.networks) === undefined)
  );
}

/** Why the first of them is not connected. */
function leftOutText(lookup: Lookup, networks: readonly Network[], [first]: readonly Container[]): string | undefined {
  const obstacle = first && obstacleOf(lookup, networks, [first]);
  return obstacle && `${withoutIcons(first.name, 80)}: ${obstacleText(lookup, obstacle)}`;
}

/** What the engine would refuse about a choice that came with the command. */
function obstacleOf(
  lookup: Lookup,
  networks: readonly Network[],
  containers: readonly Container[],
): ConnectObstacle | undefined {
  if (networks.length === 0 || containers.length === 0) return undefined;
  const obstacles = pairs(networks, containers).map(([network, container]) =>
    connectObstacle(network, container, lookup.networks),
  );
  return obstacles.every((obstacle) => obstacle !== undefined) ? obstacles[0] : undefined;
}

/** What the rows did not say is asked first. */
function connectFields(lookup: Lookup, start: ConnectDraft): readonly Field<ConnectDraft>[] {
  const lone = ({ networks, containers }: ConnectDraft): Network | undefined =>
    networks.length === 1 && containers.length === 1 ? networks[0] : undefined;
  return [
    {
      ...manyField<ConnectDraft, Container>({
        id: 'containers',
        label: l10n.t('Containers'),
        placeHolder: l10n.t('Connect which containers?'),
        choices: ({ networks }) => containerFormChoices(lookup, networks),
        shown: ({ containers }) => listText(containers.map(({ name }) => name)),
        isChosen: ({ containers }, value) => containers.includes(value),
        set: (draft, containers) => ({ ...draft, containers }),
        problem: ({ containers }) => (containers.length === 0 ? l10n.t('Choose at least one.') : undefined),
      }),
      required: start.containers.length === 0,
    },
    {
      ...manyField<ConnectDraft, Network>({
        id: 'networks',
        label: l10n.t('Networks'),
        placeHolder: l10n.t('Connect to which networks? Those that the engine would refuse are not listed.'),
        choices: ({ containers }) => networkFormChoices(lookup, containers),
        shown: ({ networks }) => listText(networks.map(({ name }) => name)),
        isChosen: ({ networks }, value) => networks.includes(value),
        set: (draft, networks) => ({ ...draft, networks }),
        problem: ({ networks }) => (networks.length === 0 ? l10n.t('Choose at least one.') : undefined),
      }),
      required: start.networks.length === 0,
    },
    ...endpointFields<ConnectDraft>(
      lookup.snapshot,
      ({ endpoint }) => endpoint,
      (draft, endpoint) => ({ ...draft, endpoint }),
      lone,
    ).filter(takenByConnect),
  ];
}

/** Engines ignore the MAC of a later connection (moby#48192): it can be fixed only when a container is run. */
function takenByConnect({ id }: { readonly id: string }): boolean {
  return id !== 'mac';
}

function containerFormChoices(lookup: Lookup, networks: readonly Network[]): FormChoice<Container>[] {
  const everybody = [...lookup.containers.values()].sort(byName);
  const free = everybody.filter((container) => isFree(lookup, container, networks));
  return free.map((container) => ({
    label: withoutIcons(container.name, 80),
    description: withoutIcons([container.image, container.status].join(' · '), 120),
    iconPath: new ThemeIcon('vm'),
    value: container,
  }));
}

function networkFormChoices(lookup: Lookup, containers: readonly Container[]): FormChoice<Network>[] {
  const all = [...lookup.networks.values()].sort(byName);
  const free = all.filter((network) =>
    containers.every((container) => connectObstacle(network, container, lookup.networks) === undefined),
  );
  return free.map((network) => ({
    label: withoutIcons(network.name, 80),
    description: withoutIcons([network.driver, ...network.pools.map(({ subnet }) => subnet)].join(' · '), 120),
    iconPath: new ThemeIcon('type-hierarchy'),
    value: network,
  }));
}

async function disconnect(
  current: CurrentSession,
  acting: Acting,
  argument: unknown,
  selection: unknown,
): Promise<void> {
  const control = acting.control();
  const lookup = await freshLookup(current);
  const seats = await chooseSeats(lookup, subjectsOf(argument, selection), l10n.t('Disconnect which endpoint?'));
  if (seats.length === 0) return;
  // It loses its count of the seats that way, too.
  if (lookup.snapshot.engine.flavour === 'podman' && seats.some(({ container }) => container.state === 'paused')) {
    void window.showInformationMessage(obstacleText(lookup, { kind: 'pausedOnPodman' }));
    return;
  }
  const actions = seats.map((seat) => disconnectAction(lookup, seat));
  const agreed = await confirm(acting, {
    message:
      seats.length === 1 && seats[0] !== undefined
        ? l10n.t(
            'Disconnect {0} from {1}?',
            visible(seats[0].container.name, 80),
            visible(networkName(lookup, seats[0]), 80),
          )
        : l10n.t('Disconnect {0} endpoints?', seats.length),
    details: [l10n.t('Its address on that network is given back, and connections over it end.')],
    command: actions.map((action) => acting.commandText(action)).join(' && '),
    button: l10n.t('Disconnect'),
  });
  if (!agreed) return;
  for (const [place, { container, endpoint }] of seats.entries()) {
    const action = actions[place];
    if (action === undefined) continue;
    await acting.perform(action, () => control.disconnect(endpoint.networkId, container.id, false));
  }
}

function disconnectAction(lookup: Lookup, seat: Seat): Action {
  return { kind: 'disconnect', network: networkName(lookup, seat), container: seat.container.name, force: false };
}

function networkName(lookup: Lookup, { endpoint }: Seat): string {
  return lookup.networks.get(endpoint.networkId)?.name ?? endpoint.networkName;
}

/** The seats that the rows are about; where that is more than one of a lone row, the person picks. */
async function chooseSeats(
  lookup: Lookup,
  subjects: readonly Subject[],
  placeHolder: string,
): Promise<readonly Seat[]> {
  const named = subjects.flatMap((subject) => (subject.kind === 'endpoint' ? seatsOf(lookup, subject) : []));
  if (named.length > 0) return named;
  const [subject] = subjects;
  const seats = subject && seatsOf(lookup, subject);
  if (seats?.length === 1) return seats;
  const picked = await pick([[l10n.t('Endpoints'), endpointChoices(lookup, seats)]], placeHolder);
  return picked === undefined ? [] : seatsOf(lookup, picked);
}

/** Names and addresses of a seat. The engine cannot change them: the container leaves the network and comes back. */
async function editEndpoint(current: CurrentSession, acting: Acting, argument: unknown): Promise<void> {
  const control = acting.control();
  const lookup = await freshLookup(current);
  const [seat] = await chooseSeats(lookup, subjectsOf(argument, undefined), l10n.t('Edit which endpoint?'));
  const network = seat && lookup.networks.get(seat.endpoint.networkId);
  if (seat === undefined || network === undefined) return;
  const { container, endpoint } = seat;
  const obstacle = connectObstacle(network, { ...container, endpoints: [] });
  if (obstacle !== undefined) {
    void window.showInformationMessage(obstacleText(lookup, obstacle));
    return;
  }
  const commandsOf = (draft: EndpointDraft): readonly Action[] => [
    disconnectAction(lookup, seat),
    connectAction(network, container, draft),
  ];
  const draft = await fillForm<EndpointDraft>({
    title: titleOn(
      l10n.t('Edit {0} on {1}', visible(container.name, 60), visible(network.name, 60)),
      acting.engineName,
    ),
    start: endpointDraft(endpoint, network),
    fields: endpointFields<EndpointDraft>(
      lookup.snapshot,
      (now) => now,
      (_before, now) => now,
      () => network,
      container.id,
    ).filter(takenByConnect),
    submit: l10n.t('Save'),
    command: (now) =>
      commandsOf(now)
        .map((action) => acting.commandText(action))
        .join(' && '),
    note: (now) =>
      untoldNote(now, endpoint, network) ??
      l10n.t('The container leaves the network for a moment: connections over it end.'),
  });
  if (draft === undefined) return;
  for (const action of commandsOf(draft)) acting.announce(action);
  await acting.progress(l10n.t('Changing {0} on {1}', container.name, network.name), () =>
    control.replaceEndpoint(network.id, container.id, endpointSpec(draft)),
  );
}
