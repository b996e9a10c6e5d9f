import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelMakes, otherBridges, parentLink, weaveDevices } from '../lab/devices.ts';
import { importImages } from '../lab/images.ts';
import { startEngine, type LabEngine } from '../lab/labEngine.ts';
import { trueWires } from '../lab/oracle.ts';
import { createNetwork, runIdle } from '../lab/topology.ts';
import { machineLinks, tracesOf } from '../lab/traces.ts';
import { unknownWires, wrongWires } from './compareWires.ts';
import type { WireReport } from './readWires.ts';

interface ListedLink {
  readonly ifname: string;
  readonly master?: string;
  readonly linkinfo?: { readonly info_kind?: string };
}

const modes = ['bridge', 'private', 'vepa', 'passthru'] as const;

describe('devices of the lab', () => {
  let engine: LabEngine;
  let linksBefore: readonly string[];

  beforeAll(async () => {
    linksBefore = await machineLinks();
    engine = await startEngine({ version: '28.5' });
    await importImages(engine);
  });

  afterAll(() => engine.dispose());

  async function kinds(): Promise<Readonly<Record<string, string>>> {
    const links = JSON.parse(await engine.ip('-json', '-details', 'link')) as readonly ListedLink[];
    return Object.fromEntries(
      links.map(({ ifname, master, linkinfo }) => [
        ifname,
        `${linkinfo?.info_kind ?? ''}${master === undefined ? '' : ` on ${master}`}`,
      ]),
    );
  }

  async function expectTrueWires(): Promise<void> {
    const truth = await trueWires(engine);
    const report = JSON.parse(await engine.runInside(['node', 'test/engine/readWires.ts'])) as WireReport;
    expect(wrongWires(report.wires, truth)).toEqual([]);
    expect(unknownWires(report.wires, truth)).toEqual([]);
  }

  it('are macvlan interfaces in every mode, and each wire is known', async () => {
    for (const [index, mode] of modes.entries()) {
      const parent = `dne-mac${index}`;
      await parentLink(engine, parent);
      // prettier-ignore
      await createNetwork(
        engine, `lan-${mode}`, '--driver', 'macvlan', '--subnet', `198.51.100.${index * 32}/27`,
        '--opt', `parent=${parent}`, '--opt', `macvlan_mode=${mode}`,
      );
      await runIdle(engine, mode, '--network', `lan-${mode}`);
    }
    expect((await trueWires(engine)).map(({ kind, hostLink }) => `${kind} ${hostLink.name}`).sort()).toEqual([
      'macvlan dne-mac0',
      'macvlan dne-mac1',
      'macvlan dne-mac2',
      'macvlan dne-mac3',
    ]);
    await expectTrueWires();
  });

  it('are ipvlan interfaces and VLANs where the kernel has them, else the engine says so', async () => {
    await parentLink(engine, 'dne-vlan0');
    const create = (driver: string, parent: string): Promise<string> =>
      createNetwork(engine, driver, '--driver', driver, '--opt', `parent=${parent}`);
    const made = async (work: Promise<unknown>): Promise<boolean> =>
      work.then(
        () => true,
        () => false,
      );
    expect(await made(create('macvlan', 'dne-vlan0.10'))).toBe(await kernelMakes('vlan'));
    await create('ipvlan', 'dne-vlan0');
    expect(await made(runIdle(engine, 'ip1', '--network', 'ipvlan'))).toBe(await kernelMakes('ipvlan'));
    await expectTrueWires();
    await engine.docker('rm', '--force', 'ip1');
  });

  it('are bridges of others and those of weave, and no wire is confused by them', async () => {
    await runIdle(engine, 'woven1');
    await otherBridges(engine);
    const pid = Number(await engine.docker('inspect', '--format', '{{.State.Pid}}', 'woven1'));
    await weaveDevices(engine, pid);
    expect(await kinds()).toMatchObject({
      virbr0: 'bridge',
      vnet0: 'tun on virbr0',
      lxcbr0: 'bridge',
      vethLXC001: 'veth on lxcbr0',
      'cni-podman0': 'bridge',
      br0: 'bridge',
      'dne-hand0': 'veth on br0',
      weave: 'bridge',
      'vethwe-bridge': 'veth on weave',
      'vethwe-datapath': 'veth on datapath',
      'vxlan-6784': 'vxlan on datapath',
      [`vethwepl${pid}`]: 'veth on weave',
    });
    await engine.docker('exec', 'woven1', 'ping', '-c', '1', '-W', '5', '10.32.0.1');
    await expectTrueWires();
  });

  it('go with the engine', async () => {
    engine.dispose();
    expect(tracesOf(engine.directory)).toEqual([]);
    expect(await machineLinks()).toEqual(linksBefore);
  });
});
