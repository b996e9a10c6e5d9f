import { describe, expect, it } from 'vitest';
import { addressOf, isHere, type Here, type ReachedEngine } from '../../../src/editor/containerAddress.ts';
import type { KernelReading, Snapshot } from '../../../src/topology/model.ts';
import { container, endpoint, engineInfo, idOf, network, networks, snapshot, tutorial } from '../support/snapshots.ts';

const unread: KernelReading = { kind: 'absent', reason: 'disabled' };
const web = container('web', { endpoints: [endpoint('web', networks.bridge, { ipv4: '172.17.0.2' })] });
const docker0 = { name: 'docker0', addresses: ['172.17.0.1/16', 'fe80::42/64'] };
const ethernet = { name: 'eth0', addresses: ['198.18.0.7/24'] };

/** The machine of the engine of `support/snapshots.ts`. */
function machine(more: Partial<Here> = {}): Here {
  const { name, kernelVersion } = engineInfo;
  return { pid: 4711, hostname: name, kernelVersion, links: () => [ethernet, docker0], ...more };
}

function reached(more: Partial<Snapshot> = {}, endpoint = 'unix:///var/run/docker.sock'): ReachedEngine {
  return {
    engine: { connection: { endpoint, readOnly: false } },
    snapshot: snapshot({ containers: [web], kernel: unread, ...more }),
  };
}

/** The kernel was read from here, and the engine's namespace is that of a process. */
function readIn(pid: number, source = 'local'): KernelReading {
  const { kernel } = tutorial();
  if (kernel.kind === 'absent') throw new Error('the tutorial has a kernel');
  return { kind: 'read', view: { ...kernel.view, source, host: { ...kernel.view.host, pid } } };
}

describe('a container is dialled', () => {
  it('where the kernel proves that its bridge is in this namespace, whatever the machines are called', () => {
    const there = machine({ hostname: 'other' });
    expect(addressOf(reached({ kernel: readIn(there.pid) }), web.id, there)).toBe('172.17.0.2');
  });

  it('where reading the kernel is turned off, and machine, kernel, socket and bridge are the engine’s', () => {
    expect(addressOf(reached(), web.id, machine())).toBe('172.17.0.2');
  });

  it('never on the word of a reading from another namespace, which has a docker0 too', () => {
    expect(addressOf(reached({ kernel: readIn(4712) }), web.id, machine())).toBeUndefined();
  });

  it.each([
    ['over ssh', reached({}, 'ssh://root@lab')],
    ['over a network', reached({}, 'tcp://127.0.0.1:2375')],
    ['over a network, with its kernel read by a helper', reached({ kernel: readIn(4711, 'helper') }, 'tcp://lab:2375')],
    ['in a virtual machine', reached({ engine: { ...engineInfo, name: 'docker-desktop' } })],
    ['on another kernel behind a forwarded socket', reached({ engine: { ...engineInfo, kernelVersion: '6.1.1' } })],
    ['rootless', reached({ engine: { ...engineInfo, rootless: true } })],
    ['without a snapshot', { ...reached(), snapshot: undefined }],
    ['of a recording', { ...reached(), engine: { connection: { endpoint: 'unix:///r', readOnly: true } } }],
  ])('never of an engine %s, though this machine has a container of that address', (_, engine) => {
    expect(addressOf(engine, web.id, machine())).toBeUndefined();
    expect(isHere(engine, machine())).toBe(false);
  });

  it('never where this process has no bridge of the engine, as in a container that the socket is mounted into', () => {
    expect(addressOf(reached(), web.id, machine({ links: () => [ethernet] }))).toBeUndefined();
  });

  it('never where a link of somebody else leads to its address', () => {
    const doubled = (prefix: number) => ({ name: 'podman0', addresses: [`172.17.0.1/${prefix}`] });
    const dial = (prefix: number) =>
      addressOf(reached({ kernel: readIn(4711) }), web.id, machine({ links: () => [docker0, doubled(prefix)] }));
    // The longest prefix wins.
    expect([8, 16, 24].map(dial)).toEqual(['172.17.0.2', undefined, undefined]);
  });

  it('on whichever of its networks is a bridge, never on one that its host does not reach', () => {
    const lan = network('lan', { driver: 'macvlan' });
    const onLan = endpoint('web', lan, { ipv4: '198.18.0.9' });
    const dial = (endpoints: (typeof web)['endpoints']) =>
      addressOf(
        reached({ networks: [lan, networks.bridge], containers: [{ ...web, endpoints }], kernel: readIn(4711) }),
        web.id,
        machine(),
      );
    expect(dial([onLan])).toBeUndefined();
    expect(dial([onLan, ...web.endpoints])).toBe('172.17.0.2');
  });

  it('by IPv6 where it has nothing else', () => {
    const six = { ...web, endpoints: [endpoint('web', networks.bridge, { ipv6: 'fd00:17::2' })] };
    const links = () => [{ name: 'docker0', addresses: ['fd00:17::1/64'] }];
    expect(addressOf(reached({ containers: [six], kernel: readIn(4711) }), web.id, machine({ links }))).toBe(
      'fd00:17::2',
    );
  });

  it('in the namespace that it shares: another container’s, or the host’s', () => {
    const guest = container('guest', { mode: { kind: 'container', ownerId: web.id } });
    const host = container('host1', { mode: { kind: 'host' } });
    const sidecar = container('sidecar', { mode: { kind: 'container', ownerId: host.id } });
    const here = reached({ containers: [web, guest, host, sidecar] });
    const dial = (from: ReachedEngine) => [guest, host, sidecar].map(({ id }) => addressOf(from, id, machine()));
    expect(dial(here)).toEqual(['172.17.0.2', '127.0.0.1', '127.0.0.1']);
    const afar = { ...here, engine: { connection: { endpoint: 'ssh://lab', readOnly: false } } };
    expect(dial(afar)).toEqual([undefined, undefined, undefined]);
  });

  it('while it runs', () => {
    expect(addressOf(reached({ containers: [{ ...web, state: 'exited' }] }), web.id, machine())).toBeUndefined();
    expect(addressOf(reached(), idOf('ctr gone'), machine())).toBeUndefined();
  });

  it('by the real links of this machine, where nobody says others', () => {
    expect(addressOf(reached(), web.id)).toBeUndefined();
  });
});
