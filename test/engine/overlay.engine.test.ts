import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphOf } from '../../src/topology/graph.ts';
import type { Network, Snapshot } from '../../src/topology/model.ts';
import { otherHosts, remoteEndpoints, sandboxOf } from '../../src/topology/overlay.ts';
import { startEtcdCluster, storedOverlay } from '../lab/etcd.ts';
import { ordinaryUser, outerVersions, type InsideOptions, type LabEngine } from '../lab/labEngine.ts';
import { nodeAddresses, type LabNodes } from '../lab/nodes.ts';
import { trueGatewayWires, trueWires } from '../lab/oracle.ts';
import { overlayTopology, startSwarm } from '../lab/swarm.ts';
import { unknownWires, wrongWires } from './compareWires.ts';
import { openEngine } from './openEngine.ts';

async function readInside(engine: LabEngine, user: InsideOptions = {}): Promise<Snapshot> {
  return JSON.parse(await engine.runInside(['node', 'test/engine/readSnapshot.ts'], user)) as Snapshot;
}

function networkOf(snapshot: Snapshot, name: string): Network {
  const found = snapshot.networks.find((network) => network.name === name);
  if (found === undefined) throw new Error(`no network ${name}`);
  return found;
}

/** `name address host`, a task by its service's name alone. */
function remoteOf(snapshot: Snapshot, network: string): readonly string[] {
  return remoteEndpoints(networkOf(snapshot, network), snapshot)
    .map(({ name, ipv4 = '', host = 'unknown' }) => `${name.replace(/^(web)\..*/, '$1')} ${ipv4} ${host}`)
    .sort();
}

/** Seats that the other node's own containers have on the network, as `remoteOf` says them. */
function localOf(snapshot: Snapshot, network: string, host: string): readonly string[] {
  const { id } = networkOf(snapshot, network);
  return snapshot.containers
    .flatMap(({ name, endpoints }) =>
      endpoints
        .filter(({ networkId }) => networkId === id)
        .map(({ ipv4 = '' }) => `${name.replace(/^(web)\..*/, '$1')} ${ipv4} ${host}`),
    )
    .sort();
}

/** Every wire of root is the kernel's, and the second leg of each container leads to docker_gwbridge. */
async function expectTrueWires(node: LabEngine, snapshot: Snapshot): Promise<void> {
  const truth = await trueWires(node);
  expect(truth.some(({ kind }) => kind === 'overlay')).toBe(true);
  expect(wrongWires(snapshot.wires, truth)).toEqual([]);
  expect(unknownWires(snapshot.wires, truth)).toEqual([]);
  for (const { containerId, networkId, sandbox } of truth) {
    const wire = snapshot.wires.find((one) => one.containerId === containerId && one.networkId === networkId);
    expect(wire?.sandbox).toBe(sandbox);
  }
  const graph = graphOf(snapshot);
  const gateways = await trueGatewayWires(node);
  expect(gateways).not.toEqual([]);
  for (const { containerId, containerLink, hostLink, networkId } of gateways) {
    expect(graph.edges).toContainEqual(
      expect.objectContaining({
        id: `wire:${containerId}/${containerLink.name}`,
        kind: 'wire',
        networkId,
        confidence: 'exact',
        hostLink: expect.objectContaining({ name: hostLink.name }) as unknown,
      }),
    );
  }
}

/** One who may not look into the sandbox knows no host end, and names none. */
async function expectNothingWrong(node: LabEngine): Promise<void> {
  const snapshot = await readInside(node, ordinaryUser);
  const overlays = snapshot.wires.filter(({ kind }) => kind === 'overlay');
  expect(overlays).not.toEqual([]);
  for (const wire of overlays) expect(wire).toMatchObject({ confidence: 'unknown', candidates: [] });
  expect(overlays.filter(({ hostLink }) => hostLink !== undefined)).toEqual([]);
}

function hostsDrawn(snapshot: Snapshot, network: string): readonly string[] {
  const { id } = networkOf(snapshot, network);
  const { nodes, edges } = graphOf(snapshot);
  return edges
    .filter((edge) => edge.kind === 'egress' && edge.by === 'vxlan' && edge.from === `network:${id}`)
    .map(({ to }) => nodes.find((node) => node.id === to))
    .map((node) => (node?.kind === 'link' ? node.name : ''));
}

describe.each(outerVersions)('an overlay network of a swarm of Docker %s', (version) => {
  let swarm: LabNodes;
  let manager: Snapshot;
  let worker: Snapshot;

  beforeAll(async () => {
    swarm = await startSwarm({ version });
    await overlayTopology(swarm);
    [manager, worker] = await Promise.all([readInside(swarm.nodes[0]), readInside(swarm.nodes[1])]);
  });

  afterAll(() => swarm.dispose());

  it('says which node of the swarm it is', () => {
    expect(manager.engine.swarmNode).toMatchObject({ address: nodeAddresses[0], manager: true });
    expect(worker.engine.swarmNode).toMatchObject({ address: nodeAddresses[1], manager: false });
  });

  it('tells VNI, encryption, hosts and services, on a worker too', () => {
    expect(networkOf(manager, 'sealed').overlay).toMatchObject({
      encrypted: true,
      peers: [],
      services: [],
      remote: [],
    });
    for (const snapshot of [manager, worker]) {
      const { overlay } = networkOf(snapshot, 'demo');
      expect(overlay).toMatchObject({ vnis: [expect.any(Number)], encrypted: false });
      expect(overlay?.peers.map(({ address }) => address)).toEqual([...nodeAddresses]);
      const web = overlay?.services.find(({ name }) => name === 'web');
      expect(web?.vip).toMatch(/^10\.77\.0\.\d+$/);
      expect(web?.tasks.map(({ host }) => host).sort()).toEqual([...nodeAddresses]);
    }
    const ingress = networkOf(worker, 'ingress');
    expect(ingress.ingress).toBe(true);
    expect(ingress.overlay?.services.find(({ name }) => name === 'web')?.ports).toEqual([
      'Target: 6379, Publish: 8088',
    ]);
  });

  it('shows what is on the other node as that, and as no container of this one', () => {
    for (const network of ['demo', 'ingress']) {
      expect(remoteOf(manager, network)).toEqual(localOf(worker, network, nodeAddresses[1]));
      expect(remoteOf(worker, network)).toEqual(localOf(manager, network, nodeAddresses[0]));
    }
    expect(manager.containers.map(({ name }) => name)).not.toContain('demo2');
  });

  it('draws the other node, and the VXLAN to it', () => {
    expect(hostsDrawn(manager, 'demo')).toEqual([nodeAddresses[1]]);
    expect(hostsDrawn(worker, 'demo')).toEqual([nodeAddresses[0]]);
    expect(otherHosts(networkOf(manager, 'sealed'), manager)).toEqual([]);
  });

  it('reads the sandbox: bridge, VXLAN, and every wire', async () => {
    for (const [node, snapshot] of [
      [swarm.nodes[0], manager],
      [swarm.nodes[1], worker],
    ] as const) {
      await expectTrueWires(node, snapshot);
      const { id, overlay } = networkOf(snapshot, 'demo');
      const sandbox = snapshot.kernel.kind === 'read' ? sandboxOf(snapshot.kernel.view, id) : undefined;
      const [vxlan] = sandbox?.links.filter(({ kind }) => kind === 'vxlan') ?? [];
      expect(vxlan).toMatchObject({ master: 'br0', vxlan: { vni: overlay?.vnis[0] } });
    }
  });

  it('names no host end where the sandbox cannot be read', () => expectNothingWrong(swarm.nodes[0]));

  it('says the same of a network each time, alone and in the list', async () => {
    const engine = openEngine(swarm.nodes[0].dockerHost);
    try {
      await engine.info();
      const read = async (): Promise<readonly Network[]> =>
        (await engine.networks()).map(({ model }) => model).sort((a, b) => (a.id < b.id ? -1 : 1));
      const first = await read();
      expect(await read()).toEqual(first);
      for (const network of first) expect((await engine.network(network.id))?.model).toEqual(network);
    } finally {
      engine.close();
    }
  });
});

describe('an overlay network of Docker 20.10 by etcd', () => {
  let cluster: LabNodes;
  let first: Snapshot;
  let second: Snapshot;

  beforeAll(async () => {
    cluster = await startEtcdCluster();
    await storedOverlay(cluster);
    // The engine learns where a container is when something is sent to it.
    await cluster.nodes[0].docker('exec', 'demo1', 'ping', '-c', '1', '-W', '5', 'demo2');
    [first, second] = await Promise.all([readInside(cluster.nodes[0]), readInside(cluster.nodes[1])]);
  });

  afterAll(() => cluster.dispose());

  it('is recognised by the cluster store', () => {
    expect(first.engine).toMatchObject({
      swarm: 'inactive',
      clusterStore: `etcd://${nodeAddresses[0]}:2379,${nodeAddresses[1]}:2379`,
      clusterAdvertise: `${nodeAddresses[0]}:2375`,
    });
    expect(networkOf(second, 'demo')).toMatchObject({ driver: 'overlay', scope: 'global' });
  });

  it('shows what is on the other host, and which one that is, as the kernel says', () => {
    expect(remoteOf(first, 'demo')).toEqual(localOf(second, 'demo', nodeAddresses[1]));
    expect(remoteOf(second, 'demo')).toEqual(localOf(first, 'demo', nodeAddresses[0]));
    expect(hostsDrawn(first, 'demo')).toEqual([nodeAddresses[1]]);
    expect(hostsDrawn(second, 'demo')).toEqual([nodeAddresses[0]]);
  });

  it('reads the sandbox and every wire', async () => {
    await expectTrueWires(cluster.nodes[0], first);
    await expectTrueWires(cluster.nodes[1], second);
  });

  it('says that it is elsewhere where the kernel cannot be read', async () => {
    await expectNothingWrong(cluster.nodes[0]);
    const snapshot = await readInside(cluster.nodes[0], ordinaryUser);
    expect(remoteOf(snapshot, 'demo')).toEqual(['demo2 10.77.0.3 unknown']);
    expect(hostsDrawn(snapshot, 'demo')).toEqual(['vxlan']);
  });
});
