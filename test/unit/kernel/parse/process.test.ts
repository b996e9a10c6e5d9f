import { describe, expect, it } from 'vitest';
import { containerIdOf } from '../../../../src/kernel/parse/cgroup.ts';
import { parseMountinfo } from '../../../../src/kernel/parse/mountinfo.ts';
import { parsePidStatus } from '../../../../src/kernel/parse/pidStatus.ts';
import { capturedMachine, capturedVersions } from '../machineTree.ts';

const inner = 'a'.repeat(64);
const outer = '0'.repeat(64);

describe('the container that a process says it is in', () => {
  it.each(capturedVersions)('is the one whose PID Docker %s says it is', (version) => {
    const { containers, processes } = capturedMachine(version);
    const running = containers.filter(({ pid }) => pid > 0);
    expect(running.length).toBeGreaterThan(10);
    for (const { id, pid, name } of running) expect(containerIdOf(processes[pid]?.cgroup ?? ''), name).toBe(id);
  });

  it.each([
    ['cgroup v1', `9:name=systemd:/docker/${inner}\n8:pids:/docker/${inner}\n0::/\n`],
    ['cgroup v2 with systemd', `0::/system.slice/docker-${inner}.scope\n`],
    ['Podman', `0::/machine.slice/libpod-${inner}.scope/container\n`],
    ['Podman on cgroup v1 without systemd', `9:name=systemd:/libpod_parent/libpod-${inner}\n0::/\n`],
    ['Kubernetes', `0::/kubepods.slice/kubepods-pod1b2c_3d.slice/cri-containerd-${inner}.scope\n`],
    ['an engine in a container', `0::/docker/${outer}/docker/${inner}\n`],
    ['hierarchies of which one goes deeper', `2:cpu:/docker/${outer}\n1:pids:/docker/${outer}/docker/${inner}\n`],
    ['a private cgroup namespace, seen from outside', `0::/../../docker/${inner}/init.scope\n`],
  ])('is found for %s', (_, text) => expect(containerIdOf(text)).toBe(inner));

  it.each([
    '',
    '0::/\n',
    '0::/user.slice/user-1000.slice\n',
    '9:name=systemd:/libpod_parent/conmon\n',
    `0::/machine.slice/libpod-conmon-${inner}.scope\n`,
    `0::/docker/${inner}a\n`,
    `0::/docker/${inner.slice(1)}\n`,
  ])('is none for %j', (text) => expect(containerIdOf(text)).toBeUndefined());
});

describe('the mounts of a process', () => {
  it('have their file system and the instance of it', () => {
    const { containers, processes } = capturedMachine('28.5');
    const mounts = parseMountinfo(
      processes[containers.find(({ name }) => name === 'test1')?.pid ?? 0]?.mountinfo ?? '',
    );
    expect(mounts.find(({ mountPoint }) => mountPoint === '/sys')).toMatchObject({ type: 'sysfs', root: '/' });
    expect(mounts.find(({ mountPoint }) => mountPoint === '/sys/firmware')).toMatchObject({ type: 'tmpfs' });
    const devices = mounts.filter(({ type }) => type === 'sysfs').map(({ device }) => device);
    expect(devices).toHaveLength(1);
    expect(devices[0]).toMatch(/^0:\d+$/);
  });

  it('are read past optional fields, blanks and backslashes', () => {
    const line = String.raw`36 35 98:0 /m\134nt /mn\040t\011x rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue`;
    expect(parseMountinfo(line)).toEqual([
      { id: '36', parentId: '35', device: '98:0', root: '/m\\nt', mountPoint: '/mn t\tx', type: 'ext3' },
    ]);
  });

  it.each(['36 35 98:0 / /mnt rw,noatime', '36 35 98:0 /  - ', '36 - sysfs', ' - ', '36 35 98:0 / /mnt rw - '])(
    'have nothing of %j, which was cut',
    (text) => expect(parseMountinfo(text)).toEqual([]),
  );
});

describe('the status of a process', () => {
  it('has its parent and the PIDs that it has further in', () => {
    expect(parsePidStatus('Name:\tsh\nPid:\t901\nPPid:\t880\nNSpid:\t901\t17\t1\n')).toEqual({
      parentPid: 880,
      pids: [901, 17, 1],
    });
  });

  it('has no PIDs on a kernel before 4.1, and no parent in a line that was cut', () => {
    expect(parsePidStatus('Name:\tPPid: 7\nPPid:\t0\n')).toEqual({ parentPid: 0, pids: [] });
    expect(parsePidStatus('PPid:\t\nNSpid:\n')).toEqual({ parentPid: undefined, pids: [] });
    expect(parsePidStatus('')).toEqual({ parentPid: undefined, pids: [] });
  });
});
