import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { helperLabels } from '../../src/engine/docker/helperOwner.ts';
import type { Engine, EngineEvent } from '../../src/engine/engine.ts';
import { createExecKernel } from '../../src/kernel/exec.ts';
import { createHelperKernel } from '../../src/kernel/helperContainer.ts';
import type { KernelRequest, KernelSource } from '../../src/kernel/kernel.ts';
import { helperImages } from '../../src/kernel/remote/images.ts';
import type { KernelView, Wire } from '../../src/topology/model.ts';
import { expectedBridges } from '../../src/topology/snapshot.ts';
import { hasOwnNamespace, wire } from '../../src/topology/wiring.ts';
import { images, importImages } from '../lab/images.ts';
import { labVersions, startEngine, type LabEngine } from '../lab/labEngine.ts';
import { trueWires } from '../lab/oracle.ts';
import { waitFor } from '../lab/run.ts';
import { createNetwork, runIdle, tutorialTopology } from '../lab/topology.ts';
import { unknownWires, wrongWires } from './compareWires.ts';
import { helperProgram } from './helperProgram.ts';
import { openEngine } from './openEngine.ts';
import { equalIndexes, oddCases, orphanVeth } from './scenario.ts';

/** As `docker inspect` shows a helper. */
interface InspectedHelper {
  readonly Id: string;
  readonly Config: { readonly User: string; readonly Labels: Record<string, string>; readonly Volumes: object | null };
  readonly HostConfig: Record<string, unknown>;
  readonly Mounts: readonly object[];
}

const log: string[] = [];

const limits = { timeoutMs: 20_000, maxBytes: 64 * 1024 };

interface Reading {
  readonly view: KernelView;
  readonly wires: readonly Wire[];
}

async function readWires(engine: Engine, source: KernelSource): Promise<Reading> {
  const networks = (await engine.networks()).map(({ model }) => model);
  const containers = (await engine.containers()).map(({ model }) => model);
  const request: KernelRequest = {
    containers: containers.filter(hasOwnNamespace).map(({ id, pid }) => ({ id, pid })),
    bridges: expectedBridges(networks, containers),
  };
  const kernel = await source.read(request);
  if (kernel.kind === 'absent') throw new Error(`${kernel.reason}: ${log.join('\n')}`);
  return { view: kernel.view, wires: wire(networks, containers, kernel) };
}

function helperOf(engine: Engine): KernelSource {
  return createHelperKernel({
    runner: engine.probe,
    images: async (signal) => helperImages(await engine.probe.images(signal)),
    log: (line) => log.push(line),
  });
}

describe.each([...labVersions, 'podman'] as const)('the kernel of %s from afar', (version) => {
  let lab: LabEngine;
  let engine: Engine;
  let helper: KernelSource;
  const undo: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    lab = await startEngine({ version });
    await tutorialTopology(lab);
    await oddCases(lab);
    engine = openEngine(lab.dockerHost);
    await engine.info();
    helper = helperOf(engine);
  });

  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
    await noneLeft();
  });

  afterAll(() => {
    engine.close();
    lab.dispose();
  });

  async function helpers(): Promise<readonly string[]> {
    const ids = await lab.docker(
      'ps',
      '--all',
      '--quiet',
      '--no-trunc',
      '--filter',
      'label=docker-network-explorer=kernel',
    );
    return ids.split('\n').filter((id) => id !== '');
  }

  async function aHelper(): Promise<string> {
    return waitFor('a helper that runs', async () => {
      const running = await lab.docker(
        'ps',
        '--quiet',
        '--no-trunc',
        '--filter',
        'label=docker-network-explorer=kernel',
      );
      return running.trim() === '' ? undefined : running.trim();
    });
  }

  async function noneLeft(): Promise<void> {
    await waitFor('the end of all helpers', async () => ((await helpers()).length === 0 ? true : undefined), 10_000);
  }

  const read = (source: KernelSource): Promise<Reading> => readWires(engine, source);

  async function expectTrueWires(): Promise<void> {
    const truth = await trueWires(lab);
    const { view, wires } = await read(helper);
    expect(view.source).toBe('helper');
    expect(view.containers.filter(({ exact }) => !exact)).toEqual([]);
    expect(wrongWires(wires, truth)).toEqual([]);
    expect(unknownWires(wires, truth)).toEqual([]);
    expect(wires.filter(({ confidence, kind }) => confidence !== 'exact' && kind === 'veth')).toEqual([]);
  }

  describe('read by a helper container', () => {
    it('decides every wire as the oracle does', expectTrueWires);

    it('still does after somebody changed devices by hand', async () => {
      const bridge = (await trueWires(lab)).find(({ containerName }) => containerName === 'test1')?.bridge ?? '';
      await orphanVeth(lab, 'dne-afar1', bridge);
      await orphanVeth(lab, 'dne-afar2', bridge, lab.wanNetns);
      await createNetwork(lab, 'afar');
      await runIdle(lab, 'afar1', '--network', 'afar');
      undo.push(
        () => lab.ip('link', 'delete', 'dne-afar1'),
        () => lab.ip('link', 'delete', 'dne-afar2'),
        () => lab.docker('network', 'rm', 'afar'),
        () => lab.docker('rm', '--force', 'afar1'),
      );
      // It plugs the new veth into the bridge that Docker would have made.
      if (version !== 'podman') await equalIndexes(lab, 'afar1', 778);
      await expectTrueWires();
    });

    it('is not led astray by a container that shows the host’s /sys', async () => {
      await runIdle(lab, 'sys1', '--volume', '/sys:/sys:ro');
      undo.push(() => lab.docker('rm', '--force', 'sys1'));
      const truth = await trueWires(lab);
      const { view, wires } = await read(helper);
      expect(view.containers.filter(({ exact }) => !exact)).toHaveLength(1);
      expect(wrongWires(wires, truth)).toEqual([]);
    });

    it('says who listens, and who of root it is', async () => {
      await read(helper);
      const published = (await helper.listeners()).filter(({ port }) => port === 6379);
      const process = version === 'podman' ? 'conmon' : 'docker-proxy';
      expect(published).toContainEqual(expect.objectContaining({ protocol: 'tcp', process }));
    });

    it('is told by no event and no list of the port', async () => {
      const events: EngineEvent[] = [];
      const others: EngineEvent[] = [];
      const other = openEngine(lab.dockerHost);
      const now = Date.now() / 1000;
      const subscriptions = [
        await engine.events({ event: (event) => events.push(event), closed: () => undefined }, now),
        await other.events({ event: (event) => others.push(event), closed: () => undefined }, now),
      ];
      const before = (await engine.containers()).length;
      const running = engine.probe.onMachine(images.busybox, ['sleep', '2'], limits);
      await aHelper();
      expect((await other.containers()).length).toBe(before);
      await running;
      await noneLeft();
      // An event that comes for certain, after all those of the helper.
      const marker = await createNetwork(lab, 'afar-marker');
      undo.push(() => lab.docker('network', 'rm', 'afar-marker'));
      await waitFor('the marker', () => (events.length > 0 && others.length > 0 ? true : undefined));
      expect([...events, ...others].map((event) => (event.kind === 'network' ? event.networkId : event))).toEqual([
        marker,
        marker,
      ]);
      for (const subscription of subscriptions) subscription.dispose();
      other.close();
    });

    it('takes the next image where the first one has no shell', async () => {
      const source = createHelperKernel({
        runner: engine.probe,
        images: () => Promise.resolve(['dne-nothing:latest', images.shellless, images.busybox]),
      });
      expect((await read(source)).view.containers.length).toBeGreaterThan(10);
    });
  });

  describe('a helper container', () => {
    it('may do what it needs and nothing more', async () => {
      const stop = new AbortController();
      const running = engine.probe.onMachine(images.busybox, ['sleep', '60'], limits, stop.signal);
      const [inspect] = JSON.parse(await lab.docker('inspect', await aHelper())) as [InspectedHelper];
      stop.abort();
      await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
      expect(inspect.Config).toMatchObject({ User: '0:0', Labels: helperLabels() });
      expect(inspect.Mounts).toEqual([]);
      expect(inspect.HostConfig).toMatchObject({
        PidMode: 'host',
        NetworkMode: 'host',
        Privileged: false,
        ReadonlyRootfs: true,
        AutoRemove: true,
        PublishAllPorts: false,
      });
      for (const none of ['PortBindings', 'Binds', 'Devices'])
        expect(Object.keys(inspect.HostConfig[none] ?? {}), none).toEqual([]);
      // Podman shows what came of it: see the next test.
      if (version === 'podman') return;
      expect(inspect.HostConfig).toMatchObject({ UsernsMode: 'host', CapDrop: ['ALL'] });
      // The engine adds the second one where the host's processes are seen: SELinux would hide all but its own.
      expect(inspect.HostConfig['SecurityOpt']).toEqual(['no-new-privileges', 'label=disable']);
      // Docker 28 writes the prefix.
      expect(inspect.HostConfig['CapAdd']).toEqual([expect.stringMatching(/^(CAP_)?SYS_PTRACE$/)]);
    });

    it('has that one capability, and nothing to write to', async () => {
      const script = 'grep -E "^(Cap|NoNewPrivs)" /proc/self/status; touch /x 2>&1; touch /sys/x 2>&1; echo end';
      const said = Buffer.from(await engine.probe.onMachine(images.busybox, ['sh', '-c', script], limits)).toString();
      expect(said).toMatch(/^CapEff:\t0000000000080000$/m);
      expect(said).toMatch(/^CapBnd:\t0000000000080000$/m);
      expect(said).toMatch(/^NoNewPrivs:\t1$/m);
      expect(said.match(/Read-only file system/g)).toHaveLength(2);
    });

    it.each([
      ['its time is over', ['sleep', '60'], { ...limits, timeoutMs: 1500 }, 'timeout'],
      ['it prints too much', ['cat', '/bin/busybox'], limits, 'protocol'],
      ['its command is not there', ['dne-nothing'], limits, /^(invalid|notFound|engine)$/],
    ])('is gone when %s', async (_, command, bounds, kind) => {
      await expect(engine.probe.onMachine(images.busybox, command, bounds)).rejects.toMatchObject({
        kind: typeof kind === 'string' ? kind : (expect.stringMatching(kind) as string),
      });
      await noneLeft();
    });

    it('is not made where its image is not there', async () => {
      await expect(engine.probe.onMachine('dne-nothing:latest', ['sh'], limits)).rejects.toMatchObject({
        kind: 'notFound',
      });
    });

    it('is gone when the engine is let go', async () => {
      const other = openEngine(lab.dockerHost);
      const running = other.probe.onMachine(images.busybox, ['sleep', '60'], limits);
      await aHelper();
      other.close();
      await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
      await noneLeft();
    });

    it('of a window that was killed is removed by the next read, and no other’s', async () => {
      const program = spawn(process.execPath, [helperProgram], {
        env: { ...process.env, DOCKER_HOST: lab.dockerHost },
        stdio: 'ignore',
      });
      const left = await aHelper();
      const died = once(program, 'exit');
      program.kill('SIGKILL');
      await died;
      const label = Object.entries({ ...helperLabels(), 'docker-network-explorer.owner': 'elsewhere 1' });
      const options = label.flatMap(([key, value]) => ['--label', `${key}=${value}`]);
      const other = await runIdle(lab, 'afar-other', ...options);
      undo.push(() => lab.docker('rm', '--force', other));
      expect(new Set(await helpers())).toEqual(new Set([left, other]));
      await read(helper);
      await waitFor('the removal of what was left', async () => ((await helpers()).includes(left) ? undefined : true));
      expect(await helpers()).toContain(other);
    });
  });

  it('is read by exec from inside, where the other ends stay unknown', async () => {
    const truth = await trueWires(lab);
    const { view, wires } = await read(createExecKernel({ runner: engine.probe }));
    expect(view).toMatchObject({ source: 'exec', host: { links: [] } });
    expect(wires.filter(({ hostLink }) => hostLink !== undefined)).toEqual([]);
    const wrong = wires.filter(({ containerId, networkId, containerLink }) => {
      const one = truth.find((each) => each.containerId === containerId && each.networkId === networkId);
      return containerLink !== undefined && containerLink.name !== one?.containerLink.name;
    });
    expect(wrong).toEqual([]);
    // All but the paused one and the one without a shell.
    const named = wires.filter(({ containerLink }) => containerLink !== undefined).length;
    expect(named).toBe(wires.length - 2);
    expect(await helpers()).toEqual([]);
  });
});

it('the wires of an engine whose containers have other users than the host (userns-remap) are read all the same', async () => {
  const lab = await startEngine({ version: '28.5', dockerdArgs: ['--userns-remap=default'] });
  const engine = openEngine(lab.dockerHost);
  try {
    await importImages(lab);
    await createNetwork(lab, 'afar');
    for (const name of ['remap1', 'remap2']) await runIdle(lab, name, '--network', 'afar');
    await engine.info();
    const { view, wires } = await readWires(engine, helperOf(engine));
    expect(view.containers.map(({ exact }) => exact)).toEqual([true, true]);
    const truth = await trueWires(lab);
    expect([...wrongWires(wires, truth), ...unknownWires(wires, truth)]).toEqual([]);
  } finally {
    engine.close();
    lab.dispose();
  }
});
