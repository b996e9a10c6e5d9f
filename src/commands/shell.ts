import { l10n } from 'vscode';
import { imageProblem } from '../actions/nameProblems.ts';
import type { CurrentSession } from '../editor/currentSession.ts';
import { titleOn } from '../editor/engineName.ts';
import { problemText } from '../editor/problemText.ts';
import { toolsImage } from '../editor/settings.ts';
import { visible } from '../editor/untrusted.ts';
import { EngineError } from '../engine/engine.ts';
import { commands } from '../ids.ts';
import { openShellTerminal } from '../terminals/shellTerminal.ts';
import type { Container } from '../topology/model.ts';
import type { Acting } from './act.ts';
import { chooseContainers, subjectsOf } from './chosen.ts';
import type { Handler } from './run.ts';
import { pullReport } from './runContainer.ts';
import { freshLookup } from './snapshot.ts';

type ShellCommand = typeof commands.openShell | typeof commands.openNetworkShell;

/** The first of these that the container has. `exec` keeps the shell the first process, so that its exit code counts. */
const anyShell = ['sh', '-c', 'command -v bash >/dev/null && exec bash || exec sh'];

export function shellHandlers(current: CurrentSession, acting: Acting): Record<ShellCommand, Handler> {
  const choose = async (argument: unknown): Promise<Container | undefined> => {
    acting.control();
    const lookup = await freshLookup(current);
    const fits = ({ state }: Container): boolean => state === 'running';
    const [container] = await chooseContainers(
      lookup,
      subjectsOf(argument, undefined),
      l10n.t('In which container?'),
      fits,
    );
    return container;
  };
  return {
    [commands.openShell]: async (argument) => {
      const container = await choose(argument);
      if (container === undefined) return;
      const { streams } = acting.session().engine;
      acting.announceText(acting.dockerText('exec', '--interactive', '--tty', container.name, 'sh'));
      openShellTerminal(titleOn(visible(container.name, 60), acting.engineName), 'terminal', (size) =>
        streams.exec(container.id, { command: anyShell, ...size }),
      );
    },
    [commands.openNetworkShell]: async (argument) => {
      const container = await choose(argument);
      if (container === undefined) return;
      const { streams } = acting.session().engine;
      const image = toolsImage();
      const problem = problemText(imageProblem(image));
      if (problem !== undefined) throw new EngineError('configuration', `dockerNetworks.toolsImage: ${problem}`);
      await ensureImage(acting, image);
      acting.announceText(
        acting.dockerText(
          ...['run', '--interactive', '--tty', '--rm', `--network=container:${container.name}`],
          ...['--cap-add=NET_ADMIN', '--cap-add=NET_RAW', '--log-driver=none', image, 'sh'],
        ),
      );
      const name = l10n.t('{0}: network namespace', visible(container.name, 60));
      openShellTerminal(titleOn(name, acting.engineName), 'terminal-linux', (size) =>
        streams.openInNamespace(container.id, image, { command: anyShell, ...size }),
      );
    },
  };
}

/** Pulls it where it is not here: a terminal that waits in silence for minutes looks broken. */
async function ensureImage(acting: Acting, image: string): Promise<void> {
  const control = acting.control();
  const wanted = /[@]|:[^/]*$/.test(image) ? image : `${image}:latest`;
  if ((await control.images()).some(({ tags }) => tags.includes(wanted))) return;
  await acting.perform({ kind: 'pull', image }, (signal, report) => control.pull(image, pullReport(report), signal));
}
