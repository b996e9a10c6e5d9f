import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import { Sessions } from '../../../src/editor/sessions.ts';
import { FakeSession } from '../support/fakeSession.ts';
import { snapshot } from '../support/snapshots.ts';

describe('the engines that are shown', () => {
  let first: CurrentSession;
  let sessions: Sessions;

  beforeEach(() => {
    vi.useFakeTimers();
    first = new CurrentSession({ graceMs: 0 });
    sessions = new Sessions(first);
  });

  afterEach(() => {
    sessions.dispose();
    vi.useRealTimers();
  });

  function another(key: string): { readonly place: CurrentSession; readonly session: FakeSession } {
    const place = new CurrentSession({ id: key, graceMs: 0 });
    const session = new FakeSession(key, snapshot());
    sessions.add(place);
    place.replace(session);
    return { place, session };
  }

  it('are watched together, also one that comes while somebody looks', () => {
    const one = new FakeSession('one');
    first.replace(one);
    sessions.setVisible('networks', true);
    const { session } = another('two');
    expect([one.active, session.active]).toEqual([true, true]);
    sessions.setVisible('networks', false);
    vi.runAllTimers();
    expect([one.active, session.active]).toEqual([false, false]);
  });

  it('are told apart by their connections; what names none is about the first', () => {
    first.replace(new FakeSession('one'));
    const { place } = another('two');
    expect(sessions.of('two')).toBe(place);
    expect(sessions.of('one')).toBe(first);
    expect(sessions.of(undefined)).toBe(first);
    expect(sessions.of('three')).toBeUndefined();
  });

  it('each say for themselves what changed, and nothing once they are closed', () => {
    const seen: string[] = [];
    sessions.onDidChangeSnapshot(({ place }) => seen.push(`snapshot of ${place.key}`));
    sessions.onDidChangeState(({ key, state }) => seen.push(`${key} ${state.kind}`));
    sessions.onDidChangePlaces(() => seen.push(sessions.all.map(({ key }) => key).join('+')));
    first.replace(new FakeSession('one'));
    const { place, session } = another('two');
    seen.length = 0;
    session.setSnapshot(snapshot());
    session.setState({ kind: 'connecting' });
    sessions.close(place);
    session.setSnapshot(snapshot());
    expect(seen).toEqual(['snapshot of two', 'two connecting', 'one']);
    expect(session.disposed).toBe(true);
  });

  it('are never none: the only one stays, and one that becomes the first takes the place of the other', () => {
    const one = new FakeSession('one');
    first.replace(one);
    sessions.close(first);
    expect(sessions.all).toEqual([first]);
    const { place, session } = another('two');
    const third = another('three');
    sessions.makeFirst(place);
    expect(sessions.all).toEqual([place, third.place]);
    expect([one.disposed, session.disposed]).toEqual([true, false]);
  });

  it('leave nothing behind', () => {
    const one = new FakeSession('one');
    first.replace(one);
    const { session } = another('two');
    sessions.dispose();
    expect([one.disposed, session.disposed]).toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
