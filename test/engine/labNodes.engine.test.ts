import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { startEtcdCluster, storedOverlay } from '../lab/etcd.ts';
import { startFlannel } from '../lab/flannel.ts';
import type { LabNodes } from '../lab/nodes.ts';
import { trueGatewayWires, trueWires, type TrueWire } from '../lab/oracle.ts';
import { sweep } from '../lab/record.ts';
import { overlayTopology, startSwarm } from '../lab/swarm.ts';
import { machineLinks, tracesOf } from '../lab/traces.ts';

interface VerboseNetwork {
  readonly Peers: readonly { readonly IP: string }[];
  readonly Containers: Readonly<Record<string, { readonly Name: string; readonly EndpointID: string }>>;
  readonly Services: Readonly<Record<string, { readonly VIP: string; readonly Tasks: readonly unknown[] }>>;
}

describe('the lab with two engines', () => {
  const made: LabNodes[] = [];

  afterEach(() => {
    for (const nodes of made.splice(0)) nodes.dispose();
  });

  async function keep(starting: Promise<LabNodes>): Promise<LabNodes> {
    const nodes = await starting;
    made.push(nodes);
    return nodes;
  }

  /** Removes them and looks for what they left. */
  async function expectGone(nodes: LabNodes, linksBefore: readonly string[]): Promise<void> {
    for (const { directory } of nodes.nodes) expect(tracesOf(directory)).not.toEqual([]);
    nodes.dispose();
    for (const { directory } of nodes.nodes) expect(tracesOf(directory)).toEqual([]);
    expect(await machineLinks()).toEqual(linksBefore);
  }

  function seen({ containerName, networkName, bridge }: TrueWire): string {
    return `${containerName.replace(/^(web)\..*/, '$1')}@${networkName} ${bridge}`;
  }

  it('has a swarm whose overlay network carries packets from node to node', async () => {
    const before = await machineLinks();
    const swarm = await keep(startSwarm({ version: '28.5' }));
    await overlayTopology(swarm);
    const [manager, worker] = swarm.nodes;
    await manager.docker('exec', 'demo1', 'ping', '-c', '1', '-W', '5', 'demo2');
    const demo = (await manager.api('/networks/demo?verbose=true')) as VerboseNetwork;
    expect(demo.Peers.map(({ IP }) => IP).sort()).toEqual(['198.18.0.1', '198.18.0.2']);
    expect(demo.Services['web']?.Tasks).toHaveLength(2);
    for (const [node, own] of [
      [manager, 'demo1'],
      [worker, 'demo2'],
    ] as const) {
      const wires = (await trueWires(node)).map(seen).sort();
      expect(wires).toEqual([`${own}@demo br0`, 'web@demo br0', 'web@ingress br0']);
      const gateways = (await trueGatewayWires(node)).map(seen).sort();
      expect(gateways).toEqual([`${own}@docker_gwbridge docker_gwbridge`, 'web@docker_gwbridge docker_gwbridge']);
    }
    await expectGone(swarm, before);
  });

  it('has two engines of Docker 20.10 that share an overlay network by etcd', async () => {
    const before = await machineLinks();
    const cluster = await keep(startEtcdCluster());
    await storedOverlay(cluster);
    const [first, second] = cluster.nodes;
    await first.docker('exec', 'demo1', 'ping', '-c', '1', '-W', '5', 'demo2');
    expect(await first.api('/info')).toMatchObject({ ClusterStore: expect.stringContaining('etcd://') as string });
    const here = (await first.api('/networks/demo')) as VerboseNetwork;
    const there = (await second.api('/networks/demo')) as VerboseNetwork;
    const own = Object.entries(there.Containers).find(([, { Name }]) => Name === 'demo2')?.[1];
    expect(here.Containers[`ep-${own?.EndpointID}`]).toMatchObject({ Name: 'demo2' });
    expect((await trueWires(first)).map(seen)).toEqual(['demo1@demo br0']);
    await expectGone(cluster, before);
  });

  it.each(['vxlan', 'host-gw'] as const)('has flannel with its backend %s between two engines', async (backend) => {
    const before = await machineLinks();
    const flannel = await keep(startFlannel('20.10', backend));
    const [first] = flannel.nodes;
    await first.docker('exec', 'pod1', 'ping', '-c', '1', '-W', '5', '10.244.1.2');
    expect((await first.ip('-brief', 'link')).includes('flannel.1')).toBe(backend === 'vxlan');
    await expectGone(flannel, before);
  });

  it.each(['swarm', 'podman'])('sweeps what a %s left whose owner was killed', async (engine) => {
    const main = join(import.meta.dirname, '..', 'lab', 'main.ts');
    const command = ['--pdeathsig', 'TERM', process.execPath, main, '--engine', engine];
    const owner = spawn('setpriv', command, { stdio: ['ignore', 'pipe', 'inherit'] });
    const directories: string[] = [];
    for await (const line of createInterface({ input: owner.stdout })) {
      const socket = /^DOCKER_HOST=unix:\/\/(.*)$/.exec(line)?.[1];
      if (socket !== undefined) directories.push(dirname(socket));
      if (line.startsWith('Ctrl-C')) break;
    }
    expect(directories).toHaveLength(engine === 'swarm' ? 2 : 1);
    const end = new Promise((resolve) => owner.once('exit', resolve));
    owner.kill('SIGKILL');
    await end;
    sweep(() => undefined);
    for (const directory of directories) expect(tracesOf(directory)).toEqual([]);
  });
});
