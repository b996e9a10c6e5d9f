import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ToolError, type Lifetime } from '../../scripts/lifetime.ts';
import { call } from '../lab/api.ts';
import { importImages } from '../lab/images.ts';
import { startEngine, type LabEngine } from '../lab/labEngine.ts';
import { createNetwork, crowd } from '../lab/topology.ts';
import type { EventReport } from './eventProgram.ts';
import type { RefreshReport } from './refreshProgram.ts';

/** A network without anybody on it, which one container joins and leaves. */
const spareNetwork = 'bench-spare';
const traveller = 'crowd1';

/** A disposable engine with a number of running containers. `directory`, where the programs are, is seen inside. */
export async function startBenchEngine(
  containers: number,
  directory: string,
  life: Lifetime,
  say: (message: string) => void,
): Promise<LabEngine> {
  const began = Date.now();
  const engine = await startEngine({ version: '20.10', binds: [directory], log: say, signals: 'caller' });
  await life.add(() => engine.dispose());
  await importImages(engine);
  await createNetwork(engine, spareNetwork);
  await crowd(engine, containers);
  say(`An engine with ${containers} containers, in ${((Date.now() - began) / 1000).toFixed(0)} s.`);
  return engine;
}

/** Refreshes in a process of its own, in the engine's namespaces. */
export async function runRefreshes(engine: LabEngine, program: string, rounds: number): Promise<RefreshReport> {
  try {
    return JSON.parse(await engine.runInside(['node', program, String(rounds)])) as RefreshReport;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ToolError(`The full refresh could not be measured.\n${reason}`, { cause: error });
  }
}

type Update = Extract<EventReport, { kind: 'updated' }>;

/** The product on an engine, and the events that it is measured by. */
export class EventRun {
  readonly #engine: LabEngine;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #stderr = '';
  #joined = false;

  constructor(engine: LabEngine, program: string) {
    this.#engine = engine;
    this.#child = engine.spawnInside(['node', program]);
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('its output is not piped');
    stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** Resolves when the product has read all; with the number of rows that its trees have. */
  async ready(): Promise<number> {
    const report = await this.#next();
    if (report.kind !== 'ready') throw new ToolError('Void: an event came before all was read.');
    return report.rows;
  }

  /** A container joins the spare network, or leaves it; what became of the event. */
  async event(): Promise<Update> {
    this.#joined = !this.#joined;
    const path = `/networks/${spareNetwork}/${this.#joined ? 'connect' : 'disconnect'}`;
    const { status, body } = await call(this.#engine.socketPath, path, { Container: traveller });
    if (status !== 200) throw new ToolError(`The engine refused ${path}: ${status} ${body}`);
    const report = await this.#next();
    if (report.kind !== 'updated' || report.seats !== (this.#joined ? 2 : 1))
      throw new ToolError('Void: the trees were told of another change than the one that was made.');
    return report;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  async #next(): Promise<EventReport> {
    const timer = setTimeout(() => this.end(), 20_000);
    const line = await this.#lines.next();
    clearTimeout(timer);
    if (line.done === true)
      throw new ToolError(`Events could not be measured: the product ended, or was silent for 20 s.\n${this.#stderr}`);
    return JSON.parse(line.value) as EventReport;
  }
}
