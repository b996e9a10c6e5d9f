import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../../src/engine/engine.ts';
import type { EngineSession } from '../../../src/live/session.ts';
import { container } from '../support/snapshots.ts';
import type { ScriptedEngine, ScriptedKernel } from './scriptedEngine.ts';
import { Stage, wiredMachine } from './stage.ts';

const whole = wiredMachine();
const [web, db] = whole.containers.map((one, index) => ({ ...one, pid: 1000 + index }));
if (web === undefined || db === undefined) throw new Error('the machine has two containers');

let stage: Stage;
let engine: ScriptedEngine;
let kernel: ScriptedKernel;
let session: EngineSession;

beforeEach(async () => {
  stage = new Stage();
  ({ engine, kernel, session } = stage);
  engine.networksNow = [...whole.networks];
  engine.containersNow = [web];
  kernel.readings = [whole.kernel];
  await stage.activate();
  await vi.advanceTimersByTimeAsync(1_000);
  kernel.requests.length = 0;
});

afterEach(() => stage.dispose());

/** A refresh while the engine is slow; `then` runs before it answers. */
async function refreshSlowly(then: () => void = () => undefined): Promise<void> {
  let open: () => void = () => undefined;
  engine.gate = new Promise((resolve) => (open = resolve));
  const refreshed = session.refresh().catch(() => undefined);
  await vi.advanceTimersByTimeAsync(1);
  then();
  open();
  engine.gate = undefined;
  await vi.advanceTimersByTimeAsync(1_000);
  await refreshed;
}

describe('a full read', () => {
  it('reads all of the kernel while the engine has not answered yet, and once where the answer is no news', async () => {
    await refreshSlowly(() => expect(kernel.requests).toHaveLength(1));
    const [early, ...more] = kernel.requests.filter(({ previous }) => previous === undefined);
    expect(early?.containers).toEqual([{ id: web.id, pid: web.pid }]);
    expect(more).toEqual([]);
  });

  it('reads after the answer what the engine says is new or sits elsewhere now', async () => {
    const moved = { ...web, endpoints: web.endpoints.map((seat) => ({ ...seat, ipv4: '10.0.0.99' })) };
    await refreshSlowly(() => (engine.containersNow = [moved, db]));
    const [, after] = kernel.requests;
    expect(after?.containers.map(({ id }) => id)).toEqual([web.id, db.id]);
    expect([...(after?.previous?.touched ?? [])]).toEqual([web.id, db.id]);
    expect(session.snapshot?.containers).toEqual([moved, db]);
  });

  it('begins anew after the answer where the kernel could not be read early', async () => {
    kernel.readings = [{ kind: 'absent', reason: 'failed' }, whole.kernel];
    await refreshSlowly();
    expect(kernel.requests.map(({ previous }) => previous)).toEqual([undefined, undefined]);
    expect(session.snapshot?.kernel.kind).toBe('read');
  });

  it('rejects with what the engine says, when nothing of the early read goes on', async () => {
    engine.down = new EngineError('unreachable', 'no socket');
    await expect(session.refresh()).rejects.toMatchObject({ kind: 'unreachable' });
    engine.down = undefined;
    await expect(session.refresh()).resolves.toMatchObject({ containers: [web] });
  });

  it('asks an engine for no more than eight things at one time, however many an event touched', async () => {
    const many = Array.from({ length: 40 }, (_, index) => container(`many${index}`));
    engine.containersNow = many;
    let open: () => void = () => undefined;
    engine.gate = new Promise((resolve) => (open = resolve));
    engine.asked.length = 0;
    for (const { id } of many) engine.start(id);
    await vi.advanceTimersByTimeAsync(150);
    expect(engine.asked).toHaveLength(8);
    open();
    await vi.advanceTimersByTimeAsync(150);
    expect(engine.asked).toHaveLength(40);
  });
});
