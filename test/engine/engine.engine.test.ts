import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EngineError, type Engine, type EngineEvent } from '../../src/engine/engine.ts';
import { images } from '../lab/images.ts';
import { inspectContainers, inspectNetworks } from '../lab/inspect.ts';
import { labVersions, ordinaryUser, startEngine, type LabEngine } from '../lab/labEngine.ts';
import { waitFor } from '../lab/run.ts';
import { createNetwork, idle, runIdle, tutorialTopology } from '../lab/topology.ts';
import { factsOfContainer, factsOfInspectedContainer, factsOfInspectedNetwork, factsOfNetwork } from './facts.ts';
import { openEngine } from './openEngine.ts';

const unknownId = '0'.repeat(64);

describe.each(labVersions)('the engine port on Docker %s', (version) => {
  let lab: LabEngine;
  let engine: Engine;

  beforeAll(async () => {
    lab = await startEngine({ version });
    await tutorialTopology(lab);
    engine = openEngine(lab.dockerHost);
    await engine.info();
  });

  afterAll(() => {
    engine.close();
    lab.dispose();
  });

  async function byName(name: string) {
    return (await engine.containers()).find(({ model }) => model.name === name)?.model;
  }

  describe('what it reads', () => {
    it('tells which engine it is and speaks a version that the engine knows', async () => {
      const own = (await lab.api('/version')) as Record<'Version' | 'ApiVersion' | 'KernelVersion', string>;
      const { ID } = (await lab.api('/info')) as { ID: string };
      const info = await engine.info();
      expect(info).toMatchObject({
        id: ID,
        name: lab.name.toLowerCase(),
        version: own.Version,
        kernelVersion: own.KernelVersion,
        os: 'linux',
        rootless: false,
        swarm: 'inactive',
      });
      const [major = 0, minor = 0] = info.apiVersion.split('.').map(Number);
      const [newestMajor = 0, newestMinor = 0] = own.ApiVersion.split('.').map(Number);
      expect(major).toBe(newestMajor);
      expect(minor).toBeLessThanOrEqual(newestMinor);
    });

    it('lists every network as `docker network inspect` has it', async () => {
      const truth = (await inspectNetworks(lab)).map(factsOfInspectedNetwork);
      const mine = (await engine.networks()).map(({ model }) => factsOfNetwork(model));
      expect(mine).toHaveLength(truth.length);
      expect(mine).toEqual(expect.arrayContaining(truth));
    });

    it('lists every container as `docker inspect` has it, stopped ones too', async () => {
      const truth = (await inspectContainers(lab)).map(factsOfInspectedContainer);
      const mine = new Map((await engine.containers()).map(({ model }) => [model.id, factsOfContainer(model)]));
      expect([...mine.keys()].sort()).toEqual(truth.map(({ id }) => id).sort());
      for (const facts of truth) expect(mine.get(facts.id), facts.name).toEqual(facts);
    });

    it('reads one container and one network as it reads them among all', async () => {
      for (const { model } of await engine.containers()) {
        // The status is a sentence with the time since the start.
        const status = expect.any(String) as string;
        expect((await engine.container(model.id))?.model).toEqual({ ...model, status });
      }
      for (const { model } of await engine.networks()) {
        expect((await engine.network(model.id))?.model).toEqual(model);
      }
    });

    it('keeps the record of the engine beside the model', async () => {
      const redis = (await engine.containers()).find(({ model }) => model.name === 'redis');
      expect(redis?.raw).toMatchObject({ Id: redis?.model.id, Name: '/redis', Config: { Image: images.redis } });
    });

    it('knows whose namespace a `container:` one shares', async () => {
      const owner = await byName('test1');
      expect((await byName('shared1'))?.mode).toEqual({ kind: 'container', ownerId: owner?.id });
    });

    it('knows what was asked for: links, aliases, fixed addresses, DNS servers, several published ports', async () => {
      const network = await createNetwork(
        lab,
        'asked',
        '--subnet',
        '10.123.0.0/24',
        '--ip-range',
        '10.123.0.128/25',
        '--label',
        'a=b',
      );
      await runIdle(
        lab,
        'asked1',
        ...[
          '--network',
          'asked',
          '--ip',
          '10.123.0.7',
          '--network-alias',
          'one',
          '--network-alias',
          'two',
          '--dns',
          '192.0.2.1',
        ],
        ...[
          '--link',
          'test3:third',
          '--publish',
          '127.0.0.1:9001:80',
          '--publish',
          '9002:80',
          '--publish',
          '9003:53/udp',
          '--expose',
          '99',
        ],
      );
      const raw = (await inspectContainers(lab)).find(({ Name }) => Name === '/asked1');
      if (raw === undefined) throw new Error('asked1 is not there');
      const mine = await engine.container(raw.Id);
      expect(mine && factsOfContainer(mine.model)).toEqual(factsOfInspectedContainer(raw));
      expect(mine?.model.endpoints).toMatchObject([
        { networkId: network, fixedIpv4: '10.123.0.7', links: [{ target: 'test3', alias: 'third' }] },
      ]);
      expect(mine?.model.endpoints[0]?.aliases).toEqual(expect.arrayContaining(['one', 'two']));
      expect(mine?.model.ports).toContainEqual({ containerPort: 99, protocol: 'tcp' });
      expect(mine?.model.ports).toContainEqual({
        containerPort: 80,
        protocol: 'tcp',
        hostIp: '127.0.0.1',
        hostPort: 9001,
      });
      expect((await engine.network(network))?.model.pools).toMatchObject([
        { subnet: '10.123.0.0/24', ipRange: '10.123.0.128/25' },
      ]);
      await lab.docker('rm', '--force', 'asked1');
      await lab.docker('network', 'rm', 'asked');
    });

    it('keeps a name that is Markdown, right-to-left or very long as it is', async () => {
      const label = `**bold** [x](command:y) \u202Ertl ${'z'.repeat(5_000)}`;
      const network = await createNetwork(lab, '**odd** `net`', '--label', `odd=${label}`);
      expect((await engine.network(network))?.model).toMatchObject({ name: '**odd** `net`', labels: { odd: label } });
      await lab.docker('network', 'rm', network);
    });

    it('tells two networks of one name apart, on an engine that allows them', async () => {
      const create = async (): Promise<string> => {
        return ((await lab.api('/networks/create', { Name: 'same' })) as { readonly Id: string }).Id;
      };
      const first = await create();
      await runIdle(lab, 'same1', '--network', 'same');
      // Since API 1.44 the engine refuses the second.
      if (version !== '20.10') await expect(create()).rejects.toThrow('409');
      const made = [first, ...(version === '20.10' ? [await create()] : [])];
      const same = (await engine.networks()).filter(({ model }) => model.name === 'same').map(({ model }) => model.id);
      expect(same.sort()).toEqual([...made].sort());
      expect((await byName('same1'))?.endpoints).toMatchObject([{ networkId: first, networkName: 'same' }]);
      await lab.docker('rm', '--force', 'same1');
      for (const id of made) await lab.docker('network', 'rm', id);
    });

    it('answers with nothing for what is gone', async () => {
      const id = await runIdle(lab, 'gone1');
      await lab.docker('rm', '--force', 'gone1');
      expect(await engine.container(id)).toBeUndefined();
      expect(await engine.container(unknownId)).toBeUndefined();
      expect(await engine.network(unknownId)).toBeUndefined();
    });

    it('reads on while containers come and go', async () => {
      const churn = async (): Promise<void> => {
        for (let round = 0; round < 6; round++) {
          await lab.docker('run', '--rm', '--name', `churn${round}`, images.busybox, 'true');
        }
      };
      const read = async (): Promise<void> => {
        for (let round = 0; round < 60; round++) {
          expect((await engine.containers()).some(({ model }) => model.name === 'test1')).toBe(true);
        }
      };
      await Promise.all([churn(), read()]);
    });
  });

  describe('what happens on the engine', () => {
    const closers: (() => void)[] = [];

    afterEach(() => {
      for (const close of closers.splice(0)) close();
    });

    async function follow(since?: number): Promise<{ events: EngineEvent[]; closed: EngineError[] }> {
      const heard = { events: [] as EngineEvent[], closed: [] as EngineError[] };
      const listener = {
        event: (event: EngineEvent) => heard.events.push(event),
        closed: (error: EngineError) => heard.closed.push(error),
      };
      const subscription = await engine.events(listener, since);
      closers.push(() => subscription.dispose());
      return heard;
    }

    function expectEvent(events: readonly EngineEvent[], expected: Partial<EngineEvent>): Promise<true> {
      const fits = (event: EngineEvent): boolean =>
        Object.entries(expected).every(([key, value]) => event[key as keyof EngineEvent] === value);
      const seen = (): true | undefined => (events.some(fits) ? true : undefined);
      return waitFor(`an event ${JSON.stringify(expected)} among ${JSON.stringify(events)}`, seen, 10_000);
    }

    it('hears of a container that starts, pauses, is renamed, dies and is removed', async () => {
      const { events, closed } = await follow();
      const containerId = await runIdle(lab, 'heard1');
      for (const action of ['pause', 'unpause', 'stop'] as const) await lab.docker(action, 'heard1');
      await lab.docker('rename', 'heard1', 'heard2');
      await lab.docker('rm', 'heard2');
      for (const action of ['create', 'start', 'pause', 'unpause', 'die', 'rename', 'destroy']) {
        await expectEvent(events, { kind: 'container', action, containerId });
      }
      expect(closed).toEqual([]);
    });

    it('hears of a network that is made, joined, left and removed', async () => {
      const { events } = await follow();
      const containerId = (await byName('test1'))?.id ?? '';
      const networkId = await createNetwork(lab, 'heard');
      await lab.docker('network', 'connect', 'heard', 'test1');
      await lab.docker('network', 'disconnect', 'heard', 'test1');
      await lab.docker('network', 'rm', 'heard');
      await expectEvent(events, { kind: 'network', action: 'create', networkId });
      await expectEvent(events, { kind: 'network', action: 'connect', networkId, containerId });
      await expectEvent(events, { kind: 'network', action: 'disconnect', networkId, containerId });
      await expectEvent(events, { kind: 'network', action: 'destroy', networkId });
    });

    it('misses nothing between a read and the subscription', async () => {
      // Some engines' clocks tick a second late in `since`; the event itself carries the time that counts.
      const before = Date.now() / 1000;
      const networkId = await createNetwork(lab, 'late');
      const { events } = await follow(before);
      await expectEvent(events, { kind: 'network', action: 'create', networkId });
      expect(events.find((event) => event.kind === 'network')?.time).toBeGreaterThan(before - 1);
      await lab.docker('network', 'rm', 'late');
    });

    it('hears nothing after it unsubscribed', async () => {
      const heard = await follow();
      closers.splice(0).forEach((close) => close());
      const networkId = await createNetwork(lab, 'unheard');
      await lab.docker('network', 'rm', 'unheard');
      expect(heard.events).not.toContainEqual(expect.objectContaining({ networkId }));
      expect(heard.closed).toEqual([]);
    });

    it('says that the engine stopped, and works again when it is back', async () => {
      const heard = await follow();
      await lab.stop();
      const closed = await waitFor('the end of the event stream', () => heard.closed[0]);
      expect(closed).toBeInstanceOf(EngineError);
      const failure: unknown = await engine.info().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(EngineError);
      expect(failure).toMatchObject({ kind: 'unreachable' });
      await expect(engine.containers()).rejects.toMatchObject({ name: 'EngineError', kind: 'unreachable' });
      await lab.start();
      expect((await engine.info()).name).toBe(lab.name.toLowerCase());
      expect(await byName('test1')).toMatchObject({ state: 'exited', pid: 0 });
      const again = await follow();
      const containerId = (await byName('test1'))?.id ?? '';
      await lab.docker('start', 'test1');
      await expectEvent(again.events, { kind: 'container', action: 'start', containerId });
      expect(heard.closed).toHaveLength(1);
    });

    it('says that the engine lost its power', async () => {
      const heard = await follow();
      await lab.kill();
      expect(await waitFor('the end of the event stream', () => heard.closed[0])).toBeInstanceOf(EngineError);
      await lab.start();
      expect(await byName('test1')).toMatchObject({ state: 'exited' });
    });
  });

  it('lets a member of the group use the socket, and tells anyone else that it may not', async () => {
    const read = ['node', 'test/engine/readInfo.ts'];
    const stranger = { uid: ordinaryUser.uid, gid: ordinaryUser.uid };
    expect(JSON.parse(await lab.runInside(read, ordinaryUser))).toMatchObject({ name: lab.name.toLowerCase() });
    await expect(lab.runInside(read, stranger)).rejects.toThrow("kind: 'denied'");
  });

  it('leaves nothing of a container with a command that does not exist but its record', async () => {
    await expect(lab.docker('run', '--name', 'broken1', images.shellless, 'nothing-here')).rejects.toThrow();
    expect(await byName('broken1')).toMatchObject({ state: 'created', pid: 0 });
    await lab.docker('rm', 'broken1');
  });

  it('reads a container that was only created', async () => {
    const id = (
      await lab.docker('create', '--name', 'created1', '--network', 'my-bridge', images.busybox, ...idle)
    ).trim();
    const network = (await engine.networks()).find(({ model }) => model.name === 'my-bridge')?.model.id;
    expect((await engine.container(id))?.model).toMatchObject({
      state: 'created',
      pid: 0,
      endpoints: [{ networkName: 'my-bridge', networkId: network, endpointId: '' }],
    });
    expect((await byName('created1'))?.endpoints).toMatchObject([{ networkId: network }]);
    await lab.docker('rm', 'created1');
  });
});
