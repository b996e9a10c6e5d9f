// npm start [-- --lab] [--port N] [--no-open]: the extension in a real VS Code, with nothing of the person's own touched.
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { openDesktop } from './desktop.ts';
import { answeringEngine } from './localEngine.ts';
import { runTool, ToolError, type Lifetime } from './lifetime.ts';
import { openInBrowser } from './openInBrowser.ts';
import { which } from './processes.ts';
import { root } from './repository.ts';
import { ensureSystemPackages } from './systemPackages.ts';
import { startVscodeServer } from './vscodeServer.ts';
import { quietSettings } from './windowSettings.ts';

const usage = `npm start [-- [--lab] [--port N] [--no-open]]
Opens the extension in a VS Code of its own: the desktop editor where 'code' is on the PATH, else in the browser.
  --lab      starts a disposable Docker Engine with the tutorial's networks and shows that (root on Linux)
  --port N   of the browser's window; any free one by default
  --no-open  prints the address and opens no browser`;

/** What the window shows. */
interface Shown {
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Network namespace of the engine, where it is not this machine's own. */
  readonly netns?: string;
}

function say(message: string): void {
  console.log(message);
}

async function startLab(life: Lifetime): Promise<Shown> {
  const { labPackages, labPrograms } = await import('../test/lab/requirements.ts');
  await ensureSystemPackages(
    labPackages.map((name) => ({ name, program: labPrograms[name] })),
    say,
  );
  const { startEngine } = await import('../test/lab/labEngine.ts');
  const { tutorialTopology } = await import('../test/lab/topology.ts');
  say('Starting a disposable Docker Engine with the networks of the tutorial …');
  const engine = await startEngine({ version: '20.10', log: say, signals: 'caller' });
  await life.add(() => engine.dispose());
  await tutorialTopology(engine);
  say(`The engine: DOCKER_HOST=${engine.dockerHost}`);
  return { env: { DOCKER_HOST: engine.dockerHost }, settings: {}, netns: engine.netns };
}

/** The local engine; where none answers, the recorded sample. */
async function chooseEngine(): Promise<Shown> {
  const found = await answeringEngine();
  say(found.sentence);
  if (found.answers) return { env: {}, settings: {} };
  say('So the window shows a recording: media/sample.json. `npm start -- --lab` starts a real engine to look at.');
  return { env: {}, settings: { 'dockerNetworks.connection': 'recording:sample' } };
}

async function showInBrowser(shown: Shown, port: number, open: boolean, life: Lifetime): Promise<void> {
  const server = await startVscodeServer({
    extensionPath: root,
    env: shown.env,
    settings: { ...quietSettings, ...shown.settings },
    port,
    say,
    ...(shown.netns === undefined ? {} : { netns: shown.netns }),
  });
  await life.add(() => server.dispose());
  say(`\nVS Code with Docker Network Explorer:\n\n  ${server.url}\n`);
  say('Whoever has this address can use VS Code as you: keep it to yourself. Ctrl-C ends all of it.');
  if (open) await openInBrowser(server.url, life);
  await Promise.race([server.ended, aborted(life.signal)]);
  if (!life.signal.aborted) throw new ToolError(`VS Code's server ended by itself:\n${server.log()}`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ToolError(`No port: ${text}\n${usage}`);
  return port;
}

function readArguments(): { lab: boolean; port: string; noOpen: boolean; help: boolean } {
  const options = {
    lab: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    'no-open': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    const { values } = parseArgs({ options });
    return { ...values, noOpen: values['no-open'] };
  } catch (error) {
    throw new ToolError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

await runTool(async (life) => {
  const { lab, port, noOpen, help } = readArguments();
  if (help) {
    say(usage);
    return 0;
  }
  const portNumber = portOf(port);
  await build();
  const shown = lab ? await startLab(life) : await chooseEngine();
  if (life.signal.aborted) return 0;
  // The lab is in a network namespace, which takes root; and the desktop editor does not run as root.
  const code = process.getuid?.() === 0 ? undefined : which('code');
  if (code === undefined) await showInBrowser(shown, portNumber, !noOpen, life);
  else await openDesktop(code, { ...quietSettings, ...shown.settings }, life, say);
  return 0;
});
