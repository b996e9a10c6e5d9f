import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type { Endpoint } from '../../src/topology/model.ts';
import { remoteEndpoints } from '../../src/topology/overlay.ts';
import { importImages } from '../lab/images.ts';
import type { LabNodes } from '../lab/nodes.ts';
import { openLabSession } from '../lab/openSession.ts';
import { waitFor } from '../lab/run.ts';
import { startSwarm } from '../lab/swarm.ts';
import { createNetwork, runIdle } from '../lab/topology.ts';
import { openEngine } from './openEngine.ts';

/** What a node of a swarm is not told, or told in a way that is easily misread. */
describe('an overlay network of a swarm of Docker 28.5', () => {
  let swarm: LabNodes;
  let engine: Engine;
  let demo: string;

  beforeAll(async () => {
    swarm = await startSwarm({ version: '28.5' });
    await Promise.all(swarm.nodes.map(importImages));
    const [manager] = swarm.nodes;
    const options = ['--driver', 'overlay', '--attachable', '--subnet', '10.77.0.0/24'];
    demo = (await createNetwork(manager, 'demo', ...options)).trim();
    engine = openEngine(manager.dockerHost);
    await engine.info();
  });

  afterAll(() => {
    engine.close();
    swarm.dispose();
  });

  it('shows what comes and goes on the other node while somebody looks, though no event tells of it', async () => {
    const [manager, worker] = swarm.nodes;
    await runIdle(manager, 'here', '--network', 'demo');
    const session = openLabSession(manager.dockerHost);
    const shown = (): string => {
      const { snapshot } = session;
      const network = snapshot?.networks.find(({ id }) => id === demo);
      if (snapshot === undefined || network === undefined) return '';
      return remoteEndpoints(network, snapshot)
        .map(({ name }) => name)
        .join(' ');
    };
    try {
      session.setActive(true);
      await waitFor('a first snapshot', () => session.snapshot);
      expect(shown()).toBe('');
      let told = 0;
      session.onDidChangeSnapshot(({ networks }) => (told += networks.has(demo) ? 1 : 0));
      await runIdle(worker, 'away', '--network', 'demo');
      await waitFor('the container of the other node', () => (shown() === 'away' ? true : undefined), 20_000);
      await worker.docker('rm', '--force', 'away');
      await waitFor('its end', () => (shown() === '' ? true : undefined), 20_000);
      // The nodes may tell each other of a peer before they tell of its container.
      expect(told).toBeGreaterThanOrEqual(2);
    } finally {
      session.dispose();
    }
  });

  async function seatOf(name: string): Promise<{ readonly id: string; readonly seat: Endpoint }> {
    const found = (await engine.containers()).find(({ model }) => model.name === name)?.model;
    const seat = found?.endpoints.find(({ networkId }) => networkId === demo);
    if (found === undefined || seat === undefined) throw new Error(`${name} is not on demo`);
    return { id: found.id, seat };
  }

  it('lists an address that the swarm chose as if it were fixed, until the container stops', async () => {
    const [manager] = swarm.nodes;
    await runIdle(manager, 'chosen', '--network', 'demo');
    await runIdle(manager, 'fixed', '--network', 'demo', '--ip', '10.77.0.77');
    for (const name of ['chosen', 'fixed']) {
      const { seat } = await seatOf(name);
      expect(seat.fixedIpv4).toBe(seat.ipv4);
    }
    await manager.docker('stop', '--time', '0', 'chosen', 'fixed');
    expect((await seatOf('chosen')).seat.fixedIpv4).toBeUndefined();
    expect((await seatOf('fixed')).seat.fixedIpv4).toBe('10.77.0.77');
    await manager.docker('start', 'chosen', 'fixed');
  });

  it('fixes no address where a seat is taken anew without one, nor where a container is replaced', async () => {
    const [manager] = swarm.nodes;
    const before = await seatOf('chosen');
    const spec = { aliases: ['db'], links: [], driverOptions: {} };
    await engine.control.replaceEndpoint(demo, before.id, spec);
    await engine.control.republish(
      before.id,
      [{ containerPort: 80, protocol: 'tcp', hostPort: 8085 }],
      () => undefined,
    );
    await engine.control.republish((await seatOf('fixed')).id, [], () => undefined);
    expect((await seatOf('chosen')).seat.aliases).toContain('db');
    await manager.docker('stop', '--time', '0', 'chosen', 'fixed');
    expect((await seatOf('chosen')).seat.fixedIpv4).toBeUndefined();
    expect((await seatOf('fixed')).seat.fixedIpv4).toBe('10.77.0.77');
  });
});
