import { describe, expect, it } from 'vitest';
import { lookupOf } from '../../../src/editor/lookup.ts';
import { detailOf } from '../../../src/panels/detail.ts';
import { bytesText } from '../../../src/panels/detailParts.ts';
import { Pictures, type PicturedHost } from '../../../src/panels/pictures.ts';
import type { Detail } from '../../../src/protocol/messages.ts';
import { graphOf } from '../../../src/topology/graph.ts';
import { elementOf, elementsOf } from '../../../src/topology/graphElements.ts';
import type { Snapshot } from '../../../src/topology/model.ts';
import type { Subject } from '../../../src/editor/subject.ts';
import { networkOf, nodeSnapshot, sandboxSnapshot } from '../support/overlays.ts';
import { hostile, hostileNames, idOf, networks, tutorial } from '../support/snapshots.ts';

function detail(subject: Subject, snapshot: Snapshot = tutorial()): Detail {
  const graph = graphOf(snapshot);
  const id = elementOf(graph, subject);
  const found = id === undefined ? undefined : detailOf(hostsOf(snapshot), graph, id);
  if (found === undefined) throw new Error('no card');
  return found;
}

function hostsOf(snapshot: Snapshot): ReadonlyMap<string, PicturedHost> {
  return new Map([['lab', { lookup: lookupOf(snapshot) }]]);
}

function values(card: Detail, section: string): Record<string, string> {
  const rows = card.sections.find(({ title }) => title === section)?.rows ?? [];
  return Object.fromEntries(rows.map(({ label, value }) => [label, value]));
}

describe('the card of a container', () => {
  const card = detail({ kind: 'container', containerId: idOf('ctr test2') });

  it('has every interface with its indexes, addresses and evidence', () => {
    expect(card.title).toBe('test2');
    expect(card.sections.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Container', 'eth0 · bridge', 'eth1 · my-bridge', 'lo', 'Routes', 'Names']),
    );
    expect(values(card, 'eth1 · my-bridge')).toMatchObject({
      IPv4: '172.18.0.3/16',
      ifindex: '16',
      'Peer or lower link (iflink)': '17',
      MAC: '02:42:ac:12:00:03',
      MTU: '1500',
      'Host veth': 'veth0000011 (ifindex 17)',
      'iflink of the host end': '16',
      Confidence: 'exact: the kernel says so',
      Evidence: 'eth1 in the container names ifindex 17 as its peer (iflink): on the host that is veth0000011.',
    });
    expect(values(card, 'Routes')).toEqual({ default: 'via 172.17.0.1 dev eth0' });
    expect(values(card, 'Names')).toMatchObject({ Links: 'test1' });
  });

  it('charts the traffic of its first wire', () => {
    expect(card.trafficLink).toBe('veth000000d');
  });

  it('says of a stopped one what is known', () => {
    const stopped = detail({ kind: 'container', containerId: idOf('ctr stopped1') });
    expect(values(stopped, 'Container')['State']).toBe('exited (0)');
    expect(values(stopped, 'Ports')).toEqual({ '80/tcp': 'exposed, not published' });
    expect(stopped.trafficLink).toBeUndefined();
  });

  it('shows the interfaces of the namespace that it shares', () => {
    const shared = detail({ kind: 'container', containerId: idOf('ctr shared1') });
    expect(values(shared, 'eth0 · bridge')).toMatchObject({ 'Host veth': 'veth000000b (ifindex 11)' });
  });
});

describe('other cards', () => {
  it('of an endpoint', () => {
    const card = detail({ kind: 'endpoint', containerId: idOf('ctr redis'), networkId: networks.myBridge.id });
    expect(card).toMatchObject({ confidence: 'exact', trafficLink: 'veth0000013' });
    expect(values(card, 'Endpoint')).toMatchObject({ Container: 'redis', IPv4: '172.18.0.4/16' });
  });

  it('of a network, with its bridge', () => {
    const card = detail({ kind: 'network', networkId: networks.bridge.id });
    expect(card).toMatchObject({ title: 'bridge', subtitle: 'bridge', trafficLink: 'docker0' });
    expect(values(card, 'docker0')).toMatchObject({ ifindex: '3', MAC: '02:42:f1:a2:b3:c4' });
    expect(values(card, 'Bridge')).toEqual({
      'Bridge ID': '8000.0242f1a2b3c4',
      STP: 'off',
      'Forwarding database (FDB)': '0 addresses learned, 0 its own',
    });
    expect(values(card, 'Bridge ports')).toMatchObject({ veth000000b: 'port 1 · ⇄ test1 eth0' });
    expect(values(card, 'Containers')).toEqual({
      test1: '172.17.0.2 · ⇄ veth000000b',
      test2: '172.17.0.3 · ⇄ veth000000d',
    });
  });

  it('of the uplink', () => {
    const card = detail({ kind: 'link', name: 'eth0' });
    expect(card).toMatchObject({ title: 'eth0', subtitle: 'physical', trafficLink: 'eth0' });
    expect(values(card, 'Routes')).toEqual({ default: 'via 192.0.2.1 dev eth0' });
  });

  it('of each node and interface, with rows that lead to elements that exist', () => {
    const snapshot = tutorial();
    const graph = graphOf(snapshot);
    const ids = new Set(elementsOf(graph).subjects.keys());
    for (const node of graph.nodes) {
      const card = detailOf(hostsOf(snapshot), graph, node.id);
      expect(card, node.id).toBeDefined();
      for (const { target } of card?.sections.flatMap(({ rows }) => rows) ?? [])
        if (target !== undefined) expect(ids).toContain(target);
    }
    expect(detailOf(hostsOf(snapshot), graph, 'network:gone')).toBeUndefined();
  });

  it('have no character that hides or reorders, and are bounded', () => {
    const snapshot = hostile();
    const graph = graphOf(snapshot);
    for (const id of elementsOf(graph).subjects.keys()) {
      const card = detailOf(hostsOf(snapshot), graph, id);
      const rows = card?.sections.flatMap((one) => [
        one.title,
        ...one.rows.flatMap(({ label, value }) => [label, value]),
      ]);
      const text = JSON.stringify([card?.title, card?.subtitle, rows]);
      expect(text).not.toMatch(/[\u202A-\u202E\u2028]/u);
      expect(text).not.toMatch(/\\u001b|\\u0000|\\n/u);
      expect(text).not.toContain(hostileNames.long);
      expect(text.length).toBeLessThan(60_000);
    }
  });
});

describe('menus', () => {
  it('have no token that a name brings in', () => {
    const { menus } = new Pictures(() => false).of([
      { key: 'lab', label: 'lab', snapshot: hostile(), remoteSeats: new Map() },
    ]);
    for (const { tokens } of menus.values()) {
      expect(tokens).toMatch(/^[a-zA-Z0-9;:_-]+$/);
      expect(tokens).not.toContain('evil;');
    }
  });
});

it('bytes are shown in the unit that fits', () => {
  expect([0, 999, 1000, 1536, 2_500_000, 7e18].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '1.5 kB',
    '2.5 MB',
    '7,000 PB',
  ]);
});

describe('the card of an overlay network', () => {
  it('has hosts, services, what is elsewhere, and the namespace that it has here', () => {
    const snapshot = sandboxSnapshot('swarm-28.5/manager');
    const { id } = networkOf(snapshot, 'demo');
    const card = detail({ kind: 'network', networkId: id }, snapshot);
    expect(values(card, 'Network')).toMatchObject({
      VNI: '4097',
      Hosts: '198.18.0.1, 198.18.0.2',
      'Between hosts': expect.stringContaining('VXLAN, port 4789') as string,
    });
    expect(values(card, 'Containers of other hosts')).toMatchObject({
      demo2: '10.77.0.4 · on another host (198.18.0.2)',
    });
    expect(values(card, 'Service web')).toMatchObject({ 'Virtual IP': '10.77.0.6' });
    expect(values(card, `Network namespace 1-${id.slice(0, 10)}`)).toMatchObject({
      vxlan0: expect.stringContaining('VNI 4097') as string,
      br0: expect.stringContaining('10.77.0.1') as string,
    });
  });

  it('does not show the numbers of a host link that has the name of the end in the sandbox', () => {
    const snapshot = sandboxSnapshot('swarm-28.5/manager');
    const demo1 = snapshot.containers.find(({ name }) => name === 'demo1');
    const networkId = networkOf(snapshot, 'demo').id;
    const card = detail({ kind: 'endpoint', containerId: demo1?.id ?? '', networkId }, snapshot);
    const all = Object.assign({}, ...card.sections.map(({ title }) => values(card, title))) as Record<string, string>;
    expect(all).toMatchObject({
      'Host link': 'veth1 (ifindex 7)',
      Bridge: 'br0',
      'Network namespace': `1-${networkId.slice(0, 10)}`,
    });
    expect(all).not.toHaveProperty('iflink of the host end');
    expect(card.trafficLink).toBeUndefined();
  });
});

describe('the card of another host', () => {
  const card = (snapshot: Snapshot, id: string): Detail | undefined =>
    detailOf(hostsOf(snapshot), graphOf(snapshot), id);

  it('has the networks that reach it and what is known to be there', () => {
    const peer = card(nodeSnapshot('swarm-28.5/manager'), 'vtep:198.18.0.2');
    expect(peer?.title).toBe('198.18.0.2');
    expect(values(peer as Detail, 'Networks')).toEqual({ ingress: 'VNI 4096', demo: 'VNI 4097' });
    expect(values(peer as Detail, 'Containers of other hosts')['demo2']).toBe('10.77.0.4 · demo');
  });

  it('says where nobody names it, and is gone with it', () => {
    const stored = nodeSnapshot('etcd-20.10/first');
    expect(card(stored, 'vtep:')).toMatchObject({
      title: 'Another host',
      subtitle: 'Which one, the engine does not tell',
    });
    expect(card(stored, 'vtep:192.0.2.99')).toBeUndefined();
  });
});
