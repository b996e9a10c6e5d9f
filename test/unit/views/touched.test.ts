import { describe, expect, it } from 'vitest';
import { lookupOf } from '../../../src/editor/lookup.ts';
import type { Subject } from '../../../src/editor/subject.ts';
import type { SessionChange } from '../../../src/live/session.ts';
import { touchedBy } from '../../../src/views/touched.ts';
import { container, endpoint, network, tutorial } from '../support/snapshots.ts';

const net = network('net');
const other = network('other');
const owner = container('owner', { endpoints: [endpoint('owner', net)] });
const sharer = container('sharer', { mode: { kind: 'container', ownerId: owner.id } });
const stranger = container('stranger', { endpoints: [endpoint('stranger', other)] });
const lookup = lookupOf({ ...tutorial(), networks: [net, other], containers: [owner, sharer, stranger] });

function touched(change: Partial<SessionChange>, subject?: Subject): boolean {
  const whole = {
    everything: false,
    networks: new Set<string>(),
    containers: new Set<string>(),
    links: new Set<string>(),
  };
  return touchedBy(
    { ...whole, ...change },
    lookup,
    'lab',
  )({ key: '', label: '', spoken: '', tokens: [], ...(subject && { subject }) });
}

const row = (containerId: string): Subject => ({ kind: 'container', containerId });

describe('a change', () => {
  it('touches the container, its seats and its networks, and no other', () => {
    const change = { containers: new Set([owner.id]) };
    expect(touched(change, row(owner.id))).toBe(true);
    expect(touched(change, { kind: 'endpoint', containerId: owner.id, networkId: net.id })).toBe(true);
    expect(touched(change, { kind: 'network', networkId: net.id })).toBe(true);
    expect(touched(change, row(stranger.id))).toBe(false);
    expect(touched(change, { kind: 'network', networkId: other.id })).toBe(false);
  });

  it('touches those that share a namespace, either way', () => {
    expect(touched({ containers: new Set([owner.id]) }, row(sharer.id))).toBe(true);
    expect(touched({ containers: new Set([sharer.id]) }, row(owner.id))).toBe(true);
    expect(touched({ containers: new Set([sharer.id]) }, { kind: 'network', networkId: net.id })).toBe(true);
  });

  it('touches a link, and the bridge that it is plugged into', () => {
    const port = [...lookup.hostLinks.values()].find(({ master }) => master !== undefined);
    const change = { links: new Set([port?.name ?? '']) };
    expect(touched(change, { kind: 'link', name: port?.name ?? '' })).toBe(true);
    expect(touched(change, { kind: 'link', name: port?.master ?? '' })).toBe(true);
    expect(touched(change, { kind: 'link', name: 'eth9' })).toBe(false);
  });

  it('touches what stands for nothing, and everything where it is not known what changed', () => {
    expect(touched({})).toBe(true);
    expect(touched({ everything: true }, row(stranger.id))).toBe(true);
  });
});
