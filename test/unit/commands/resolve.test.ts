import { describe, expect, it } from 'vitest';
import {
  addressesOf,
  containerIdOf,
  hostLinksOf,
  idOf as engineIdOf,
  macsOf,
  nameOf,
  seatsOf,
} from '../../../src/commands/resolve.ts';
import { lookupOf } from '../../../src/editor/lookup.ts';
import { subjectOf, type Subject } from '../../../src/editor/subject.ts';
import { idOf, networks, tutorial } from '../support/snapshots.ts';

const lookup = lookupOf(tutorial());
const test1: Subject = { kind: 'container', containerId: idOf('ctr test1') };
const test2: Subject = { kind: 'container', containerId: idOf('ctr test2') };
const shared1: Subject = { kind: 'container', containerId: idOf('ctr shared1') };
const seat: Subject = { kind: 'endpoint', containerId: idOf('ctr test2'), networkId: networks.myBridge.id };
const veth: Subject = { kind: 'link', name: 'veth000000b' };
const values = (found: readonly { value: string }[]): string[] => found.map(({ value }) => value);

describe('what a command acts on', () => {
  it('from a container on two networks there are two addresses and two host links to choose from', () => {
    expect(values(addressesOf(lookup, test2))).toEqual(['172.17.0.3', '172.18.0.3']);
    expect(hostLinksOf(lookup, test2)).toEqual(['veth000000d', 'veth0000011']);
  });

  it('from an endpoint there is one of each', () => {
    expect(values(addressesOf(lookup, seat))).toEqual(['172.18.0.3']);
    expect(values(macsOf(lookup, seat))).toEqual(['02:42:ac:12:00:03']);
    expect(hostLinksOf(lookup, seat)).toEqual(['veth0000011']);
    expect(nameOf(lookup, seat)).toBe('test2');
  });

  it('from a row about one address it is that one', () => {
    expect(values(addressesOf(lookup, { ...seat, address: 'fd00::3' }))).toEqual(['fd00::3']);
  });

  it('from a veth it is the container behind it', () => {
    expect(containerIdOf(lookup, veth)).toBe(idOf('ctr test1'));
    expect(seatsOf(lookup, veth).map(({ endpoint }) => endpoint.networkId)).toEqual([networks.bridge.id]);
  });

  it('from a bridge it is the bridge’s own address and MAC', () => {
    const docker0: Subject = { kind: 'link', name: 'docker0' };
    expect(values(addressesOf(lookup, docker0))).toEqual(['172.17.0.1']);
    expect(values(macsOf(lookup, docker0))).toEqual(['02:42:f1:a2:b3:c4']);
    expect(containerIdOf(lookup, docker0)).toBeUndefined();
  });

  it('from a container that shares a namespace it is the owner’s seat', () => {
    expect(seatsOf(lookup, shared1)).toEqual(seatsOf(lookup, test1));
    expect(engineIdOf(shared1)).toBe(idOf('ctr shared1'));
  });

  it('from something that is gone it is nothing', () => {
    expect(seatsOf(lookup, { kind: 'container', containerId: 'gone' })).toEqual([]);
    expect(hostLinksOf(lookup, { kind: 'endpoint', containerId: 'gone', networkId: 'gone' })).toEqual([]);
    expect(nameOf(lookup, { kind: 'network', networkId: 'gone' })).toBeUndefined();
  });
});

describe('the argument of a command', () => {
  it('is a row of a tree, or a subject that another extension passes', () => {
    expect(subjectOf({ subject: test1 })).toEqual(test1);
    expect(subjectOf(test1)).toEqual(test1);
  });

  it.each([
    undefined,
    null,
    0,
    'x',
    [],
    {},
    { kind: 'container' },
    { kind: 'link', name: 7 },
    { subject: { kind: 'odd' } },
  ])('that is %j counts as none', (argument) => {
    expect(subjectOf(argument)).toBeUndefined();
  });
});
