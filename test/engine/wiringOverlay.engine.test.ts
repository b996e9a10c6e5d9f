import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEtcdCluster, storedOverlay } from '../lab/etcd.ts';
import { importImages } from '../lab/images.ts';
import { labVersions, type LabEngine } from '../lab/labEngine.ts';
import type { LabNodes } from '../lab/nodes.ts';
import { trueGatewayWires, trueSystemWires, trueWires } from '../lab/oracle.ts';
import { overlayTopology, startSwarm } from '../lab/swarm.ts';
import { runIdle } from '../lab/topology.ts';
import { swarmCases } from './scenario.ts';
import { unprovenWires, wrongClaims, wrongEdges, wrongSystemWires, type Truth } from './wiringChecks.ts';
import { readers, type Reader } from './wiringReaders.ts';

async function truthOf(engine: LabEngine): Promise<Truth> {
  const [wires, gateways, system] = [
    await trueWires(engine),
    await trueGatewayWires(engine),
    await trueSystemWires(engine),
  ];
  return { wires, gateways, system };
}

/** Nothing wrong for this reader on this node, and all known that it can know. */
async function expectTruth(engine: LabEngine, truth: Truth, reader: Reader): Promise<void> {
  const snapshot = await reader.read(engine);
  expect(snapshot.kernel.kind, JSON.stringify(snapshot.kernel).slice(0, 200)).toBe('read');
  expect(wrongClaims(snapshot, truth.wires)).toEqual([]);
  expect(unprovenWires(snapshot, truth.wires, reader)).toEqual([]);
  expect(wrongEdges(snapshot, truth, reader)).toEqual([]);
  expect(wrongSystemWires(snapshot, truth, reader)).toEqual([]);
}

/** Of a container, as `DRIVER on NETWORK`. */
function kindsOf({ wires }: Truth, container: string): readonly string[] {
  return wires
    .filter(({ containerName }) => containerName === container)
    .map(({ kind, networkName }) => `${kind} on ${networkName}`)
    .sort();
}

describe.each(labVersions)('wires on a swarm of Docker %s', (version) => {
  let swarm: LabNodes;
  let truths: readonly [Truth, Truth];

  beforeAll(async () => {
    swarm = await startSwarm({ version });
    await overlayTopology(swarm);

    await swarmCases(swarm);

    truths = [await truthOf(swarm.nodes[0]), await truthOf(swarm.nodes[1])];
  });

  afterAll(() => swarm.dispose());

  it('are of every kind that the readers are held against', () => {
    for (const [at, truth] of truths.entries()) {
      // prettier-ignore
      expect(kindsOf(truth, 'all')).toEqual([
        'macvlan on lan', 'overlay on demo', 'veth on bridge', 'veth on plain',
      ]);
      expect(kindsOf(truth, 'wide')).toEqual(['overlay on demo', 'overlay on wide']);
      expect(kindsOf(truth, 'closed')).toEqual(['overlay on closed']);
      expect(kindsOf(truth, 'each')).toEqual(['veth on each']);
      expect(kindsOf(truth, 'guest')).toEqual([]);
      const leading = truth.gateways.map(({ containerName }) => containerName.replace(/^(web)\..*/, '$1')).sort();
      // One with another way out needs no second wire.
      expect(leading).toEqual([`demo${at + 1}`, 'web', 'wide']);
      const ingress = truth.system.filter(({ namespace }) => namespace === 'ingress_sbox');
      expect(ingress.map(({ bridge, sandbox = '' }) => `${bridge} ${sandbox.slice(0, 2)}`).sort()).toEqual([
        'br0 1-',
        'docker_gwbridge ',
      ]);
    }
  });

  it.each(readers)('are never wrong for $who', async (reader) => {
    for (const at of [0, 1] as const) await expectTruth(swarm.nodes[at], truths[at], reader);
  });
});

describe('wires on a cluster of Docker 20.10 by etcd', () => {
  let cluster: LabNodes;
  let truths: readonly [Truth, Truth];

  beforeAll(async () => {
    cluster = await startEtcdCluster();
    // While it has an overlay, this release may give an overlay's namespace to the first container that asks for the host's
    // (a thread of dockerd's is left in there), and to all after it. Then a helper reads nothing and says so.
    for (const node of cluster.nodes) {
      await importImages(node);
      await runIdle(node, 'host1', '--network', 'host');
    }
    await storedOverlay(cluster);
    for (const [at, node] of cluster.nodes.entries()) {
      // The namespace of a network goes with its last container here, and gets another name the next time.
      await node.docker('rm', '--force', `demo${at + 1}`);
      await runIdle(node, `demo${at + 1}`, '--network', 'demo');
      await runIdle(node, `more${at + 1}`);
      await node.docker('network', 'connect', 'demo', `more${at + 1}`);
    }
    truths = [await truthOf(cluster.nodes[0]), await truthOf(cluster.nodes[1])];
  });

  afterAll(() => cluster.dispose());

  it('are of every kind that the readers are held against', () => {
    for (const [at, truth] of truths.entries()) {
      expect(kindsOf(truth, `demo${at + 1}`)).toEqual(['overlay on demo']);
      expect(kindsOf(truth, `more${at + 1}`)).toEqual(['overlay on demo', 'veth on bridge']);
      expect(truth.gateways.map(({ containerName }) => containerName)).toEqual([`demo${at + 1}`]);
      expect([...new Set(truth.wires.map(({ sandbox = '' }) => sandbox.slice(0, 2)))].sort()).toEqual(['', '2-']);
    }
  });

  it.each(readers)('are never wrong for $who', async (reader) => {
    for (const at of [0, 1] as const) await expectTruth(cluster.nodes[at], truths[at], reader);
  });
});
