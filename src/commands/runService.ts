import { ThemeIcon, l10n, window } from 'vscode';
import { formatCommand, parseCommand } from '../actions/commandLine.ts';
import { formatEnvironment, parseEnvironment } from '../actions/keyValues.ts';
import { portConflicts, type Listener } from '../actions/ports.ts';
import {
  parseServicePorts,
  servicePortConflict,
  type ServicePortsProblem,
  type TakenPort,
} from '../actions/servicePorts.ts';
import { replicasProblem, serviceNameProblem, type ServiceNameProblem } from '../actions/serviceProblems.ts';
import type { Action, PublishMode, ServiceSpec } from '../actions/specs.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { titleOn } from '../editor/engineName.ts';
import { choiceField, fillForm, textField, type Field, type FormChoice } from '../editor/form.ts';
import { byName, type Lookup } from '../editor/lookup.ts';
import { problemText } from '../editor/problemText.ts';
import { visible, withoutIcons } from '../editor/untrusted.ts';
import type { EngineControl, SwarmService } from '../engine/control.ts';
import { commands } from '../ids.ts';
import type { Acting } from './act.ts';
import { confirm } from './confirm.ts';
import { pick, type Choice } from './pick.ts';
import { holderText } from './portText.ts';
import type { Handler } from './run.ts';
import { imageField } from './runContainer.ts';
import { freshLookup } from './snapshot.ts';
import { statusOfManager } from './swarmStatus.ts';

interface ServiceDraft {
  readonly image: string;
  readonly name: string;
  readonly network: ServiceSpec['network'];
  readonly replicas: string;
  readonly ports: string;
  readonly publishMode: PublishMode;
  readonly environment: string;
  readonly command: string;
}

export const emptyService: ServiceDraft = {
  image: '',
  name: '',
  network: undefined,
  replicas: '1',
  ports: '',
  publishMode: 'ingress',
  environment: '',
  command: '',
};

type ServiceCommand = typeof commands.runService | typeof commands.removeService;

export function serviceHandlers(current: CurrentSession, acting: Acting): Record<ServiceCommand, Handler> {
  return {
    [commands.runService]: () => create(current, acting),
    [commands.removeService]: () => remove(acting),
  };
}

async function create(current: CurrentSession, acting: Acting): Promise<void> {
  const control = acting.control();
  const lookup = await freshLookup(current);
  const status = await statusOfManager(acting);
  if (status === undefined) return;
  const [services, listeners] = await Promise.all([control.swarm.services(), acting.session().listeners()]);
  const draft = await fillForm<ServiceDraft>(
    {
      title: titleOn(l10n.t('Run Service'), acting.engineName),
      start: emptyService,
      fields: serviceFields(lookup, listeners, services, control),
      submit: l10n.t('Run'),
      command: (now) => acting.commandText(serviceAction(now)),
      note: (now) => noteOf(now, status.nodes),
    },
    `runService ${acting.key}`,
  );
  if (draft === undefined) return;
  const spec = serviceSpec(draft);
  const { warnings } = await acting.perform({ kind: 'createService', spec }, (signal) =>
    control.swarm.createService(spec, signal),
  );
  for (const warning of warnings) void window.showWarningMessage(withoutIcons(warning, 500));
}

export function serviceAction(draft: ServiceDraft): Action {
  return { kind: 'createService', spec: serviceSpec(draft) };
}

function serviceSpec({ image, name, network, publishMode, ...draft }: ServiceDraft): ServiceSpec {
  return {
    image,
    name,
    ...(network === undefined ? {} : { network }),
    replicas: replicasProblem(draft.replicas) === undefined ? Number(draft.replicas) : 1,
    ports: parseServicePorts(draft.ports).value ?? [],
    publishMode,
    environment: parseEnvironment(draft.environment).value ?? [],
    command: parseCommand(draft.command).value ?? [],
  };
}

function noteOf({ ports, publishMode }: ServiceDraft, nodes: number): string | undefined {
  const sentences = [
    ...(nodes > 1 ? [l10n.t('Each node pulls the image by itself: one that is here alone runs here alone.')] : []),
    ...(ports === ''
      ? []
      : publishMode === 'ingress'
        ? [l10n.t('Every node of the swarm listens on the port, and leads to one of the tasks.')]
        : [l10n.t('Only nodes with a task listen, and of tasks with the same port a node runs one.')]),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

export function serviceFields(
  lookup: Lookup,
  listeners: readonly Listener[],
  services: readonly SwarmService[],
  control: EngineControl,
): readonly Field<ServiceDraft>[] {
  const names = services.map(({ name }) => name);
  const taken = services.flatMap(({ name, ports }) => ports.map((port): TakenPort => ({ ...port, service: name })));
  return [
    { ...imageField<ServiceDraft>(control), required: true },
    textField<ServiceDraft>({
      id: 'name',
      label: l10n.t('Name'),
      prompt: l10n.t('The name of the service, by which others on its network find it; nothing: one is made up.'),
      get: ({ name }) => name,
      set: (draft, name) => ({ ...draft, name }),
      problem: (_draft, text) => nameText(serviceNameProblem(text, names)),
    }),
    networkField(lookup),
    textField<ServiceDraft>({
      id: 'replicas',
      label: l10n.t('Replicas'),
      prompt: l10n.t('How many tasks of it are to run, on any nodes.'),
      get: ({ replicas }) => replicas,
      set: (draft, replicas) => ({ ...draft, replicas }),
      problem: (_draft, text) => problemText(replicasProblem(text)),
    }),
    textField<ServiceDraft>({
      id: 'ports',
      label: l10n.t('Published Ports'),
      prompt: l10n.t('As published port:container port, separated by commas.'),
      placeHolder: '8080:80',
      get: ({ ports }) => ports,
      set: (draft, ports) => ({ ...draft, ports }),
      problem: ({ publishMode }, text) => portsProblem(lookup, listeners, taken, publishMode, text),
    }),
    choiceField<ServiceDraft, PublishMode>({
      id: 'publishMode',
      label: l10n.t('Publish Mode'),
      placeHolder: l10n.t('Which nodes are to listen on the published ports?'),
      applies: ({ ports }) => ports !== '',
      choices: () => [
        { label: 'ingress', description: l10n.t('every node of the swarm: the routing mesh'), value: 'ingress' },
        { label: 'host', description: l10n.t('nodes that run a task of it, past the routing mesh'), value: 'host' },
      ],
      shown: ({ publishMode }) => publishMode,
      isChosen: ({ publishMode }, value) => publishMode === value,
      set: (draft, publishMode) => ({ ...draft, publishMode }),
    }),
    textField<ServiceDraft>({
      id: 'environment',
      label: l10n.t('Environment'),
      prompt: l10n.t('NAME=value, separated by commas; values are masked in the log.'),
      get: ({ environment }) => environment,
      set: (draft, environment) => ({ ...draft, environment }),
      problem: (_draft, text) => (text === '' ? undefined : problemText(parseEnvironment(text).problem)),
      masked: (text) =>
        formatEnvironment((parseEnvironment(text).value ?? []).map((line) => line.replace(/=.*/s, '=••••'))),
    }),
    textField<ServiceDraft>({
      id: 'command',
      label: l10n.t('Command'),
      prompt: l10n.t('Words as in a shell, with quotes; nothing is expanded. Nothing: what the image says.'),
      placeHolder: 'sh -c "sleep 1000"',
      get: ({ command }) => command,
      set: (draft, command) => ({ ...draft, command: formatCommand(parseCommand(command).value ?? []) || command }),
      problem: (_draft, text) => (text === '' ? undefined : problemText(parseCommand(text).problem)),
    }),
  ];
}

function nameText(problem: ServiceNameProblem | undefined): string | undefined {
  switch (problem?.kind) {
    case 'serviceNameTaken':
      return l10n.t('There is a service {0} already.', visible(problem.name, 60));
    case 'swarmName':
      return l10n.t('A service is named by letters, digits, “-” and “_”, with a letter or digit at both ends.');
    default:
      return problemText(problem);
  }
}

/** What is wrong with the text, or who has one of its ports: another service, or somebody on this node. */
function portsProblem(
  { snapshot }: Lookup,
  listeners: readonly Listener[],
  taken: readonly TakenPort[],
  mode: PublishMode,
  text: string,
): string | undefined {
  if (text === '') return undefined;
  const { value, problem } = parseServicePorts(text);
  if (value === undefined) return portsText(problem);
  for (const port of value) {
    const { publishedPort, ...spec } = port;
    if (publishedPort === undefined) continue;
    const other = servicePortConflict(port, mode, taken);
    if (other !== undefined)
      return l10n.t(
        'The port {0} is published by the service {1}.',
        `${publishedPort}/${spec.protocol}`,
        visible(other.service, 80),
      );
    const published = { ...spec, hostPort: publishedPort };
    const [holder] = portConflicts(snapshot, listeners, published);
    if (holder !== undefined) return holderText(published, holder);
  }
  return undefined;
}

function portsText(problem: ServicePortsProblem): string | undefined {
  switch (problem.kind) {
    case 'hostAddress':
      return l10n.t('A service is published on all addresses of a node, not on {0} alone.', visible(problem.text, 60));
    case 'hostRange':
      return l10n.t('A swarm chooses no port of a range ({0}): say one, or none.', visible(problem.text, 60));
    default:
      return problemText(problem);
  }
}

function networkField(lookup: Lookup): Field<ServiceDraft> {
  const choices: FormChoice<ServiceDraft['network']>[] = [
    {
      label: l10n.t('none'),
      description: l10n.t('the default bridge of each node; tasks on two nodes do not reach each other'),
      value: undefined,
    },
    ...[...lookup.networks.values()]
      .filter(({ scope, ingress }) => scope === 'swarm' && !ingress)
      .sort(byName)
      .map(({ id, name, driver, pools }) => ({
        label: withoutIcons(name, 80),
        description: withoutIcons([driver, ...pools.map(({ subnet }) => subnet)].join(' · '), 120),
        iconPath: new ThemeIcon('type-hierarchy'),
        value: { id, name },
      })),
  ];
  return choiceField<ServiceDraft, ServiceDraft['network']>({
    id: 'network',
    label: l10n.t('Network'),
    placeHolder: l10n.t('Which network of the swarm are its tasks to be on? Create Network makes one (overlay).'),
    choices: () => choices,
    shown: ({ network }) => network?.name ?? l10n.t('none'),
    isChosen: ({ network }, value) => network?.id === value?.id,
    set: (draft, network) => ({ ...draft, network }),
  });
}

async function remove(acting: Acting): Promise<void> {
  const { swarm } = acting.control();
  if ((await statusOfManager(acting)) === undefined) return;
  const choices = [...(await swarm.services())].sort(byName).map(serviceChoice);
  const service = await pick([[l10n.t('Services'), choices]], l10n.t('Remove which service?'));
  if (service === undefined) return;
  const action: Action = { kind: 'removeServices', names: [service.name] };
  const agreed = await confirm(acting, {
    message: l10n.t('Remove the service {0}?', visible(service.name, 80)),
    details: [
      l10n.t('All of its tasks on all nodes end, and their containers are removed.'),
      l10n.t('What was written inside them, outside of volumes, is lost. Volumes and networks stay.'),
    ],
    command: acting.commandText(action),
    button: l10n.t('Remove'),
  });
  if (!agreed) return;
  await acting.perform(action, () => swarm.removeService(service.id));
}

function serviceChoice(service: SwarmService): Choice<SwarmService> {
  const scale = service.replicas === undefined ? 'global' : `×${service.replicas}`;
  const ports = service.ports.slice(0, 4).map((port) => `${port.publishedPort}→${port.containerPort}/${port.protocol}`);
  return {
    label: withoutIcons(service.name, 80),
    description: withoutIcons([service.image, scale, ...ports].join(' · '), 160),
    iconPath: new ThemeIcon('layers'),
    value: service,
  };
}
