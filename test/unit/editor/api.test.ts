import { expect, it, onTestFinished, vi } from 'vitest';
import { createApi } from '../../../src/editor/api.ts';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import { EngineError } from '../../../src/engine/engine.ts';
import { createRecordedEngine } from '../../../src/engine/recorded.ts';
import { createRecordedKernel } from '../../../src/kernel/recorded.ts';
import { createSession } from '../../../src/live/liveSession.ts';
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
  const api = createApi(current, Promise.resolve());
  let changes = 0;
  const subscription = api.onDidChange(() => {
    changes++;
    void api.snapshot();
  });
  await api.snapshot();
  await vi.advanceTimersByTimeAsync(10_000);
  subscription.dispose();
  current.dispose();
  expect(changes).toBeGreaterThan(0);
  expect(reads).toBeLessThanOrEqual(2);
});
