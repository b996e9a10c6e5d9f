import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import { EngineError, type Engine } from '../../../src/engine/engine.ts';
import { Emitter } from '../../../src/live/emitter.ts';
import type { EngineSession, SessionChange, SessionState } from '../../../src/live/session.ts';
import { snapshot } from '../support/snapshots.ts';

class FakeSession implements EngineSession {
  readonly engine = {} as Engine;
  readonly snapshot = snapshot();
  readonly states = new Emitter<SessionState>();
  readonly changes = new Emitter<SessionChange>();
  readonly onDidChangeState = this.states.event;
  readonly onDidChangeSnapshot = this.changes.event;
  readonly active: boolean[] = [];
  state: SessionState = { kind: 'ready' };
  disposed = false;
  raw(): unknown {
    return undefined;
  }
  refresh(): ReturnType<EngineSession['refresh']> {
    return Promise.resolve(this.snapshot);
  }
  listeners(): ReturnType<EngineSession['listeners']> {
    return Promise.resolve([]);
  }
  counters(): ReturnType<EngineSession['counters']> {
    return Promise.resolve(new Map());
  }
  setActive(active: boolean): void {
    this.active.push(active);
  }
  dispose(): void {
    this.disposed = true;
  }
}

const change: SessionChange = { everything: false, networks: new Set(['n']), containers: new Set(), links: new Set() };

describe('the current session', () => {
  let current: CurrentSession;

  beforeEach(() => {
    vi.useFakeTimers();
    current = new CurrentSession({ graceMs: 1000 });
  });

  afterEach(() => {
    current.dispose();
    vi.useRealTimers();
  });

  it('passes on what its session says, and nothing of one that was replaced', () => {
    const [first, second] = [new FakeSession(), new FakeSession()];
    const seen: unknown[] = [];
    current.replace(first);
    current.onDidChangeState((state) => seen.push(state.kind));
    current.onDidChangeSnapshot((what) => seen.push(what.everything ? 'everything' : what));
    first.states.fire({ kind: 'connecting' });
    first.changes.fire(change);
    expect(seen).toEqual(['connecting', change]);
    current.replace(second);
    expect(first.disposed).toBe(true);
    expect(seen.slice(2)).toEqual(['ready', 'everything']);
    first.changes.fire(change);
    expect(seen).toHaveLength(4);
  });

  it('runs nothing until a view is visible, and stops a while after the last one is gone', () => {
    const session = new FakeSession();
    current.replace(session);
    expect(session.active).toEqual([]);
    current.setVisible('networks', true);
    current.setVisible('containers', true);
    current.setVisible('networks', false);
    expect(session.active).not.toContain(false);
    current.setVisible('containers', false);
    vi.advanceTimersByTime(999);
    expect(session.active).not.toContain(false);
    vi.advanceTimersByTime(1);
    expect(session.active.at(-1)).toBe(false);
  });

  it('does not drop the connection when one view gives way to another', () => {
    const session = new FakeSession();
    current.replace(session);
    current.setVisible('networks', true);
    current.setVisible('networks', false);
    current.setVisible('containers', true);
    vi.advanceTimersByTime(5000);
    expect(session.active).not.toContain(false);
  });

  it('starts a session that comes while a view is visible', () => {
    current.setVisible('networks', true);
    const session = new FakeSession();
    current.replace(session);
    expect(session.active).toEqual([true]);
  });

  it('is connecting until there is a session, and failed where none can be made', () => {
    expect(current.state).toEqual({ kind: 'connecting' });
    const error = new EngineError('configuration', 'no such context');
    const session = new FakeSession();
    current.replace(session);
    current.fail(error);
    expect(current.state).toEqual({ kind: 'failed', error, attempt: 0 });
    expect(session.disposed).toBe(true);
    current.replace(new FakeSession());
    expect(current.state.kind).toBe('ready');
  });

  it('disposes a session that comes after its own end', () => {
    current.dispose();
    const late = new FakeSession();
    current.replace(late);
    expect(late.disposed).toBe(true);
  });
});
