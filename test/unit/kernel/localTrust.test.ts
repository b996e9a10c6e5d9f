import { afterAll, describe, expect, it } from 'vitest';
import type { IpTool } from '../../../src/kernel/local/ipTool.ts';
import type { KernelView, NetNamespace } from '../../../src/topology/model.ts';
import { namespaceOf, read, viewOf } from './localReader.ts';
import { clearPlanted } from './machineTree.ts';
import { containerProcess, dbId, hostLinks, request, sysMount, tablesOf, webId, webLinks } from './smallMachine.ts';

afterAll(clearPlanted);

describe.skipIf(process.platform === 'win32')('the kernel of this machine', () => {
  it('is the engine’s where the first thread of dockerd waits in the namespace of an overlay network', async () => {
    const { source, log } = read((tree) => {
      const threads = { 50: 'web', 51: 'engine', 52: 'engine' };
      tree.processes[50] = { ...tree.processes[50], net: 'web', sysfs: 'engine', threads };
      // The reader is somewhere else, so that the engine's namespace is read through one of these threads.
      tree.processes['self'] = { ...tree.processes['self'], net: 'db' };
    });
    for (const containers of [[], request.containers]) {
      const view = viewOf(await source.read({ ...request, containers }));
      expect(view.host.links.map(({ name }) => name)).toContain('docker0');
      expect(view.host.pid).toBe(51);
    }
    expect(log.at(-1)).toContain('which holds its socket');
  });

  describe('does not believe a container whose /sys', () => {
    const web = (view: KernelView): NetNamespace | undefined => namespaceOf(view, webId);

    it('is the host’s: --volume /sys:/sys', async () => {
      const { source } = read((tree) => {
        // A container that has links just like the host's.
        tree.tables['web'] = tablesOf(hostLinks);
        tree.processes[101] = { ...containerProcess(webId, 91, 'web', 20), sysfs: 'engine' };
      });
      const view = viewOf(await source.read(request));
      expect(web(view)?.exact).toBe(false);
      expect(web(view)?.links.every(({ iflink }) => iflink === undefined)).toBe(true);
      expect(namespaceOf(view, dbId)?.exact).toBe(true);
    });

    it('is that of another container: neither is believed then', async () => {
      const { source } = read((tree) => {
        tree.processes[102] = { ...containerProcess(dbId, 92, 'db', 31), sysfs: 'web' };
        tree.tables['db'] = tablesOf(webLinks);
      });
      const view = viewOf(await source.read(request));
      expect(view.containers.map(({ exact }) => exact)).toEqual([false, false]);
    });

    it.each([
      ['is no mount, but a directory or a symlink of its image', ''],
      ['is a tmpfs', '30 20 0:40 / /sys rw - tmpfs tmpfs rw\n'],
      ['is a part of a sysfs', '30 20 0:31 /class /sys ro - sysfs sysfs ro\n'],
      ['has something mounted over its links', `${sysMount(31)}31 30 0:40 / /sys/class/net rw - tmpfs tmpfs rw\n`],
      [
        'has something mounted over its devices',
        `${sysMount(31)}31 30 0:40 / /sys/devices/virtual/net/eth0 rw - fuse fuse rw\n`,
      ],
      ['is hidden below another mount', `${sysMount(31)}31 30 0:40 / /sys rw - tmpfs tmpfs rw\n`],
    ])('%s', async (_, mountinfo) => {
      const { source, opened } = read((tree) => {
        tree.processes[101] = { ...tree.processes[101], mountinfo };
      });
      expect(web(viewOf(await source.read(request)))?.exact).toBe(false);
      expect(opened().filter((file) => file.startsWith('proc/101/root'))).toEqual([]);
    });

    it('is Docker’s own, with its masks, and only that: it is believed', async () => {
      const masks = ['/sys/firmware', '/sys/fs/cgroup', '/sys/devices/virtual/powercap'];
      const { source } = read((tree) => {
        const more = masks.map((at, index) => `4${index} 30 0:40 / ${at} ro - tmpfs tmpfs ro\n`);
        tree.processes[101] = { ...tree.processes[101], mountinfo: sysMount(31) + more.join('') };
      });
      expect(web(viewOf(await source.read(request)))?.exact).toBe(true);
    });

    it('contradicts /proc, even when read once more', async () => {
      const { source, opened } = read((tree) => {
        Object.assign(tree.sysfs['web']?.['eth0'] ?? {}, { uevent: 'IFINDEX=4\n' });
      });
      expect(web(viewOf(await source.read(request)))?.exact).toBe(false);
      expect(opened().filter((file) => file === 'proc/101/root/sys/class/net/eth0/uevent')).toHaveLength(2);
    });

    it('and asks `ip` instead, which root may run in its namespace', async () => {
      const ip: IpTool = {
        links: (target) =>
          Promise.resolve(
            target !== 101
              ? undefined
              : [
                  { name: 'lo', ifindex: 1, kind: 'loopback', addresses: [] },
                  { name: 'eth0', ifindex: 2, kind: 'veth', peerIndex: 5, peerNetnsId: 0, addresses: [] },
                ],
          ),
      };
      const { source } = read((tree) => {
        tree.processes[101] = { ...tree.processes[101], mountinfo: '' };
      }, ip);
      const found = web(viewOf(await source.read(request)));
      expect(found).toMatchObject({ exact: true, inode: 4026532031 });
      expect(found?.links[1]).toMatchObject({ kind: 'veth', ifindex: 2, iflink: 5, peerNetnsId: 0 });
    });

    it('and does not take the answer of `ip` about links that are no longer there', async () => {
      const ip: IpTool = { links: () => Promise.resolve([{ name: 'eth7', ifindex: 2, addresses: [] }]) };
      const { source } = read((tree) => {
        tree.processes[101] = { ...tree.processes[101], mountinfo: '' };
      }, ip);
      expect(web(viewOf(await source.read(request)))).toMatchObject({ exact: false });
    });
  });
});
