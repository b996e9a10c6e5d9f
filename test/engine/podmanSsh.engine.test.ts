import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resolveConnection } from '../../src/engine/docker/connections.ts';
import { createDockerEngine } from '../../src/engine/docker/dockerodeEngine.ts';
import type { Engine, EngineEvent } from '../../src/engine/engine.ts';
import { startEngine, type LabEngine } from '../lab/labEngine.ts';
import { waitFor } from '../lab/run.ts';
import { startSshd, type LabSshd } from '../lab/sshd.ts';
import { createNetwork } from '../lab/topology.ts';

describe('Podman over ssh', () => {
  let lab: LabEngine;
  let sshd: LabSshd;
  let far: string;
  let log: string;
  const path = process.env['PATH'] ?? '';
  const opened: Engine[] = [];

  beforeAll(async () => {
    lab = await startEngine({ version: 'podman' });
    far = join(lab.directory, 'far');
    log = join(lab.directory, 'calls');
    mkdirSync(far);
    sshd = await startSshd(lab, { farPath: far });
    process.env['PATH'] = `${sshd.binDirectory}${delimiter}${path}`;
  });

  afterEach(() => {
    for (const engine of opened.splice(0)) engine.close();
    for (const file of readdirSync(far)) rmSync(join(far, file));
    rmSync(log, { force: true });
  });

  afterAll(() => {
    process.env['PATH'] = path;
    sshd.close();
    lab.dispose();
  });

  /** What the far side has: a name, and the program behind it. */
  function has(programs: Readonly<Record<string, string>>): void {
    for (const [name, program] of Object.entries(programs)) {
      const script = `#!/bin/sh\necho "${name} $*" >>${log}\nexec ${program} "$@"\n`;
      writeFileSync(join(far, name), script, { mode: 0o755 });
    }
  }

  async function open(setting: string): Promise<Engine> {
    const env = { DOCKER_CONFIG: join(lab.directory, 'cli') };
    const around = { env, platform: process.platform, home: homedir(), setting };
    const engine = createDockerEngine(await resolveConnection(around));
    opened.push(engine);
    return engine;
  }

  const calls = (): readonly string[] => readFileSync(log, 'utf8').trim().split('\n');
  const plain = 'podman --remote system dial-stdio';

  it('is reached where there is no docker command, and that is found out once', async () => {
    has({ podman: '/usr/bin/podman' });
    const engine = await open(sshd.dockerHost);
    expect(await engine.info()).toMatchObject({ flavour: 'podman', name: lab.name.toLowerCase() });
    expect((await engine.networks()).map(({ model }) => model.name)).toEqual(['podman']);
    const events: EngineEvent[] = [];
    await engine.events({ event: (event) => events.push(event), closed: () => undefined });
    await createNetwork(lab, 'afar');
    await waitFor('the network among the events', () => (events.length > 0 ? true : undefined));
    expect(new Set(calls())).toEqual(new Set([plain]));
  });

  it('is reached where docker is another name of it', async () => {
    has({ docker: '/usr/bin/podman', podman: '/usr/bin/podman' });
    const engine = await open(sshd.dockerHost);
    expect((await engine.info()).flavour).toBe('podman');
    expect(calls()).toEqual(['docker system dial-stdio', plain]);
    await Promise.all([engine.networks(), engine.networks(), engine.containers()]);
    expect(calls().filter((call) => call !== plain)).toEqual(['docker system dial-stdio']);
  });

  it('is reached by the path of its socket, whichever command is there', async () => {
    for (const programs of [
      { podman: '/usr/bin/podman' },
      { docker: '/usr/bin/podman' },
      { docker: '/usr/bin/docker' },
    ]) {
      rmSync(join(far, 'podman'), { force: true });
      has(programs);
      const engine = await open(`${sshd.dockerHost}${lab.socketPath}`);
      expect((await engine.info()).flavour).toBe('podman');
    }
    expect(calls()[0]).toBe(`podman --remote --host unix://${lab.socketPath} system dial-stdio`);
  });

  it('is said to be out of reach where neither command is there, and where no service listens', async () => {
    const neither = await (await open(sshd.dockerHost)).info().catch((error: unknown) => error);
    expect(neither).toMatchObject({ kind: 'unreachable' });
    expect(String(neither)).toMatch(/code 127: .*docker: (command )?not found.*podman: (command )?not found/s);
    has({ podman: '/usr/bin/podman' });
    const silent = await (await open(`${sshd.dockerHost}/nowhere.sock`)).info().catch((error: unknown) => error);
    expect(silent).toMatchObject({ kind: 'unreachable' });
    expect(String(silent)).toMatch(/code 125: .*dial unix \/nowhere\.sock/);
  });
});
