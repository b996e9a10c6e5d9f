import * as v from 'valibot';
import type { Snapshot } from '../topology/model.ts';
import { type Engine, type EngineConnection, EngineError, type Read } from './engine.ts';
import { readOnlyControl, readOnlyProbe, readOnlyStreams } from './readOnly.ts';
import { snapshotSchema } from './recordingSchema.ts';

const format = 'docker-network-explorer.recording';
const version = 1;

/**
 * A saved snapshot: the sample, or a colleague's file. Its wires are there for other programs that read the file;
 * this one computes them again.
 */
export interface Recording {
  /** RFC 3339. */
  readonly recordedAt: string;
  /** For people: what was recorded. */
  readonly label: string;
  readonly snapshot: Snapshot;
  /** The engine's own JSON of networks and containers, by their ids, for Inspect. */
  readonly raw: Readonly<Record<string, unknown>>;
}

const header = v.object({ format: v.literal(format), version: v.pipe(v.number(), v.integer()) });

const body = v.object({
  recordedAt: v.string(),
  label: v.string(),
  snapshot: snapshotSchema,
  raw: v.custom<Readonly<Record<string, unknown>>>(
    (input) => typeof input === 'object' && input !== null && !Array.isArray(input),
    'Expected an object',
  ),
});

/**
 * Reads a recording and checks all of it. Throws `configuration` where the file is no recording or of a version
 * that is not known here, and `protocol`, with the place, where a recording is broken.
 */
export function parseRecording(text: string): Recording {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new EngineError('configuration', `not a recording: ${cause instanceof Error ? cause.message : 'no JSON'}`, {
      cause,
    });
  }
  const head = v.safeParse(header, value);
  if (!head.success) throw new EngineError('configuration', `not a recording: ${explain(head.issues[0])}`);
  if (head.output.version !== version) {
    throw new EngineError(
      'configuration',
      `the recording is of version ${head.output.version}; this program reads version ${version}`,
    );
  }
  const result = v.safeParse(body, value, { abortEarly: true });
  if (!result.success) throw new EngineError('protocol', `broken recording: ${explain(result.issues[0])}`);
  return result.output;
}

export function stringifyRecording(recording: Recording): string {
  const { recordedAt, label, snapshot, raw } = recording;
  return `${JSON.stringify({ format, version, recordedAt, label, snapshot, raw }, undefined, 2)}\n`;
}

/** Plays a recording: it answers as the engine did then, its events never fire, and it changes nothing. */
export function createRecordedEngine(recording: Recording, connectionKey: string): Engine {
  const { snapshot, raw, label, recordedAt } = recording;
  const connection: EngineConnection = {
    key: connectionKey,
    label,
    endpoint: `recording:${label}`,
    origin: 'recording',
    readOnly: true,
    recordedAt,
  };
  const read = <T extends { readonly id: string }>(model: T): Read<T> => ({
    model,
    raw: Object.hasOwn(raw, model.id) ? raw[model.id] : model,
  });
  const find = <T extends { readonly id: string }>(models: readonly T[], id: string): Read<T> | undefined => {
    const model = models.find((candidate) => candidate.id === id);
    return model && read(model);
  };
  return {
    connection,
    control: readOnlyControl,
    streams: readOnlyStreams,
    probe: readOnlyProbe,
    info: (signal) => answer(signal, () => snapshot.engine),
    networks: (signal) => answer(signal, () => snapshot.networks.map(read)),
    containers: (signal) => answer(signal, () => snapshot.containers.map(read)),
    network: (id, signal) => answer(signal, () => find(snapshot.networks, id)),
    container: (id, signal) => answer(signal, () => find(snapshot.containers, id)),
    events: () => Promise.resolve({ dispose: () => undefined }),
    close: () => undefined,
  };
}

function answer<T>(signal: AbortSignal | undefined, read: () => T): Promise<T> {
  if (signal?.aborted === true) return Promise.reject(new EngineError('cancelled', 'cancelled'));
  return Promise.resolve(read());
}

function explain(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue);
  return place === null ? issue.message : `${place}: ${issue.message}`;
}
