import { describe, expect, it } from 'vitest';
import { lookupOf } from '../../../src/editor/lookup.ts';
import { endpointTokens } from '../../../src/editor/elementTokens.ts';
import { hostLinksOf } from '../../../src/commands/resolve.ts';
import { graphOf } from '../../../src/topology/graph.ts';
import { elementsOf } from '../../../src/topology/graphElements.ts';
import type { KernelView, OverlaySandbox, Snapshot, Wire } from '../../../src/topology/model.ts';
import { otherHosts, remoteEndpoints, sandboxOf, tunnelAddress, vnisOf } from '../../../src/topology/overlay.ts';
import { buildSnapshot } from '../../../src/topology/snapshot.ts';
import { networkOf, nodeSnapshot, sandboxSnapshot } from '../support/overlays.ts';

function wireOfDemo1(snapshot: Snapshot): Wire | undefined {
  const { id } = networkOf(snapshot, 'demo');
  const demo1 = snapshot.containers.find(({ name }) => name === 'demo1');
  return snapshot.wires.find(({ containerId, networkId }) => containerId === demo1?.id && networkId === id);
}

function withView(snapshot: Snapshot, change: (view: KernelView) => Partial<KernelView>): Snapshot {
  if (snapshot.kernel.kind !== 'read') throw new Error('no kernel');
  const { view } = snapshot.kernel;
  return buildSnapshot({ ...snapshot, kernel: { kind: 'read', view: { ...view, ...change(view) } } });
}

function changed(snapshot: Snapshot, change: (sandbox: OverlaySandbox) => Partial<OverlaySandbox>): Snapshot {
  return withView(snapshot, ({ sandboxes = [] }) => ({
    sandboxes: sandboxes.map((sandbox) => ({ ...sandbox, ...change(sandbox) })),
  }));
}

describe.each(['swarm-28.5/manager', 'etcd-20.10/first'] as const)(
  'the wire of a container on an overlay, %s',
  (node) => {
    const snapshot = sandboxSnapshot(node);

    it('ends in the sandbox of the network, at its bridge', () => {
      expect(wireOfDemo1(snapshot)).toMatchObject({
        kind: 'overlay',
        containerLink: { name: 'eth0', ifindex: 20 },
        hostLink: { name: 'veth1', ifindex: 7 },
        bridge: 'br0',
        sandbox: `1-${networkOf(snapshot, 'demo').id.slice(0, 10)}`,
        confidence: 'exact',
        evidence: [{ kind: 'peerIndex' }, { kind: 'pointsBack' }, { kind: 'mac' }],
      });
    });

    it('is unknown where the sandbox was not read, or is another network’s', () => {
      for (const other of [
        withView(snapshot, () => ({ sandboxes: [] })),
        changed(snapshot, () => ({ name: '1-zzzzzzzzzz' })),
      ]) {
        const wire = wireOfDemo1(other);
        expect(wire).toMatchObject({ confidence: 'unknown', candidates: [] });
        expect(wire).not.toHaveProperty('hostLink');
        expect(wire).not.toHaveProperty('sandbox');
      }
    });

    it('is no wire where the two ends contradict each other', () => {
      const torn = changed(snapshot, ({ links }) => ({
        links: links.map((link) => (link.name === 'veth1' ? { ...link, iflink: 99 } : link)),
      }));
      expect(wireOfDemo1(torn)?.confidence).toBe('unknown');
      expect(wireOfDemo1(torn)?.evidence).toContainEqual({ kind: 'contradiction', hostLink: 'veth1' });
    });

    it('is not taken for the veth of the host that has the same name', () => {
      const lookup = lookupOf(snapshot);
      const wire = wireOfDemo1(snapshot);
      const demo1 = snapshot.containers.find(({ name }) => name === 'demo1');
      const seat = demo1?.endpoints.find(({ networkId }) => networkId === wire?.networkId);
      if (wire === undefined || demo1 === undefined || seat === undefined) throw new Error('no seat');
      expect(lookup.wiresByHostLink.get('veth1')).toBeUndefined();
      expect(endpointTokens(lookup, demo1, seat)).not.toContain('can:revealHostLink');
      expect(hostLinksOf(lookup, { kind: 'endpoint', containerId: demo1.id, networkId: seat.networkId })).toEqual([]);
      const edges = graphOf(snapshot).edges.filter((edge) => edge.kind === 'wire' && edge.containerId === demo1.id);
      expect(edges.map((edge) => (edge.kind === 'wire' ? [edge.wireKind, edge.to, edge.hostLink?.name] : []))).toEqual([
        ['overlay', `network:${seat.networkId}`, undefined],
        // Its way out, of which no record of the container tells.
        ['veth', `network:${networkOf(snapshot, 'docker_gwbridge').id}`, 'veth1'],
      ]);
    });
  },
);

describe('other hosts', () => {
  it('are those of a swarm’s peers that are not this node', () => {
    const snapshot = nodeSnapshot('swarm-28.5/manager');
    expect(otherHosts(networkOf(snapshot, 'demo'), snapshot)).toEqual(['198.18.0.2']);
    expect(otherHosts(networkOf(snapshot, 'sealed'), snapshot)).toEqual([]);
    expect(otherHosts(networkOf(snapshot, 'bridge'), snapshot)).toEqual([]);
  });

  it('are only those of other containers where this node’s own address is not known', () => {
    const { engine, ...rest } = nodeSnapshot('swarm-28.5/manager');
    const { swarmNode: _gone, ...nameless } = engine;
    const snapshot = { ...rest, engine: nameless };
    expect(otherHosts(networkOf(snapshot, 'demo'), snapshot)).toEqual(['198.18.0.2']);
  });

  it('are told by the kernel alone with a cluster store', () => {
    const told = nodeSnapshot('etcd-20.10/first');
    expect(remoteEndpoints(networkOf(told, 'demo'), told)[0]).not.toHaveProperty('host');
    const read = sandboxSnapshot('etcd-20.10/first');
    expect(otherHosts(networkOf(read, 'demo'), read)).toEqual(['198.18.0.2']);
  });

  it('have no container that this engine has, also where the network’s record is the older one', () => {
    const snapshot = nodeSnapshot('swarm-28.5/manager');
    const [remote] = networkOf(snapshot, 'demo').overlay?.remote ?? [];
    const moved = snapshot.containers.map((container) => ({
      ...container,
      endpoints: container.endpoints.map((seat) => ({ ...seat, endpointId: remote?.endpointId ?? '' })),
    }));
    expect(remoteEndpoints(networkOf(snapshot, 'demo'), { ...snapshot, containers: moved })).toHaveLength(1);
  });

  it('know this one by the address that it advertises', () => {
    expect(tunnelAddress({ clusterAdvertise: '[2001:db8::1]:2375' })).toBe('2001:db8::1');
    expect(tunnelAddress({})).toBeUndefined();
  });

  it('are drawn once, with the VXLAN of each network', () => {
    const snapshot = nodeSnapshot('swarm-28.5/manager');
    const graph = graphOf(snapshot);
    const hosts = graph.nodes.filter(({ id }) => id.startsWith('vtep:'));
    expect(hosts).toEqual([
      { kind: 'link', id: 'vtep:198.18.0.2', role: 'tunnel', name: '198.18.0.2', isDefault: false, remote: 3 },
    ]);
    const ways = graph.edges.filter(({ to }) => to === 'vtep:198.18.0.2');
    expect(ways.map(({ from }) => from).sort()).toEqual(
      ['demo', 'ingress'].map((name) => `network:${networkOf(snapshot, name).id}`).sort(),
    );
    // Nothing can be done with it from here.
    expect(elementsOf(graph).subjects.get('vtep:198.18.0.2')).toBeUndefined();
    expect(
      graph.nodes.find(({ kind, id }) => kind === 'network' && id.includes(networkOf(snapshot, 'demo').id)),
    ).toMatchObject({
      vnis: [4097],
    });
  });

  it('are reached by the VNI that the engine tells, else by the one of the kernel', () => {
    const vnis = (snapshot: Snapshot, name = 'demo'): readonly number[] => vnisOf(networkOf(snapshot, name), snapshot);
    expect(vnis(nodeSnapshot('swarm-28.5/manager'))).toEqual([4097]);
    expect(vnis(nodeSnapshot('etcd-20.10/first'))).toEqual([]);
    expect(vnis(sandboxSnapshot('etcd-20.10/first'))).toEqual([4097]);
    expect(vnis(sandboxSnapshot('etcd-20.10/first'), 'bridge')).toEqual([]);
    const sealed = graphOf(nodeSnapshot('swarm-28.5/manager')).nodes.filter(
      (node) => node.kind === 'network' && node.encrypted === true,
    );
    expect(sealed).toMatchObject([{ name: 'sealed' }]);
  });

  it('are one where nobody names them', () => {
    const nodes = graphOf(nodeSnapshot('etcd-20.10/first')).nodes.filter(({ id }) => id.startsWith('vtep:'));
    expect(nodes).toEqual([{ kind: 'link', id: 'vtep:', role: 'tunnel', name: 'vxlan', isDefault: false, remote: 1 }]);
  });
});

it('of several sandboxes of a network the newest counts', () => {
  const sandboxes = ['2-abcdefghij', '10-abcdefghi', '1-abcdefghij'].map((name) => ({ name, links: [], tunnels: [] }));
  const host = { containerIds: [], pid: 1, links: [], routes: [], exact: true };
  const view = { source: 'local', host, containers: [], sandboxes };
  expect(sandboxOf(view, 'abcdefghijklmnopqrstuvwxy')?.name).toBe('10-abcdefghi');
  expect(sandboxOf(view, 'zbcdefghijklmnopqrstuvwxy')).toBeUndefined();
  expect(sandboxOf(undefined, 'abcdefghij')).toBeUndefined();
});
