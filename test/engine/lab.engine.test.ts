import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { processesOf } from '../lab/cgroups.ts';
import { labVersions, ordinaryUser, startEngine } from '../lab/labEngine.ts';
import { sweep } from '../lab/record.ts';
import { run } from '../lab/run.ts';
import { tutorialTopology } from '../lab/topology.ts';

/** What is left of an engine on this machine, by its id: nothing, if all went well. */
async function traces(directory: string): Promise<readonly string[]> {
  const id = basename(directory);
  const cgroups = readdirSync('/sys/fs/cgroup', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => (name === id ? join('/sys/fs/cgroup', id) : join('/sys/fs/cgroup', name, id)));
  return [
    ...[directory, `/run/netns/${id}`, `/run/netns/${id}-wan`, ...cgroups].filter((path) => existsSync(path)),
    ...processesOf(id).map((pid) => `process ${pid}`),
    ...(await run(['cat', '/proc/self/mountinfo'])).split('\n').filter((line) => line.includes(id)),
  ];
}

async function machineLinks(): Promise<readonly string[]> {
  const links = JSON.parse(await run(['ip', '-json', 'link'])) as readonly { readonly ifname: string }[];
  return links.map(({ ifname }) => ifname).sort();
}

describe('the lab', () => {
  const owners: ChildProcess[] = [];

  afterEach(() => {
    for (const owner of owners.splice(0)) owner.kill('SIGTERM');
  });

  /** `npm run lab` in a process of its own, which ends with this one; resolves when its containers run. */
  async function startOwner(version: string): Promise<{ owner: ChildProcess; directory: string }> {
    const main = join(import.meta.dirname, '..', 'lab', 'main.ts');
    const command = ['--pdeathsig', 'TERM', process.execPath, main, '--version', version];
    const owner = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'inherit'] });
    owners.push(owner);
    for await (const line of createInterface({ input: owner.stdout })) {
      const socket = /^DOCKER_HOST=unix:\/\/(.*)$/.exec(line)?.[1];
      if (socket !== undefined) return { owner, directory: dirname(socket) };
    }
    throw new Error('the lab ended before its engine was there');
  }

  function ended(owner: ChildProcess): Promise<number | null> {
    return new Promise((resolve) => owner.once('exit', resolve));
  }

  it.each(labVersions)('with Docker %s adds no interface to the machine and leaves nothing behind', async (version) => {
    const before = await machineLinks();
    const engine = await startEngine({ version });
    await tutorialTopology(engine);
    await engine.docker('pause', 'test1');
    expect(await machineLinks()).toEqual(before);
    expect(await traces(engine.directory)).not.toEqual([]);
    engine.dispose();
    expect(await traces(engine.directory)).toEqual([]);
    expect(await machineLinks()).toEqual(before);
  });

  it.each(labVersions)(
    'lets a user without rights look at Docker %s from inside, with no more than rights allow',
    async (version) => {
      const engine = await startEngine({ version });
      try {
        const inside = (script: string, user = {}): Promise<string> => engine.runInside(['sh', '-c', script], user);
        expect((await inside('id -u; id -G; hostname; pwd', ordinaryUser)).split('\n').slice(0, 3)).toEqual([
          `${ordinaryUser.uid}`,
          `${ordinaryUser.gid}`,
          engine.name.toLowerCase(),
        ]);
        expect((await inside('ls /sys/class/net', ordinaryUser)).split('\n').filter(Boolean)).toEqual([
          'docker0',
          'eth0',
          'lo',
        ]);
        expect(await inside('node --version && test -r test/lab/main.ts', ordinaryUser)).toBe(`${process.version}\n`);
        await expect(inside('touch test/lab/dne-no'), 'the checkout is read-only').rejects.toThrow('Read-only');
        await expect(inside(`ls /proc/${engine.pid}/root/`, ordinaryUser)).rejects.toThrow('Permission denied');
        await inside(`ls /proc/${engine.pid}/root/`);
      } finally {
        engine.dispose();
      }
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)('removes everything when its owner gets %s', async (signal) => {
    const { owner, directory } = await startOwner('20.10');
    const end = ended(owner);
    owner.kill(signal);
    expect(await end).toBeGreaterThan(128);
    expect(await traces(directory)).toEqual([]);
  });

  it.each(labVersions)('of Docker %s is swept by the next run when its owner was killed', async (version) => {
    const { owner, directory } = await startOwner(version);
    const end = ended(owner);
    sweep(() => undefined);
    expect(existsSync(directory), 'the engine of a living owner is not touched').toBe(true);
    owner.kill('SIGKILL');
    await end;
    sweep(() => undefined);
    expect(await traces(directory)).toEqual([]);
  });

  it('keeps containers and data when the engine is stopped and started', async () => {
    const engine = await startEngine({ version: '20.10' });
    try {
      await tutorialTopology(engine);
      const before = (await engine.docker('ps', '--all', '--quiet')).split('\n').sort();
      await engine.stop();
      expect(engine.running).toBe(false);
      await engine.start();
      expect((await engine.docker('ps', '--all', '--quiet')).split('\n').sort()).toEqual(before);
      await engine.docker('start', 'redis');
      await engine.kill();
      await engine.start();
      await engine.docker('start', 'redis');
    } finally {
      engine.dispose();
    }
    expect(await traces(engine.directory)).toEqual([]);
  });
});
