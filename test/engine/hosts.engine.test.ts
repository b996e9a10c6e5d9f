import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphOfHosts } from '../../src/topology/graphHosts.ts';
import type { Graph, GraphNode, HostId, TunnelEdge } from '../../src/topology/graphModel.ts';
import { joinOverlays, type JoinedHost } from '../../src/topology/joinHosts.ts';
import type { RemoteEndpoint, Snapshot } from '../../src/topology/model.ts';
import { remoteEndpoints } from '../../src/topology/overlay.ts';
import { startEtcdCluster, storedOverlay } from '../lab/etcd.ts';
import { inspectContainers } from '../lab/inspect.ts';
import { ordinaryUser, outerVersions, type InsideOptions, type LabEngine } from '../lab/labEngine.ts';
import { nodeAddresses, type LabNodes } from '../lab/nodes.ts';
import { trueGatewayWires, trueWires } from '../lab/oracle.ts';
import { overlayTopology, startSwarm } from '../lab/swarm.ts';
import { createNetwork, runIdle } from '../lab/topology.ts';
import { unknownWires, wrongWires } from './compareWires.ts';

/** What two engines of one swarm or cluster store come to, read by themselves and shown together. */

type Two<T> = readonly [T, T];
type Part = Pick<JoinedHost, 'key' | 'snapshot'>;

async function readInside(engine: LabEngine, user: InsideOptions = {}): Promise<Part> {
  const output = await engine.runInside(['node', 'test/engine/readSnapshot.ts'], user);
  return { key: engine.dockerHost, snapshot: JSON.parse(output) as Snapshot };
}

function readBoth({ nodes: [first, second] }: LabNodes, user?: InsideOptions): Promise<Two<Part>> {
  return Promise.all([readInside(first, user), readInside(second, user)]);
}

function joinedBoth(parts: Two<Part>): Two<JoinedHost> {
  const [first, second] = joinOverlays(parts);
  if (first === undefined || second === undefined) throw new Error('not two');
  return [first, second];
}

/** As the diagram is made of what is connected. */
function pictureOf(parts: readonly Part[]): Graph {
  return graphOfHosts(joinOverlays(parts).map(({ key, snapshot }) => ({ key, label: key, snapshot })));
}

/**
 * Namespaces of overlay networks on the engine → identifiers of the VXLANs in them, as the kernel says. The name is what
 * libnetwork takes of the network's id.
 */
async function trueVnis(engine: LabEngine): Promise<ReadonlyMap<string, readonly number[]>> {
  const files = (await engine.runInside(['ls', '/run/docker/netns'])).split('\n');
  const vnis = new Map<string, readonly number[]>();
  for (const file of files.filter((name) => /^\d+-/.test(name))) {
    const ask = ['nsenter', `--net=/run/docker/netns/${file}`, 'ip', '-details', '-json', 'link'];
    const links = JSON.parse(await engine.runInside(ask)) as readonly {
      readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: { readonly id?: number } };
    }[];
    const ids = links.flatMap(({ linkinfo }) =>
      linkinfo?.info_kind === 'vxlan' ? (linkinfo.info_data?.id ?? []) : [],
    );
    vnis.set(file.slice(file.indexOf('-') + 1), ids);
  }
  return vnis;
}

/** Of the overlay networks that both nodes are on. */
async function commonVnis({ nodes: [first, second] }: LabNodes): Promise<readonly number[]> {
  const theirs = await trueVnis(second);
  const both = [...(await trueVnis(first))].filter(([network]) => theirs.has(network));
  for (const [network, ids] of both) expect(theirs.get(network)).toEqual(ids);
  return both.flatMap(([, ids]) => ids).sort((a, b) => a - b);
}

/** `endpoint container network` of what runs on `there`, on overlay networks that `here` is on too: `docker inspect`'s word. */
async function trueSeats(here: LabEngine, there: LabEngine): Promise<readonly string[]> {
  const starts = [...(await trueVnis(here)).keys()];
  return (await inspectContainers(there))
    .flatMap(({ Id, NetworkSettings }) =>
      Object.values(NetworkSettings.Networks ?? {})
        .filter(({ NetworkID }) => starts.some((start) => NetworkID.startsWith(start)))
        .map(({ EndpointID, NetworkID }) => `${EndpointID} ${Id} ${NetworkID}`),
    )
    .sort();
}

/** The same as it was joined. Every seat on another host has to be found: there is no third one. */
function joinedSeats({ snapshot, remoteSeats }: JoinedHost, engine: HostId): readonly string[] {
  const seats = seatsElsewhere(snapshot).map(({ endpointId }) => {
    const seat = remoteSeats.get(endpointId);
    expect(seat?.engine).toBe(engine);
    return `${endpointId} ${seat?.containerId} ${seat?.networkId}`;
  });
  expect(remoteSeats.size).toBe(seats.length);
  return seats.sort();
}

function seatsElsewhere(snapshot: Snapshot): readonly RemoteEndpoint[] {
  return snapshot.networks.flatMap((network) => remoteEndpoints(network, snapshot));
}

/** What is elsewhere is known by its endpoint alone. */
function withoutAddresses({ key, snapshot }: Part): Part {
  const networks = snapshot.networks.map((network) => {
    if (network.overlay === undefined) return network;
    const remote = network.overlay.remote.map(({ endpointId, name }) => ({ endpointId, name }));
    return { ...network, overlay: { ...network.overlay, remote } };
  });
  return { key, snapshot: { ...snapshot, networks } };
}

/** The only one that there is. */
function tunnelOf({ edges }: Graph): TunnelEdge {
  const [tunnel, ...more] = edges.filter((edge) => edge.kind === 'tunnel');
  if (tunnel === undefined) throw new Error('no tunnel');
  expect(more).toEqual([]);
  return tunnel;
}

/** Its two ends: on either host the node that stands for the other. */
function expectEnds({ from, to }: TunnelEdge, { nodes }: Graph, [first, second]: Two<Part>): void {
  const end = (id: string): GraphNode | undefined => nodes.find((node) => node.id === id);
  expect(end(from)).toMatchObject({ host: first.key, name: nodeAddresses[1], peer: second.key });
  expect(end(to)).toMatchObject({ host: second.key, name: nodeAddresses[0], peer: first.key });
}

/**
 * `container interface bar host-link` of every wire: each container has one to docker_gwbridge beside those to overlays. The
 * far end in a sandbox is no link of the host, and a picture does not name it.
 */
async function trueLegs(engine: LabEngine): Promise<readonly string[]> {
  const wires = [...(await trueWires(engine)), ...(await trueGatewayWires(engine))];
  return wires
    .map(({ containerId, containerLink, networkId, hostLink, sandbox }) => {
      const bar = `network:${networkId}@${engine.dockerHost}`;
      return [containerId, containerLink.name, bar, sandbox === undefined ? hostLink.name : 'in a sandbox'].join(' ');
    })
    .sort();
}

function drawnLegs({ nodes, edges }: Graph, host: HostId): readonly string[] {
  const names = new Map(
    nodes.flatMap((node) =>
      node.kind === 'namespace' && node.host === host ? node.interfaces.map(({ id, name }) => [id, name] as const) : [],
    ),
  );
  return edges
    .flatMap((edge) => {
      if (edge.kind !== 'wire' || edge.host !== host) return [];
      expect(edge.confidence).toBe('exact');
      expect(nodes.find(({ id }) => id === edge.to)?.host).toBe(host);
      return [
        [edge.containerId, names.get(edge.fromItem ?? ''), edge.to, edge.hostLink?.name ?? 'in a sandbox'].join(' '),
      ];
    })
    .sort();
}

/** With the ends in sandboxes, which the snapshots have. */
async function expectTrueWires(engine: LabEngine, joined: readonly JoinedHost[]): Promise<void> {
  const wires = joined.find(({ key }) => key === engine.dockerHost)?.snapshot.wires ?? [];
  const truth = await trueWires(engine);
  expect(wrongWires(wires, truth)).toEqual([]);
  expect(unknownWires(wires, truth)).toEqual([]);
}

describe.each(outerVersions)('two nodes of a swarm of Docker %s', (version) => {
  let swarm: LabNodes;
  let parts: Two<Part>;

  beforeAll(async () => {
    swarm = await startSwarm({ version });
    await overlayTopology(swarm);
    // The manager knows this network, and is not on it.
    await createNetwork(swarm.nodes[0], 'far', '--driver', 'overlay', '--attachable');
    await runIdle(swarm.nodes[1], 'far1', '--network', 'far');
    parts = await readBoth(swarm);
  });

  afterAll(() => swarm.dispose());

  it('know which container of the other has a seat that they know', async () => {
    const [manager, worker] = swarm.nodes;
    const [ours, theirs] = joinedBoth(parts);
    const seats = await trueSeats(manager, worker);
    // demo2, and a task of web on demo and on ingress.
    expect(seats).toHaveLength(3);
    expect(joinedSeats(ours, worker.dockerHost)).toEqual(seats);
    expect(joinedSeats(theirs, manager.dockerHost)).toEqual(await trueSeats(worker, manager));
  });

  it('have one tunnel between them, of the VXLANs that the kernels of both have', async () => {
    const graph = pictureOf(parts);
    const tunnel = tunnelOf(graph);
    expect(tunnel).toMatchObject({ networks: ['demo', 'ingress'], encrypted: false });
    const vnis = await commonVnis(swarm);
    expect(vnis).toHaveLength(2);
    expect(tunnel.vnis).toEqual(vnis);
    expectEnds(tunnel, graph, parts);
  });

  it('draw each container’s wires to overlay and docker_gwbridge of its own host', async () => {
    const graph = pictureOf(parts);
    const [demo] = parts[0].snapshot.networks.filter(({ name }) => name === 'demo');
    for (const [at, node] of swarm.nodes.entries()) {
      await expectTrueWires(node, joinOverlays(parts));
      const legs = await trueLegs(node);
      expect(drawnLegs(graph, node.dockerHost)).toEqual(legs);
      const { id = '' } = parts[at]?.snapshot.containers.find(({ name }) => name === `demo${at + 1}`) ?? {};
      const bars = legs.filter((leg) => leg.startsWith(id)).map((leg) => leg.split(' ')[2]);
      expect(bars).toHaveLength(2);
      expect(bars).toContain(`network:${demo?.id}@${node.dockerHost}`);
    }
  });

  it('are two, also where two connections lead to one of them', async () => {
    const again = { ...(await readInside(swarm.nodes[0])), key: 'again' };
    const [manager, worker] = parts;
    const alone = joinOverlays(parts).map(({ remoteSeats }) => remoteSeats);
    for (const three of [
      [...parts, again],
      [again, ...parts],
    ]) {
      const seats = new Map(joinOverlays(three).map(({ key, remoteSeats }) => [key, remoteSeats]));
      expect(seats.get(manager.key)).toEqual(alone[0]);
      expect(seats.get(again.key)).toEqual(alone[0]);
      expect([...(seats.get(worker.key)?.keys() ?? [])]).toEqual([...(alone[1]?.keys() ?? [])]);
      const first = three[0] === again ? again : manager;
      for (const { engine } of seats.get(worker.key)?.values() ?? []) expect(engine).toBe(first.key);
      const graph = pictureOf(three);
      const tunnel = tunnelOf(graph);
      expectEnds(tunnel, graph, [first, worker]);
    }
  });
});

describe('two hosts of Docker 20.10 by etcd', () => {
  let cluster: LabNodes;

  beforeAll(async () => {
    cluster = await startEtcdCluster();
    await storedOverlay(cluster);
  });

  afterAll(() => cluster.dispose());

  it('tell each other which host and container a seat of the store is, where no kernel can be read', async () => {
    const parts = await readBoth(cluster, ordinaryUser);
    const [first, second] = cluster.nodes;
    const [ours, theirs] = joinedBoth(parts);
    for (const { snapshot } of parts) expect(seatsElsewhere(snapshot).map(({ host }) => host)).toEqual([undefined]);
    expect(seatsElsewhere(ours.snapshot)).toMatchObject([{ name: 'demo2', host: nodeAddresses[1] }]);
    expect(seatsElsewhere(theirs.snapshot)).toMatchObject([{ name: 'demo1', host: nodeAddresses[0] }]);
    const seats = await trueSeats(first, second);
    expect(seats).toHaveLength(1);
    expect(joinedSeats(ours, second.dockerHost)).toEqual(seats);
    expect(joinedSeats(theirs, first.dockerHost)).toEqual(await trueSeats(second, first));
    for (const [at, { remoteSeats }] of joinOverlays(parts.map(withoutAddresses)).entries())
      expect(remoteSeats).toEqual([ours, theirs][at]?.remoteSeats);
    const graph = pictureOf(parts);
    const tunnel = tunnelOf(graph);
    expect(tunnel).toMatchObject({ networks: ['demo'], vnis: [] });
    expectEnds(tunnel, graph, parts);
  });

  it('have the VXLAN between them that the kernels have, and all wires, where they can be read', async () => {
    const parts = await readBoth(cluster);
    const graph = pictureOf(parts);
    const vnis = await commonVnis(cluster);
    expect(vnis).toHaveLength(1);
    expect(tunnelOf(graph)).toMatchObject({ networks: ['demo'], vnis });
    for (const node of cluster.nodes) {
      await expectTrueWires(node, joinOverlays(parts));
      expect(drawnLegs(graph, node.dockerHost)).toEqual(await trueLegs(node));
    }
  });
});
