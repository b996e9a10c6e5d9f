import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labVersions, startEngine, type LabEngine } from '../lab/labEngine.ts';
import { portByTraffic, trueWires } from '../lab/oracle.ts';
import { tutorialTopology } from '../lab/topology.ts';

describe.each(labVersions)('the oracle on Docker %s', (version) => {
  let engine: LabEngine;

  beforeAll(async () => {
    engine = await startEngine({ version });
    await tutorialTopology(engine);
  });

  afterAll(() => engine.dispose());

  it('tells of every endpoint the same host veth as the bridge that learned its address from traffic', async () => {
    const wires = await trueWires(engine);
    expect(wires.map(({ containerName, networkName }) => `${containerName}@${networkName}`).sort()).toEqual([
      'redis@my-bridge',
      'shellless1@my-bridge',
      'shop-api-1@shop_default',
      'shop-web-1@shop_default',
      'test1@bridge',
      'test2@bridge',
      'test2@my-bridge',
      'test3@my-bridge',
    ]);
    for (const wire of wires) {
      expect(await portByTraffic(engine, wire)).toBe(wire.hostLink.name);
    }
  });
});
