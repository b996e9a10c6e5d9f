import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../../src/engine/engine.ts';
import type { EngineSession, SessionChange, SessionState } from '../../../src/live/session.ts';
import type { KernelReading, Network } from '../../../src/topology/model.ts';
import { container, endpoint, network } from '../support/snapshots.ts';
import type { ScriptedEngine, ScriptedKernel } from './scriptedEngine.ts';
import { Stage, wiredMachine } from './stage.ts';

const net = network('net');
const web = container('web', { endpoints: [endpoint('web', net)] });
const db = container('db', { endpoints: [endpoint('db', net)] });

let stage: Stage;
let engine: ScriptedEngine;
let kernel: ScriptedKernel;
let session: EngineSession;
let states: SessionState['kind'][];
let changes: SessionChange[];

beforeEach(() => {
  stage = new Stage();
  ({ engine, kernel, session, states, changes } = stage);
  engine.networksNow = [net];
  engine.containersNow = [web];
});

afterEach(() => stage.dispose());

const activate = (): Promise<void> => stage.activate();

describe('a session', () => {
  it('asks nothing of the engine before somebody looks, and nothing after they stopped looking', async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    expect(engine.asked).toEqual([]);
    await activate();
    session.setActive(false);
    await vi.advanceTimersByTimeAsync(1);
    const before = engine.asked.length;
    expect(engine.listeners).toBe(0);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(engine.asked.length).toBe(before);
    expect(session.state.kind).toBe('idle');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('listens before it reads, so that nothing falls in between', async () => {
    await activate();
    expect(engine.asked).toEqual(['info', 'events', 'networks', 'containers']);
    expect(states).toEqual(['connecting', 'ready']);
    expect(session.snapshot?.containers).toEqual([web]);
    expect(session.raw(web.id)).toEqual({ of: web });
  });

  it('reads only what an event touched, once for a whole burst', async () => {
    await activate();
    engine.asked.length = 0;
    changes.length = 0;
    engine.containersNow = [web, db];
    for (let n = 0; n < 50; n++) engine.start(db.id);
    engine.emit({ kind: 'network', action: 'connect', networkId: net.id, containerId: db.id });
    await vi.advanceTimersByTimeAsync(110);
    expect(engine.asked).toEqual([`container ${db.id}`]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ everything: false });
    expect([...(changes[0]?.containers ?? [])]).toEqual([db.id]);
    expect([...(changes[0]?.networks ?? [])]).toEqual([net.id]);
  });

  it('reads an overlay network again when a seat on it is taken, and one that it did not know', async () => {
    const far: Network = {
      ...net,
      id: 'far',
      driver: 'overlay',
      overlay: { vnis: [4097], encrypted: false, peers: [], services: [], remote: [] },
    };
    engine.networksNow = [net, far];
    await activate();
    for (const id of ['far', 'new']) {
      engine.asked.length = 0;
      engine.networksNow = [net, far, { ...far, id: 'new' }];
      engine.emit({ kind: 'network', action: 'connect', networkId: id, containerId: web.id });
      await vi.advanceTimersByTimeAsync(110);
      expect(engine.asked.toSorted()).toEqual([`container ${web.id}`, `network ${id}`]);
    }
    expect(session.snapshot?.networks.map(({ id }) => id)).toContain('new');
  });

  it('does not wait for ever where events never pause', async () => {
    await activate();
    engine.asked.length = 0;
    for (let n = 0; n < 30; n++) {
      engine.start(web.id);
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(engine.asked.length).toBeGreaterThanOrEqual(1);
  });

  it('drops a container that is gone by the time it is read', async () => {
    await activate();
    engine.containersNow = [];
    engine.emit({ kind: 'container', action: 'destroy', containerId: web.id });
    await vi.advanceTimersByTimeAsync(110);
    expect(session.snapshot?.containers).toEqual([]);
    expect(session.raw(web.id)).toBeUndefined();
  });

  it('reads everything where a prune does not say what went', async () => {
    await activate();
    engine.asked.length = 0;
    engine.emit({ kind: 'network', action: 'prune', networkId: '' });
    await vi.advanceTimersByTimeAsync(110);
    expect(engine.asked).toEqual(['networks', 'containers']);
  });

  it('is silent about a start that changed nothing', async () => {
    await activate();
    changes.length = 0;
    engine.containersNow = [structuredClone(web)];
    engine.start(web.id);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(changes).toEqual([]);
  });

  it('tries for ever with a growing pause, and heals by itself', async () => {
    engine.down = new EngineError('unreachable', 'no socket');
    await activate();
    expect(session.state).toMatchObject({ kind: 'failed', attempt: 1 });
    await vi.advanceTimersByTimeAsync(24 * 3600 * 1000);
    expect(engine.asked.length).toBeGreaterThan(8_000);
    expect(engine.asked.length).toBeLessThan(9_000);
    engine.down = undefined;
    await vi.advanceTimersByTimeAsync(10_001);
    expect(session.state.kind).toBe('ready');
    expect(session.snapshot?.containers).toEqual([web]);
    // One message while it was down: no flicker between two.
    expect(states.filter((kind) => kind === 'connecting')).toHaveLength(1);
  });

  it('reconnects at once where a proxy cut an idle stream, and nobody notices', async () => {
    await activate();
    await vi.advanceTimersByTimeAsync(60_000);
    states.length = 0;
    engine.containersNow = [web, db];
    engine.cut();
    await vi.advanceTimersByTimeAsync(10);
    expect(states.filter((kind) => kind !== 'ready')).toEqual([]);
    expect(engine.listeners).toBe(1);
    expect(session.snapshot?.containers).toEqual([web, db]);
  });

  it('does not spin where something cuts every stream', async () => {
    await activate();
    for (let second = 0; second < 60; second++) {
      engine.cut();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(engine.asked.filter((name) => name === 'events').length).toBeLessThan(20);
  });

  it('obeys a person at once, also in the middle of a back-off', async () => {
    engine.down = new EngineError('unreachable', 'no socket');
    await activate();
    await vi.advanceTimersByTimeAsync(120_000);
    engine.down = undefined;
    await expect(session.refresh()).resolves.toMatchObject({ containers: [web] });
    await vi.advanceTimersByTimeAsync(10);
    expect(session.state.kind).toBe('ready');
  });

  it('tells a person who refreshes why it failed', async () => {
    engine.down = new EngineError('denied', 'permission denied');
    await expect(session.refresh()).rejects.toMatchObject({ kind: 'denied' });
  });

  it('answers an API client while no view is open, without staying connected', async () => {
    await expect(session.refresh()).resolves.toMatchObject({ networks: [net] });
    expect(engine.listeners).toBe(0);
    expect(session.state.kind).toBe('idle');
  });

  it('survives an engine that fails in the middle of a partial read', async () => {
    await activate();
    engine.down = new EngineError('timeout', 'slow');
    engine.start(web.id);
    await vi.advanceTimersByTimeAsync(200);
    engine.down = undefined;
    engine.containersNow = [web, db];
    await vi.advanceTimersByTimeAsync(1_100);
    expect(session.snapshot?.containers).toEqual([web, db]);
  });

  it('keeps nothing alive once it is disposed in mid-connection', async () => {
    let open = (): void => undefined;
    engine.gate = new Promise((resolve) => (open = resolve));
    session.setActive(true);
    await vi.advanceTimersByTimeAsync(10);
    session.dispose();
    open();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(engine.listeners).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the kernel', () => {
  const whole = wiredMachine();

  beforeEach(() => {
    engine.networksNow = whole.networks;
    engine.containersNow = whole.containers;
    kernel.readings = [whole.kernel];
  });

  it('is asked for containers with a namespace of their own, and told which bridges to expect', async () => {
    engine.containersNow = [...whole.containers, container('h', { mode: { kind: 'host' } })];
    await activate();
    expect(kernel.requests[0]?.containers.map(({ pid }) => pid)).toEqual([1000, 1001]);
    expect(kernel.requests[0]?.bridges).toEqual(['br0', 'br1', 'br2']);
    expect(session.snapshot?.wires.map(({ confidence }) => confidence)).toEqual(['exact', 'exact']);
  });

  it('is read once more where its two halves contradict each other', async () => {
    if (whole.kernel.kind !== 'read') throw new Error('no view');
    const torn = structuredClone(whole.kernel);
    kernel.readings = [{ ...torn, view: { ...torn.view, containers: torn.view.containers.slice(1) } }, whole.kernel];
    await activate();
    await vi.advanceTimersByTimeAsync(60);
    expect(kernel.requests).toHaveLength(2);
    expect([...(kernel.requests[1]?.previous?.touched ?? [])]).toEqual([whole.containers[0]?.id]);
    expect(session.snapshot?.wires.every(({ confidence }) => confidence === 'exact')).toBe(true);
  });

  it('is asked who listens when a person wants to know, and not before', async () => {
    const asked = vi.spyOn(kernel, 'listeners');
    kernel.listening = [{ protocol: 'tcp', address: '0.0.0.0', port: 80, pid: 7, process: 'nginx' }];
    await activate();
    await session.refresh();
    expect(asked).not.toHaveBeenCalled();
    expect(await session.listeners()).toEqual(kernel.listening);
  });

  it('is read partially after an event, and again when things settled', async () => {
    await activate();
    const id = whole.containers[0]?.id ?? '';
    engine.start(id);
    await vi.advanceTimersByTimeAsync(110);
    expect([...(kernel.requests[1]?.previous?.touched ?? [])]).toEqual([id]);
    await vi.advanceTimersByTimeAsync(500);
    expect(kernel.requests).toHaveLength(3);
  });

  describe('from afar', () => {
    /** What a helper container would have read. */
    const afar = (): KernelReading => {
      if (whole.kernel.kind !== 'read') throw new Error('no kernel');
      return { kind: 'read', view: { ...whole.kernel.view, source: 'helper' } };
    };

    it('is read as a whole, some seconds after the last time, however many events come', async () => {
      kernel.readings = [afar()];
      await activate();
      expect(kernel.requests).toHaveLength(1);
      const id = whole.containers[0]?.id ?? '';
      for (let time = 0; time < 20; time++) {
        engine.start(id);
        await vi.advanceTimersByTimeAsync(120);
      }
      expect(kernel.requests).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(kernel.requests).toHaveLength(2);
      expect(kernel.requests[1]?.previous).toBeUndefined();
    });

    it('shows at once what the engine says, and no wire of a container that was started again', async () => {
      kernel.readings = [afar()];
      await activate();
      const wired = session.snapshot?.wires.find(({ confidence }) => confidence === 'exact');
      if (wired === undefined) throw new Error('no wire');
      engine.start(wired.containerId);
      await vi.advanceTimersByTimeAsync(110);
      const now = session.snapshot?.wires.find(({ containerId }) => containerId === wired.containerId);
      expect(now?.confidence).toBe('unknown');
      expect(kernel.requests).toHaveLength(1);
    });
  });
});
