import { mkdtemp, rm } from 'node:fs/promises';
import * as http from 'node:http';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { type Engine, EngineError } from '../../../src/engine/engine.ts';
import { createDockerEngine, type EngineLimits } from '../../../src/engine/docker/dockerodeEngine.ts';
import type { DockerTarget } from '../../../src/engine/docker/target.ts';

/** Answers one path; the API version is cut off and named beside it. */
export type Route = (response: http.ServerResponse, request: FakeRequest) => void;

export interface FakeRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly version: string | undefined;
}

export interface FakeEngine {
  readonly engine: Engine;
  /** `GET` lines as they came, with the API version. */
  readonly requests: string[];
  /** What the adapter logged. */
  readonly log: string[];
  readonly routes: Map<string, Route>;
  readonly target: DockerTarget;
  /** Drops every connection and the socket. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export const anId = 'a'.repeat(64);

export function json(value: unknown, status = 200): Route {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
}

export const html: Route = (response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>Router login</title>');
};

/** Accepts and never answers. Where time stands still, everybody's patience is over as soon as it is asked. */
export const silence: Route = () => {
  if (vi.isFakeTimers()) passTime();
};

/**
 * Until the test ends no timer of this thread runs by itself, those of sockets excepted: what waits in vain costs no time
 * then, and what is in time is never late on a busy machine.
 */
export function stopTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

/** An hour, longer than anybody waits, or some milliseconds; after `stopTime`. */
export function passTime(milliseconds = 3_600_000): void {
  vi.advanceTimersByTime(milliseconds);
}

/** Promises more than it sends, and hangs up. */
export const cutShort: Route = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('[{"Id":"');
  setTimeout(() => response.destroy(), 5);
};

export const aVersion = { Version: '28.5.2', ApiVersion: '1.51', MinAPIVersion: '1.24', Os: 'linux' };

/** A socket path of this test run; a named pipe on Windows. */
export async function temporarySocket(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'dne-unit-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return process.platform === 'win32' ? `//./pipe/${path.basename(directory)}` : path.join(directory, 'docker.sock');
}

export function targetOf(socketPath: string): DockerTarget {
  const endpoint = `unix://${socketPath}`;
  return {
    connection: { key: endpoint, label: endpoint, endpoint, origin: 'setting', readOnly: false },
    transport: { kind: 'socket', path: socketPath },
    setting: endpoint,
    socketPath,
  };
}

/** An engine that a test makes up, on a real socket, and the adapter that reads it. Gone with the test. */
export async function fakeEngine(
  routes: Readonly<Record<string, Route>>,
  limits: Partial<EngineLimits> = {},
): Promise<FakeEngine> {
  const socketPath = await temporarySocket();
  const requests: string[] = [];
  const log: string[] = [];
  const table = new Map(Object.entries({ '/version': json(aVersion), '/info': json({ ID: 'fake' }), ...routes }));
  const server = http.createServer((request, response) => {
    requests.push(request.url ?? '');
    const url = new URL(request.url ?? '/', 'http://docker');
    const versioned = /^\/v(\d+\.\d+)(\/.*)$/.exec(url.pathname);
    const target = versioned?.[2] ?? url.pathname;
    const route = table.get(target) ?? json({ message: 'page not found' }, 404);
    route(response, { path: target, query: url.searchParams, version: versioned?.[1] });
  });
  const start = (): Promise<void> => new Promise((resolve) => server.listen(socketPath, resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await start();
  const target = targetOf(socketPath);
  const write = (message: string): void => void log.push(message);
  const engine = createDockerEngine(target, { info: write, warn: write }, { timeoutMs: 2000, ...limits });
  onTestFinished(async () => {
    engine.close();
    await stop();
  });
  return { engine, requests, log, routes: table, target, stop, start };
}

/** What a promise rejects with; it has to be an `EngineError`. */
export async function failure(promise: Promise<unknown>): Promise<EngineError> {
  const error: unknown = await promise.then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error('no EngineError', { cause: error });
  return error;
}
