import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { KernelView } from '../../../src/topology/model.ts';
import { namespaceOf, read, viewOf } from './localReader.ts';
import { clearPlanted, hideFromUsers, type MachineTree } from './machineTree.ts';
import { dbId, hostLinks, request, sysMount, tablesOf, webId, webLinks } from './smallMachine.ts';

afterAll(clearPlanted);

/** As `/proc/<pid>/stat` has it, of a program with an odd name. */
function statOf(pid: number, start: number): string {
  const fields = Array.from({ length: 49 }, (_, index) => (index === 18 ? start : index));
  return `${pid} (a) b (c) S ${fields.join(' ')}\n`;
}

/** Containers of ordinary rights, whose processes can be told from those that get their PIDs. */
function living(tree: MachineTree): void {
  for (const pid of [101, 102]) {
    const process = tree.processes[pid];
    tree.processes[pid] = {
      ...process,
      stat: statOf(pid, 5_000 + pid),
      status: `${process?.status ?? ''}CapBnd:\t00000000a80425fb\n`,
      mntns: `mnt:[402653300${pid}]`,
    };
  }
}

describe.skipIf(process.platform === 'win32')('the kernel of this machine, all of it once more,', () => {
  const web = (view: KernelView) => namespaceOf(view, webId);

  it('says the same where nothing changed, without proving again what holds while a process lives', async () => {
    const { source, opened } = read(living);
    const before = viewOf(await source.read(request));
    const first = opened();
    expect(first).toContain('proc/101/mountinfo');
    expect(viewOf(await source.read(request))).toEqual(before);
    const again = opened();
    expect(again.filter((file) => /mountinfo|cgroup|uevent|^proc\/1\//.test(file) && !file.includes('engine'))).toEqual(
      [],
    );
    // What may have changed is read all the same.
    for (const file of ['net/dev', 'net/route', 'net/fib_trie', 'net/igmp', 'stat'])
      expect(again).toContain(`proc/101/${file}`);
    for (const file of ['iflink', 'address', 'mtu', 'operstate'])
      expect(again).toContain(`proc/101/root/sys/devices/virtual/net/eth0/${file}`);
    expect(again.length).toBeLessThan(first.length);
  });

  it('shows whatever changed of a link, an address, a route, a counter', async () => {
    const { source, at } = read(living);
    await source.read(request);
    const eth0 = at('sysfs/web/devices/virtual/net/eth0');
    writeFileSync(path.join(eth0, 'iflink'), '9\n');
    writeFileSync(path.join(eth0, 'address'), '02:42:0a:00:01:99\n');
    writeFileSync(path.join(eth0, 'mtu'), '1400\n');
    writeFileSync(path.join(eth0, 'operstate'), 'down\n');
    const moved = [webLinks[0] ?? hostLinks[0], { name: 'eth0', ifindex: 2, address: '1.99', rxBytes: 300 }];
    for (const [file, text] of Object.entries(tablesOf(moved.flatMap((link) => link ?? []))))
      writeFileSync(at('net/web', file), text);
    writeFileSync(at('net/web/route'), '');
    writeFileSync(at('net/web/if_inet6'), 'fd000000000000000000000000000063 02 40 00 80     eth0\n');
    const changed = web(viewOf(await source.read(request)));
    expect(changed).toMatchObject({ exact: true, routes: [] });
    expect(changed?.links[1]).toMatchObject({
      iflink: 9,
      mac: '02:42:0a:00:01:99',
      mtu: 1400,
      operState: 'down',
      counters: { rxBytes: 300, rxPackets: 3 },
      addresses: [{ address: 'fd00::63', prefixLength: 64 }],
    });
  });

  it('sees a link that came, went, or is another one of the same name', async () => {
    const { source, at } = read(living);
    await source.read(request);
    writeFileSync(at('sysfs/web/devices/virtual/net/eth0/uevent'), 'IFINDEX=8\n');
    const other = [
      { name: 'lo', ifindex: 1 },
      { name: 'eth0', ifindex: 8, address: '1.2' },
    ];
    for (const [file, text] of Object.entries(tablesOf(other))) writeFileSync(at('net/web', file), text);
    expect(web(viewOf(await source.read(request)))?.links[1]).toMatchObject({ name: 'eth0', ifindex: 8, iflink: 5 });
    rmSync(at('sysfs/web/class/net/eth0'));
    for (const [file, text] of Object.entries(tablesOf(other.slice(0, 1)))) writeFileSync(at('net/web', file), text);
    expect(web(viewOf(await source.read(request)))?.links.map(({ name }) => name)).toEqual(['lo']);
  });

  it('does not take another process for the container that had its PID', async () => {
    const { source, at } = read(living);
    await source.read(request);
    writeFileSync(at('proc/101/stat'), statOf(101, 9_999));
    writeFileSync(at('proc/101/cgroup'), '0::/user.slice\n');
    expect(viewOf(await source.read(request)).containers.map(({ containerIds }) => containerIds)).toEqual([[dbId]]);
  });

  it('shows no container that is gone', async () => {
    const { source, at } = read(living);
    await source.read(request);
    rmSync(at('proc/102'), { recursive: true });
    expect(viewOf(await source.read(request)).containers.map(({ containerIds }) => containerIds)).toEqual([[webId]]);
  });

  it('believes no sysfs any longer of a process that went to another mount namespace', async () => {
    const { source, at, opened } = read(living);
    expect(web(viewOf(await source.read(request)))?.exact).toBe(true);
    rmSync(at('proc/101/ns/mnt'));
    symlinkSync('mnt:[1]', at('proc/101/ns/mnt'));
    writeFileSync(at('proc/101/mountinfo'), `${sysMount(31)}31 30 0:40 / /sys/class/net rw - fuse fuse rw\n`);
    opened();
    expect(web(viewOf(await source.read(request)))?.exact).toBe(false);
    expect(opened().filter((name) => name.startsWith('proc/101/root'))).toEqual([]);
  });

  it('looks each time at the mounts of a process that may mount', async () => {
    const { source, at, opened } = read((tree) => {
      living(tree);
      tree.processes[101] = { ...tree.processes[101], status: 'PPid:\t91\nCapBnd:\t000001ffffffffff\n' };
    });
    expect(web(viewOf(await source.read(request)))?.exact).toBe(true);
    writeFileSync(at('proc/101/mountinfo'), `${sysMount(31)}31 30 0:40 / /sys/class/net rw - fuse fuse rw\n`);
    opened();
    expect(web(viewOf(await source.read(request)))?.exact).toBe(false);
    expect(opened()).not.toContain('proc/102/mountinfo');
  });

  it('believes neither of two that claim one sysfs, also where one was believed before', async () => {
    const { source } = read((tree) => {
      living(tree);
      tree.tables['db'] = tablesOf(webLinks);
      tree.processes[102] = { ...tree.processes[102], mountinfo: sysMount(31), sysfs: 'web' };
    });
    expect(
      viewOf(await source.read({ ...request, containers: request.containers.slice(0, 1) })).containers[0]?.exact,
    ).toBe(true);
    expect(viewOf(await source.read(request)).containers.map(({ exact }) => exact)).toEqual([false, false]);
  });

  it('proves the engine anew where its process is another one', async () => {
    const { source, at, log } = read(living);
    await source.read(request);
    renameSync(at('proc/50'), at('proc/60'));
    expect(viewOf(await source.read(request)).containers).toHaveLength(2);
    rmSync(at('proc/60'), { recursive: true });
    expect(viewOf(await source.read(request)).containers).toHaveLength(2);
    expect(log.at(-1)).not.toContain('which holds its socket');
  });

  it('shows an ordinary user what changed', async () => {
    const { source, machine, at, opened } = read(living);
    hideFromUsers(machine);
    const before = viewOf(await source.read(request));
    opened();
    expect(viewOf(await source.read(request))).toEqual(before);
    expect(opened()).not.toContain('proc/101/cgroup');
    writeFileSync(at('net/web/fib_trie'), '  |-- 10.0.1.77\n     /32 host LOCAL\n');
    expect(web(viewOf(await source.read(request)))?.links[1]?.addresses).toEqual([
      { address: '10.0.1.77', prefixLength: 24 },
    ]);
  });
});
