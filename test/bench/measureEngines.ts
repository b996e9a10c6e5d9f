import { setTimeout as sleep } from 'node:timers/promises';
import type { LabEngine } from '../lab/labEngine.ts';
import { EventRun, runRefreshes } from './benchEngine.ts';
import { milliseconds, type Row } from './rows.ts';
import { median, quantile } from './statistics.ts';

/** An engine, and how many containers it has. */
export interface Subject {
  readonly engine: LabEngine;
  readonly containers: number;
}

const refreshLimit = 1.5;
const eventLimit = 150;
/** What the session waits for more events, always (src/live/liveSession.ts). */
const coalescing = 100;
/** The session looks at the kernel once more 400 ms after an event; the next one comes after that. */
const settled = 600;
/** What the noise of the machine may add to "does not grow". */
const grown = 1.25;
/** Events that do not count: the first ones run code that is not compiled yet. */
const warmUp = 4;

/** Full refreshes with wiring against the same reads without the product, in turns. */
export async function measureRefresh({ engine, containers }: Subject, program: string, rounds: number): Promise<Row[]> {
  const { bare, refresh, kernel, wires } = await runRefreshes(engine, program, rounds);
  // Pair by pair: what slowed the machine for a second slowed both.
  const ratio = median(refresh.map((time, index) => time / (bare[index] ?? Number.NaN)));
  const rest = refresh.map((time, index) => time - (kernel[index] ?? Number.NaN));
  const yardstick = `bare reads ${milliseconds(median(bare))}`;
  return [
    {
      what: `full refresh with wiring, ${containers} containers, ${wires} exact wires`,
      measured: milliseconds(median(refresh)),
      yardstick,
      ratio,
      target: `<= ${refreshLimit} x`,
      met: ratio <= refreshLimit,
    },
    { what: '  of that: reading the kernel', measured: milliseconds(median(kernel)), yardstick: '', target: '' },
    {
      what: '  the rest: the engine, records, wires',
      measured: milliseconds(median(rest)),
      yardstick,
      ratio: median(rest) / median(bare),
      target: '',
    },
  ];
}

interface Events {
  readonly containers: number;
  readonly rows: number;
  /** Milliseconds from an event's arrival until the trees were updated, and until the session had the change. */
  readonly latency: number[];
  readonly session: number[];
}

/** One event at a time, in turns over all engines. */
export async function measureEvents(subjects: readonly Subject[], program: string, rounds: number): Promise<Row[]> {
  const runs: { readonly run: EventRun; readonly events: Events }[] = [];
  for (const { engine, containers } of subjects) {
    const run = new EventRun(engine, program);
    runs.push({ run, events: { containers, rows: await run.ready(), latency: [], session: [] } });
  }
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const { run, events } of runs) {
      await sleep(settled);
      const update = await run.event();
      if (round < warmUp) continue;
      events.latency.push(update.milliseconds);
      events.session.push(update.session);
    }
  }
  for (const { run } of runs) run.end();

  const [small, ...larger] = runs.map(({ events }) => events);
  if (small === undefined) return [];
  return [...[small, ...larger].map(latencyRow), ...larger.flatMap((large) => growthRows(small, large))];
}

function latencyRow({ containers, rows, latency }: Events): Row {
  const value = median(latency);
  return {
    what: `event until the trees are updated, ${containers} containers, ${rows.toLocaleString('en')} rows`,
    measured: `${milliseconds(value)} (p90 ${quantile(latency, 0.9).toFixed(1)})`,
    yardstick: `coalescing ${coalescing} ms`,
    ratio: value / coalescing,
    target: `<= ${eventLimit} ms`,
    met: value <= eventLimit,
  };
}

/** What more containers cost, coalescing left out: it is the same for all. */
function growthRows(small: Events, large: Events): Row[] {
  const row = (what: string, cost: (events: Events) => number): Row & { readonly ratio: number } => ({
    what,
    measured: milliseconds(cost(large)),
    yardstick: `${small.containers} containers ${milliseconds(cost(small))}`,
    ratio: cost(large) / cost(small),
    target: '',
  });
  const whole = row(
    `  its cost beyond coalescing, ${large.containers} containers`,
    ({ latency }) => median(latency) - coalescing,
  );
  return [
    { ...whole, target: `flat: <= ${grown}`, met: whole.ratio <= grown },
    row('    of that: the session', ({ session }) => median(session) - coalescing),
    row('    of that: the trees', ({ latency, session }) =>
      median(latency.map((time, index) => time - (session[index] ?? Number.NaN))),
    ),
  ];
}
