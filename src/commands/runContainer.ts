import { ThemeIcon, l10n, window } from 'vscode';
import { formatCommand, parseCommand } from '../actions/commandLine.ts';
import { connectObstacle } from '../actions/connectObstacle.ts';
import { formatEnvironment, parseEnvironment } from '../actions/keyValues.ts';
import { containerNameProblem, imageProblem } from '../actions/nameProblems.ts';
import { portConflicts, type Listener } from '../actions/ports.ts';
import { parsePublish } from '../actions/publish.ts';
import type { Action, RestartPolicy, RunMode, RunSpec } from '../actions/specs.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { titleOn } from '../editor/engineName.ts';
import { choiceField, fillForm, flagField, textField, type Field, type FormChoice } from '../editor/form.ts';
import { byName, type Lookup } from '../editor/lookup.ts';
import { problemText } from '../editor/problemText.ts';
import { withoutIcons } from '../editor/untrusted.ts';
import type { EngineControl, Image, PullProgress } from '../engine/control.ts';
import { EngineError } from '../engine/engine.ts';
import { commands } from '../ids.ts';
import { isRunning, type Container, type Network } from '../topology/model.ts';
import type { Acting, Report } from './act.ts';
import { subjectsOf } from './chosen.ts';
import { emptyEndpoint, endpointFields, endpointSpec, type EndpointDraft } from './endpointForm.ts';
import { choiceText, holderText } from './portText.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

interface RunDraft {
  readonly image: string;
  readonly name: string;
  readonly mode: RunMode;
  readonly endpoint: EndpointDraft;
  readonly ports: string;
  readonly environment: string;
  readonly restart: RestartPolicy;
  readonly command: string;
  readonly tty: boolean;
  readonly removeWhenStopped: boolean;
  readonly showLog: boolean;
}

export const emptyRun: RunDraft = {
  image: '',
  name: '',
  mode: { kind: 'bridge' },
  endpoint: emptyEndpoint,
  ports: '',
  environment: '',
  restart: 'no',
  command: '',
  tty: false,
  removeWhenStopped: false,
  showLog: false,
};

/** @param showLog opens the log of a container that has just been started */
export function runHandlers(
  current: CurrentSession,
  acting: Acting,
  showLog: (source: { readonly containerId: string; readonly name: string }) => void,
): Record<typeof commands.runContainer, Handler> {
  return {
    [commands.runContainer]: async (argument) => {
      const control = acting.control();
      const lookup = await freshLookup(current);
      const listeners = await acting.session().listeners();
      const start = { ...emptyRun, mode: modeOf(lookup, argument) ?? emptyRun.mode };
      const draft = await fillForm<RunDraft>(
        {
          title: titleOn(l10n.t('Run Container'), acting.engineName),
          start,
          fields: runFields(lookup, listeners, control),
          submit: l10n.t('Run'),
          command: (draft) => acting.commandText(runAction(draft)),
          note: (draft) => choiceText(runSpec(draft).ports),
        },
        argument === undefined ? `runContainer ${acting.key}` : undefined,
      );
      if (draft === undefined) return;
      const id = await startIt(acting, control, runSpec(draft));
      if (draft.showLog) showLog({ containerId: id, name: draft.name === '' ? id.slice(0, 12) : draft.name });
    },
  };
}

/** Pulls the image where it is missing, then runs it. */
async function startIt(acting: Acting, control: EngineControl, spec: RunSpec): Promise<string> {
  const action: Action = { kind: 'run', spec };
  const { id, warnings } = await acting.perform(action, async (signal, report) => {
    try {
      return await control.run(spec, signal);
    } catch (thrown) {
      if (!(thrown instanceof EngineError) || thrown.kind !== 'notFound' || !/image/i.test(thrown.message))
        throw thrown;
    }
    acting.announce({ kind: 'pull', image: spec.image });
    await control.pull(spec.image, pullReport(report), signal);
    return control.run(spec, signal);
  });
  for (const warning of warnings) void window.showWarningMessage(withoutIcons(warning, 500));
  return id;
}

/** Layers as one line: how many are done, and how far the one is that moves. */
export function pullReport(report: Report): (progress: PullProgress) => void {
  const layers = new Map<string, PullProgress>();
  return (progress) => {
    if (progress.layer === '') {
      report.report({ message: withoutIcons(progress.status, 100) });
      return;
    }
    layers.set(progress.layer, progress);
    const done = [...layers.values()].filter(({ status }) => /complete|exists/i.test(status)).length;
    const { current, total } = progress;
    const part =
      current !== undefined && total !== undefined && total > 0 ? ` ${Math.floor((100 * current) / total)} %` : '';
    report.report({
      message: l10n.t(
        '{0} of {1} layers; {2}',
        done,
        layers.size,
        `${withoutIcons(progress.layer, 12)} ${withoutIcons(progress.status, 40)}${part}`,
      ),
    });
  };
}

/** On the row's network, or in its container's namespace. */
function modeOf(lookup: Lookup, argument: unknown): RunMode | undefined {
  const [subject] = subjectsOf(argument, undefined);
  if (subject?.kind === 'network') {
    const network = lookup.networks.get(subject.networkId);
    return network && networkMode(network);
  }
  return undefined;
}

function networkMode({ id, name, driver }: Network): RunMode {
  if (driver === 'host') return { kind: 'host' };
  if (driver === 'null') return { kind: 'none' };
  return name === 'bridge' && driver === 'bridge' ? { kind: 'bridge' } : { kind: 'network', id, name };
}

export function runAction(draft: RunDraft): Action {
  return { kind: 'run', spec: runSpec(draft) };
}

function runSpec(draft: RunDraft): RunSpec {
  const { image, name, mode, restart, tty, removeWhenStopped } = draft;
  const published = mode.kind === 'bridge' || mode.kind === 'network';
  return {
    image,
    name,
    mode,
    endpoint: endpointSpec(mode.kind === 'network' || mode.kind === 'bridge' ? draft.endpoint : emptyEndpoint),
    ports: published ? (parsePublish(draft.ports).value ?? []) : [],
    environment: parseEnvironment(draft.environment).value ?? [],
    restart: removeWhenStopped ? 'no' : restart,
    command: parseCommand(draft.command).value ?? [],
    tty,
    removeWhenStopped,
  };
}

export function runFields(
  lookup: Lookup,
  listeners: readonly Listener[],
  control: EngineControl,
): readonly Field<RunDraft>[] {
  const { snapshot } = lookup;
  const hasPorts = ({ mode }: RunDraft): boolean => mode.kind === 'bridge' || mode.kind === 'network';
  return [
    { ...imageField<RunDraft>(control), required: true },
    textField<RunDraft>({
      id: 'name',
      label: l10n.t('Name'),
      prompt: l10n.t('The name of the container; nothing: the engine makes one up.'),
      get: ({ name }) => name,
      set: (draft, name) => ({ ...draft, name }),
      problem: (_draft, text) => problemText(containerNameProblem(text, snapshot)),
    }),
    modeField(lookup),
    textField<RunDraft>({
      id: 'ports',
      label: l10n.t('Published Ports'),
      prompt: l10n.t('As host port:container port, separated by commas; 127.0.0.1 before it keeps it on this machine.'),
      placeHolder: '127.0.0.1:8080:80',
      applies: hasPorts,
      get: ({ ports }) => ports,
      set: (draft, ports) => ({ ...draft, ports }),
      problem: (_draft, text) => publishProblem(lookup, listeners, text),
    }),
    ...endpointFields<RunDraft>(
      snapshot,
      ({ endpoint }) => endpoint,
      (draft, endpoint) => ({ ...draft, endpoint }),
      ({ mode }) => (mode.kind === 'network' ? lookup.networks.get(mode.id) : undefined),
    ).map((field) => ({ ...field, applies: (draft: RunDraft) => hasPorts(draft) && field.applies?.(draft) !== false })),
    textField<RunDraft>({
      id: 'environment',
      label: l10n.t('Environment'),
      prompt: l10n.t('NAME=value, separated by commas; values are masked in the log.'),
      get: ({ environment }) => environment,
      set: (draft, environment) => ({ ...draft, environment }),
      problem: (_draft, text) => (text === '' ? undefined : problemText(parseEnvironment(text).problem)),
      masked: (text) =>
        formatEnvironment((parseEnvironment(text).value ?? []).map((line) => line.replace(/=.*/s, '=••••'))),
    }),
    choiceField<RunDraft, RestartPolicy>({
      id: 'restart',
      label: l10n.t('Restart Policy'),
      placeHolder: l10n.t('When is the engine to start it again?'),
      applies: ({ removeWhenStopped }) => !removeWhenStopped,
      choices: () => restartChoices(),
      shown: ({ restart }) => restart,
      isChosen: ({ restart }, value) => restart === value,
      set: (draft, restart) => ({ ...draft, restart }),
    }),
    textField<RunDraft>({
      id: 'command',
      label: l10n.t('Command'),
      prompt: l10n.t('Words as in a shell, with quotes; nothing is expanded. Nothing: what the image says.'),
      placeHolder: 'sh -c "sleep 1000"',
      get: ({ command }) => command,
      set: (draft, command) => ({ ...draft, command: formatCommand(parseCommand(command).value ?? []) || command }),
      problem: (_draft, text) => (text === '' ? undefined : problemText(parseCommand(text).problem)),
    }),
    flag('tty', l10n.t('With a terminal (TTY)')),
    flag('removeWhenStopped', l10n.t('Remove it when it stops')),
    flag('showLog', l10n.t('Open its log')),
  ];
}

function flag(id: 'tty' | 'removeWhenStopped' | 'showLog', label: string): Field<RunDraft> {
  return flagField<RunDraft>({
    id,
    label,
    get: (draft) => draft[id],
    set: (draft, value) => ({ ...draft, [id]: value }),
  });
}

function restartChoices(): readonly FormChoice<RestartPolicy>[] {
  return [
    { label: 'no', description: l10n.t('never'), value: 'no' },
    { label: 'on-failure', description: l10n.t('when it ends with an error'), value: 'on-failure' },
    { label: 'unless-stopped', description: l10n.t('always, unless a person stopped it'), value: 'unless-stopped' },
    { label: 'always', description: l10n.t('always, also when the engine starts'), value: 'always' },
  ];
}

/** What is wrong with the text, or who holds one of its ports. */
function publishProblem({ snapshot }: Lookup, listeners: readonly Listener[], text: string): string | undefined {
  if (text === '') return undefined;
  const { value, problem } = parsePublish(text);
  if (value === undefined) return problemText(problem);
  for (const spec of value) {
    const [holder] = portConflicts(snapshot, listeners, spec);
    if (holder !== undefined) return holderText(spec, holder);
  }
  return undefined;
}

export function imageField<T extends { readonly image: string }>(control: EngineControl): Field<T> {
  return choiceField<T, string>({
    id: 'image',
    label: l10n.t('Image'),
    placeHolder: l10n.t('An image of this engine, or a name: it is pulled if it is not here.'),
    choices: async () => imageChoices(await control.images()),
    shown: ({ image }) => image,
    isChosen: ({ image }, value) => image === value,
    set: (draft, image) => ({ ...draft, image }),
    problem: ({ image }) => problemText(imageProblem(image)),
    typed: (text) => {
      if (text === '') return undefined;
      const problem = problemText(imageProblem(text));
      return { label: withoutIcons(text, 120), description: problem ?? l10n.t('as typed'), value: text };
    },
  });
}

function imageChoices(images: readonly Image[]): FormChoice<string>[] {
  return images.flatMap(({ tags, size, exposedPorts }) =>
    tags.map((tag) => ({
      label: withoutIcons(tag, 120),
      description: [`${Math.max(1, Math.round(size / 1e6))} MB`, ...exposedPorts.slice(0, 4)].join(' · '),
      iconPath: new ThemeIcon('package'),
      value: tag,
    })),
  );
}

function modeField(lookup: Lookup): Field<RunDraft> {
  const choices: FormChoice<RunMode>[] = [
    { label: 'bridge', description: l10n.t('the default network, docker0'), value: { kind: 'bridge' } },
    ...[...lookup.networks.values()].sort(byName).flatMap((network): FormChoice<RunMode>[] => {
      const mode = networkMode(network);
      const free = connectObstacle(network, detached) === undefined;
      return mode.kind === 'network' && free
        ? [
            {
              label: withoutIcons(network.name, 80),
              description: withoutIcons(
                [network.driver, ...network.pools.map(({ subnet }) => subnet)].join(' · '),
                120,
              ),
              value: mode,
            },
          ]
        : [];
    }),
    {
      label: 'host',
      description: l10n.t('the namespace of the host: no isolation, no published ports'),
      value: { kind: 'host' },
    },
    { label: 'none', description: l10n.t('loopback only'), value: { kind: 'none' } },
    ...[...lookup.containers.values()]
      .filter(isRunning)
      .sort(byName)
      .map((container): FormChoice<RunMode> => ({
        label: `container:${withoutIcons(container.name, 80)}`,
        description: l10n.t('shares its network namespace'),
        value: { kind: 'container', id: container.id, name: container.name },
      })),
  ];
  return choiceField<RunDraft, RunMode>({
    id: 'mode',
    label: l10n.t('Network'),
    placeHolder: l10n.t('Which network is it to be on?'),
    choices: () => choices,
    shown: ({ mode }) =>
      mode.kind === 'network' ? mode.name : mode.kind === 'container' ? `container:${mode.name}` : mode.kind,
    isChosen: ({ mode }, value) => JSON.stringify(mode) === JSON.stringify(value),
    set: (draft, mode) => ({ ...draft, mode }),
  });
}

/** A container that is on no network yet: whatever stands in its way stands in the way of every new one. */
const detached: Container = {
  id: '',
  name: '',
  image: '',
  state: 'created',
  status: '',
  pid: 0,
  mode: { kind: 'bridge' },
  endpoints: [],
  ports: [],
  links: [],
  labels: {},
  dnsServers: [],
  created: 0,
  inspected: true,
};
