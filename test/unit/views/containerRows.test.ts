import { describe, expect, it } from 'vitest';
import { containerRows } from '../../../src/views/containerRows.ts';
import {
  container,
  endpoint,
  idOf,
  link,
  loopback,
  networks,
  snapshot,
  tutorial,
  withContainer,
} from '../support/snapshots.ts';
import { at, contextOf, labels } from './rows.ts';

const rows = (from = tutorial(), options = {}) => containerRows(contextOf(from, options));
const below = (name: string, from = tutorial()) =>
  (at(rows(from), name).children?.() ?? []).map(({ label, description }) => `${label}: ${description ?? ''}`);

describe('the tree Containers', () => {
  it('lists every container, stopped ones too', () => {
    expect(labels(rows())).toEqual([
      ...['host1', 'none1', 'redis', 'shared1', 'shop-api-1', 'shop-web-1', 'stopped1', 'test1', 'test2', 'test3'],
    ]);
  });

  it('leaves out stopped ones where the person wants that', () => {
    expect(labels(rows(tutorial(), { showStopped: false }))).not.toContain('stopped1');
  });

  it('shows addresses and published ports on the container row', () => {
    expect(at(rows(), 'redis').description).toBe('172.18.0.4 · 6379→6379/tcp');
    expect(at(rows(), 'test2').description).toBe('172.17.0.3, 172.18.0.3');
    expect(at(rows(), 'stopped1').description).toBe('exited');
  });

  it('shows each interface with its wire', () => {
    const [first, second] = at(rows(), 'test2').children?.() ?? [];
    expect([first?.label, first?.description]).toEqual(['eth0', 'bridge · 172.17.0.3 · ⇄ veth000000d · docker0']);
    expect([second?.label, second?.description?.slice(0, 44)]).toEqual([
      'eth1',
      'my-bridge · 172.18.0.3 · ⇄ veth0000011 · br-',
    ]);
    expect(first?.tokens).toEqual(expect.arrayContaining(['can:revealHostLink', 'can:revealEndpoint']));
  });

  it('shows mode and legacy links of the tutorial’s test2', () => {
    expect(below('test2').slice(2)).toEqual(['Mode: bridge (the default network)', 'Links: test1', 'Aliases: test2']);
  });

  it('shows where a port is published, on IPv4 and IPv6 in one row, and that another is only exposed', () => {
    expect(below('redis')).toContain('6379/tcp: published on 0.0.0.0:6379, [::]:6379');
    expect(below('shop-web-1')).toEqual(
      expect.arrayContaining(['80/tcp: published on 127.0.0.1:8080', '443/tcp: exposed, not published']),
    );
  });

  it('says whose namespace a container is in, and who shares one', () => {
    expect(at(rows(), 'shared1').description).toBe('in the namespace of test1');
    expect(below('shared1')).toEqual(['Mode: container: shares the network namespace of test1']);
    expect(at(rows(), 'shared1', 'Mode').subject).toEqual({ kind: 'container', containerId: idOf('ctr test1') });
    expect(below('test1')).toContain('shared1: shares this namespace');
  });

  it('says that the owner of a shared namespace is gone', () => {
    const from = withContainer(tutorial(), 'shared1', { mode: { kind: 'container', ownerId: 'f'.repeat(64) } });
    expect(at(rows(from), 'shared1').description).toBe('in the namespace of ffffffffffff… (gone)');
  });

  it('shows that none mode has loopback only', () => {
    expect(below('none1')).toEqual(['none: ', 'lo: 127.0.0.1/8', 'Mode: none: loopback only']);
  });

  it('shows an interface that no Docker network explains', () => {
    const from = tutorial();
    if (from.kernel.kind !== 'read') throw new Error('no kernel');
    const tap = link('tap0', 7, { kind: 'tun', addresses: [{ address: '10.9.0.1', prefixLength: 24 }] });
    const containers = from.kernel.view.containers.map((one) =>
      one.containerIds.includes(idOf('ctr test3')) ? { ...one, links: [loopback(), ...one.links.slice(1), tap] } : one,
    );
    const kernel = { kind: 'read' as const, view: { ...from.kernel.view, containers } };
    expect(below('test3', { ...from, kernel })).toContain('tap0: 10.9.0.1/24 · no Docker network');
  });

  it('names an interface after its network where the kernel was not read', () => {
    const from = { ...tutorial(), wires: [], kernel: { kind: 'absent' as const, reason: 'notLocal' as const } };
    const [row] = at(rows(from), 'redis').children?.() ?? [];
    expect([row?.label, row?.description]).toEqual(['my-bridge', '172.18.0.4']);
  });

  it('still shows the seat of a container on a network that is gone', () => {
    const gone = container('left', {
      endpoints: [endpoint('left', { ...networks.shop, id: 'gone', name: 'gone-net' })],
    });
    const row = at(rows(snapshot({ containers: [gone] })), 'left', 'gone-net');
    expect(row.tokens).not.toContain('can:revealEndpoint');
  });
});
