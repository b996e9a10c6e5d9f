import { describe, expect, it } from 'vitest';
import { parentMode } from '../../../src/topology/parentMode.ts';
import type { Link, Network, Snapshot, Wire } from '../../../src/topology/model.ts';
import { idOf, link, network } from '../support/snapshots.ts';

type Facts = Pick<Snapshot, 'kernel' | 'wires'>;

const unread: Facts = { kernel: { kind: 'absent', reason: 'notLocal' }, wires: [] };

/** A host with these links, and a container on the network whose interface is this one. */
function machine(links: readonly Link[], on?: Network, child?: Link): Facts {
  const containerId = idOf('ctr test1');
  const wires: Wire[] =
    on === undefined || child === undefined
      ? []
      : [
          {
            containerId,
            networkId: on.id,
            kind: 'macvlan',
            containerLink: { name: child.name, ifindex: child.ifindex },
            confidence: 'exact',
            evidence: [],
            candidates: [],
          },
        ];
  const namespace = { pid: 1, routes: [], exact: true };
  return {
    kernel: {
      kind: 'read',
      view: {
        source: 'local',
        host: { ...namespace, containerIds: [], links },
        containers: child === undefined ? [] : [{ ...namespace, containerIds: [containerId], links: [child] }],
      },
    },
    wires,
  };
}

function riding(driver: string, options: Record<string, string> = {}): Network {
  return network('lan', { driver, options });
}

describe('how a network rides on its parent', () => {
  it.each(['bridge', 'private', 'vepa', 'passthru'])('macvlan in mode %s', (mode) => {
    expect(parentMode(riding('macvlan', { parent: 'eth0', macvlan_mode: mode }), unread)).toEqual({
      driver: 'macvlan',
      parent: 'eth0',
      mode,
      isDummy: false,
    });
  });

  it.each(['l2', 'l3', 'l3s'])('ipvlan in mode %s', (mode) => {
    expect(parentMode(riding('ipvlan', { parent: 'eth0', ipvlan_mode: mode }), unread)).toMatchObject({ mode });
  });

  it('is what Docker takes where nobody chose', () => {
    expect(parentMode(riding('macvlan', { parent: 'eth0' }), unread)?.mode).toBe('bridge');
    expect(parentMode(riding('ipvlan', { parent: 'eth0', ipvlan_mode: '' }), unread)?.mode).toBe('l2');
  });

  it('has the flag of an ipvlan where it is not the usual one', () => {
    const flag = (ipvlan_flag: string): string | undefined =>
      parentMode(riding('ipvlan', { parent: 'eth0', ipvlan_flag }), unread)?.flag;
    expect([flag('bridge'), flag('private'), flag('vepa')]).toEqual([undefined, 'private', 'vepa']);
  });

  it('is the kernel’s word where the interface of a container was read', () => {
    const on = riding('macvlan', { parent: 'eth0', macvlan_mode: 'bridge' });
    const child = link('eth0', 9, { kind: 'macvlan', mode: 'vepa' });
    expect(parentMode(on, machine([link('eth0', 2, { kind: 'physical' })], on, child))?.mode).toBe('vepa');
    const silent = link('eth0', 9, { kind: 'macvlan' });
    expect(parentMode(on, machine([], on, silent))?.mode).toBe('bridge');
  });

  it('is nothing for other drivers', () => {
    expect(parentMode(network('my-bridge'), unread)).toBeUndefined();
    expect(parentMode(riding('overlay'), unread)).toBeUndefined();
  });
});

describe('the VLAN of a parent', () => {
  const on = riding('macvlan', { parent: 'eth0.20' });
  // As `ip -details -json` of iproute2 has it: "link": "eth0", "linkinfo": { "info_kind": "vlan", "info_data": { "id": 20 } }.
  const vlan = link('eth0.20', 7, { kind: 'vlan', iflink: 2, vlanId: 20 });

  it('is the kernel’s', () => {
    const links = [link('eth0', 2, { kind: 'physical' }), vlan];
    expect(parentMode(on, machine(links))).toMatchObject({ parent: 'eth0.20', vlanId: 20, vlanOf: 'eth0' });
    const named = riding('ipvlan', { parent: 'office' });
    const office = { ...vlan, name: 'office', vlanId: 30 };
    expect(parentMode(named, machine([...links, office]))).toMatchObject({ vlanId: 30, vlanOf: 'eth0' });
  });

  it('is told by the name where the link was not read, or is not there yet', () => {
    expect(parentMode(on, unread)).toMatchObject({ vlanId: 20, vlanOf: 'eth0' });
    expect(parentMode(on, machine([]))).toMatchObject({ vlanId: 20, vlanOf: 'eth0' });
  });

  it('is none where a link only has such a name', () => {
    const plain = link('eth0.20', 7, { kind: 'veth' });
    expect(parentMode(on, machine([plain]))).not.toHaveProperty('vlanId');
    expect(parentMode(riding('macvlan', { parent: 'eth0.4095' }), unread)).not.toHaveProperty('vlanId');
    expect(parentMode(riding('macvlan', { parent: 'a.b.20' }), unread)).not.toHaveProperty('vlanId');
  });
});

it('a network without a parent rides on a dummy that the driver made', () => {
  expect(parentMode(riding('macvlan'), unread)).toMatchObject({ isDummy: true });
  expect(parentMode(riding('ipvlan'), unread)).toMatchObject({ isDummy: true });
  const own = riding('macvlan', { parent: 'lone0' });
  expect(parentMode(own, machine([link('lone0', 5, { kind: 'dummy' })]))).toMatchObject({ isDummy: true });
  const { parent: _, ...podman } = riding('macvlan', {}).options;
  const untold = { ...riding('macvlan', podman), networkInterface: '' };
  expect(parentMode(untold, unread)).toEqual({ driver: 'macvlan', mode: 'bridge', isDummy: false });
});
