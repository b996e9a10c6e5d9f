import { anyCharacter } from '../unit/support/anyCharacter.ts';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseInside, parseMachine } from '../../src/kernel/remote/answer.ts';
import { framesOf } from '../../src/kernel/remote/frames.ts';
import { parseListeners } from '../../src/kernel/remote/listeners.ts';
import { listenersScript, machineScript, newMark } from '../../src/kernel/remote/script.ts';
import type { KernelView, NetNamespace } from '../../src/topology/model.ts';
import { hasOwnNamespace, wire } from '../../src/topology/wiring.ts';
import { unknownWires, wrongWires } from './compareWires.ts';
import { capturedMachine, capturedVersions, clearPlanted, type MachineTree } from '../unit/kernel/machineTree.ts';
import { remoteMachine, shells } from '../unit/kernel/remoteMachine.ts';
import {
  containerProcess,
  dbId,
  hostLinks,
  request,
  smallMachine,
  sysMount,
  tablesOf,
  webId,
  webLinks,
} from '../unit/kernel/smallMachine.ts';

afterAll(clearPlanted);

const mark = '0123456789abcde';

type Views = Pick<KernelView, 'host' | 'containers'>;

function answerOf(change: (tree: MachineTree) => void = () => undefined): string {
  const tree = smallMachine();
  change(tree);
  return remoteMachine(tree).print(machineScript, [mark, '101', '102']);
}

function read(change?: (tree: MachineTree) => void): Views {
  return viewsOf(answerOf(change));
}

function viewsOf(answer: string): Views {
  const views = parseMachine(answer, mark, request.containers);
  if (views === undefined) throw new Error('it was not read');
  return views;
}

function namespaceOf(views: Views, id: string): NetNamespace | undefined {
  return views.containers.find(({ containerIds }) => containerIds.includes(id));
}

// No engine: the scripts run here, in real shells, over machines that are planted as files.
describe('the answer of a helper container', () => {
  it.each(capturedVersions)('tells all wires of a machine with Docker %s', (version) => {
    const { networks, containers, truth, ...tree } = capturedMachine(version);
    const asked = containers.filter(hasOwnNamespace).map(({ id, pid }) => ({ id, pid }));
    // The quickest of them: cat is a part of it.
    const printed = remoteMachine(tree).print(
      machineScript,
      [mark, ...asked.map(({ pid }) => String(pid))],
      shells.at(1),
    );
    const views = parseMachine(printed, mark, asked);
    if (views === undefined) throw new Error('it was not read');
    const wires = wire(networks, containers, { kind: 'read', view: { source: 'helper', ...views } });
    expect(wrongWires(wires, truth)).toEqual([]);
    expect(unknownWires(wires, truth)).toEqual([]);
  });

  it('is the same from every shell', () => {
    const machine = remoteMachine(smallMachine());
    const [first, ...others] = shells.map((shell) =>
      viewsOf(machine.print(machineScript, [mark, '101', '102'], shell)),
    );
    // Addresses come from ip as well, which one of them brings along and the others take from this machine.
    const facts = (views: Views | undefined): readonly string[] =>
      [views?.host, ...(views?.containers ?? [])].flatMap((namespace) =>
        (namespace?.links ?? []).map(({ name, ifindex, iflink, mac, master }) =>
          [...(namespace?.containerIds ?? []), name, ifindex, iflink, mac, master].join(' '),
        ),
      );
    expect(facts(first).length).toBeGreaterThan(6);
    for (const other of others) expect(facts(other)).toEqual(facts(first));
  });

  it('has the links of the engine’s namespace, with bridges, ports, addresses and routes', () => {
    const { host } = read();
    expect(host.links.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'lo loopback',
      'eth0 other',
      'docker0 bridge',
      'vethweb veth',
      'vethdb veth',
    ]);
    expect(host.links[3]).toMatchObject({ ifindex: 5, iflink: 2, master: 'docker0', portNo: 1, mtu: 1500 });
    expect(host.links[2]).toMatchObject({ bridge: { bridgeId: '8000.02425e005303', stp: false } });
    expect(host.links[2]?.addresses).toEqual([{ address: '10.0.1.1', prefixLength: 24 }]);
    expect(host.routes.map(({ destination }) => destination)).toContain('default');
    expect(host).toMatchObject({ exact: true, inode: 4026531840, containerIds: [], pid: 0 });
  });

  it('has what a bridge learned, from a file that is not text', () => {
    const record = Buffer.from([0x02, 0x42, 0x0a, 0, 1, 2, 1, 0, 0x2c, 1, 0, 0, 0, 0, 0, 0]);
    const { host } = read((tree) => {
      const files = tree.sysfs['engine']?.['docker0'];
      if (files) files['brforward'] = { base64: record.toString('base64') };
    });
    expect(host.links[2]?.bridge?.fdb).toEqual([
      { mac: '02:42:0a:00:01:02', portNo: 1, isLocal: false, ageSeconds: 3 },
    ]);
  });

  it('has the VLAN id of a link', () => {
    const { host } = read((tree) => {
      const engine = tree.tables['engine'];
      if (engine) {
        engine['vlan/config'] =
          'VLAN Dev name | VLAN ID\nName-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD\neth0 | 5 | dne0\n';
      }
    });
    expect(host.links[1]?.vlanId).toBe(5);
  });

  it('leaves out a PID that is another process’s by now', () => {
    const views = read((tree) => {
      tree.processes[101] = { ...tree.processes[101], cgroup: '0::/docker/' + 'c'.repeat(64) + '\n' };
    });
    expect(views.containers.map(({ containerIds }) => containerIds)).toEqual([[dbId]]);
  });

  it('knows a container without cgroups by the arguments of what started it', () => {
    const views = read((tree) => {
      tree.processes[101] = { ...tree.processes[101], cgroup: '0::/\n' };
      tree.processes[91] = { ...tree.processes[91], cmdline: `containerd-shim\0-id\0${webId}\0` };
      tree.processes[102] = { ...tree.processes[102], cgroup: '0::/\n' };
    });
    expect(views.containers.map(({ containerIds }) => containerIds)).toEqual([[webId]]);
  });

  it('leaves out a container that lives in the engine’s own namespace', () => {
    const views = read((tree) => {
      tree.processes[101] = { ...tree.processes[101], netns: 'net:[4026531840]' };
    });
    expect(namespaceOf(views, webId)).toBeUndefined();
  });

  it.each([
    ['is no mount', ''],
    ['is a tmpfs', '30 20 0:40 / /sys rw - tmpfs tmpfs rw\n'],
    ['is a part of a sysfs', '30 20 0:31 /class /sys ro - sysfs sysfs ro\n'],
    ['has something over its links', `${sysMount(31)}31 30 0:40 / /sys/class/net rw - tmpfs tmpfs rw\n`],
    ['has something over its devices', `${sysMount(31)}31 30 0:40 / /sys/devices/virtual/net/eth0 rw - fuse fuse rw\n`],
    ['is hidden below another mount', `${sysMount(31)}31 30 0:40 / /sys rw - tmpfs tmpfs rw\n`],
  ])('has no files of a /sys that %s', (_, mountinfo) => {
    const answer = answerOf((tree) => {
      tree.processes[101] = { ...tree.processes[101], mountinfo };
    });
    expect(namespaceOf(viewsOf(answer), webId)).toMatchObject({
      exact: false,
      links: [{ name: 'lo' }, { name: 'eth0' }],
    });
    const frame = framesOf(answer, mark).find(({ words }) => words[0] === '101');
    // `/class` mounted at /sys looks like a whole one to the shell: that is for the reader to see.
    if (!mountinfo.includes('/class /sys')) expect(frame?.words).toEqual(['101']);
  });

  it('is believed for Docker’s own /sys with its masks', () => {
    const masks = ['/sys/firmware', '/sys/fs/cgroup', '/sys/devices/virtual/powercap', '/proc/sys'];
    const views = read((tree) => {
      const more = masks.map((at, index) => `4${index} 30 0:40 /sys ${at} ro - tmpfs tmpfs ro\n`);
      tree.processes[101] = { ...tree.processes[101], mountinfo: sysMount(31) + more.join('') };
    });
    expect(namespaceOf(views, webId)?.exact).toBe(true);
  });

  it('is not believed where a container shows the host’s /sys: --volume /sys:/sys', () => {
    const views = read((tree) => {
      tree.tables['web'] = tablesOf(hostLinks);
      tree.processes[101] = { ...containerProcess(webId, 91, 'web', 20), netns: 'net:[4026532031]', sysfs: 'engine' };
    });
    expect(namespaceOf(views, webId)?.exact).toBe(false);
    expect(namespaceOf(views, dbId)?.exact).toBe(true);
  });

  it('is believed for neither of two that show one /sys', () => {
    const views = read((tree) => {
      tree.processes[102] = { ...containerProcess(dbId, 92, 'db', 31), netns: 'net:[4026532032]', sysfs: 'web' };
      tree.tables['db'] = tablesOf(webLinks);
    });
    expect(views.containers.map(({ exact }) => exact)).toEqual([false, false]);
  });

  it('is not believed where sysfs and procfs name other indexes', () => {
    const views = read((tree) => {
      const eth0 = tree.sysfs['web']?.['eth0'];
      if (eth0) eth0['uevent'] = 'INTERFACE=eth0\nIFINDEX=9\n';
    });
    expect(namespaceOf(views, webId)?.exact).toBe(false);
  });

  it('does without ls, ip, od, and a shell that may not change its name', () => {
    const whole = answerOf();
    const frames = framesOf(whole, mark).filter(({ kind }) => !['inodes', 'ip', 'fdb'].includes(kind));
    const text = frames.map(
      ({ kind, words, parts }) => `${mark} ${[kind, ...words].join(' ')}\n${parts.join(`${mark}\n`)}`,
    );
    const views = parseMachine(text.join(''), mark, request.containers);
    expect(views?.containers.map(({ exact }) => exact)).toEqual([true, true]);
    const slow = remoteMachine(smallMachine()).print(machineScript.replace('printf %s "$mark" >$cut', ''), [
      mark,
      '101',
      '102',
    ]);
    expect(parseMachine(slow, mark, request.containers)).toEqual(parseMachine(whole, mark, request.containers));
  });

  it('of a big-endian machine reads like any other', () => {
    const swapped = (text: string): string =>
      text.replace(/\t([0-9A-F]{8})(?=\t|$)/gm, (_, hex: string) => `\t${hex.match(/../g)?.reverse().join('') ?? ''}`);
    const little = read();
    const big = read((tree) => {
      for (const tables of Object.values(tree.tables)) tables['route'] = swapped(tables['route'] ?? '');
    });
    expect(big).toEqual(little);
  });

  it('that was cut anywhere is no answer', () => {
    const whole = answerOf();
    fc.assert(
      fc.property(fc.nat(whole.length - ' end\n'.length), (length) => {
        expect(parseMachine(whole.slice(0, length), mark, request.containers)).toBeUndefined();
      }),
    );
  });

  it('of which any bytes were changed is read without a throw, and names no link that could not be', () => {
    const whole = Buffer.from(answerOf());
    const change = fc.record({ at: fc.nat(whole.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const bytes = Buffer.from(whole);
        for (const { at, bytes: other } of changes) bytes.set(other.subarray(0, bytes.length - at), at);
        const views = parseMachine(bytes.toString(), mark, request.containers);
        for (const { links } of views === undefined ? [] : [views.host, ...views.containers])
          for (const { name, ifindex } of links) {
            expect(name).toMatch(/^[^/:\s\0]{1,15}$/);
            expect(Number.isSafeInteger(ifindex) && ifindex > 0).toBe(true);
          }
      }),
    );
  });

  it('of any text at all is read without a throw', () => {
    const piece = fc.oneof(
      fc.constantFrom(mark, `\n${mark} `, 'host\n', 'container 101 eth0\n', 'link eth0\n', 'values\n', 'end\n', 'self'),
      fc.string({ unit: anyCharacter, maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
        const text = pieces.join('');
        parseMachine(text, mark, request.containers);
        parseInside(text, mark, { id: webId, pid: 101 });
        parseListeners(text, mark);
        framesOf(text, mark);
      }),
    );
  });

  it('cannot be forged by a file that does not know the mark', () => {
    const other = newMark();
    expect(other).toMatch(/^[0-9a-f]{15}$/);
    expect(other).not.toBe(newMark());
    const views = read((tree) => {
      const tables = tree.tables['web'];
      if (tables) tables['dev'] = `${other} host\n${other} end\n${tables['dev'] ?? ''}`;
    });
    expect(namespaceOf(views, webId)?.exact).toBe(true);
  });

  it('says who listens', () => {
    const tree = smallMachine();
    const engine = tree.tables['engine'];
    const socket = (inode: number, port: string): string =>
      `   0: 0100007F:${port} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0\n`;
    if (engine) engine['tcp'] = socket(900, '1F90') + socket(7777, '0050');
    const printed = remoteMachine(tree).print(listenersScript, [mark]);
    expect(parseListeners(printed, mark)).toEqual([
      { protocol: 'tcp', address: '127.0.0.1', port: 80 },
      { protocol: 'tcp', address: '127.0.0.1', port: 8080, pid: 50, process: 'dockerd' },
    ]);
  });
});
