import { expect, test } from 'vitest';
import { bridgeNameProblem, fullParent, parentProblem } from '../../../src/actions/linkProblems.ts';
import type { Snapshot } from '../../../src/topology/model.ts';
import { engineInfo, link, network, networks, tutorial } from '../support/snapshots.ts';

const unread = tutorial({ kernel: { kind: 'absent', reason: 'notLocal' } });
const wish = { driver: 'macvlan', parent: 'eth0', vlanId: '', mode: '' };

test('a bridge is not given the name of a link or of another network’s bridge, which the engine would take over', () => {
  expect(bridgeNameProblem('', tutorial())).toBeUndefined();
  expect(bridgeNameProblem('br-new', tutorial())).toBeUndefined();
  expect(bridgeNameProblem('eth0', tutorial())).toEqual({ kind: 'linkNameTaken', name: 'eth0' });
  expect(bridgeNameProblem('docker0', unread)).toEqual({ kind: 'linkNameTaken', name: 'docker0' });
  expect(bridgeNameProblem(`br-${networks.shop.id.slice(0, 12)}`, unread)?.kind).toBe('linkNameTaken');
  expect(bridgeNameProblem('eth0', unread)).toBeUndefined();
  expect(bridgeNameProblem('..', tutorial())).toEqual({ kind: 'linkName', name: '..' });
});

test('a parent that the host does not have is told before the engine says so', () => {
  expect(parentProblem(wish, tutorial())).toBeUndefined();
  expect(parentProblem({ ...wish, parent: 'eth9' }, tutorial())).toEqual({ kind: 'unknownParent', name: 'eth9' });
  expect(parentProblem({ ...wish, parent: 'eth9' }, unread)).toBeUndefined();
  expect(parentProblem({ ...wish, parent: '' }, tutorial())).toBeUndefined();
});

test('a VLAN needs its parent, and its link may be there already', () => {
  expect(fullParent({ parent: 'eth0', vlanId: '10' })).toBe('eth0.10');
  expect(parentProblem({ ...wish, vlanId: '10' }, tutorial())).toBeUndefined();
  expect(parentProblem({ ...wish, parent: 'eth0.10' }, tutorial())).toBeUndefined();
  expect(parentProblem({ ...wish, parent: 'eth9.10' }, tutorial())?.kind).toBe('unknownParent');
  expect(parentProblem({ ...wish, parent: '', vlanId: '10' }, tutorial())).toEqual({ kind: 'empty' });
});

test('no network is made on the loopback, whatever it is called', () => {
  const odd = tutorial();
  if (odd.kernel.kind !== 'read') throw new Error('the tutorial has a kernel view');
  const { view } = odd.kernel;
  const host = { ...view.host, links: [...view.host.links, link('loop1', 90, { kind: 'loopback' })] };
  const machine = { ...odd, kernel: { kind: 'read', view: { ...view, host } } } as const;
  expect(parentProblem({ ...wish, parent: 'loop1' }, machine)?.kind).toBe('loopbackParent');
  expect(parentProblem({ ...wish, parent: 'lo' }, unread)?.kind).toBe('loopbackParent');
});

test('another network’s VLAN on the same parent is in nobody’s way', () => {
  const lan = network('lan', { driver: 'ipvlan', options: { parent: 'eth0.10' } });
  const machine = tutorial({ networks: [...Object.values(networks), lan] });
  expect(parentProblem({ ...wish, driver: 'ipvlan' }, machine)).toBeUndefined();
  expect(parentProblem({ ...wish, driver: 'ipvlan', vlanId: '10' }, machine)).toEqual({
    kind: 'parentTaken',
    name: 'eth0.10',
    network: 'lan',
  });
});

test('two networks that cannot have one parent are told apart from those that can', () => {
  const on = (version: string, driver: string, mode = ''): Snapshot =>
    tutorial({
      engine: { ...engineInfo, version },
      networks: [
        ...Object.values(networks),
        network('lan', { driver, options: { parent: 'eth0', ...(mode === '' ? {} : { [`${driver}_mode`]: mode }) } }),
      ],
    });
  const taken = { kind: 'parentTaken', name: 'eth0', network: 'lan' };
  const ipvlan = { ...wish, driver: 'ipvlan' };
  expect(parentProblem(wish, on('20.10.24', 'macvlan'))).toEqual(taken);
  expect(parentProblem(wish, on('28.5.2', 'macvlan'))).toBeUndefined();
  expect(parentProblem(wish, on('28.5.2', 'macvlan', 'passthru'))).toEqual(taken);
  expect(parentProblem({ ...wish, mode: 'passthru' }, on('28.5.2', 'macvlan'))).toEqual(taken);
  expect(parentProblem(ipvlan, on('28.5.2', 'ipvlan'))).toEqual(taken);
  expect(parentProblem(wish, on('28.5.2', 'ipvlan'))).toEqual(taken);
  expect(parentProblem({ ...wish, vlanId: '7' }, on('20.10.24', 'macvlan'))).toBeUndefined();
});
