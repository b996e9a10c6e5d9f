import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kernelMakes } from '../lab/devices.ts';
import { labVersions, ordinaryUser, startEngine, type InsideOptions, type LabEngine } from '../lab/labEngine.ts';
import { inNetns, portByTraffic, trueWires, type TrueWire } from '../lab/oracle.ts';
import { createNetwork, runIdle, tutorialTopology } from '../lab/topology.ts';
import { unknownWires, wrongWires } from './compareWires.ts';
import { readWires, type WireReport } from './readWires.ts';
import { equalIndexes, ipvlanCases, oddCases, orphanVeth, refusedIpvlan } from './scenario.ts';
import { inexactWires } from './wiringChecks.ts';

/** Who reads: both in the engine's own namespaces, as an editor on that machine would. */
const readers: readonly { readonly who: string; readonly user: InsideOptions; readonly decides: boolean }[] = [
  { who: 'root', user: {}, decides: true },
  { who: 'an ordinary user', user: ordinaryUser, decides: false },
];

async function readInside(engine: LabEngine, user: InsideOptions): Promise<WireReport> {
  return JSON.parse(await engine.runInside(['node', 'test/engine/readWires.ts'], user)) as WireReport;
}

const kinds = [...labVersions.map((version) => [`Docker ${version}`, version] as const), ['Podman', 'podman'] as const];

/** Of the machine that runs this, which all its engines share. */
const hasIpvlan = await kernelMakes('ipvlan');

describe.each(kinds)('wires on %s', (_, version) => {
  let engine: LabEngine;

  beforeAll(async () => {
    engine = await startEngine({ version });
    await tutorialTopology(engine);
    await oddCases(engine);
    if (hasIpvlan) await ipvlanCases(engine);
  });

  afterAll(() => engine.dispose());

  async function wireOf(name: string): Promise<TrueWire> {
    const found = (await trueWires(engine)).find(({ containerName }) => containerName === name);
    if (found === undefined) throw new Error(`${name} has no wire`);
    return found;
  }

  /** Both readers against the oracle; root has to prove every wire. Returns the truth. */
  async function expectTrueWires(): Promise<readonly TrueWire[]> {
    const truth = await trueWires(engine);
    for (const { who, user, decides } of readers) {
      const report = await readInside(engine, user);
      expect(report.kernel.kind, `${who} reads the kernel: ${JSON.stringify(report.kernel).slice(0, 200)}`).toBe(
        'read',
      );
      expect(wrongWires(report.wires, truth), `wrong wires for ${who}`).toEqual([]);
      if (decides) expect(inexactWires(report.wires, truth), `unproven wires for ${who}`).toEqual([]);
    }
    return truth;
  }

  describe.each(readers)('read by $who', ({ user, decides }) => {
    let truth: readonly TrueWire[];
    let report: WireReport;

    beforeAll(async () => {
      truth = await trueWires(engine);
      report = await readInside(engine, user);
    });

    /** Problems with the wires of these containers alone, and as root also those that are not proven. */
    function problemsOf(...names: readonly string[]): readonly string[] {
      const mine = truth.filter(({ containerName }) => names.includes(containerName));
      expect([...new Set(mine.map(({ containerName }) => containerName))].sort()).toEqual([...names].sort());
      const wires = report.wires.filter(({ containerId }) => mine.some((one) => one.containerId === containerId));
      return [...wrongWires(wires, mine), ...(decides ? inexactWires(wires, mine) : [])];
    }

    async function wiresOf(name: string): Promise<number> {
      const id = (await engine.docker('inspect', '--format', '{{.Id}}', name)).trim();
      return report.wires.filter(({ containerId }) => containerId === id).length;
    }

    it('reads as the user that it should', () => {
      expect(report.uid).toBe(user.uid ?? 0);
      expect(report.kernel.kind).toBe('read');
    });

    it('shows no wrong wire anywhere', () => {
      expect(wrongWires(report.wires, truth)).toEqual([]);
    });

    describe('of bridge networks', () => {
      it('shows the veth and the bridge of a container on the default bridge', () => {
        expect(problemsOf('test1')).toEqual([]);
      });

      it('shows each wire of a container on several networks', () => {
        expect(truth.filter(({ containerName }) => containerName === 'many1')).toHaveLength(5);
        expect(problemsOf('test2', 'many1')).toEqual([]);
      });

      it('shows the wire of a container without a shell', () => {
        expect(problemsOf('shellless1')).toEqual([]);
      });

      it('tells veths apart that all read @if2 on the host', () => {
        expect(problemsOf('collide1', 'collide2', 'collide3', 'collide4', 'collide5')).toEqual([]);
      });

      it('shows the wire of a paused container', () => {
        expect(problemsOf('collide6')).toEqual([]);
      });

      it('is not led astray by a veth that a container made for itself', () => {
        expect(problemsOf('nested1')).toEqual([]);
      });

      it('is not led astray by two containers with one MAC on one network', () => {
        expect(problemsOf('twin1', 'twin2')).toEqual([]);
      });

      it('shows the wire of a container on an internal network', () => {
        expect(problemsOf('inner1')).toEqual([]);
      });

      it('shows the wire of a container with IPv6', () => {
        expect(problemsOf('six1', ...(version === '28.5' ? ['sixalone1'] : []))).toEqual([]);
      });

      if (version === '28.5') {
        it('shows the wire of an interface that got its name by an option', () => {
          expect(truth.find(({ containerName }) => containerName === 'named1')?.containerLink.name).toBe('lan0');
          expect(problemsOf('named1')).toEqual([]);
        });
      }
    });

    describe('of host, none and shared namespaces', () => {
      it.each(['host1', 'none1', 'shared1', 'stopped1', 'created1'])(
        'shows no wire for %s, which has none of its own',
        async (name) => {
          expect(await wiresOf(name)).toBe(0);
        },
      );
    });

    describe('of macvlan networks', () => {
      it.each([
        ['bridge', 'dne-parent0', ['lan1', 'lan2']],
        ['private', 'dne-parent1', ['private1']],
      ])('names the parent of a macvlan interface in mode %s, and no bridge', (_mode, parent, names) => {
        expect(problemsOf(...names)).toEqual([]);
        const ids = truth.filter(({ containerName }) => names.includes(containerName)).map((one) => one.containerId);
        const named = report.wires.filter(({ containerId }) => ids.includes(containerId));
        for (const wire of named) expect(wire).toMatchObject({ kind: 'macvlan', hostLink: { name: parent } });
      });
    });

    describe('of ipvlan networks', () => {
      if (hasIpvlan) {
        it.each(['l2', 'l3'])('names the parent of an ipvlan interface in mode %s, and no bridge', (mode) => {
          expect(problemsOf(`${mode}-1`, `${mode}-2`)).toEqual([]);
        });
      } else {
        it('shows none, because this kernel has no ipvlan and the engine starts no container', async () => {
          const remove = await refusedIpvlan(engine);
          const { wires } = await readInside(engine, user);
          await remove();
          expect(wrongWires(wires, truth)).toEqual([]);
        });
      }
    });

    // An ordinary user may have to say unknown.
    if (decides) {
      it('proves every wire', () => {
        expect(inexactWires(report.wires, truth)).toEqual([]);
      });
    }
  });

  it('lets an ordinary user see every wire once the containers have talked', async () => {
    const truth = await trueWires(engine);
    // Not those that share a MAC, the paused one, those without a gateway; and macvlan is no matter of bridges.
    const talkers = truth.filter(({ containerName, gateway, kind }) => {
      return kind === 'veth' && gateway !== '' && !containerName.startsWith('twin') && containerName !== 'collide6';
    });
    for (const wire of talkers) expect(await portByTraffic(engine, wire)).toBe(wire.hostLink.name);
    const { wires } = await readInside(engine, ordinaryUser);
    expect(wrongWires(wires, truth)).toEqual([]);
    const about = wires.filter((wire) => {
      return talkers.some((one) => one.containerId === wire.containerId && one.networkId === wire.networkId);
    });
    expect(unknownWires(about, truth)).toEqual([]);
  });

  it('says nothing wrong from outside the namespaces of the engine', async () => {
    const truth = await trueWires(engine);
    const { kernel, wires } = await readWires(engine.dockerHost);
    // It may have found the way in by the socket's owner; if not, it must know that it is outside.
    const named = wires.filter(({ confidence }) => confidence !== 'unknown');
    const seen = truth.filter((one) =>
      named.some((wire) => wire.containerId === one.containerId && wire.networkId === one.networkId),
    );
    expect(wrongWires(named, seen)).toEqual([]);
    if (kernel.kind === 'absent') expect(kernel.reason).toBe('otherNamespace');
  });

  describe('after somebody changed devices by hand', () => {
    const undo: (() => Promise<unknown>)[] = [];

    afterEach(async () => {
      for (const step of undo.splice(0).reverse()) await step();
    });

    it('claims no veth that belongs to nobody', async () => {
      const { bridge = '' } = await wireOf('test1');
      await orphanVeth(engine, 'dne-orphan1', bridge);
      await orphanVeth(engine, 'dne-orphan2', bridge, engine.wanNetns);
      undo.push(
        () => engine.ip('link', 'delete', 'dne-orphan1'),
        () => engine.ip('link', 'delete', 'dne-orphan2'),
      );
      await expectTrueWires();
    });

    it('knows a veth with the same index at both ends', async () => {
      await runIdle(engine, 'equal1', '--network', 'collide');
      undo.push(() => engine.docker('rm', '--force', 'equal1'));
      await equalIndexes(engine, 'equal1', 777);
      const truth = await expectTrueWires();
      const wire = truth.find(({ containerName }) => containerName === 'equal1');
      expect(wire).toMatchObject({ hostLink: { ifindex: 777 }, containerLink: { ifindex: 777 } });
    });

    it('says that a veth is unplugged from its bridge', async () => {
      const { hostLink, bridge = '' } = await wireOf('test3');
      undo.push(() => engine.ip('link', 'set', hostLink.name, 'master', bridge));
      await engine.ip('link', 'set', hostLink.name, 'nomaster');
      const truth = await expectTrueWires();
      expect(truth.find(({ containerName }) => containerName === 'test3')).not.toHaveProperty('bridge');
    });

    it('does not take the only veth left on a bridge for that of a container that is unplugged', async () => {
      await createNetwork(engine, 'lone');
      await runIdle(engine, 'lone1', '--network', 'lone');
      undo.push(
        () => engine.docker('network', 'rm', 'lone'),
        () => engine.docker('rm', '--force', 'lone1'),
      );
      const { hostLink, bridge = '' } = await wireOf('lone1');
      await engine.ip('link', 'set', hostLink.name, 'nomaster');
      await orphanVeth(engine, 'dne-lone', bridge, engine.wanNetns);
      undo.push(() => engine.ip('link', 'delete', 'dne-lone'));
      await expectTrueWires();
    });

    it('is not led astray by bridges that forgot every address', async () => {
      const bridges = new Set((await trueWires(engine)).flatMap(({ bridge }) => bridge ?? []));
      for (const bridge of bridges) await engine.ip('link', 'set', bridge, 'type', 'bridge', 'fdb_flush');
      await expectTrueWires();
    });

    it('is not led astray by a container that speaks with the MAC of another', async () => {
      await createNetwork(engine, 'lies');
      for (const name of ['liar1', 'honest1', 'honest2']) await runIdle(engine, name, '--network', 'lies');
      undo.push(
        () => engine.docker('network', 'rm', 'lies'),
        () => engine.docker('rm', '--force', 'liar1', 'honest1', 'honest2'),
      );
      const truth = await trueWires(engine);
      const [liar, honest] = ['liar1', 'honest1'].map((name) => truth.find((one) => one.containerName === name));
      if (liar === undefined || honest === undefined) throw new Error('the containers have no wires');
      await portByTraffic(engine, honest);
      await inNetns(liar.pid, 'ip', 'link', 'set', 'eth0', 'address', honest.mac);
      expect(await portByTraffic(engine, { ...liar, mac: honest.mac }), 'the bridge believes it').toBe(
        liar.hostLink.name,
      );
      expect(wrongWires((await readInside(engine, ordinaryUser)).wires, truth)).toEqual([]);
      expect(wrongWires((await readInside(engine, {})).wires, truth)).toEqual([]);
    });

    it('follows a veth that was plugged into another bridge', async () => {
      const { hostLink, bridge = '' } = await wireOf('collide3');
      const { bridge: other = '' } = await wireOf('test1');
      undo.push(() => engine.ip('link', 'set', hostLink.name, 'master', bridge));
      await engine.ip('link', 'set', hostLink.name, 'master', other);
      await expectTrueWires();
    });

    it('knows the new wires of a container that was restarted', async () => {
      await engine.docker('restart', 'test2');
      await expectTrueWires();
    });

    it('shows no wire of a network that a container left', async () => {
      await engine.docker('network', 'disconnect', 'my-bridge', 'test2');
      undo.push(() => engine.docker('network', 'connect', 'my-bridge', 'test2'));
      const truth = await expectTrueWires();
      expect(truth.filter(({ containerName }) => containerName === 'test2')).toHaveLength(1);
    });
  });
});
