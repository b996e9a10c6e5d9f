import { ThemeIcon, env, l10n, window } from 'vscode';
import { parseAddress } from '../actions/addresses.ts';
import { linkNameProblem } from '../actions/nameProblems.ts';
import { shellText } from '../actions/shellText.ts';
import type { Action, JoinToken, NodeRole } from '../actions/specs.ts';
import { joinCommand } from '../actions/swarmJoin.ts';
import { leaveImpact, type LeaveImpact } from '../actions/swarmLeave.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { titleOn } from '../editor/engineName.ts';
import { choiceField, fillForm, type Field, type FormChoice } from '../editor/form.ts';
import type { Lookup } from '../editor/lookup.ts';
import { problemText } from '../editor/problemText.ts';
import { visible, withoutIcons } from '../editor/untrusted.ts';
import type { SwarmControl, SwarmNode, SwarmStatus } from '../engine/control.ts';
import { commands } from '../ids.ts';
import { isRunning } from '../topology/model.ts';
import type { Acting } from './act.ts';
import { confirm, engineLine, namesInLines } from './confirm.ts';
import { pick, type Choice } from './pick.ts';
import type { Handler } from './run.ts';
import { freshLookup, refreshNow } from './snapshot.ts';
import { notInSwarm, statusOfManager } from './swarmStatus.ts';

type SwarmCommand =
  | typeof commands.initSwarm
  | typeof commands.copyJoinToken
  | typeof commands.leaveSwarm
  | typeof commands.showSwarmNodes;

export function swarmHandlers(current: CurrentSession, acting: Acting): Record<SwarmCommand, Handler> {
  return {
    [commands.initSwarm]: () => initialise(current, acting),
    [commands.copyJoinToken]: () => copyJoinToken(acting),
    [commands.leaveSwarm]: () => leave(current, acting),
    [commands.showSwarmNodes]: () => showNodes(acting),
  };
}

interface InitDraft {
  /** Empty: the engine takes its own, where it has only one. */
  readonly advertiseAddress: string;
}

export const emptyInit: InitDraft = { advertiseAddress: '' };

async function initialise(current: CurrentSession, acting: Acting): Promise<void> {
  const control = acting.control();
  const lookup = await freshLookup(current);
  if (lookup.snapshot.engine.flavour === 'podman') {
    void window.showInformationMessage(l10n.t('Podman has no swarm mode.'));
    return;
  }
  const { state } = await control.swarm.status();
  if (state !== 'inactive') {
    void window.showInformationMessage(l10n.t('This engine is in a swarm already (“{0}”).', visible(state, 20)));
    return;
  }
  const draft = await fillForm<InitDraft>({
    title: titleOn(l10n.t('Initialise Swarm'), acting.engineName),
    start: emptyInit,
    fields: [advertiseField(lookup)],
    submit: l10n.t('Start Swarm Mode'),
    command: (now) => acting.commandText(initAction(now)),
    note: () =>
      l10n.t(
        'This engine becomes the only manager of a new swarm: it makes certificates and keys, and the networks docker_gwbridge and ingress, and listens on TCP port 2377.',
      ),
  });
  if (draft === undefined) return;
  await acting.perform(initAction(draft), () => control.initSwarm(draft.advertiseAddress));
  await refreshNow(current);
}

export function initAction({ advertiseAddress }: InitDraft): Action {
  return { kind: 'swarmInit', advertiseAddress };
}

/** Addresses of the host; without a kernel view one is typed. */
export function advertiseField(lookup: Lookup): Field<InitDraft> {
  const own = [...lookup.hostLinks.values()]
    .filter(({ kind }) => !['bridge', 'loopback', 'veth'].includes(kind))
    .flatMap(({ name, addresses }) => addresses.map(({ address }) => ({ name, address })))
    .filter(({ address }) => !address.toLowerCase().startsWith('fe80:'));
  const choices: FormChoice<string>[] = [
    { label: l10n.t('the engine’s own'), description: l10n.t('where it has one address only'), value: '' },
    ...own.map(({ name, address }) => ({
      label: address,
      description: withoutIcons(name, 40),
      iconPath: new ThemeIcon('circuit-board'),
      value: address,
    })),
  ];
  return choiceField<InitDraft, string>({
    id: 'advertiseAddress',
    label: l10n.t('Advertised Address'),
    placeHolder: l10n.t('Where do other machines reach this one? An address, or the name of a link, can be typed.'),
    choices: () => choices,
    shown: ({ advertiseAddress }) => advertiseAddress,
    isChosen: ({ advertiseAddress }, value) => advertiseAddress === value,
    set: (draft, advertiseAddress) => ({ ...draft, advertiseAddress }),
    problem: ({ advertiseAddress }) => advertiseProblem(advertiseAddress),
    typed: (text) =>
      text === ''
        ? undefined
        : { label: withoutIcons(text, 80), description: advertiseProblem(text) ?? l10n.t('as typed'), value: text },
  });
}

/** What can be no name of a link has to be an address. */
function advertiseProblem(text: string): string | undefined {
  if (text === '' || parseAddress(text) !== undefined) return undefined;
  return /^[\d.]+$/.test(text) || text.includes(':')
    ? problemText({ kind: 'notAddress', text })
    : problemText(linkNameProblem(text));
}

/** The token is shown to nobody: what holds it goes to the clipboard, and only when it is asked for. */
async function copyJoinToken(acting: Acting): Promise<void> {
  const { swarm } = acting.control();
  if ((await statusOfManager(acting)) === undefined) return;
  const role = await pick(roleChoices(), l10n.t('As what is the other machine to join?'));
  if (role === undefined) return;
  acting.announceText(acting.dockerText('swarm', 'join-token', role));
  const join = await swarm.joinToken(role);
  const copyCommand = l10n.t('Copy Command');
  const copyToken = l10n.t('Copy Token');
  const shown = visible(joinCommand(join, true).join(' '), 300);
  const detail = [...engineLine(acting), shown, joinHint(role, join)].join('\n\n');
  const message = role === 'worker' ? l10n.t('Run this on the new worker:') : l10n.t('Run this on the new manager:');
  const chosen = await window.showInformationMessage(message, { modal: true, detail }, copyCommand, copyToken);
  if (chosen === undefined) return;
  await env.clipboard.writeText(chosen === copyToken ? join.token : shellText(joinCommand(join, false)));
  window.setStatusBarMessage(l10n.t('Copied. The token is a secret.'), 3000);
}

function roleChoices(): readonly (readonly [string, readonly Choice<NodeRole>[]])[] {
  return [
    [
      l10n.t('Join as'),
      [
        { label: l10n.t('worker'), description: l10n.t('runs tasks of services'), value: 'worker' },
        {
          label: l10n.t('manager'),
          description: l10n.t('runs tasks, and decides about the swarm with the other managers'),
          value: 'manager',
        },
      ],
    ],
  ];
}

function joinHint(role: NodeRole, { address }: JoinToken): string {
  const reach = l10n.t(
    'It has to reach {0} by TCP; between all nodes, TCP and UDP port 7946 and the UDP port of the VXLANs (4789) have to be open.',
    visible(address, 60),
  );
  return role === 'worker'
    ? reach
    : `${reach}\n\n${l10n.t('Whoever has the token of a manager can take over the whole swarm.')}`;
}

async function leave(current: CurrentSession, acting: Acting): Promise<void> {
  const { swarm } = acting.control();
  const lookup = await freshLookup(current);
  const status = await swarm.status();
  if (status.state === 'inactive') {
    void window.showInformationMessage(notInSwarm());
    return;
  }
  const loss = await lossOf(swarm, status);
  // Without it the engine lets no manager go, nor one whose swarm is locked.
  const force = status.manager || status.state === 'locked';
  const action: Action = { kind: 'swarmLeave', force };
  const agreed = await confirm(acting, {
    message:
      loss.impact === 'swarm'
        ? l10n.t('End the swarm? {0} is its last manager.', visible(lookup.snapshot.engine.name, 80))
        : l10n.t('Let {0} leave its swarm?', visible(lookup.snapshot.engine.name, 80)),
    details: leaveDetails(lookup, loss),
    command: acting.commandText(action),
    button: l10n.t('Leave'),
  });
  if (!agreed) return;
  await acting.perform(action, () => swarm.leave(force));
  await refreshNow(current);
}

export interface Loss {
  readonly impact: LeaveImpact;
  /** Names of the swarm's services; undefined where they cannot be asked for. */
  readonly services: readonly string[] | undefined;
}

/** Never rejects: one that leaves may have lost its swarm before. */
async function lossOf(swarm: SwarmControl, status: SwarmStatus): Promise<Loss> {
  if (status.state !== 'active' || !status.manager) return { impact: 'worker', services: undefined };
  const [nodes, services] = await Promise.all([swarm.nodes().catch(() => []), swarm.services().catch(() => undefined)]);
  const managers = nodes.filter(({ role }) => role === 'manager');
  return {
    impact: leaveImpact({
      manager: true,
      managers: Math.max(managers.length, status.managers, status.managerAddresses.length),
      reachable: managers.filter(({ reachable }) => reachable).length,
    }),
    services: services?.map(({ name }) => name),
  };
}

/** What is lost, by name. */
export function leaveDetails({ snapshot, seats }: Lookup, { impact, services }: Loss): readonly string[] {
  const networks = snapshot.networks.filter(({ scope }) => scope === 'swarm');
  const attached = new Set(
    networks.flatMap(({ id }) =>
      (seats.get(id) ?? []).flatMap(({ container }) =>
        isRunning(container) && container.labels['com.docker.swarm.task.id'] === undefined ? container.name : [],
      ),
    ),
  );
  return [
    impactText(impact),
    ...(impact === 'swarm' && services !== undefined && services.length > 0
      ? [`${l10n.t('Services that are removed:')}\n${namesInLines(services)}`]
      : []),
    ...(networks.length > 0
      ? [
          `${impact === 'swarm' ? l10n.t('Networks that are removed:') : l10n.t('Networks that this engine loses:')}\n${namesInLines(networks.map(({ name }) => name))}`,
        ]
      : []),
    ...(attached.size > 0
      ? [`${l10n.t('Running containers that lose their network by it:')}\n${namesInLines([...attached])}`]
      : []),
  ];
}

function impactText(impact: LeaveImpact): string {
  switch (impact) {
    case 'worker':
      return l10n.t('Its tasks end here, and the swarm starts them on other nodes where it can.');
    case 'manager':
      return l10n.t(
        'It is a manager: the others go on, and count it as one that is down until “docker node demote” and “docker node rm”. Its tasks start on other nodes where they can.',
      );
    case 'majority':
      return l10n.t(
        'The managers that are left are no majority: what runs goes on, but nothing of the swarm can be changed any more. “docker node demote” it first.',
      );
    case 'swarm':
      return l10n.t('Its services, networks, secrets and configs are lost, and cannot be had back.');
  }
}

/** Read-only; choosing one copies its address. */
async function showNodes(acting: Acting): Promise<void> {
  const { swarm } = acting.control();
  if ((await statusOfManager(acting)) === undefined) return;
  acting.announceText(acting.dockerText('node', 'ls'));
  const nodes = await swarm.nodes();
  const address = await pick(
    [[l10n.t('Nodes of the swarm'), nodes.map(nodeChoice)]],
    l10n.t('Choose a node to copy its address.'),
  );
  if (address === undefined || address === '') return;
  await env.clipboard.writeText(address);
  window.setStatusBarMessage(l10n.t('Copied: {0}', withoutIcons(address, 60)), 3000);
}

export function nodeChoice(node: SwarmNode): Choice<string> {
  const role = node.leader ? l10n.t('manager, leader') : node.role === 'manager' ? l10n.t('manager') : l10n.t('worker');
  const facts = [role, node.availability, node.state, node.address].filter((part) => part !== '');
  const unheard = node.role === 'manager' && !node.reachable ? [l10n.t('the other managers do not hear it')] : [];
  const version = node.engineVersion === '' ? [] : [`Docker ${node.engineVersion}`];
  const healthy = node.state === 'ready' && unheard.length === 0;
  return {
    label: withoutIcons(node.name === '' ? node.id : node.name, 80),
    description: withoutIcons(facts.join(' · '), 160),
    detail: withoutIcons([node.id, ...version, ...unheard].join(' · '), 160),
    iconPath: new ThemeIcon(healthy ? 'server' : 'warning'),
    value: node.address,
  };
}
