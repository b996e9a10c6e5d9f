import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectContainers } from '../lab/inspect.ts';
import { startEngine, type LabEngine } from '../lab/labEngine.ts';
import { portByTraffic, trueWires } from '../lab/oracle.ts';
import { tutorialTopology } from '../lab/topology.ts';
import { machineLinks, tracesOf } from '../lab/traces.ts';

describe('the lab with Podman', () => {
  let engine: LabEngine;
  let linksBefore: readonly string[];

  beforeAll(async () => {
    linksBefore = await machineLinks();
    engine = await startEngine({ version: 'podman' });
    await tutorialTopology(engine);
  });

  afterAll(() => engine.dispose());

  it('answers as Docker to the docker command', async () => {
    expect(await engine.api('/version')).toMatchObject({
      Components: expect.arrayContaining([expect.objectContaining({ Name: 'Podman Engine' })]) as unknown,
    });
    // By name and over TCP: Podman's containers have no right to ping.
    expect(await engine.docker('exec', 'test3', 'sh', '-c', 'echo hello | nc -w 1 redis 6379')).toBe('hello\n');
  });

  it('has an oracle for its wires', async () => {
    const wires = await trueWires(engine);
    expect(
      wires.map(({ containerName, networkName, bridge }) => `${containerName}@${networkName} ${bridge}`).sort(),
    ).toEqual([
      'redis@my-bridge podman1',
      'shellless1@my-bridge podman1',
      'shop-api-1@shop_default podman2',
      'shop-web-1@shop_default podman2',
      'test1@podman podman0',
      'test2@my-bridge podman1',
      'test2@podman podman0',
      'test3@my-bridge podman1',
    ]);
    for (const wire of wires) expect(await portByTraffic(engine, wire)).toBe(wire.hostLink.name);
  });

  it('starts again as after a reboot, and leaves nothing behind', async () => {
    await engine.stop();
    await engine.start();
    expect((await inspectContainers(engine)).filter(({ State }) => State.Pid > 0)).toEqual([]);
    await engine.docker('start', 'redis');
    expect(await trueWires(engine)).toHaveLength(1);
    engine.dispose();
    expect(tracesOf(engine.directory)).toEqual([]);
    expect(await machineLinks()).toEqual(linksBefore);
  });
});
