import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkOrigin } from '../../src/topology/linkOrigin.ts';
import { parentMode, type ParentMode } from '../../src/topology/parentMode.ts';
import type { Snapshot } from '../../src/topology/model.ts';
import { kernelMakes, parentLink, weaveDevices } from '../lab/devices.ts';
import { importImages } from '../lab/images.ts';
import { ordinaryUser, startEngine, type InsideOptions, type LabEngine } from '../lab/labEngine.ts';
import { inNetns } from '../lab/oracle.ts';
import { run } from '../lab/run.ts';
import { createNetwork, runIdle } from '../lab/topology.ts';

const modes = ['bridge', 'private', 'vepa', 'passthru'] as const;

async function readInside(engine: LabEngine, user: InsideOptions = {}): Promise<Snapshot> {
  return JSON.parse(await engine.runInside(['node', 'test/engine/readSnapshot.ts'], user)) as Snapshot;
}

describe('networks of Docker 28.5 that ride on a parent', () => {
  let engine: LabEngine;
  const subnetOf = (at: number): string => `198.51.100.${at * 32}/27`;
  /** Of the host itself on the parent, and of the machine at its other end. */
  const hostAddress = (at: number): string => `198.51.100.${at * 32 + 29}`;
  const farAddress = (at: number): string => `198.51.100.${at * 32 + 30}`;

  beforeAll(async () => {
    engine = await startEngine({ version: '28.5' });
    await importImages(engine);
    for (const [at, mode] of modes.entries()) {
      const parent = `dne-par${at}`;
      await parentLink(engine, parent);
      await engine.ip('address', 'add', `${hostAddress(at)}/27`, 'dev', parent);
      await run(['ip', '-n', engine.wanNetns, 'address', 'add', `${farAddress(at)}/27`, 'dev', `${parent}p`]);
      // prettier-ignore
      await createNetwork(
        engine, `lan-${mode}`, '--driver', 'macvlan', '--subnet', subnetOf(at),
        '--opt', `parent=${parent}`, ...(mode === 'bridge' ? [] : ['--opt', `macvlan_mode=${mode}`]),
      );
      await runIdle(engine, `${mode}1`, '--network', `lan-${mode}`);
      if (mode !== 'passthru') await runIdle(engine, `${mode}2`, '--network', `lan-${mode}`);
    }
  });

  afterAll(() => engine.dispose());

  async function pidOf(container: string): Promise<number> {
    return Number(await engine.docker('inspect', '--format', '{{.State.Pid}}', container));
  }

  function reaches(container: string, address: string): Promise<boolean> {
    return engine.docker('exec', container, 'ping', '-c', '1', '-W', '1', address).then(
      () => true,
      () => false,
    );
  }

  function parentsOf(snapshot: Snapshot): Readonly<Record<string, ParentMode>> {
    return Object.fromEntries(
      snapshot.networks.flatMap((network) => {
        const parent = parentMode(network, snapshot);
        return parent === undefined ? [] : [[network.name, parent]];
      }),
    );
  }

  it.each([
    ['root', {}],
    ['an ordinary user', ordinaryUser],
  ])('have the mode that the kernel gave to their containers, for %s', async (_, user) => {
    const parents = parentsOf(await readInside(engine, user));
    for (const [at, mode] of modes.entries()) {
      const links = await inNetns(await pidOf(`${mode}1`), 'ip', '-json', '-details', 'link', 'show', 'dev', 'eth0');
      expect(JSON.parse(links)).toMatchObject([{ linkinfo: { info_kind: 'macvlan', info_data: { mode } } }]);
      expect(parents[`lan-${mode}`]).toEqual({ driver: 'macvlan', parent: `dne-par${at}`, mode, isDummy: false });
    }
  });

  it('are reached as the sentences say: by other machines, never by the host, by each other in mode bridge', async () => {
    for (const [at, mode] of modes.entries()) {
      expect([mode, await reaches(`${mode}1`, farAddress(at))]).toEqual([mode, true]);
      expect([mode, await reaches(`${mode}1`, hostAddress(at))]).toEqual([mode, false]);
      if (mode === 'passthru') continue;
      // prettier-ignore
      const other = await engine.docker(
        'inspect', '--format', `{{(index .NetworkSettings.Networks "lan-${mode}").IPAddress}}`, `${mode}2`,
      );
      expect([mode, await reaches(`${mode}1`, other.trim())]).toEqual([mode, mode === 'bridge']);
    }
  });

  it('have the VLAN of a parent that Docker made, where the kernel has VLANs', async () => {
    await parentLink(engine, 'dne-tag0');
    const made = await createNetwork(engine, 'tagged', '--driver', 'macvlan', '--opt', 'parent=dne-tag0.20').then(
      () => true,
      () => false,
    );
    expect(made).toBe(await kernelMakes('vlan'));
    if (!made) return;
    expect(parentsOf(await readInside(engine))['tagged']).toMatchObject({ vlanId: 20, vlanOf: 'dne-tag0' });
    await engine.docker('network', 'rm', 'tagged');
    await expect(engine.ip('link', 'show', 'dev', 'dne-tag0.20')).rejects.toThrow();
  });

  it('are weave’s beside them, each device with what it is for', async () => {
    await runIdle(engine, 'woven1');
    const pid = await pidOf('woven1');
    await weaveDevices(engine, pid);
    const { kernel, networks } = await readInside(engine);
    if (kernel.kind === 'absent') throw new Error(kernel.reason);
    const parts = kernel.view.host.links.flatMap((link) => {
      const origin = linkOrigin(link, kernel.view, networks);
      return origin?.kind === 'weave' ? [[link.name, origin.part]] : [];
    });
    expect(Object.fromEntries(parts)).toEqual({
      weave: 'bridge',
      datapath: 'datapath',
      'vxlan-6784': 'tunnel',
      'vethwe-bridge': 'port',
      'vethwe-datapath': 'port',
      [`vethwepl${pid}`]: 'port',
    });
  });
});
