import { l10n, window } from 'vscode';
import { dockerCommand } from '../actions/dockerCommand.ts';
import { hostPortText } from '../actions/publish.ts';
import { shellText } from '../actions/shellText.ts';
import type { PublishSpec } from '../actions/specs.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { titleOn } from '../editor/engineName.ts';
import { fillForm } from '../editor/form.ts';
import type { Lookup } from '../editor/lookup.ts';
import { visible } from '../editor/untrusted.ts';
import type { RecreatePreview, RecreateStep } from '../engine/control.ts';
import { ForwardError, type Forward, type Forwards, type ForwardTarget } from '../forwards/forwards.ts';
import { commands } from '../ids.ts';
import type { Container } from '../topology/model.ts';
import type { Acting } from './act.ts';
import { chooseContainers, subjectsOf } from './chosen.ts';
import { confirm } from './confirm.ts';
import { forwardsOf, openInBrowser, openUrl } from './openInBrowser.ts';
import { pick } from './pick.ts';
import { portFields, protocolOf, specsOf, type PortDraft } from './portForm.ts';
import { choiceText, forwardFaultText, keptText, lossText, noForwardText, obstacleText } from './portText.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

type PortCommand = typeof commands.publishPort | typeof commands.unpublishPort | typeof commands.openInBrowser;

export interface PortDeps {
  readonly current: CurrentSession;
  readonly acting: Acting;
  readonly forwards: Forwards;
}

export function portHandlers(deps: PortDeps): Record<PortCommand, Handler> {
  return {
    [commands.publishPort]: (argument) => publish(deps, argument),
    [commands.unpublishPort]: (argument) => unpublish(deps, argument),
    [commands.openInBrowser]: (argument) => openInBrowser(deps, argument),
  };
}

async function publish(deps: PortDeps, argument: unknown): Promise<void> {
  const { current, acting } = deps;
  const control = acting.control();
  const lookup = await freshLookup(current);
  const subjects = subjectsOf(argument, undefined);
  const placeHolder = l10n.t('Publish a port of which container?');
  const [container] = await chooseContainers(lookup, subjects, placeHolder, () => true);
  if (container === undefined) return;
  const session = acting.session();
  const [preview, listeners] = await Promise.all([control.previewRecreate(container.id), session.listeners()]);
  const noForward = noForwardText(session, container);
  if (preview.obstacle !== undefined && noForward !== undefined) {
    void window.showInformationMessage(`${obstacleText(preview.obstacle, false)} ${noForward}`);
    return;
  }
  const [subject] = subjects;
  const port = subject?.kind === 'container' ? subject.port : undefined;
  const draft = await fillForm<PortDraft>({
    title: titleOn(l10n.t('Publish a Port of {0}', visible(container.name, 60)), acting.engineName),
    start: {
      container,
      way: preview.obstacle !== undefined ? 'temporary' : noForward !== undefined ? 'permanent' : undefined,
      containerPort: port === undefined ? '' : String(port.containerPort),
      protocol: protocolOf(port?.protocol ?? 'tcp'),
      hostIp: '127.0.0.1',
      hostPort: '',
    },
    fields: portFields(lookup, container, preview, listeners, noForward),
    submit: l10n.t('Publish'),
    command: (now) => publishCommand(acting, now, preview),
    note: (now) => noteOf(now, preview),
  });
  if (draft === undefined) return;
  if (draft.way === 'temporary') await forward(deps, draft);
  else await republish(deps, lookup, container, preview, [...preview.ports, ...specsOf(draft)]);
}

/** There is no one command for it: these are its steps. */
function publishCommand(acting: Acting, draft: PortDraft, preview: RecreatePreview): string | undefined {
  if (draft.way !== 'permanent' || draft.containerPort === '') return undefined;
  return recreateCommand(acting, draft.container, [...preview.ports, ...specsOf(draft)]);
}

function recreateCommand(acting: Acting, { name, image }: Container, ports: readonly PublishSpec[]): string {
  const run = dockerCommand({
    kind: 'run',
    spec: {
      image,
      name,
      mode: { kind: 'bridge' },
      endpoint: { aliases: [], links: [], driverOptions: {} },
      ports,
      environment: [],
      restart: 'no',
      command: [],
      tty: false,
      removeWhenStopped: false,
    },
  });
  const publishing = run.filter((word, place) => word.startsWith('--publish') || run[place - 1] === '--publish');
  return [
    acting.dockerText('stop', name),
    acting.dockerText('rename', name, `${name}-old`),
    `${acting.dockerText('create', '--name', name, ...publishing)} … ${shellText([image])}`,
    acting.dockerText('start', name),
    acting.dockerText('rm', `${name}-old`),
  ].join(' && ');
}

function noteOf(draft: PortDraft, preview: RecreatePreview): string | undefined {
  if (draft.way !== 'permanent') return undefined;
  const kept = l10n.t('Kept: {0}', keptText(preview));
  const choice = choiceText(specsOf(draft));
  return choice === undefined ? kept : `${choice} ${kept}`;
}

async function forward({ forwards, acting }: PortDeps, draft: PortDraft): Promise<void> {
  const [spec] = specsOf(draft);
  if (spec === undefined) return;
  try {
    const opened = await acting.progress(l10n.t('Forwarding port {0}', spec.containerPort), () =>
      forwards.open(targetOf(acting, draft.container), spec.containerPort, spec.hostPort ?? 0),
    );
    const open = l10n.t('Open in Browser');
    const message = opened.answers
      ? l10n.t(
          '127.0.0.1:{0} leads to port {1} of {2} until this window closes.',
          opened.localPort,
          spec.containerPort,
          visible(draft.container.name, 80),
        )
      : l10n.t(
          '127.0.0.1:{0} leads to port {1} of {2}, where nothing listens yet.',
          opened.localPort,
          spec.containerPort,
          visible(draft.container.name, 80),
        );
    if ((await window.showInformationMessage(message, open)) === open) await openUrl('127.0.0.1', opened.localPort);
  } catch (thrown) {
    if (!(thrown instanceof ForwardError)) throw thrown;
    void window.showErrorMessage(forwardFaultText(thrown.kind, spec.hostPort ?? 0));
  }
}

async function republish(
  { acting, forwards }: PortDeps,
  lookup: Lookup,
  container: Container,
  preview: RecreatePreview,
  ports: readonly PublishSpec[],
): Promise<void> {
  const control = acting.control();
  const agreed = await confirm(acting, {
    message: l10n.t('Replace the container {0} by one that publishes other ports?', visible(container.name, 80)),
    details: [
      l10n.t('Kept: {0}', keptText(preview)),
      ...lossText(lookup, container, preview),
      l10n.t('If a step fails, the old container comes back under its own name.'),
    ],
    command: recreateCommand(acting, container, ports),
    button: l10n.t('Replace'),
  });
  if (!agreed) return;
  acting.announceText(recreateCommand(acting, container, ports));
  await acting.progress(l10n.t('Replacing {0}', container.name), async (_signal, report) => {
    await control.republish(container.id, ports, (step) => report.report({ message: stepText(step) }));
  });
  // They led to the container that is gone now.
  for (const { id } of forwardsOf(forwards, targetOf(acting, container))) await forwards.close(id);
}

function targetOf({ key }: Acting, { id }: Pick<Container, 'id'>): ForwardTarget {
  return { engine: key, containerId: id };
}

function stepText(step: RecreateStep): string {
  switch (step) {
    case 'inspect':
      return l10n.t('reading it');
    case 'stop':
      return l10n.t('stopping the old one');
    case 'rename':
      return l10n.t('putting the old one aside');
    case 'create':
      return l10n.t('creating the new one');
    case 'connect':
      return l10n.t('connecting its networks');
    case 'start':
      return l10n.t('starting the new one');
    case 'remove':
      return l10n.t('removing the old one');
  }
}

type Ending =
  { readonly kind: 'forward'; readonly id: string } | { readonly kind: 'published'; readonly spec: PublishSpec };

/** Of a temporary forward at once; of a published port by replacing the container. */
async function unpublish(deps: PortDeps, argument: unknown): Promise<void> {
  const { current, acting, forwards } = deps;
  const control = acting.control();
  const [subject] = subjectsOf(argument, undefined);
  if (subject?.kind === 'container' && subject.forwardId !== undefined) return forwards.close(subject.forwardId);
  const lookup = await freshLookup(current);
  const placeHolder = l10n.t('Unpublish a port of which container?');
  const [container] = await chooseContainers(
    lookup,
    subject === undefined ? [] : [subject],
    placeHolder,
    (one) =>
      one.ports.some(({ hostPort }) => hostPort !== undefined) ||
      forwardsOf(forwards, targetOf(acting, one)).length > 0,
  );
  if (container === undefined) return;
  const preview = await control.previewRecreate(container.id);
  const port = subject?.kind === 'container' ? subject.port : undefined;
  const wanted = preview.ports.filter(
    (spec) => port === undefined || (spec.containerPort === port.containerPort && spec.protocol === port.protocol),
  );
  const temporary = port === undefined ? forwardsOf(forwards, targetOf(acting, container)) : [];
  const ending = await chooseEnding(wanted, temporary);
  if (ending === undefined) return;
  if (ending.kind === 'forward') return forwards.close(ending.id);
  if (preview.obstacle !== undefined) {
    void window.showInformationMessage(obstacleText(preview.obstacle, false));
    return;
  }
  await republish(
    deps,
    lookup,
    container,
    preview,
    preview.ports.filter((spec) => spec !== ending.spec),
  );
}

async function chooseEnding(specs: readonly PublishSpec[], temporary: readonly Forward[]): Promise<Ending | undefined> {
  const choices = [
    ...specs.map((spec) => ({
      label: `${spec.hostIp ?? l10n.t('all addresses')}:${hostPortText(spec) || '*'} → ${spec.containerPort}/${spec.protocol}`,
      value: { kind: 'published', spec } satisfies Ending,
    })),
    ...temporary.map(({ id, localPort, containerPort }) => ({
      label: `127.0.0.1:${localPort} → ${containerPort}/tcp`,
      description: l10n.t('temporary'),
      value: { kind: 'forward', id } satisfies Ending,
    })),
  ];
  const [only] = choices;
  return choices.length === 1 && only !== undefined
    ? only.value
    : pick<Ending>([['', choices]], l10n.t('Unpublish which one?'));
}
