import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../../src/engine/engine.ts';
import type { Network, Overlay } from '../../../src/topology/model.ts';
import { container, endpoint, network } from '../support/snapshots.ts';
import { Stage } from './stage.ts';

const own = { name: 'own', address: '198.18.0.1' };
const peer = { name: 'peer', address: '198.18.0.2' };
const empty: Overlay = { vnis: [4097], encrypted: false, peers: [], services: [], remote: [] };

function overlay(name: string, more: Partial<Overlay> = {}, scope = 'swarm'): Network {
  return network(name, { driver: 'overlay', scope, overlay: { ...empty, ...more } });
}

const net = network('net');
const demo = overlay('demo', { peers: [own, peer] });
const away = { endpointId: 'away', name: 'away', ipv4: '10.77.0.4', host: peer.address };
const withAway = overlay('demo', { peers: [own, peer], remote: [away] });
const web = container('web', { endpoints: [endpoint('web', net)] });

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
  stage.engine.networksNow = [net, demo];
  stage.engine.containersNow = [web];
});

afterEach(() => stage.dispose());

/** `count` times a quarter of a minute. */
const paces = (count: number): number => count * 15_000;

describe('what other hosts put on an overlay network', () => {
  it('is shown a quarter of a minute later at most, though no event tells of it', async () => {
    const { engine, session, changes } = stage;
    await stage.activate();
    changes.length = 0;
    engine.networksNow = [net, withAway];
    await vi.advanceTimersByTimeAsync(paces(1));
    expect(session.snapshot?.networks).toEqual([net, withAway]);
    expect(changes).toHaveLength(1);
    expect(changes[0]?.everything).toBe(false);
    expect([...(changes[0]?.networks ?? [])]).toEqual([demo.id]);
    // Nothing else was read for it, and what did not change is the same.
    expect(engine.asked.slice(-1)).toEqual([`network ${demo.id}`]);
    expect(session.snapshot?.networks[0]).toBe(net);
  });

  it('is read again and again, and told only where it is news', async () => {
    const { engine, session, changes, kernel } = stage;
    await stage.activate();
    const { snapshot } = session;
    changes.length = 0;
    kernel.requests.length = 0;
    engine.networksNow = [net, structuredClone(demo)];
    expect(await stage.askedWithin(paces(4))).toEqual(new Array(4).fill(`network ${demo.id}`));
    expect(changes).toEqual([]);
    expect(kernel.requests).toEqual([]);
    expect(session.snapshot).toBe(snapshot);
  });

  it('goes with its network', async () => {
    await stage.activate();
    stage.engine.networksNow = [net];
    await vi.advanceTimersByTimeAsync(paces(1));
    expect(stage.session.snapshot?.networks).toEqual([net]);
    expect(await stage.askedWithin(paces(2))).toEqual([]);
  });

  it('may be the first that there is: a node that uses the network is its only peer until then', async () => {
    stage.engine.networksNow = [overlay('demo', { peers: [own] }), overlay('stored', {}, 'global')];
    await stage.activate();
    const names = stage.engine.networksNow.map(({ id }) => `network ${id}`);
    expect((await stage.askedWithin(paces(1))).toSorted()).toEqual(names.toSorted());
  });

  it.each([
    ['there is no overlay network', [net]],
    ['nothing here uses one, where a node knows nothing of the others', [net, overlay('demo')]],
  ])('is not asked for where %s', async (_case, networks) => {
    stage.engine.networksNow = networks;
    await stage.activate();
    expect(await stage.askedWithin(paces(100))).toEqual([]);
  });

  it('is not asked for where nobody looks any more, and while the engine is away', async () => {
    const { engine, session } = stage;
    await stage.activate();
    engine.down = new EngineError('unreachable', 'no socket');
    engine.cut();
    expect(new Set(await stage.askedWithin(paces(4)))).toEqual(new Set(['info']));
    engine.down = undefined;
    await vi.advanceTimersByTimeAsync(paces(1));
    // One pace, and not one for each connection that there was.
    expect(await stage.askedWithin(paces(4))).toHaveLength(4);
    session.setActive(false);
    expect(await stage.askedWithin(paces(100))).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not asked of a recording', async () => {
    stage.engine.connection = { ...stage.engine.connection, origin: 'recording' };
    await stage.activate();
    expect(await stage.askedWithin(paces(100))).toEqual([]);
  });

  it('is not read beside anything else, and holds up nobody', async () => {
    const { engine, session } = stage;
    await stage.activate();
    // An event is being read, for long.
    let open: () => void = () => undefined;
    engine.gate = new Promise((resolve) => (open = resolve));
    engine.start(web.id);
    expect(await stage.askedWithin(paces(2))).toEqual([`container ${web.id}`]);
    open();
    engine.gate = undefined;
    await vi.advanceTimersByTimeAsync(1_000);
    // The look itself takes long when a person asks.
    const signals: AbortSignal[] = [];
    vi.spyOn(engine, 'network').mockImplementation((_id, signal) => {
      if (signal !== undefined) signals.push(signal);
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new EngineError('cancelled', 'given up')));
      });
    });
    await vi.advanceTimersByTimeAsync(paces(2));
    expect(signals).toHaveLength(1);
    engine.containersNow = [];
    await expect(session.refresh()).resolves.toMatchObject({ containers: [] });
    expect(stage.warnings).toEqual([]);
  });

  it('that cannot be read is said once, and tried on', async () => {
    const { engine, warnings } = stage;
    await stage.activate();
    const denied = vi.spyOn(engine, 'network').mockRejectedValue(new EngineError('denied', 'a proxy says no'));
    await vi.advanceTimersByTimeAsync(paces(5));
    expect(denied).toHaveBeenCalledTimes(5);
    expect(warnings).toEqual(['reading overlay networks failed: a proxy says no']);
    expect(stage.session.state.kind).toBe('ready');
    denied.mockRestore();
    engine.networksNow = [net, withAway];
    await vi.advanceTimersByTimeAsync(paces(1));
    expect(stage.session.snapshot?.networks).toEqual([net, withAway]);
  });
});
