import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createAbsentKernel } from '../../../src/kernel/absent.ts';
import { createLocalKernel } from '../../../src/kernel/local.ts';
import { absent, read } from './localReader.ts';
import { clearPlanted, hideFromUsers, type MachineTree } from './machineTree.ts';
import { hostLinks, request, tablesOf, webId } from './smallMachine.ts';

afterAll(clearPlanted);

describe.skipIf(process.platform === 'win32')('the kernel of this machine', () => {
  describe('refuses, and says why in the log,', () => {
    it('an engine that is reached over a network', async () => {
      const { socketPath: _, ...where } = read().machine.where;
      expect(await createLocalKernel(where).read(request)).toEqual(absent('notLocal'));
    });

    it('a machine that is no Linux', async () => {
      const { where } = read().machine;
      for (const platform of ['darwin', 'win32'] as const)
        expect(await createLocalKernel({ ...where, platform }).read(request)).toEqual(absent('notLocal'));
    });

    it('an engine in a virtual machine: no process here is in its containers', async () => {
      const { source, log } = read((tree) => {
        delete tree.processes[50];
        delete tree.processes[102];
        // The same PIDs, other processes.
        tree.processes[101] = { comm: 'bash\n', cgroup: '0::/user.slice\n', status: 'PPid:\t1\n', net: 'engine' };
      });
      expect(await source.read(request)).toEqual(absent('otherMachine'));
      expect(log).toEqual(['kernel not read: none of its 2 containers is a process here']);
    });

    it('a process in the cgroup of another container than the engine says', async () => {
      const { source } = read((tree) => {
        delete tree.processes[50];
        tree.processes[101] = { ...tree.processes[101], cgroup: `0::/docker/${'c'.repeat(64)}\n` };
        tree.processes[102] = { ...tree.processes[102], cgroup: `0::/docker/${webId}\n` };
      });
      expect(await source.read(request)).toEqual(absent('otherMachine'));
    });

    it('a /proc with hidepid, which shows nobody else’s processes', async () => {
      const { source, log } = read((tree) => {
        tree.processes = { self: tree.processes['self'] ?? {} };
      });
      expect(await source.read(request)).toEqual(absent('unproven'));
      expect(log).toEqual(['kernel not read: none of its 2 containers is a process here that we may see (hidepid)']);
    });

    it('an engine without containers and without a process to be seen', async () => {
      const { source, log } = read((tree) => {
        delete tree.processes[50];
      });
      expect(await source.read({ containers: [], bridges: ['docker0'] })).toEqual(absent('unproven'));
      expect(log).toEqual(['kernel not read: no container of it runs, and no dockerd is visible']);
    });

    it('an engine in another network namespace that this user may not look into', async () => {
      const { source, machine, log } = read((tree) => {
        // Its links are named and numbered just like ours.
        tree.tables['reader'] = tablesOf(hostLinks);
        tree.processes['self'] = { ...tree.processes['self'], net: 'reader' };
      });
      hideFromUsers(machine);
      expect(await source.read(request)).toEqual(absent('otherNamespace'));
      expect(log.at(-1)).toMatch(
        /^kernel not read: the links of the engine's namespace .* neither in sysfs nor by ip$/,
      );
    });

    it('a /sys that shows another namespace than /proc does, as after `nsenter --net`', async () => {
      for (const change of [
        (tree: MachineTree) => {
          delete tree.sysfs['engine']?.['vethdb'];
        },
        (tree: MachineTree) => void Object.assign(tree.sysfs['engine']?.['eth0'] ?? {}, { uevent: 'IFINDEX=9\n' }),
        (tree: MachineTree) =>
          void Object.assign(tree.sysfs['engine']?.['vethdb'] ?? {}, { 'statistics/rx_bytes': '699\n' }),
      ]) {
        expect(await read(change).source.read(request)).toEqual(absent('otherNamespace'));
      }
    });

    it('a namespace that has none of the engine’s bridges', async () => {
      const { source, log } = read();
      expect(await source.read({ ...request, bridges: ['br-0123456789ab'] })).toEqual(absent('otherNamespace'));
      expect(log).toEqual(['kernel not read: none of its bridges is in the network namespace of process 50']);
    });

    it('a /proc that is not there', async () => {
      const { source, log, at } = read();
      rmSync(at('proc'), { recursive: true });
      expect(await source.read(request)).toEqual(absent('failed'));
      expect(log).toEqual([`kernel not read: ${at('proc')}/self/net is not there`]);
    });

    it('what broke in the middle', async () => {
      const { source, log } = read(undefined, {
        links: () => {
          throw new Error('ip fell over');
        },
      });
      expect(await source.read(request)).toEqual(absent('failed'));
      expect(log).toHaveLength(1);
      expect(log[0]).toMatch(/^reading the kernel failed: Error: ip fell over/);
    });

    it('whatever it is, once, however often it is read', async () => {
      const { source, log } = read((tree) => {
        delete tree.processes[50];
      });
      const stranger = { containers: [{ id: 'c'.repeat(64), pid: 77 }], bridges: [] };
      for (let round = 0; round < 3; round++) await source.read(stranger);
      expect(log).toHaveLength(1);
    });

    it('with the reason that it was made with, where nothing is to be read at all', async () => {
      expect(await createAbsentKernel('disabled').read(request)).toEqual(absent('disabled'));
    });
  });
});
