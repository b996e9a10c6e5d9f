import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runSync } from '../../lab/run.ts';
import { watchOpens } from './fsSpy.ts';
import { namespaceOf, read, viewOf } from './localReader.ts';
import { clearPlanted } from './machineTree.ts';
import { dbId, hostLinks, request, tablesOf, webId, webLinks } from './smallMachine.ts';

afterAll(clearPlanted);

describe.skipIf(process.platform === 'win32')('the kernel of this machine', () => {
  describe('while it changes', () => {
    /** Runs `change` when the product opens this file, for the n-th time. */
    function when(file: string, change: () => void, times = 1): void {
      let seen = 0;
      watchOpens((opened) => {
        if (!opened.endsWith(file)) return;
        seen += 1;
        if (seen === times) change();
      });
    }

    it('shows the rest where a container dies between two reads', async () => {
      for (const file of ['/101/net/dev', '/101/net/route', '/101/mountinfo', '/101/root/sys/class/net/eth0/uevent']) {
        const { source, at } = read();
        when(file, () => rmSync(at('proc/101'), { recursive: true }));
        const view = viewOf(await source.read(request));
        expect(
          view.containers.map(({ containerIds }) => containerIds),
          file,
        ).toEqual([[dbId]]);
      }
    });

    it('shows the host where every container dies', async () => {
      const { source, at } = read();
      when('/50/comm', () => [101, 102].forEach((pid) => rmSync(at(`proc/${pid}`), { recursive: true })));
      expect(viewOf(await source.read(request)).containers).toEqual([]);
    });

    it('does not take the namespace of a process that got the PID of a dead container', async () => {
      const { source, at } = read();
      when('/101/net/dev', () => {
        rmSync(at('proc/101'), { recursive: true });
        renameSync(at('proc/102'), at('proc/101'));
      });
      expect(viewOf(await source.read(request)).containers).toEqual([]);
    });

    it('shows the other links where a veth goes away', async () => {
      const { source, at } = read();
      when('/class/net/vethdb/uevent', () =>
        rmSync(at('sysfs/engine/devices/virtual/net/vethdb'), { recursive: true }),
      );
      const { host } = viewOf(await source.read(request));
      expect(host.links.map(({ name }) => name)).toEqual(['lo', 'eth0', 'docker0', 'vethweb']);
    });

    it('reads a container once more that got a new link in the middle', async () => {
      const { source, at } = read();
      const more = [...webLinks, { name: 'eth1', ifindex: 3, iflink: 9, address: '2.2' }];
      when('/101/mountinfo', () => {
        for (const [file, text] of Object.entries(tablesOf(more))) writeFileSync(at('net/web', file), text);
        const device = at('sysfs/web/devices/virtual/net/eth1');
        mkdirSync(device);
        for (const file of ['iflink', 'uevent'])
          writeFileSync(path.join(device, file), file === 'iflink' ? '9' : 'IFINDEX=3');
        symlinkSync(device, at('sysfs/web/class/net/eth1'));
      });
      const web = namespaceOf(viewOf(await source.read(request)), webId);
      expect(web?.exact).toBe(true);
      expect(web?.links.map(({ name, iflink }) => [name, iflink])).toEqual([
        ['lo', 1],
        ['eth0', 5],
        ['eth1', 9],
      ]);
    });

    it('has counters that ran on between /proc and /sys', async () => {
      const { source, at } = read();
      when('vethdb/statistics/rx_bytes', () => {
        writeFileSync(at('sysfs/engine/devices/virtual/net/vethdb/statistics/rx_bytes'), '800\n');
        const dev = tablesOf(hostLinks)['dev'] ?? '';
        writeFileSync(at('net/engine/dev'), dev.replace(': 700 7 ', ': 900 9 '));
      });
      expect(viewOf(await source.read(request)).host.exact).toBe(true);
    });
  });

  describe('with something else in place of a file', () => {
    /** Everything that is read of web and of the host, one at a time. */
    const files = [
      'proc/101/cgroup',
      'proc/101/status',
      'proc/101/mountinfo',
      'net/web/dev',
      'net/web/igmp',
      'net/web/fib_trie',
      'net/engine/unix',
      'net/engine/route',
      'sysfs/web/devices/virtual/net/eth0/uevent',
      'sysfs/engine/devices/virtual/net/docker0/brforward',
      'sysfs/engine/devices/virtual/net/vethdb/brport/port_no',
    ];

    const things: readonly (readonly [string, (file: string) => void])[] = [
      ['a FIFO that nobody writes to', (file) => void runSync(['mkfifo', file])],
      ['a symlink to an endless file', (file) => symlinkSync('/dev/zero', file)],
      ['a symlink to itself', (file) => symlinkSync(path.basename(file), file)],
      ['a directory', (file) => mkdirSync(file)],
      ['a file without a line', (file) => writeFileSync(file, 'x'.repeat(100_000))],
    ];

    it.each(things)('%s: it goes on', async (_, make) => {
      const { source, at } = read();
      for (const file of files) {
        renameSync(at(file), at(`${file}.kept`));
        make(at(file));
        const reading = await source.read(request);
        if (reading.kind === 'read') expect(namespaceOf(reading.view, dbId), file).toMatchObject({ exact: true });
        rmSync(at(file), { recursive: true });
        renameSync(at(`${file}.kept`), at(file));
      }
      expect(await source.read(request)).toMatchObject({ kind: 'read' });
    });
  });
});
