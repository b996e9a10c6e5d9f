import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createLocalKernel } from '../../../src/kernel/local.ts';
import { absent, namespaceOf, read, viewOf } from './localReader.ts';
import { clearPlanted, hideFromUsers } from './machineTree.ts';
import { containerProcess, dbId, hostLinks, request, sysfsOf, sysMount, tablesOf, webId } from './smallMachine.ts';

afterAll(clearPlanted);

describe.skipIf(process.platform === 'win32')('the kernel of this machine', () => {
  describe('as root', () => {
    it('shows the host with its bridge, ports, addresses and routes', async () => {
      const { source, log } = read();
      const { host, source: name } = viewOf(await source.read(request));
      expect(name).toBe('local');
      expect(host).toMatchObject({ containerIds: [], pid: process.pid, inode: 4026531840, exact: true });
      expect(host.links.map((link) => [link.name, link.ifindex, link.iflink, link.kind])).toEqual([
        ['lo', 1, 1, 'loopback'],
        ['eth0', 2, 2, 'other'],
        ['docker0', 3, 3, 'bridge'],
        ['vethweb', 5, 2, 'veth'],
        ['vethdb', 7, 2, 'veth'],
      ]);
      expect(host.links[2]).toEqual({
        name: 'docker0',
        ifindex: 3,
        iflink: 3,
        kind: 'bridge',
        mac: '02:42:5e:00:53:03',
        mtu: 1500,
        operState: 'up',
        addresses: [{ address: '10.0.1.1', prefixLength: 24 }],
        counters: { rxBytes: 0, rxPackets: 0, txBytes: 0, txPackets: 0 },
        bridge: { bridgeId: '8000.02425e005303', stp: false, fdb: [] },
      });
      expect(host.links[4]).toMatchObject({ master: 'docker0', portNo: 2, counters: { rxBytes: 700, rxPackets: 7 } });
      expect(host.routes).toEqual([
        { destination: '10.0.9.0/24', link: 'eth0', metric: 0 },
        { destination: 'default', gateway: '10.0.9.1', link: 'eth0', metric: 0 },
        { destination: '10.0.1.0/24', link: 'docker0', metric: 0 },
      ]);
      expect(log).toEqual([
        `kernel read: the engine's namespace is that of process ${process.pid}, which holds its socket`,
      ]);
    });

    it('shows each container with the other end of its veth', async () => {
      const view = viewOf(await read().source.read(request));
      expect(view.containers).toHaveLength(2);
      expect(namespaceOf(view, webId)).toEqual({
        containerIds: [webId],
        pid: 101,
        inode: 4026532031,
        exact: true,
        links: [
          {
            name: 'lo',
            ifindex: 1,
            iflink: 1,
            kind: 'loopback',
            addresses: [],
            counters: { rxBytes: 0, rxPackets: 0, txBytes: 0, txPackets: 0 },
          },
          {
            name: 'eth0',
            ifindex: 2,
            iflink: 5,
            kind: 'veth',
            mac: '02:42:0a:00:01:02',
            mtu: 1500,
            operState: 'up',
            addresses: [{ address: '10.0.1.2', prefixLength: 24 }],
            counters: { rxBytes: 0, rxPackets: 0, txBytes: 0, txPackets: 0 },
          },
        ],
        routes: [
          { destination: '10.0.1.0/24', link: 'eth0', metric: 0 },
          { destination: 'default', gateway: '10.0.1.1', link: 'eth0', metric: 0 },
        ],
      });
    });

    it('shows the namespace that two containers share once, under both', async () => {
      const { source } = read((tree) => {
        const sharer = { ...containerProcess(dbId, 92, 'web', 31), netns: 'net:[4026532031]' };
        tree.processes[102] = sharer;
      });
      const { containers } = viewOf(await source.read(request));
      expect(containers.map(({ containerIds }) => containerIds)).toEqual([[webId, dbId]]);
    });

    it('has no namespace for a container that shares the host’s', async () => {
      const { source } = read((tree) => {
        tree.processes[102] = { ...containerProcess(dbId, 92, 'engine', 20), sysfs: 'engine' };
      });
      const view = viewOf(await source.read(request));
      expect(view.containers.map(({ containerIds }) => containerIds)).toEqual([[webId]]);
    });

    it('reads an engine that lives in a namespace of its own, by the sysfs that its process sees', async () => {
      const { source, log } = read((tree) => {
        tree.tables['reader'] = tablesOf([{ name: 'lo', ifindex: 1 }]);
        tree.processes['self'] = { net: 'reader', netns: 'net:[4026539999]', uid_map: '', mountinfo: sysMount(19) };
        tree.processes[50] = { ...tree.processes[50], sysfs: 'engine' };
        tree.sysfs['reader'] = sysfsOf([{ name: 'lo', ifindex: 1 }]);
      });
      const { host } = viewOf(await source.read(request));
      expect(host.pid).toBe(50);
      expect(host.links.map(({ name }) => name)).toEqual(hostLinks.map(({ name }) => name));
      expect(log.at(-1)).toContain('that of process 50, which holds its socket');
    });

    it('is not confused by an engine in a container, whose socket has the same path', async () => {
      const { source, machine, at } = read((tree) => {
        tree.processes[60] = { ...tree.processes[50], net: 'inner', fd: { 3: 'socket:[901]' } };
        const unix = tree.tables['engine']?.['unix']?.replace(' 900 ', ' 901 ') ?? '';
        tree.tables['inner'] = { ...tablesOf(hostLinks), unix };
      });
      const socket = at('proc/60/root', machine.where.socketPath);
      rmSync(socket);
      writeFileSync(socket, 'another file');
      expect(viewOf(await source.read(request)).host.inode).toBe(4026531840);
    });

    it('finds the containers of an engine that counts PIDs of its own', async () => {
      const { source } = read((tree) => {
        for (const [pid, inner] of [
          [101, 11],
          [102, 12],
        ] as const) {
          tree.processes[pid] = { ...tree.processes[pid], status: `PPid:\t${pid - 10}\nNSpid:\t${pid}\t${inner}\t1\n` };
        }
        // Another process of the same container: an exec.
        tree.processes[99] = { ...tree.processes[101], status: 'PPid:\t91\nNSpid:\t99\t30\t7\n' };
      });
      const inside = request.containers.map(({ id, pid }) => ({ id, pid: pid - 90 }));
      const view = viewOf(await source.read({ ...request, containers: inside }));
      expect(view.containers.map(({ containerIds, pid }) => [containerIds, pid])).toEqual([
        [[webId], 101],
        [[dbId], 102],
      ]);
    });

    it('finds the containers of a rootless engine without cgroups, by the arguments of their shims', async () => {
      const { source } = read((tree) => {
        for (const [pid, parent, id] of [
          [101, 91, webId],
          [102, 92, 'c'.repeat(64)],
        ] as const) {
          tree.processes[pid] = { ...tree.processes[pid], cgroup: '0::/user.slice/user-1000.slice\n' };
          tree.processes[parent] = { ...tree.processes[parent], cmdline: `containerd-shim\0-id\0${id}\0` };
        }
      });
      const view = viewOf(await source.read(request));
      expect(view.containers.map(({ containerIds }) => containerIds)).toEqual([[webId]]);
    });

    it('reads a host whose links moved more than a petabyte', async () => {
      for (const bytes of ['1234567890123456', '18446744073709551615']) {
        const { source } = read((tree) => {
          const engine = tree.tables['engine'] ?? {};
          tree.tables['engine'] = { ...engine, dev: engine['dev']?.replace(': 700 ', `: ${bytes} `) ?? '' };
          Object.assign(tree.sysfs['engine']?.['vethdb'] ?? {}, { 'statistics/rx_bytes': `${bytes}\n` });
        });
        const { host } = viewOf(await source.read(request));
        expect(host.links.at(-1)?.counters?.rxBytes).toBe(Math.min(Number(bytes), Number.MAX_SAFE_INTEGER));
      }
    });
  });

  describe('as an ordinary user', () => {
    it('shows names, indexes, addresses and routes of a container, and claims no peer', async () => {
      const { source, machine, log } = read();
      hideFromUsers(machine);
      const view = viewOf(await source.read(request));
      expect(namespaceOf(view, webId)).toEqual({
        containerIds: [webId],
        pid: 101,
        exact: false,
        links: [
          expect.objectContaining({ name: 'lo', ifindex: 1, kind: 'loopback' }),
          {
            name: 'eth0',
            ifindex: 2,
            kind: 'other',
            addresses: [{ address: '10.0.1.2', prefixLength: 24 }],
            counters: { rxBytes: 0, rxPackets: 0, txBytes: 0, txPackets: 0 },
          },
        ],
        routes: [
          { destination: '10.0.1.0/24', link: 'eth0', metric: 0 },
          { destination: 'default', gateway: '10.0.1.1', link: 'eth0', metric: 0 },
        ],
      });
      expect(view.host.exact).toBe(true);
      expect(view.host.links.map(({ name }) => name)).toEqual(hostLinks.map(({ name }) => name));
      expect(log).toEqual([`kernel read: the engine's namespace is that of process ${process.pid}`]);
    });

    it('leaves out a link whose index no file tells', async () => {
      const { source, machine } = read((tree) => {
        const web = tree.tables['web'] ?? {};
        tree.tables['web'] = { ...web, dev: `${web['dev']}dummy0: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n` };
      });
      hideFromUsers(machine);
      const view = viewOf(await source.read(request));
      expect(namespaceOf(view, webId)?.links.map(({ name }) => name)).toEqual(['lo', 'eth0']);
    });

    it('knows the socket of an engine that it sees no process of, also through a symlink', async () => {
      const { machine } = read((tree) => {
        delete tree.processes[50];
      });
      hideFromUsers(machine);
      const link = path.join(machine.directory, 'engine.sock');
      symlinkSync(machine.where.socketPath, link);
      for (const socketPath of [machine.where.socketPath, link]) {
        const reading = await createLocalKernel({ ...machine.where, socketPath }).read(request);
        expect(viewOf(reading).containers).toHaveLength(2);
      }
      const elsewhere = path.join(machine.directory, 'other.sock');
      writeFileSync(elsewhere, '');
      const reading = await createLocalKernel({ ...machine.where, socketPath: elsewhere }).read(request);
      expect(reading).toEqual(absent('otherNamespace'));
    });

    it('starts no program for what only root could read', async () => {
      const links = vi.fn(() => Promise.resolve(undefined));
      const { source, machine } = read(undefined, { links });
      hideFromUsers(machine);
      await source.read(request);
      expect(links.mock.calls).toEqual([['self', undefined, undefined]]);
    });
  });

  describe('that nobody waits for any longer', () => {
    it('is not read at all after an abort', async () => {
      const { source, opened } = read();
      const reason = new Error('closed');
      await expect(source.read(request, AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(opened()).toEqual([]);
    });

    it('is given up in the middle, with the reason of the abort and nothing in the log', async () => {
      const abort = new AbortController();
      const reason = new Error('closed');
      const { source, log, opened } = read(undefined, {
        links: () => {
          abort.abort(reason);
          return Promise.resolve(undefined);
        },
      });
      await expect(source.read(request, abort.signal)).rejects.toBe(reason);
      expect(log).toEqual([]);
      expect(opened().filter((file) => file.includes('/root/sys'))).toEqual([]);
      // The next reading is none the worse.
      expect(await read().source.read(request)).toMatchObject({ kind: 'read' });
    });
  });
});
