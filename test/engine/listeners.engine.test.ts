import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Listener } from '../../src/kernel/kernel.ts';
import { outerVersions, ordinaryUser, startEngine, type InsideOptions, type LabEngine } from '../lab/labEngine.ts';
import { openLabSession } from '../lab/openSession.ts';
import { inNetns } from '../lab/oracle.ts';
import { waitFor } from '../lab/run.ts';
import { tutorialTopology } from '../lab/topology.ts';
import type { ListenReport } from './listenProgram.ts';
import { readListeners, type ListenerReport } from './readListeners.ts';

/** A line of `ss`. */
interface SsSocket {
  readonly socket: string;
  /** PID → name. */
  readonly users: ReadonlyMap<number, string>;
}

/** What ss says over netlink, in the engine's network namespace. */
async function ss(engine: LabEngine): Promise<readonly SsSocket[]> {
  const lines = (await inNetns(engine.pid, 'ss', '-Hltunp')).split('\n').filter(Boolean);
  return lines.map((line) => {
    const [protocol = '', , , , local = '', , users = ''] = line.split(/\s+/);
    const colon = local.lastIndexOf(':');
    const address = local
      .slice(0, colon)
      .replace(/^\[|\]$/g, '')
      .replace(/%.*$/, '')
      .replace('::ffff:', '');
    const pairs = [...users.matchAll(/"([^"]*)",pid=(\d+)/g)].map(([, name = '', pid]) => [Number(pid), name] as const);
    return {
      socket: `${protocol} ${address === '*' ? '::' : address} ${local.slice(colon + 1)}`,
      users: new Map(pairs),
    };
  });
}

function nameOf({ protocol, address, port }: Listener): string {
  return `${protocol} ${address} ${port}`;
}

async function readInside(engine: LabEngine, user: InsideOptions): Promise<ListenerReport> {
  return JSON.parse(await engine.runInside(['node', 'test/engine/readListeners.ts'], user)) as ListenerReport;
}

/** A process in the engine's namespaces that listens until the engine ends. */
async function startListening(engine: LabEngine, user: InsideOptions): Promise<ListenReport> {
  const { stdout } = engine.spawnInside(['node', 'test/engine/listenProgram.ts'], user, ['ignore', 'pipe', 'pipe']);
  if (stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: stdout })) return JSON.parse(line) as ListenReport;
  throw new Error('it ended');
}

describe.each(outerVersions)('who listens on the host of Docker %s', (version) => {
  let engine: LabEngine;
  let mine: ListenReport;
  let theirs: ListenReport;

  beforeAll(async () => {
    engine = await startEngine({ version });
    await tutorialTopology(engine);
    mine = await startListening(engine, ordinaryUser);
    theirs = await startListening(engine, {});
    await engine.docker('exec', '--detach', 'host1', 'nc', '-ll', '-p', '7777', '-e', 'cat');
    await waitFor('nc', async () =>
      (await ss(engine)).some(({ socket }) => socket.endsWith(' 7777')) ? true : undefined,
    );
  });

  afterAll(() => engine.dispose());

  it.each([
    { who: 'root beside the engine', read: () => readInside(engine, {}) },
    { who: 'root in another network namespace', read: () => readListeners(engine.dockerHost) },
  ])('is known to $who as ss knows it', async ({ read }) => {
    const truth = await ss(engine);
    const { listeners } = await read();
    expect(listeners.map(nameOf).sort()).toEqual(truth.map(({ socket }) => socket).sort());
    for (const listener of listeners) {
      const rows = truth.filter(({ socket }) => socket === nameOf(listener));
      const users = new Map(rows.flatMap((row) => [...row.users]));
      if (users.size === 0) expect(listener.pid, nameOf(listener)).toBeUndefined();
      else expect(users.get(listener.pid ?? 0), nameOf(listener)).toBe(listener.process);
    }
  });

  it('is the proxy for a published port, with its process', async () => {
    const { listeners } = await readInside(engine, {});
    const holders = listeners.filter(({ protocol, port }) => protocol === 'tcp' && port === 6379);
    expect(holders.map(({ address }) => address)).toEqual(expect.arrayContaining(['0.0.0.0']));
    for (const { process: name, pid } of holders) {
      expect(name).toBe('docker-proxy');
      expect(pid).toBeGreaterThan(1);
    }
  });

  it('is a process of one’s own, by each address that it listens on, and not by what it is connected to', async () => {
    const { listeners } = await readInside(engine, {});
    for (const { pid, open, connected } of [mine, theirs]) {
      const held = listeners.filter((listener) => listener.pid === pid);
      expect(held.map(nameOf).sort()).toEqual([...open].sort());
      expect(listeners.map(nameOf)).not.toContain(connected);
      expect(new Set(held.map((listener) => listener.process)).size).toBe(1);
    }
  });

  it('is the program of a container in host mode, by its own name', async () => {
    const { listeners } = await readInside(engine, {});
    expect(listeners.filter(({ port }) => port === 7777).map((listener) => listener.process)).toEqual(['nc']);
  });

  it('is seen by an ordinary user, who is told the names of their own processes alone', async () => {
    const report = await readInside(engine, ordinaryUser);
    expect(report.uid).toBe(ordinaryUser.uid);
    expect(report.listeners.map(nameOf).sort()).toEqual((await ss(engine)).map(({ socket }) => socket).sort());
    const named = report.listeners.filter(({ pid }) => pid !== undefined);
    expect(named.map(nameOf).sort()).toEqual([...mine.open].sort());
    expect(new Set(named.map(({ pid }) => pid))).toEqual(new Set([mine.pid]));
  });

  it('is not this machine, before the engine was read and after it ended', async () => {
    const session = openLabSession(engine.dockerHost);
    try {
      expect(await session.listeners()).toEqual([]);
      await session.refresh();
      expect(await session.listeners()).not.toEqual([]);
      await engine.stop();
      expect(await session.listeners()).toEqual([]);
    } finally {
      session.dispose();
    }
  });
});
