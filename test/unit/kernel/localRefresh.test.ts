import { renameSync, rmSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { absent, namespaceOf, read, viewOf } from './localReader.ts';
import { clearPlanted, plant } from './machineTree.ts';
import { containerProcess, dbId, hostLinks, request, smallMachine, tablesOf, webId, webLinks } from './smallMachine.ts';

afterAll(clearPlanted);

describe.skipIf(process.platform === 'win32')('the kernel of this machine', () => {
  describe('read anew', () => {
    const nothing = new Set<string>();

    it('opens no file of a container or link that nothing was said about', async () => {
      const { source, opened } = read();
      const before = viewOf(await source.read(request));
      const all = opened().length;
      const after = viewOf(await source.read({ ...request, previous: { view: before, touched: nothing } }));
      expect(opened()).toEqual(['proc/self/net/dev']);
      expect(all).toBeGreaterThan(60);
      expect(after).toEqual(before);
      for (const [index, space] of after.containers.entries()) expect(space).toBe(before.containers[index]);
    });

    it('reads a container that was touched, and no other', async () => {
      const { source, opened, at } = read();
      const view = viewOf(await source.read(request));
      opened();
      writeFileSync(at('net/web/fib_trie'), '  |-- 10.0.1.99\n     /32 host LOCAL\n');
      const after = viewOf(await source.read({ ...request, previous: { view, touched: new Set([webId]) } }));
      expect(namespaceOf(after, webId)?.links[1]?.addresses).toEqual([{ address: '10.0.1.99', prefixLength: 24 }]);
      expect(namespaceOf(after, dbId)).toBe(namespaceOf(view, dbId));
      expect(opened().filter((file) => !file.startsWith('proc/self') && !file.startsWith('proc/101'))).toEqual([]);
    });

    it('reads a host link that was touched, and keeps the rest but for their counters', async () => {
      const { source, opened, at } = read();
      const view = viewOf(await source.read(request));
      opened();
      writeFileSync(at('sysfs/engine/devices/virtual/net/vethdb/operstate'), 'down\n');
      writeFileSync(at('sysfs/engine/devices/virtual/net/vethweb/operstate'), 'down\n');
      writeFileSync(at('net/engine/dev'), (tablesOf(hostLinks)['dev'] ?? '').replace('500 5 ', '600 6 '));
      const after = viewOf(await source.read({ ...request, previous: { view, touched: new Set(['vethdb']) } }));
      expect(after.host.links.map(({ operState }) => operState)).toEqual(['up', 'up', 'up', 'up', 'down']);
      expect(after.host.links[3]?.counters).toMatchObject({ rxBytes: 600, rxPackets: 6 });
      expect(opened().filter((file) => file.includes('vethweb') || file.startsWith('proc/10'))).toEqual([]);
    });

    it('shows a veth that came and the container that it came with, and what its bridge learned', async () => {
      const { source, at, opened } = read((tree) => {
        delete tree.processes[102];
        const links = hostLinks.slice(0, -1);
        tree.tables['engine'] = { ...tree.tables['engine'], ...tablesOf(links) };
        delete tree.sysfs['engine']?.['vethdb'];
      });
      const alone = { ...request, containers: request.containers.slice(0, 1) };
      const view = viewOf(await source.read(alone));
      expect(view.containers).toHaveLength(1);
      opened();
      const full = plant(smallMachine());
      onTestFinished(full.remove);
      for (const place of ['proc/102', 'sysfs/engine/devices/virtual/net/vethdb', 'sysfs/engine/class/net/vethdb'])
        renameSync(path.join(full.directory, place), at(place));
      writeFileSync(at('net/engine/dev'), tablesOf(hostLinks)['dev'] ?? '');
      const record = [2, 0x42, 0x0a, 0, 1, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0];
      writeFileSync(at('sysfs/engine/devices/virtual/net/docker0/brforward'), Uint8Array.from(record));
      const after = viewOf(await source.read({ ...request, previous: { view, touched: new Set([dbId]) } }));
      expect(after.host.links.at(-1)).toMatchObject({ name: 'vethdb', kind: 'veth', master: 'docker0', portNo: 2 });
      expect(after.host.links[2]?.bridge?.fdb).toEqual([
        { mac: '02:42:0a:00:01:03', portNo: 2, isLocal: false, ageSeconds: 0 },
      ]);
      expect(namespaceOf(after, dbId)).toMatchObject({ pid: 102, exact: true });
      expect(namespaceOf(after, dbId)?.links[1]).toMatchObject({ kind: 'veth', iflink: 7 });
      expect(opened().filter((file) => file.startsWith('proc/101'))).toEqual([]);
    });

    it('shows no veth and no container that is gone', async () => {
      const { source, at } = read();
      const view = viewOf(await source.read(request));
      rmSync(at('proc/102'), { recursive: true });
      rmSync(at('sysfs/engine/class/net/vethdb'));
      writeFileSync(at('net/engine/dev'), tablesOf(hostLinks.slice(0, -1))['dev'] ?? '');
      const left = { ...request, containers: request.containers.slice(0, 1) };
      const after = viewOf(await source.read({ ...left, previous: { view, touched: new Set([dbId]) } }));
      expect(after.host.links.map(({ name }) => name)).toEqual(['lo', 'eth0', 'docker0', 'vethweb']);
      expect(after.containers).toEqual(view.containers.slice(0, 1));
    });

    it('reads a container anew that was restarted, though nobody said so', async () => {
      const { source, at } = read();
      const view = viewOf(await source.read(request));
      renameSync(at('proc/102'), at('proc/203'));
      const restarted = {
        ...request,
        containers: [request.containers[0], { id: dbId, pid: 203 }].flatMap((c) => c ?? []),
      };
      const after = viewOf(await source.read({ ...restarted, previous: { view, touched: nothing } }));
      expect(namespaceOf(after, dbId)?.pid).toBe(203);
      expect(namespaceOf(after, webId)).toBe(namespaceOf(view, webId));
    });

    it('takes a veth for another one whose counters ran backwards', async () => {
      const { source, at } = read();
      const view = viewOf(await source.read(request));
      writeFileSync(at('net/engine/dev'), (tablesOf(hostLinks)['dev'] ?? '').replace('700 7 ', '0 0 '));
      const vethdb = at('sysfs/engine/devices/virtual/net/vethdb');
      writeFileSync(path.join(vethdb, 'uevent'), 'IFINDEX=17\n');
      const after = viewOf(await source.read({ ...request, previous: { view, touched: nothing } }));
      expect(after.host.links.at(-1)).toMatchObject({ name: 'vethdb', ifindex: 17 });
    });

    it('reads everything where the engine has another namespace now', async () => {
      const { source, at } = read();
      const view = viewOf(await source.read(request));
      // Another inode: another namespace.
      renameSync(at('net/engine/dev'), at('net/engine/old'));
      writeFileSync(at('net/engine/dev'), tablesOf(hostLinks)['dev'] ?? '');
      const after = viewOf(await source.read({ ...request, previous: { view, touched: nothing } }));
      expect(after.containers[0]).not.toBe(view.containers[0]);
      expect(after).toEqual(view);
    });

    it('reads everything for a view that it did not make', async () => {
      const { source, opened } = read();
      const view = viewOf(await source.read(request));
      opened();
      await source.read({ ...request, previous: { view: { ...view }, touched: nothing } });
      expect(opened().length).toBeGreaterThan(60);
    });

    it('refuses where the engine’s bridges are gone from the namespace', async () => {
      const { source } = read();
      const view = viewOf(await source.read(request));
      const other = { ...request, bridges: ['br-0123456789ab'] };
      expect(await source.read({ ...other, previous: { view, touched: nothing } })).toEqual(absent('otherNamespace'));
    });

    it('believes no container that shows up with the sysfs of one that was believed before', async () => {
      const { source, at } = read((tree) => {
        tree.processes[103] = { ...containerProcess('c'.repeat(64), 92, 'third', 32), sysfs: 'db' };
        tree.tables['third'] = tablesOf(webLinks);
      });
      const view = viewOf(await source.read(request));
      expect(namespaceOf(view, dbId)?.exact).toBe(true);
      writeFileSync(at('net/third/dev'), tablesOf(webLinks)['dev'] ?? '');
      const three = { ...request, containers: [...request.containers, { id: 'c'.repeat(64), pid: 103 }] };
      const after = viewOf(await source.read({ ...three, previous: { view, touched: nothing } }));
      expect(namespaceOf(after, 'c'.repeat(64))?.exact).toBe(false);
      expect(namespaceOf(after, dbId)?.exact).toBe(false);
      expect(namespaceOf(after, webId)?.exact).toBe(true);
    });
  });
});
