import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import { Sessions } from '../../../src/editor/sessions.ts';
import { ShownHosts } from '../../../src/editor/shownHosts.ts';
import { EngineError } from '../../../src/engine/engine.ts';
import type { Answer } from '../../../src/panels/asks.ts';
import { Diagram } from '../../../src/panels/diagram.ts';
import { Pictures } from '../../../src/panels/pictures.ts';
import { PositionMemory } from '../../../src/panels/positions.ts';
import { Traffic } from '../../../src/panels/traffic.ts';
import { hostile, idOf, networks, tutorial, withContainer } from '../support/snapshots.ts';
import { FakeSession } from '../support/fakeSession.ts';
import { FakeFace, FakeMemory } from './fakes.ts';

interface Stage {
  readonly current: CurrentSession;
  readonly sessions: Sessions;
  readonly face: FakeFace;
  readonly diagram: Diagram;
  readonly pictures: Pictures;
  readonly warnings: string[];
  readonly reachable: Set<string>;
}

function stage(session?: FakeSession, answer: Answer = () => Promise.resolve(undefined)): Stage {
  const current = new CurrentSession({ graceMs: 0 });
  const sessions = new Sessions(current);
  const hosts = new ShownHosts(sessions);
  if (session !== undefined) current.replace(session);
  const reachable = new Set<string>();
  const pictures = new Pictures((id) => reachable.has(id));
  const positions = new PositionMemory(new FakeMemory());
  const warnings: string[] = [];
  const traffic = new Traffic({
    sources: () => (current.session === undefined ? [] : [{ source: current.session, host: undefined }]),
    log: (line) => warnings.push(line),
    now: () => Date.now(),
  });
  const face = new FakeFace();
  const log = { warn: (line: string) => void warnings.push(line) };
  const diagram = new Diagram(face, 'diagram', { sessions, hosts, pictures, positions, traffic, answer, log });
  onTestFinished(() => {
    diagram.dispose();
    traffic.dispose();
    positions.dispose();
    sessions.dispose();
  });
  return { current, sessions, face, diagram, pictures, warnings, reachable };
}

const test1 = idOf('ctr test1');

describe('a diagram', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends nothing before its script listens, then all there is', () => {
    const session = new FakeSession('lab', tutorial());
    const { face } = stage(session);
    session.setSnapshot(tutorial());
    expect(face.posted).toEqual([]);
    face.say({ type: 'ready' });
    const [start] = face.take('start');
    expect(start?.engineKey).toBe('lab');
    expect(start?.status.kind).toBe('ready');
    expect(start?.graph?.nodes.some(({ kind }) => kind === 'namespace')).toBe(true);
    expect(Object.values(start?.texts ?? {}).every((text) => text !== '')).toBe(true);
    expect(Object.values(start?.menus ?? {})).toContainEqual({
      tokens: expect.stringMatching(/^container;running;.*;can:connect;.*can:revealInTree$/) as unknown,
      subject: { kind: 'container', containerId: test1, engine: 'lab' },
    });
    expect(face.posted.filter(({ type }) => type !== 'traffic')).toEqual([]);
  });

  it('sends only what changed', () => {
    const session = new FakeSession('lab', tutorial());
    const { face } = stage(session);
    face.say({ type: 'ready' });
    face.take('start');
    session.setSnapshot(withContainer(tutorial(), 'test1', { state: 'paused' }));
    const [patch] = face.take('patch');
    expect(patch?.patch.nodes).toHaveLength(1);
    expect(patch?.patch.removed).toEqual([]);
    expect(Object.values(patch?.menus ?? {}).map(({ tokens }) => tokens)).toContainEqual(
      expect.stringContaining('can:unpauseContainer'),
    );
    expect(Object.keys(patch?.menus ?? {}).length).toBeLessThan(6);
    // The same again is no news.
    session.setSnapshot(withContainer(tutorial(), 'test1', { state: 'paused' }));
    expect(face.take('patch')).toEqual([]);
    expect(face.take('start')).toEqual([]);
  });

  it('sends menus that changed without the picture', () => {
    const session = new FakeSession('lab', tutorial());
    const { face, diagram, pictures, reachable } = stage(session);
    face.say({ type: 'ready' });
    reachable.add(test1);
    pictures.forget();
    diagram.update();
    const [patch] = face.take('patch');
    expect(patch?.patch).toMatchObject({ nodes: [], edges: [], removed: [] });
    const menus = Object.values(patch?.menus ?? {});
    expect(menus.length).toBeGreaterThan(0);
    for (const { tokens, subject } of menus) {
      expect(tokens).toContain('can:openInBrowser');
      expect(subject).toEqual({ kind: 'container', containerId: test1, engine: 'lab' });
    }
  });

  it('shows no name as it is that hides or reorders', () => {
    const { face } = stage(new FakeSession('lab', hostile()));
    face.say({ type: 'ready' });
    const [start] = face.take('start');
    const names = start?.graph?.nodes.flatMap((node) => (node.kind === 'network' ? node.name : []));
    expect(names).toContain('safe⟨U+202E⟩exe.evil⟨U+202C⟩');
    expect(names?.every((name) => name.length < 300)).toBe(true);
  });

  it('sends nothing while it is hidden, lets the engine rest, and starts anew when it is shown', async () => {
    const session = new FakeSession('lab', tutorial());
    const { face, current } = stage(session);
    face.say({ type: 'ready' });
    expect(current.active).toBe(true);
    expect(session.active).toBe(true);
    face.turn(false);
    face.posted.length = 0;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(current.active).toBe(false);
    expect(session.active).toBe(false);
    session.setSnapshot(withContainer(tutorial(), 'test1', { state: 'paused' }));
    session.setState({ kind: 'connecting' });
    expect(face.posted).toEqual([]);
    face.turn(true);
    expect(session.active).toBe(true);
    expect(face.posted).toEqual([]);
    face.say({ type: 'ready' });
    const [start] = face.take('start');
    expect(JSON.stringify(start?.graph)).toContain('paused');
    expect(start?.status.kind).toBe('connecting');
  });

  it('shows another engine when it is chosen, with its own places', () => {
    const { face, current } = stage(new FakeSession('lab', tutorial()));
    face.say({ type: 'ready' });
    face.say({ type: 'positions', engineKey: 'lab', positions: { some: [1, 2] } });
    face.take('start');
    const other = new FakeSession('other');
    other.state = { kind: 'connecting' };
    current.replace(other);
    expect(face.take('start')).toMatchObject([{ engineKey: 'other', positions: {}, status: { kind: 'connecting' } }]);
    other.setSnapshot(tutorial());
    expect(face.take('start')).toHaveLength(1);
    expect(face.take('patch')).toEqual([]);
    current.replace(new FakeSession('lab', tutorial()));
    expect(face.take('start')).toMatchObject([{ engineKey: 'lab', positions: { some: [1, 2] } }]);
  });

  it('says what is wrong with the engine, once', () => {
    const session = new FakeSession('lab', tutorial());
    const { face } = stage(session);
    face.say({ type: 'ready' });
    const error = new EngineError('unreachable', 'connect ECONNREFUSED');
    session.setState({ kind: 'failed', error, attempt: 1 });
    session.setState({ kind: 'failed', error, attempt: 2 });
    const statuses = face.take('status');
    expect(statuses.map(({ status }) => status.kind)).toEqual(['failed']);
    expect(statuses[0]?.status.text).toMatch(/cannot be reached.*This picture is from/);
    session.setState({ kind: 'ready' });
    expect(face.take('status')).toMatchObject([{ status: { kind: 'ready' } }]);
  });

  it('selects what it is asked to show, now or when it can', () => {
    const session = new FakeSession('lab');
    const { face, diagram } = stage(session);
    diagram.show({ kind: 'network', networkId: networks.myBridge.id });
    face.say({ type: 'ready' });
    expect(face.take('start')[0]).not.toHaveProperty('select');
    session.setSnapshot(tutorial());
    const [start] = face.take('start');
    expect(start?.graph?.nodes.find(({ id }) => id === start.select)).toMatchObject({ name: 'my-bridge' });
    diagram.show({ kind: 'container', containerId: test1 });
    const [select] = face.take('select');
    expect(start?.menus[select?.id ?? '']?.subject).toEqual({ kind: 'container', containerId: test1, engine: 'lab' });
  });

  it('is told what to do, also before it listens', () => {
    const { face, diagram } = stage(new FakeSession('lab', tutorial()));
    diagram.tell('search');
    face.say({ type: 'ready' });
    expect(face.take('do')).toEqual([{ type: 'do', what: 'search' }]);
    diagram.tell('fit');
    expect(face.take('do')).toEqual([{ type: 'do', what: 'fit' }]);
  });

  it('answers each question, and a failure comes back as a rejection with words for people', async () => {
    const answer: Answer = ({ name }) => {
      if (name === 'connect') return Promise.reject(new EngineError('readOnly', 'no'));
      if (name === 'save') return Promise.reject(new TypeError('x is undefined'));
      return Promise.resolve({ of: name });
    };
    const { face, warnings } = stage(new FakeSession('lab', tutorial()), answer);
    face.say({ type: 'ready' });
    face.say({ type: 'ask', id: 1, name: 'detail', value: { id: 'x' } });
    face.say({ type: 'ask', id: 2, name: 'connect', value: { containerId: 'a', networkId: 'b' } });
    face.say({ type: 'ask', id: 3, name: 'save', value: { format: 'svg', content: '' } });
    await vi.advanceTimersByTimeAsync(0);
    expect(face.take('answer')).toEqual([{ type: 'answer', id: 1, value: { of: 'detail' } }]);
    expect(face.take('rejection')).toEqual([
      { type: 'rejection', id: 2, message: 'This is a recording: it can be looked at, not changed.' },
      { type: 'rejection', id: 3, message: 'That did not work; the log says why.' },
    ]);
    expect(warnings.join('\n')).toContain('x is undefined');
  });

  it('gives no answer to a script that did not ask: it began anew meanwhile', async () => {
    const { face } = stage(
      new FakeSession('lab', tutorial()),
      () => new Promise((resolve) => setTimeout(resolve, 100)),
    );
    face.say({ type: 'ready' });
    face.say({ type: 'ask', id: 1, name: 'detail', value: { id: 'x' } });
    face.turn(false);
    face.turn(true);
    face.say({ type: 'ready' });
    await vi.advanceTimersByTimeAsync(200);
    expect(face.take('answer')).toEqual([]);
  });

  it('takes no notice of junk but for a line in the log', () => {
    const { face, warnings } = stage(new FakeSession('lab', tutorial()));
    face.say('hello');
    face.say({ type: 'ask', id: 1, name: 'formatDisk', value: {} });
    face.say({ type: 'positions', engineKey: 7, positions: 'x' });
    expect(face.posted).toEqual([]);
    expect(warnings).toHaveLength(3);
  });

  it('has traffic while it is seen, and no longer', async () => {
    const session = new FakeSession('lab', tutorial());
    const { face, diagram } = stage(session);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(session.reads).toBe(0);
    face.say({ type: 'ready' });
    await vi.advanceTimersByTimeAsync(2_500);
    expect(face.take('traffic')).toHaveLength(3);
    face.turn(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.reads).toBe(3);
    face.turn(true);
    face.say({ type: 'ready' });
    await vi.advanceTimersByTimeAsync(500);
    expect(session.reads).toBe(4);
    diagram.dispose();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.reads).toBe(4);
  });
});
