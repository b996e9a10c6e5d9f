import { workspace } from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CurrentSession } from '../../../src/editor/currentSession.ts';
import { Engines, type ResolvedTarget } from '../../../src/editor/engines.ts';
import type { ConnectTarget } from '../../../src/editor/ports.ts';
import { Sessions } from '../../../src/editor/sessions.ts';
import { EngineError } from '../../../src/engine/engine.ts';
import { FakeSession } from '../support/fakeSession.ts';
import { tutorial } from '../support/snapshots.ts';

/** Settings as the editor keeps them. */
let written: Record<string, unknown> = {};

const editor = {
  getConfiguration: () => ({
    get: (id: string) => written[id],
    inspect: () => undefined,
    update: (id: string, value: unknown) => {
      written = { ...written, [id]: value };
      return Promise.resolve();
    },
  }),
};

const connection = 'dockerNetworks.connection';
const others = 'dockerNetworks.otherConnections';
const context = (name: string): ConnectTarget => ({ kind: 'setting', value: `context:${name}` });

/** What nobody waits for. */
const soon = (look: () => void): Promise<void> => vi.waitFor(look, { interval: 1 });

describe('which engines are shown', () => {
  let sessions: Sessions;
  let engines: Engines;
  /** What each setting leads to, and the sessions that were opened of it. */
  let ways: Map<string, string>;
  let opened: FakeSession[];
  let resolving: Promise<void>;
  let log: string[];

  const labels = (): string[] => sessions.all.map(({ label }) => label);

  function resolve(target: ConnectTarget): Promise<ResolvedTarget> {
    const value = target.kind === 'setting' ? target.value : target.kind === 'default' ? text(connection) : target.kind;
    const way = ways.get(value);
    return resolving.then(() => {
      if (way === undefined) throw new EngineError('configuration', 'there is no such engine');
      const key = value === '' ? `context:${way}` : value;
      return {
        key,
        endpoint: way,
        fingerprint: way,
        guessed: way.endsWith('.sock'),
        open: () => {
          const session = new FakeSession(key, undefined, way);
          opened.push(session);
          return session;
        },
      };
    });
  }

  const text = (id: string): string => (typeof written[id] === 'string' ? written[id] : '');

  beforeEach(() => {
    Object.assign(workspace, editor);
    written = {};
    ways = new Map([
      ['', 'default'],
      ['sample', 'sample'],
      ...['a', 'b', 'c'].map((name): [string, string] => [`context:${name}`, `unix:///${name}`]),
    ]);
    opened = [];
    resolving = Promise.resolve();
    sessions = new Sessions(new CurrentSession({ graceMs: 0 }));
    log = [];
    const line = (text: string): void => void log.push(text);
    engines = new Engines({ sessions, resolve, log: { info: line, warn: line } });
  });

  afterEach(() => {
    sessions.dispose();
    for (const key of Object.keys(editor)) Reflect.deleteProperty(workspace, key);
  });

  it('is what the settings say, at the start and when they change', async () => {
    written = { [connection]: 'context:a', [others]: ['context:b', ' context:b ', '', 7, 'context:a'] };
    await engines.start();
    await soon(() => expect(opened).toHaveLength(2));
    expect(labels()).toEqual(['context:a', 'context:b']);
    written = { ...written, [others]: ['context:c'] };
    await engines.settingsChanged();
    await soon(() => expect(labels()).toEqual(['context:a', 'context:c']));
    expect(opened.map(({ disposed }) => disposed)).toEqual([false, true, false]);
  });

  it('is remembered where one more is connected, and forgotten where it is disconnected', async () => {
    await engines.start();
    expect(await engines.add(context('a'))).toBe('added');
    expect(await engines.add(context('a'))).toBe('already');
    expect(await engines.add({ kind: 'sample' })).toBe('added');
    await soon(() => expect(labels()).toEqual(['context:default', 'context:a', 'sample']));
    expect(written[others]).toEqual(['context:a']);
    const [, a, sample] = sessions.all;
    if (a === undefined || sample === undefined) throw new Error('there are three');
    await engines.remove(a);
    await engines.remove(sample);
    expect(labels()).toEqual(['context:default']);
    expect(written[others]).toBeUndefined();
  });

  it('refuses to add what cannot work, and shows nothing of it', async () => {
    await engines.start();
    await expect(engines.add(context('gone'))).rejects.toMatchObject({ kind: 'configuration' });
    expect(labels()).toEqual(['context:default']);
    expect(written[others]).toBeUndefined();
  });

  it('keeps a place for one of the settings that cannot be connected, with what is wrong', async () => {
    written = { [others]: ['context:gone'] };
    await engines.start();
    await soon(() => expect(sessions.all[1]?.state).toMatchObject({ kind: 'failed' }));
    expect(labels()).toEqual(['context:default', 'gone']);
    const [, gone] = sessions.all;
    ways.set('context:gone', 'unix:///there');
    if (gone !== undefined) await engines.retry(gone);
    expect(labels()).toEqual(['context:default', 'context:gone']);
  });

  it.each(['tcp://me:secret@192.0.2.1:2376', 'me:secret@192.0.2.1:2376', 'tcp://me:sec/ret@192.0.2.1'])(
    'shows and logs no password that somebody wrote into the settings: %s',
    async (address) => {
      written = { [others]: [address] };
      await engines.start();
      await soon(() => expect(sessions.all[1]?.state).toMatchObject({ kind: 'failed' }));
      const told = [labels(), sessions.all[1]?.key, log].join();
      expect(told).toContain('@192.0.2.1');
      expect(told).not.toMatch(/sec|ret@/);
    },
  );

  it('goes on with the next one, in the settings too, where the first is disconnected', async () => {
    written = { [connection]: 'context:a', [others]: ['context:b', 'context:c'] };
    await engines.start();
    await soon(() => expect(opened).toHaveLength(3));
    const kept = sessions.all[1]?.session;
    await engines.remove(sessions.first);
    expect(labels()).toEqual(['context:b', 'context:c']);
    expect(written).toEqual({ [connection]: 'context:b', [others]: ['context:c'] });
    expect(sessions.first.session).toBe(kept);
    // The editor tells of both changes later.
    await engines.settingsChanged();
    await engines.settingsChanged();
    expect(labels()).toEqual(['context:b', 'context:c']);
    expect(opened).toHaveLength(3);
  });

  it('is none where the only one is disconnected, until one is chosen', async () => {
    await engines.start();
    await engines.remove(sessions.first);
    expect(sessions.first.state).toEqual({ kind: 'disconnected' });
    expect(opened[0]?.disposed).toBe(true);
    await engines.surroundingsChanged();
    expect(opened).toHaveLength(1);
    await engines.select({ kind: 'default' });
    expect(sessions.first.label).toBe('context:default');
  });

  it('is each engine once: the first place takes it from another', async () => {
    written = { [others]: ['context:a'] };
    await engines.start();
    await soon(() => expect(labels()).toEqual(['context:default', 'context:a']));
    await engines.select(context('a'));
    await engines.settingsChanged();
    expect(labels()).toEqual(['context:a']);
    expect(written[connection]).toBe('context:a');
  });

  it('follows Docker’s current context, and leaves all others alone', async () => {
    written = { [others]: ['context:a'] };
    await engines.start();
    await soon(() => expect(opened).toHaveLength(2));
    await engines.surroundingsChanged();
    expect(opened).toHaveLength(2);
    ways.set('', 'other');
    await engines.surroundingsChanged();
    expect(labels()).toEqual(['context:other', 'context:a']);
    expect(opened.map(({ disposed }) => disposed)).toEqual([true, false, false]);
    // A context that is removed does not take a working connection along.
    ways.delete('context:a');
    await engines.surroundingsChanged();
    expect(labels()).toEqual(['context:other', 'context:a']);
  });

  it('gives an engine its own place again once Docker’s current context is another one', async () => {
    written = { [others]: ['context:a'] };
    ways.set('', 'a');
    await engines.start();
    await soon(() => expect(labels()).toEqual(['context:a']));
    ways.set('', 'default');
    await engines.surroundingsChanged();
    await soon(() => expect(labels()).toEqual(['context:default', 'context:a']));
  });

  it('waits for the socket of an engine that was read, and takes any other before that', async () => {
    ways.set('', 'system.sock');
    await engines.start();
    ways.set('', 'rootless.sock');
    await engines.surroundingsChanged();
    expect(labels()).toEqual(['context:rootless.sock']);
    opened.at(-1)?.setSnapshot(tutorial());
    ways.set('', 'system.sock');
    await engines.surroundingsChanged();
    expect(labels()).toEqual(['context:rootless.sock']);
    ways.set('', 'chosen');
    await engines.surroundingsChanged();
    expect(labels()).toEqual(['context:chosen']);
  });

  it('comes back to the settings where a recording is closed, and keeps those', async () => {
    written = { [connection]: 'context:a', [others]: ['context:b'] };
    await engines.start();
    await soon(() => expect(labels()).toEqual(['context:a', 'context:b']));
    await engines.select({ kind: 'sample' });
    expect(labels()).toEqual(['sample', 'context:b']);
    await engines.remove(sessions.first);
    expect(labels()).toEqual(['context:a', 'context:b']);
    expect(written).toEqual({ [connection]: 'context:a', [others]: ['context:b'] });
  });

  it('connects the engine of the first place beside the recording that has taken it', async () => {
    written = { [connection]: 'context:a' };
    await engines.start();
    await engines.select({ kind: 'sample' });
    expect(await engines.add(context('a'))).toBe('added');
    expect(labels()).toEqual(['context:a', 'sample']);
    expect(written).toEqual({ [connection]: 'context:a' });
  });

  it('fills a place that was left before it makes another one', async () => {
    await engines.start();
    await engines.remove(sessions.first);
    await engines.add(context('a'));
    expect(labels()).toEqual(['context:a']);
    await engines.remove(sessions.first);
    await engines.add({ kind: 'sample' });
    expect(labels()).toEqual(['sample']);
  });

  it('forgets an engine wherever the settings name it', async () => {
    written = { [connection]: 'context:a', [others]: ['context:b', 'context:c'] };
    await engines.start();
    await soon(() => expect(opened).toHaveLength(3));
    await engines.select(context('c'));
    expect(labels()).toEqual(['context:c', 'context:b']);
    expect(written).toEqual({ [connection]: 'context:c', [others]: ['context:b'] });
    await engines.remove(sessions.first);
    expect(labels()).toEqual(['context:b']);
    expect(written).toEqual({ [connection]: 'context:b', [others]: undefined });
  });

  it('is one engine where two contexts lead to one address', async () => {
    await engines.start();
    await engines.add(context('a'));
    ways.set('context:twin', 'unix:///a');
    expect(await engines.add(context('twin'))).toBe('already');
  });

  it('refuses to select what cannot work, and keeps what there is', async () => {
    await engines.start();
    await expect(engines.select(context('gone'))).rejects.toMatchObject({ kind: 'configuration' });
    expect(labels()).toEqual(['context:default']);
    expect(written[connection]).toBeUndefined();
  });

  it('has a name also before its engine says one', async () => {
    ways.delete('');
    await engines.start();
    expect(sessions.first.state.kind).toBe('failed');
    expect(labels()).toEqual(['Docker’s own choice']);
  });

  it('is the newest choice, also where an older one takes longer', async () => {
    await engines.start();
    let release = (): void => undefined;
    resolving = new Promise((done) => (release = done));
    const slow = engines.select({ kind: 'sample' });
    resolving = Promise.resolve();
    await engines.select({ kind: 'default' });
    release();
    await slow;
    expect(labels()).toEqual(['context:default']);
  });
});
