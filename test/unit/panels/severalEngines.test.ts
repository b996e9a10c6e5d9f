import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import { Sessions } from '../../../src/editor/sessions.ts';
import { ShownHosts } from '../../../src/editor/shownHosts.ts';
import { EngineError } from '../../../src/engine/engine.ts';
import { detailOf } from '../../../src/panels/detail.ts';
import { Diagram } from '../../../src/panels/diagram.ts';
import { Pictures } from '../../../src/panels/pictures.ts';
import { PositionMemory } from '../../../src/panels/positions.ts';
import { statusOfAll } from '../../../src/panels/statusText.ts';
import { Traffic } from '../../../src/panels/traffic.ts';
import type { Detail } from '../../../src/protocol/messages.ts';
import { FakeSession } from '../support/fakeSession.ts';
import { networkOf, nodeSnapshot } from '../support/overlays.ts';
import { tutorial } from '../support/snapshots.ts';
import { FakeFace, FakeMemory } from './fakes.ts';

/** Two nodes of a real swarm, each a connection of this window. */
function twoNodes() {
  const places = (['manager', 'worker'] as const).map((key) => {
    const place = new CurrentSession({ id: key, graceMs: 0 });
    const session = new FakeSession(key, nodeSnapshot(`swarm-20.10/${key}`));
    place.replace(session);
    return { place, session };
  });
  const [manager, worker] = places;
  if (manager === undefined || worker === undefined) throw new Error('there are two');
  const sessions = new Sessions(manager.place);
  sessions.add(worker.place);
  onTestFinished(() => sessions.dispose());
  return { sessions, hosts: new ShownHosts(sessions), manager, worker };
}

describe('two engines', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are the same hosts until one of them changes', () => {
    const { hosts, worker } = twoNodes();
    const { all } = hosts;
    expect(hosts.all).toBe(all);
    worker.session.setSnapshot(tutorial());
    expect(hosts.all).not.toBe(all);
    expect(hosts.of(worker.place)?.snapshot).toBe(worker.session.snapshot);
  });

  it('have cards and menus each of its own', () => {
    const { hosts } = twoNodes();
    const { graph, menus, hosts: pictured } = new Pictures(() => false).of(hosts.all);
    const card = (id: string): Detail | undefined => detailOf(pictured, graph, id);
    for (const { key, snapshot } of hosts.all) {
      const demo = networkOf(snapshot, 'demo');
      const id = `network:${demo.id}@${key}`;
      expect(card(id)?.title).toBe('demo');
      expect(menus.get(id)?.subject).toEqual({ kind: 'network', networkId: demo.id, engine: key });
    }
    const engines = new Set([...menus.values()].map(({ subject }) => (subject as { engine: string }).engine));
    expect([...engines]).toEqual(['manager', 'worker']);
  });

  it('lead from a seat on the other host to the container there', () => {
    const { hosts } = twoNodes();
    const [manager] = hosts.all;
    const { graph, hosts: pictured } = new Pictures(() => false).of(hosts.all);
    const node = graph.nodes.find((one) => one.kind === 'link' && one.peer === 'worker');
    const card = node && detailOf(pictured, graph, node.id);
    expect(card?.title).toBe('worker');
    const targets = (card?.sections ?? []).flatMap(({ rows }) => rows.flatMap(({ target }) => target ?? []));
    const there = [...(manager?.remoteSeats.values() ?? [])].map(({ containerId }) => containerId);
    expect(there.length).toBeGreaterThan(0);
    for (const id of there)
      expect(targets.some((target) => target.includes(id) && target.endsWith('@worker'))).toBe(true);
  });

  it('tell what goes through the tunnel between them', () => {
    const { hosts } = twoNodes();
    const { graph, hosts: pictured } = new Pictures(() => false).of(hosts.all);
    const tunnel = graph.edges.find(({ kind }) => kind === 'tunnel');
    const card = tunnel && detailOf(pictured, graph, tunnel.id);
    expect(card?.title).toBe('manager ⇄ worker');
    const text = JSON.stringify(card?.sections);
    expect(text).toContain('198.18.0.1');
    expect(text).toContain('198.18.0.2');
    expect(text).toMatch(/40\d\d/);
    expect(text).toContain('demo');
  });

  it('are one picture, which stays where one of them stops answering, and says which part is old', () => {
    const { sessions, hosts, worker } = twoNodes();
    const pictures = new Pictures(() => false);
    const positions = new PositionMemory(new FakeMemory());
    const traffic = new Traffic({ sources: () => [], log: () => undefined });
    const face = new FakeFace();
    const answer = (): Promise<undefined> => Promise.resolve(undefined);
    const log = { warn: () => undefined };
    const diagram = new Diagram(face, 'd', { sessions, hosts, pictures, positions, traffic, answer, log });
    onTestFinished(() => {
      diagram.dispose();
      traffic.dispose();
      positions.dispose();
    });
    face.say({ type: 'ready' });
    const [start] = face.take('start');
    expect(start?.graph?.hosts?.map(({ label }) => label)).toEqual(['manager', 'worker']);
    expect(start?.engineKey).toBe('manager worker');
    worker.session.setState({ kind: 'failed', error: new EngineError('timeout', 'no answer'), attempt: 1 });
    const [status] = face.take('status');
    expect(status?.status).toMatchObject({ kind: 'ready', old: ['worker'] });
    expect(status?.status.text).toMatch(/^worker: /);
    sessions.close(worker.place);
    expect(face.take('start').at(-1)?.graph?.hosts).toBeUndefined();
  });

  it('of which none was read yet have no picture, and say why', () => {
    const places = ['a', 'b'].map((key) => new CurrentSession({ id: key, label: key, graceMs: 0 }));
    places[0]?.fail(new EngineError('unreachable', 'nobody'));
    const status = statusOfAll(places);
    expect(status.kind).toBe('failed');
    expect(status.text).toMatch(/^a: /);
    expect(status.old).toBeUndefined();
  });

  it('are read together for their traffic, under names of their own; one that fails takes nothing from the other', async () => {
    const { manager, worker } = twoNodes();
    worker.session.counters = () => Promise.reject(new Error('gone'));
    const samples: string[][] = [];
    const traffic = new Traffic({
      sources: () => [manager, worker].map(({ place, session }) => ({ source: session, host: place.key })),
      log: () => undefined,
    });
    traffic.follow(({ links }) => samples.push(Object.keys(links)));
    await vi.advanceTimersByTimeAsync(100);
    expect(samples).toEqual([['docker0@manager']]);
    traffic.dispose();
  });
});
