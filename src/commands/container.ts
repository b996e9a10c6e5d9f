import { l10n, window } from 'vscode';
import { whoBreaks } from '../actions/impact.ts';
import { containerNameProblem } from '../actions/nameProblems.ts';
import type { Action, StateChange } from '../actions/specs.ts';
import { comma } from '../editor/listText.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { titleOn } from '../editor/engineName.ts';
import type { Lookup } from '../editor/lookup.ts';
import { problemText } from '../editor/problemText.ts';
import { askText } from '../editor/quickInput.ts';
import { visible } from '../editor/untrusted.ts';
import { commands } from '../ids.ts';
import { isRunning, type Container } from '../topology/model.ts';
import type { Acting } from './act.ts';
import { breakageText } from './breakageText.ts';
import { chooseContainers, subjectsOf } from './chosen.ts';
import { confirm, namesInLines } from './confirm.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

interface StateCommand {
  readonly change: StateChange;
  readonly fits: (container: Container) => boolean;
  readonly placeHolder: () => string;
  /** Where others lose their network by it. */
  readonly breaks: boolean;
  readonly button: () => string;
}

const paused = ({ state }: Container): boolean => state === 'paused';
const canStop = ({ state }: Container): boolean => ['running', 'paused', 'restarting'].includes(state);
const canStart = ({ state }: Container): boolean => ['created', 'exited', 'dead', 'unknown'].includes(state);

const stateCommands = {
  [commands.startContainer]: {
    change: 'start',
    fits: canStart,
    placeHolder: () => l10n.t('Start which container?'),
    breaks: false,
    button: () => l10n.t('Start'),
  },
  [commands.stopContainer]: {
    change: 'stop',
    fits: canStop,
    placeHolder: () => l10n.t('Stop which container?'),
    breaks: true,
    button: () => l10n.t('Stop'),
  },
  [commands.restartContainer]: {
    change: 'restart',
    fits: canStop,
    placeHolder: () => l10n.t('Restart which container?'),
    breaks: true,
    button: () => l10n.t('Restart'),
  },
  [commands.pauseContainer]: {
    change: 'pause',
    fits: ({ state }) => state === 'running',
    placeHolder: () => l10n.t('Pause which container?'),
    breaks: false,
    button: () => l10n.t('Pause'),
  },
  [commands.unpauseContainer]: {
    change: 'unpause',
    fits: paused,
    placeHolder: () => l10n.t('Resume which container?'),
    breaks: false,
    button: () => l10n.t('Resume'),
  },
} satisfies Record<string, StateCommand>;

type ContainerCommand = keyof typeof stateCommands | typeof commands.removeContainer | typeof commands.renameContainer;

export function containerHandlers(current: CurrentSession, acting: Acting): Record<ContainerCommand, Handler> {
  const change =
    (kind: StateCommand): Handler =>
    (argument, selection) =>
      changeState(current, acting, kind, argument, selection);
  return {
    [commands.startContainer]: change(stateCommands[commands.startContainer]),
    [commands.stopContainer]: change(stateCommands[commands.stopContainer]),
    [commands.restartContainer]: change(stateCommands[commands.restartContainer]),
    [commands.pauseContainer]: change(stateCommands[commands.pauseContainer]),
    [commands.unpauseContainer]: change(stateCommands[commands.unpauseContainer]),
    [commands.removeContainer]: (argument, selection) => remove(current, acting, argument, selection),
    [commands.renameContainer]: (argument) => rename(current, acting, argument),
  };
}

async function changeState(
  current: CurrentSession,
  acting: Acting,
  kind: StateCommand,
  argument: unknown,
  selection: unknown,
): Promise<void> {
  const control = acting.control();
  const lookup = await freshLookup(current);
  const subjects = subjectsOf(argument, selection);
  const containers = await chooseContainers(lookup, subjects, kind.placeHolder(), kind.fits);
  if (containers.length === 0) {
    if (subjects.length > 0) void window.showInformationMessage(l10n.t('None of them is in a state for that.'));
    return;
  }
  const action: Action = { kind: 'state', change: kind.change, containers: namesOf(containers) };
  if (kind.breaks && !(await mayBreak(acting, lookup, containers, action, kind.button()))) return;
  await acting.performEach(action, containers, ({ id }, signal) => control.changeState(id, kind.change, signal));
}

/** Asks only where others suffer. */
async function mayBreak(
  acting: Acting,
  lookup: Lookup,
  containers: readonly Container[],
  action: Action,
  button: string,
): Promise<boolean> {
  const broken = whoBreaks(
    lookup.snapshot,
    containers.map(({ id }) => id),
  ).filter(({ container }) => isRunning(container));
  if (broken.length === 0) return true;
  const names = namesOf(containers)
    .map((name) => visible(name, 80))
    .join(comma());
  return confirm(acting, {
    message: l10n.t('Other containers depend on {0}.', names),
    details: [breakageText(broken)],
    command: acting.commandText(action),
    button,
  });
}

async function remove(current: CurrentSession, acting: Acting, argument: unknown, selection: unknown): Promise<void> {
  const control = acting.control();
  const lookup = await freshLookup(current);
  const placeHolder = l10n.t('Remove which container?');
  const containers = await chooseContainers(lookup, subjectsOf(argument, selection), placeHolder, () => true);
  if (containers.length === 0) return;
  const names = namesOf(containers);
  const force = containers.some(canStop);
  const action: Action = { kind: 'removeContainers', containers: names, force, volumes: false };
  const broken = whoBreaks(
    lookup.snapshot,
    containers.map(({ id }) => id),
  );
  const [only] = names;
  const agreed = await confirm(acting, {
    message:
      names.length === 1
        ? l10n.t('Remove the container {0}?', visible(only ?? '', 80))
        : l10n.t('Remove {0} containers?', names.length),
    details: [
      ...(names.length === 1 ? [] : [namesInLines(names)]),
      ...(force ? [l10n.t('What runs is killed first.')] : []),
      l10n.t('What was written inside it, outside of volumes, is lost. Volumes stay.'),
      ...(broken.length === 0 ? [] : [breakageText(broken)]),
    ],
    command: acting.commandText(action),
    button: l10n.t('Remove'),
  });
  if (!agreed) return;
  await acting.performEach(action, containers, ({ id }) => control.removeContainer(id, { force, volumes: false }));
}

async function rename(current: CurrentSession, acting: Acting, argument: unknown): Promise<void> {
  const control = acting.control();
  const lookup = await freshLookup(current);
  const subjects = subjectsOf(argument, undefined);
  const [container] = await chooseContainers(lookup, subjects, l10n.t('Rename which container?'), () => true);
  if (container === undefined) return;
  const answer = await askText(
    { title: titleOn(l10n.t('Rename Container'), acting.engineName), back: false },
    {
      prompt: l10n.t('The new name; other containers find it under this name at once.'),
      value: container.name,
      problem: (text) => problemText(containerNameProblem(text, lookup.snapshot, container.id)),
    },
  );
  if (answer.kind !== 'value' || answer.value === container.name) return;
  const name = answer.value;
  await acting.perform({ kind: 'rename', container: container.name, name }, () => control.rename(container.id, name));
}

function namesOf(containers: readonly Container[]): readonly string[] {
  return containers.map(({ name }) => name);
}
