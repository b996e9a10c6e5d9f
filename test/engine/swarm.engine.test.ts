import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dockerCommand } from '../../src/actions/dockerCommand.ts';
import type { Action, ServiceSpec } from '../../src/actions/specs.ts';
import { joinCommand } from '../../src/actions/swarmJoin.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { images, importImages } from '../lab/images.ts';
import { startEngine, type LabEngine } from '../lab/labEngine.ts';
import { waitFor } from '../lab/run.ts';
import { createNetwork, idle } from '../lab/topology.ts';
import { openEngine } from './openEngine.ts';

type Who = 'mine' | 'twin';

/**
 * For each change of a swarm: the state afterwards is the one that the docker client makes for the command that people
 * are shown. A swarm of one; that of two nodes is labNodes.engine.test.ts's.
 */
describe('a swarm on Docker 28.5', () => {
  let lab: LabEngine;
  let engine: Engine;
  let network: string;

  beforeAll(async () => {
    // A node asks for the newest image before each task, and goes on with its own when nobody answers: let that be at once.
    lab = await startEngine({ version: '28.5', env: { HTTPS_PROXY: 'http://127.0.0.1:9' } });
    await importImages(lab);
    engine = openEngine(lab.dockerHost);
    await engine.info();
  });

  afterAll(() => {
    engine.close();
    lab.dispose();
  });

  async function typed(action: Action): Promise<string> {
    const [program, ...args] = dockerCommand(action);
    expect(program).toBe('docker');
    return lab.docker(...args);
  }

  describe('before it is one', () => {
    it('says so, and refuses what only a manager can', async () => {
      const { swarm } = engine.control;
      expect(await swarm.status()).toMatchObject({ state: 'inactive', manager: false, nodes: 0 });
      const calls = [
        () => swarm.nodes(),
        () => swarm.services(),
        () => swarm.joinToken('worker'),
        () => swarm.leave(true),
      ];
      for (const call of calls)
        await expect(call()).rejects.toMatchObject({ name: 'EngineError', kind: 'engine', status: 503 });
    });
  });

  describe('of one node', () => {
    beforeAll(async () => {
      await engine.control.initSwarm('192.0.2.2');
      network = (await createNetwork(lab, 'over', '--driver', 'overlay', '--attachable')).trim();
    });

    afterAll(async () => {
      await lab.docker('swarm', 'leave', '--force').catch(() => '');
    });

    afterEach(async () => {
      // The last test ends the swarm.
      const list = await lab.docker('service', 'ls', '--quiet').catch(() => '');
      const services = list.split('\n').filter((id) => id !== '');
      if (services.length > 0) await lab.docker('service', 'rm', ...services);
    });

    it('is told as docker tells it', async () => {
      const { swarm } = engine.control;
      const status = await swarm.status();
      expect(status).toMatchObject({ state: 'active', manager: true, address: '192.0.2.2', nodes: 1, managers: 1 });
      const [node, ...others] = await swarm.nodes();
      const format = '{{.ID}} {{.Hostname}} {{.Status}} {{.Availability}} {{.ManagerStatus}} {{.EngineVersion}}';
      expect(`${node?.id} ${node?.name} Ready Active Leader ${node?.engineVersion}`).toBe(
        (await lab.docker('node', 'ls', '--format', format)).trim(),
      );
      expect(node).toMatchObject({ role: 'manager', leader: true, reachable: true, address: '192.0.2.2' });
      expect(node).toMatchObject({ state: 'ready', availability: 'active' });
      expect(others).toEqual([]);
    });

    it.each(['worker', 'manager'] as const)('has the join command of a %s that docker shows', async (role) => {
      const join = await engine.control.swarm.joinToken(role);
      expect(await lab.docker('swarm', 'join-token', role)).toContain(joinCommand(join, false).join(' '));
    });

    const cases: readonly (readonly [string, (who: Who) => Partial<ServiceSpec>])[] = [
      ['plain', () => ({})],
      [
        'on a network, with a port in ingress mode, replicas, environment and a command',
        (who) => ({
          network: { id: network, name: 'over' },
          replicas: 2,
          ports: [
            { containerPort: 6379, protocol: 'tcp', publishedPort: who === 'mine' ? 8088 : 18_088 },
            { containerPort: 53, protocol: 'udp', publishedPort: who === 'mine' ? 8053 : 18_053 },
          ],
          environment: ['A=b c', 'EMPTY='],
          command: idle,
        }),
      ],
      [
        'with a port in host mode',
        (who) => ({
          ports: [{ containerPort: 80, protocol: 'tcp', publishedPort: who === 'mine' ? 8089 : 18_089 }],
          publishMode: 'host',
          command: idle,
        }),
      ],
    ];

    it.each(cases)('runs a service: %s', async (_, differences) => {
      const spec = (who: Who): ServiceSpec => ({
        image: images.redis,
        name: who,
        replicas: 1,
        ports: [],
        publishMode: 'ingress',
        environment: [],
        command: [],
        ...differences(who),
      });
      const { id, warnings } = await engine.control.swarm.createService(spec('mine'));
      await typed({ kind: 'createService', spec: spec('twin') });
      expect(warnings).toEqual([]);
      // Its ports are given to a service a moment after it was made.
      for (const who of ['mine', 'twin'] as const) await runs(who, spec(who).replicas);
      expect(await service(id)).toEqual(await service('twin'));

      const listed = await engine.control.swarm.services();
      expect(listed.find(({ name }) => name === 'mine')).toEqual({
        id,
        name: 'mine',
        image: images.redis,
        replicas: spec('mine').replicas,
        ports: spec('mine').ports.map((port) => ({ ...port, mode: spec('mine').publishMode })),
      });
      await engine.control.swarm.removeService(id);
      await typed({ kind: 'removeServices', names: ['twin'] });
      expect(await engine.control.swarm.services()).toEqual([]);
    });

    it('refuses a name and a port that another service has, and one that is gone', async () => {
      const spec: ServiceSpec = {
        image: images.redis,
        name: 'mine',
        replicas: 1,
        ports: [{ containerPort: 80, protocol: 'tcp', publishedPort: 8090 }],
        publishMode: 'ingress',
        environment: [],
        command: idle,
      };
      const { swarm } = engine.control;
      const { id } = await swarm.createService(spec);
      await expect(swarm.createService({ ...spec, ports: [] })).rejects.toMatchObject({ kind: 'conflict' });
      await expect(swarm.createService({ ...spec, name: 'other' })).rejects.toThrow('8090');
      await expect(swarm.createService({ ...spec, name: 'a.b', ports: [] })).rejects.toMatchObject({ kind: 'invalid' });
      await swarm.removeService(id);
      await expect(swarm.removeService(id)).rejects.toMatchObject({ kind: 'notFound' });
    });

    it('lets its manager go with force only, and is gone then, as docker’s is', async () => {
      const { swarm } = engine.control;
      await expect(swarm.leave(false)).rejects.toMatchObject({ name: 'EngineError' });
      expect((await swarm.status()).state).toBe('active');
      await swarm.leave(true);
      expect(await swarm.status()).toMatchObject({ state: 'inactive', manager: false });
      await engine.control.initSwarm('192.0.2.2');
      await typed({ kind: 'swarmLeave', force: true });
      expect((await swarm.status()).state).toBe('inactive');
    });
  });

  /** Its specification and what its ports became: twins differ by name and by the 1 before a port. */
  async function service(id: string): Promise<unknown> {
    const { Spec, Endpoint } = (await lab.api(`/services/${id}`)) as { Spec: unknown; Endpoint: { Ports?: unknown } };
    const plain = JSON.stringify(meaning({ Spec, Ports: Endpoint.Ports }));
    return JSON.parse(plain.replaceAll(/"(mine|twin)"/g, '"WHO"').replaceAll(/\b1(80\d\d)\b/g, '$1'));
  }

  async function runs(name: string, tasks: number): Promise<void> {
    await waitFor(`the tasks of ${name}`, async () => {
      const list = await lab.docker('ps', '--quiet', '--filter', `label=com.docker.swarm.service.name=${name}`);
      return list.split('\n').filter((id) => id !== '').length === tasks ? true : undefined;
    });
  }
});

/** Without what is empty, and without the mode of endpoints that a service has where nobody says one. */
function meaning(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(meaning);
  const entries = Object.entries(value)
    .map(([key, item]) => [key, meaning(item)] as const)
    .filter(([key, item]) => key !== 'Mode' || item !== 'vip')
    .filter(([, item]) => item !== null && item !== '' && item !== 0 && item !== false && !isEmpty(item));
  return Object.fromEntries(entries);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
