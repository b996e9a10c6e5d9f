import { directoryOf } from '../../../src/engine/docker/directory.ts';
import { normalizeContainer } from '../../../src/engine/docker/normalizeContainer.ts';
import { normalizeEngine } from '../../../src/engine/docker/normalizeEngine.ts';
import { normalizeNetwork } from '../../../src/engine/docker/normalizeNetwork.ts';
import { tunnelAddress } from '../../../src/topology/overlay.ts';
import type { Link, NetNamespace, Network, Snapshot } from '../../../src/topology/model.ts';
import { buildSnapshot } from '../../../src/topology/snapshot.ts';
import { nodeFixture } from '../engine/fixtures.ts';
import { bridge, link, loopback } from './snapshots.ts';

export type Node = Parameters<typeof nodeFixture>[0];

/** What the product makes of what a node of a real swarm or cluster answered; without a kernel. */
export function nodeSnapshot(
  node: Node,
  kernel: Snapshot['kernel'] = { kind: 'absent', reason: 'notLocal' },
): Snapshot {
  const { version, info, verbose, containers, inspect } = nodeFixture(node);
  const engine = normalizeEngine(version, info, '1.41');
  const references = directoryOf(containers, []);
  return buildSnapshot({
    takenAt: '2026-11-25T00:20:00.000Z',
    engine,
    recorded: false,
    networks: verbose.flatMap((raw) => normalizeNetwork(raw, undefined, tunnelAddress(engine)) ?? []),
    containers: containers.flatMap(
      (row, index) => normalizeContainer({ row, inspect: inspect[index], windows: false }, references) ?? [],
    ),
    kernel,
  });
}

export function networkOf(snapshot: Snapshot, name: string): Network {
  const found = snapshot.networks.find((network) => network.name === name);
  if (found === undefined) throw new Error(`no network ${name}`);
  return found;
}

/**
 * The same with a kernel that root reads: `demo1` alone, its eth0 on the overlay `demo` and its eth1 on docker_gwbridge. The
 * end in the sandbox has the name of the one on the host.
 */
export function sandboxSnapshot(node: Node): Snapshot {
  const told = nodeSnapshot(node);
  const demo = networkOf(told, 'demo');
  const demo1 = told.containers.find(({ name }) => name === 'demo1');
  const seat = demo1?.endpoints.find(({ networkId }) => networkId === demo.id);
  if (demo1 === undefined || seat?.mac === undefined) throw new Error('no demo1');
  const veth = (name: string, ifindex: number, iflink: number, more: Partial<Link> = {}): Link =>
    link(name, ifindex, { iflink, kind: 'veth', ...more });
  const own: NetNamespace = {
    containerIds: [demo1.id],
    pid: demo1.pid,
    links: [loopback(), veth('eth0', 20, 7, { mac: seat.mac }), veth('eth1', 22, 23, { mac: '02:42:ac:12:00:03' })],
    routes: [],
    exact: true,
  };
  const host: NetNamespace = {
    containerIds: [],
    pid: 1,
    links: [
      loopback(),
      bridge('docker_gwbridge', 3, '02:42:00:00:00:01', '172.18.0.1'),
      veth('veth1', 23, 22, { master: 'docker_gwbridge' }),
    ],
    routes: [],
    exact: true,
  };
  const sandbox = {
    name: `1-${demo.id.slice(0, 10)}`,
    links: [
      loopback(),
      bridge('br0', 2, '02:42:00:00:00:02', '10.77.0.1'),
      link('vxlan0', 5, { kind: 'vxlan', master: 'br0', vxlan: { vni: 4097, port: 4789 } }),
      veth('veth1', 7, 20, { master: 'br0' }),
    ],
    tunnels: [{ mac: '02:42:0a:4d:00:03', host: '198.18.0.2' }],
  };
  const view = { source: 'local', host, containers: [own], sandboxes: [sandbox] };
  return nodeSnapshot(node, { kind: 'read', view });
}
