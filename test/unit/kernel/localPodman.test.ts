import { afterAll, describe, expect, it } from 'vitest';
import { absent, read, viewOf } from './localReader.ts';
import { clearPlanted, type MachineTree } from './machineTree.ts';
import { request } from './smallMachine.ts';

afterAll(clearPlanted);

/** The small machine with podman (50) in the place of dockerd, and conmon in that of the shims. */
function asPodman(tree: MachineTree, threads: Record<string, string>): void {
  tree.processes[50] = { ...tree.processes[50], comm: 'podman\n', threads };
  for (const pid of [91, 92]) tree.processes[pid] = { ...tree.processes[pid], comm: 'conmon\n' };
}

describe.skipIf(process.platform === 'win32')('the kernel below Podman', () => {
  it('is read by its engine, with whatever runs', async () => {
    const { source, log } = read((tree) => asPodman(tree, { 50: 'engine', 51: 'engine' }));
    expect(viewOf(await source.read(request)).host.links.map(({ name }) => name)).toContain('docker0');
    expect(log.at(-1)).toContain('which holds its socket');
  });

  it('is not that of a container whose namespace the engine’s first thread is parked in', async () => {
    const { source } = read((tree) => {
      asPodman(tree, { 50: 'web', 51: 'engine', 52: 'engine' });
      tree.processes[50] = { ...tree.processes[50], net: 'web', sysfs: 'engine' };
      // The reader is somewhere else, so that the engine's namespace is read through one of these threads.
      tree.processes['self'] = { ...tree.processes['self'], net: 'db' };
    });
    for (const containers of [[], request.containers]) {
      const view = viewOf(await source.read({ ...request, containers }));
      expect(view.host.links.map(({ name }) => name)).toContain('docker0');
      expect(view.host.pid).toBe(51);
    }
  });

  it('stays unread where its threads are in as many namespaces as there are', async () => {
    const { source } = read((tree) => asPodman(tree, { 50: 'web', 51: 'engine' }));
    expect(await source.read({ containers: [], bridges: ['docker0'] })).toEqual(absent('unproven'));
  });

  it('takes no command of Podman for the engine', async () => {
    const { source, log } = read((tree) => {
      asPodman(tree, { 50: 'engine' });
      tree.processes[50] = { ...tree.processes[50], fd: {} };
      tree.processes[60] = { comm: 'podman\n', status: 'PPid:\t1\n', net: 'web', threads: { 60: 'web' } };
    });
    expect(viewOf(await source.read(request)).host.links.map(({ name }) => name)).toContain('docker0');
    expect(log.at(-1)).not.toContain('which holds its socket');
    expect(await source.read({ containers: [], bridges: [] })).toEqual(absent('unproven'));
  });
});
