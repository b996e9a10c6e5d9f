import { expect, it, onTestFinished, vi } from 'vitest';
import { createApi } from '../../../src/editor/api.ts';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import { Sessions } from '../../../src/editor/sessions.ts';
import { EngineError } from '../../../src/engine/engine.ts';
import { createRecordedEngine } from '../../../src/engine/recorded.ts';
import { createRecordedKernel } from '../../../src/kernel/recorded.ts';
import { createSession } from '../../../src/live/liveSession.ts';
import { FakeSession } from '../support/fakeSession.ts';
import { tutorial } from '../support/snapshots.ts';

const silent = { info: () => undefined, warn: () => undefined };

it('an extension that asks for the snapshot at each change does not read the engine without end', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const snapshot = tutorial();
  const engine = createRecordedEngine({ recordedAt: snapshot.takenAt, label: 'test', snapshot, raw: {} }, 'test');
  let reads = 0;
  // As behind a socket proxy that allows reads and no events.
  const counted = {
    ...engine,
    networks: (signal?: AbortSignal) => {
      reads++;
      return engine.networks(signal);
    },
    events: () => Promise.reject(new EngineError('denied', 'GET /events: HTTP 403')),
  };
  const current = new CurrentSession();
  current.replace(createSession({ engine: counted, kernel: createRecordedKernel(snapshot.kernel), log: silent }));
  const sessions = new Sessions(current);
  const api = createApi(sessions, Promise.resolve());
  let changes = 0;
  const subscription = api.onDidChange(() => {
    changes++;
    void api.snapshot();
  });
  await api.snapshot();
  await vi.advanceTimersByTimeAsync(10_000);
  subscription.dispose();
  sessions.dispose();
  expect(changes).toBeGreaterThan(0);
  expect(reads).toBeLessThanOrEqual(2);
});

it('goes on with the engine that becomes the first, and tells of it', async () => {
  const [one, two] = [new FakeSession('one', tutorial()), new FakeSession('two', tutorial())];
  const sessions = new Sessions(new CurrentSession({ graceMs: 0 }));
  onTestFinished(() => sessions.dispose());
  const second = new CurrentSession({ id: 'two', graceMs: 0 });
  sessions.first.replace(one);
  sessions.add(second);
  second.replace(two);
  const api = createApi(sessions, Promise.resolve());
  let told = 0;
  api.onDidChange(() => (told += 1));
  expect([one.active, two.active]).toEqual([true, false]);
  two.setSnapshot(tutorial());
  expect(told).toBe(0);
  expect(await api.snapshot()).toBe(one.snapshot);
  sessions.makeFirst(second);
  expect(told).toBe(1);
  expect(two.active).toBe(true);
  expect(await api.snapshot()).toBe(two.snapshot);
});
