import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Forwards, type Forward } from '../../../src/forwards/forwards.ts';
import { ask, dial, echo, hear, readAll, silentPort, startContainer } from './container.ts';
import { until } from '../support/until.ts';

const id = 'c'.repeat(64);
const target = { engine: 'lab', containerId: id };
/** Linux has all of 127.0.0.0/8 on `lo`. */
const otherAddress = process.platform === 'linux' ? '127.0.0.2' : '::1';

let addresses: Map<string, string>;
let lines: string[];
let forwards: Forwards;

beforeEach(() => {
  addresses = new Map([[id, '127.0.0.1']]);
  lines = [];
  forwards = create();
});

afterEach(() => forwards.dispose());

function create(limits?: { readonly answerMs?: number; readonly connections?: number }): Forwards {
  return new Forwards(
    ({ containerId }) => addresses.get(containerId),
    (line) => lines.push(line),
    limits,
  );
}

/** `talk` is for clients: whoever opens a forward knocks first, and says nothing. */
async function openTo(talk: (socket: Socket) => void): Promise<Forward> {
  let knocked = false;
  const { port } = await startContainer((socket) => {
    if (knocked) talk(socket);
    knocked = true;
  });
  return forwards.open(target, port, 0);
}

function now(): Forward | undefined {
  return forwards.list()[0];
}

describe('a forward', () => {
  it('leads to the container, and says where it listens', async () => {
    const forward = await openTo(echo);
    expect(forward).toMatchObject({ containerId: id, state: 'open', answers: true, connections: 0 });
    expect(await ask(forward.localPort, 'ping')).toBe('ping');
    expect(forwards.list()).toEqual([forward]);
  });

  it('takes the local port that was asked for', async () => {
    const { port } = await startContainer(echo);
    const wanted = await silentPort();
    expect(await forwards.open(target, port, wanted)).toMatchObject({ localPort: wanted });
    expect(await ask(wanted, 'ping')).toBe('ping');
  });

  it('is not open to other machines', async () => {
    const { localPort } = await openTo(echo);
    await expect(dial(localPort, otherAddress)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('leads to a container that has IPv6 alone', async (context) => {
    const { port } = await startContainer(echo, { address: '::1' }).catch(() => context.skip('no IPv6 here'));
    addresses.set(id, '::1');
    const { localPort } = await forwards.open(target, port, 0);
    expect(await ask(localPort, 'ping')).toBe('ping');
  });

  it('gives the whole answer to a client that has said all', async () => {
    const { localPort } = await openTo((socket) => {
      socket.resume().once('end', () => setTimeout(() => socket.end('late'), 20));
    });
    expect(await ask(localPort, 'question')).toBe('late');
  });

  it('hands on what a client says after the container has said all', async () => {
    let heard: Promise<Buffer> | undefined;
    const { localPort } = await openTo((socket) => {
      heard = readAll(socket);
      socket.end('bye');
    });
    const client = await dial(localPort);
    expect((await readAll(client)).toString()).toBe('bye');
    client.end('and yet');
    expect((await heard)?.toString()).toBe('and yet');
  });

  it('loses nothing of a big answer to a slow reader, and does not hold it in memory', async () => {
    const block = randomBytes(1024 * 1024);
    const blocks = 48;
    const hash = createHash('sha256');
    let server: Socket | undefined;
    const { localPort } = await openTo((socket) => {
      server = socket;
      let sent = 0;
      const send = (): void => {
        while (sent < blocks) {
          sent += 1;
          hash.update(block);
          if (!socket.write(block)) return void socket.once('drain', send);
        }
        socket.end();
      };
      send();
    });
    const client = await dial(localPort);
    client.pause();
    // What is on its way now is in buffers of the kernel.
    const leftServer = (): number => (server?.bytesWritten ?? 0) - (server?.writableLength ?? 0);
    await until(async () => {
      const before = leftServer();
      await new Promise((resolve) => setTimeout(resolve, 60));
      return before > 0 && before === leftServer();
    });
    expect(leftServer()).toBeLessThan((blocks / 2) * block.length);
    const received = createHash('sha256');
    let length = 0;
    for await (const chunk of client) {
      length += (chunk as Buffer).length;
      received.update(chunk as Buffer);
    }
    expect(length).toBe(blocks * block.length);
    expect(received.digest('hex')).toBe(hash.digest('hex'));
  });

  it('does not pass a broken answer off as a whole one', async () => {
    const { localPort } = await openTo((socket) => {
      socket.write('half', () => setTimeout(() => socket.resetAndDestroy(), 20));
    });
    await expect(hear(localPort)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await until(() => now()?.connections === 0);
  });

  it('lets the container know of a client that broke off', async () => {
    let heard = '';
    let fault: NodeJS.ErrnoException | undefined;
    const { localPort } = await openTo((socket) => {
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
      socket.on('error', (error) => (fault = error));
    });
    const client = await dial(localPort);
    client.write('half');
    await until(() => heard === 'half');
    client.resetAndDestroy();
    await until(() => fault !== undefined);
    expect(fault?.code).toBe('ECONNRESET');
    await until(() => now()?.connections === 0);
  });

  it('opens to a port where nothing listens yet, says so, and works as soon as something does', async () => {
    const port = await silentPort();
    const forward = await forwards.open(target, port, 0);
    expect(forward).toMatchObject({ state: 'open', answers: false });
    await expect(hear(forward.localPort)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await startContainer(echo, { port });
    expect(await ask(forward.localPort, 'ping')).toBe('ping');
    expect(now()?.answers).toBe(true);
  });

  it('survives a restart of the container, with another address too', async () => {
    const first = await startContainer(echo);
    const forward = await forwards.open(target, first.port, 0);
    const client = await dial(forward.localPort);
    client.write('ping');
    await once(client, 'data');
    const rest = readAll(client);
    await first.stop();
    expect((await rest).toString()).toBe('');
    addresses.delete(id);
    expect(now()).toMatchObject({ id: forward.id, state: 'waiting' });
    await expect(hear(forward.localPort)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await startContainer(echo, { address: otherAddress, port: first.port });
    addresses.set(id, otherAddress);
    expect(now()).toMatchObject({ id: forward.id, state: 'open', localPort: forward.localPort });
    expect(await ask(forward.localPort, 'again')).toBe('again');
  });

  it('refuses more connections than it can bear, and is there again when they are fewer', async () => {
    forwards = create({ connections: 2 });
    const { localPort } = await openTo(echo);
    const clients = [await dial(localPort), await dial(localPort)];
    await until(() => now()?.connections === 2);
    expect(await ask(localPort, 'ping').catch(() => 'refused')).not.toBe('ping');
    expect(now()?.connections).toBe(2);
    clients[0]?.destroy();
    await until(() => now()?.connections === 1);
    expect(await ask(localPort, 'ping')).toBe('ping');
  });

  it('writes the same fault to the log once, however often a client tries', async () => {
    const { localPort } = await forwards.open(target, await silentPort(), 0);
    lines.length = 0;
    for (let n = 0; n < 5; n++) await hear(localPort).catch(() => undefined);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`127.0.0.1:${localPort}`);
  });
});

describe('opening a forward', () => {
  it('names a local port that is taken', async () => {
    const { port } = await startContainer(echo);
    await expect(forwards.open(target, port, port)).rejects.toMatchObject({ kind: 'portTaken' });
    expect(forwards.list()).toEqual([]);
  });

  it('says that a container has no address', async () => {
    await expect(forwards.open({ engine: 'lab', containerId: 'stopped' }, 80, 0)).rejects.toMatchObject({
      kind: 'noAddress',
    });
  });

  it('looks no name up, whatever the engine calls an address', async () => {
    addresses.set(id, 'localhost');
    const { port } = await startContainer(echo);
    await expect(forwards.open(target, port, 0)).rejects.toMatchObject({ kind: 'noAddress' });
  });

  it('opens nothing to an address that no way leads to', async () => {
    addresses.set(id, '224.0.0.1');
    await expect(forwards.open(target, 80, 0)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(forwards.list()).toEqual([]);
  });
});

describe('the end of a forward', () => {
  it('breaks its connections, frees the local port and leaves the others', async () => {
    const { port } = await startContainer(echo);
    const [one, other] = [await forwards.open(target, port, 0), await forwards.open(target, port, 0)];
    const [client, kept] = [await dial(one.localPort), await dial(other.localPort)];
    const broken = readAll(client);
    await until(() => forwards.list().every(({ connections }) => connections === 1));
    await forwards.close(one.id);
    await expect(broken).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(dial(one.localPort)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(forwards.list().map((forward) => forward.id)).toEqual([other.id]);
    kept.end('ping');
    expect((await readAll(kept)).toString()).toBe('ping');
    expect(await forwards.open(target, port, one.localPort)).toMatchObject({ localPort: one.localPort });
  });

  it('may be asked for twice', async () => {
    const { id: forward } = await openTo(echo);
    await Promise.all([forwards.close(forward), forwards.close(forward), forwards.close('no such one')]);
    expect(forwards.list()).toEqual([]);
  });

  it('comes to all when the window closes, to those with connections too', async () => {
    const { port, server } = await startContainer(echo);
    const opened = [await forwards.open(target, port, 0), await forwards.open(target, port, 0)];
    for (const { localPort } of opened) (await dial(localPort)).on('error', () => undefined);
    await until(() => forwards.list().every(({ connections }) => connections === 1));
    await forwards.dispose();
    for (const { localPort } of opened) await expect(dial(localPort)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(forwards.list()).toEqual([]);
    await until(async () => (await connectionsOf(server)) === 0);
  });

  it('comes to one that was just being opened, and no other is opened after that', async () => {
    const { port } = await startContainer(echo);
    const wanted = await silentPort();
    const opening = forwards.open(target, port, wanted);
    const refused = expect(opening).rejects.toThrow('no forwards');
    await forwards.dispose();
    await refused;
    await expect(dial(wanted)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(forwards.open(target, port, wanted)).rejects.toThrow('no forwards');
    expect(forwards.list()).toEqual([]);
  });

  it('comes with its engine’s, also where two engines have the same container', async () => {
    const { port } = await startContainer(echo);
    await forwards.open(target, port, 0);
    const other = await forwards.open({ ...target, engine: 'other' }, port, 0);
    await forwards.keepEngines(new Set(['other']));
    expect(forwards.list()).toEqual([other]);
    await forwards.keepEngines(new Set());
    await expect(dial(other.localPort)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('comes to one that was just being opened on an engine that went', async () => {
    const { port } = await startContainer(echo);
    const wanted = await silentPort();
    const opening = forwards.open(target, port, wanted);
    addresses.clear();
    await expect(opening).rejects.toMatchObject({ kind: 'noAddress' });
    await expect(dial(wanted)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('whoever shows forwards', () => {
  it('hears that one was opened and ended, and how many connections it has', async () => {
    const seen: string[] = [];
    const subscription = forwards.onDidChange(() =>
      seen.push(
        forwards
          .list()
          .map(({ connections }) => connections)
          .join(),
      ),
    );
    const { id: forward, localPort } = await openTo(echo);
    expect(seen).toEqual(['0']);
    const client = await dial(localPort);
    await until(() => seen.length === 2);
    client.end();
    await readAll(client);
    await until(() => seen.length === 3);
    await forwards.close(forward);
    expect(seen).toEqual(['0', '1', '0', '']);
    subscription.dispose();
    await openTo(echo);
    expect(seen).toHaveLength(4);
  });

  it('is not woken for each of a hundred connections', async () => {
    const { localPort } = await openTo(echo);
    let woken = 0;
    forwards.onDidChange(() => (woken += 1));
    await Promise.all(Array.from({ length: 100 }, () => ask(localPort, 'ping')));
    await until(() => now()?.connections === 0);
    expect(woken).toBeLessThan(20);
  });
});

function connectionsOf(server: { getConnections(done: (error: Error | null, count: number) => void): void }) {
  return new Promise<number>((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
