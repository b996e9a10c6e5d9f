import { parentLink } from '../lab/devices.ts';
import { run } from '../lab/run.ts';
import { inspectContainers } from '../lab/inspect.ts';
import { images } from '../lab/images.ts';
import type { LabEngine } from '../lab/labEngine.ts';
import type { LabNodes } from '../lab/nodes.ts';
import { inNetns, trueWires } from '../lab/oracle.ts';
import { createNetwork, runIdle } from '../lab/topology.ts';

/** Cases beyond the tutorial, all on one engine. Each is quiet: no container sends anything by itself. */
export async function oddCases(engine: LabEngine): Promise<void> {
  // The @if2 collision: since Docker 28 every one of these veths reads `@if2` on the host.
  await createNetwork(engine, 'collide');
  for (let number = 1; number <= 6; number++) await runIdle(engine, `collide${number}`, '--network', 'collide');
  await engine.docker('pause', 'collide6');

  await createNetwork(engine, 'inner', '--internal');
  await runIdle(engine, 'inner1', '--network', 'inner');

  await parentNetwork(engine, 'lan', 'macvlan', 'bridge', 0);
  await runIdle(engine, 'lan1', '--network', 'lan');
  await runIdle(engine, 'lan2', '--network', 'lan');
  await parentNetwork(engine, 'lan-private', 'macvlan', 'private', 1);
  await runIdle(engine, 'private1', '--network', 'lan-private');
  await runIdle(engine, 'many1', '--network', 'collide');
  for (const network of ['inner', 'lan', 'my-bridge', 'bridge'])
    await engine.docker('network', 'connect', network, 'many1');

  // A network namespace that holds devices of its own, as an engine in a container does.
  await runIdle(engine, 'nested1', '--network', 'collide', '--cap-add', 'NET_ADMIN');
  await engine.docker(
    'exec',
    'nested1',
    'sh',
    '-c',
    'ip link add br0 type bridge && ip link add dev inside0 type veth peer name inside1',
  );

  // The bridge learns one address on two ports: what it learned proves nothing.
  await createNetwork(engine, 'twins');
  for (const name of ['twin1', 'twin2']) {
    await runIdle(engine, name, '--network', 'twins', '--mac-address', '02:42:ac:63:00:63');
  }

  await createNetwork(engine, 'six', '--ipv6', '--subnet', 'fd00:d0e::/64');
  await runIdle(engine, 'six1', '--network', 'six');
  if (engine.version === '28.5') await newerCases(engine);

  await engine.docker('create', '--name', 'created1', '--network', 'my-bridge', images.shellless);
}

/** What the newest engine alone can do. */
async function newerCases(engine: LabEngine): Promise<void> {
  // By the API: the lab's client is older than the option.
  await engine.api('/networks/create', {
    Name: 'six-alone',
    EnableIPv4: false,
    EnableIPv6: true,
    IPAM: { Config: [{ Subnet: 'fd00:d0e:6::/64' }] },
  });
  await runIdle(engine, 'sixalone1', '--network', 'six-alone');
  await runIdle(engine, 'named1', '--network', 'name=collide,driver-opt=com.docker.network.endpoint.ifname=lan0');
}

/** A network that rides on a link of its own, `dne-parentN`. */
async function parentNetwork(
  engine: LabEngine,
  name: string,
  driver: 'macvlan' | 'ipvlan',
  mode: string,
  number: number,
): Promise<void> {
  const parent = `dne-parent${number}`;
  await parentLink(engine, parent);
  const option = engine.version === 'podman' ? 'mode' : `${driver}_mode`;
  // prettier-ignore
  await createNetwork(
    engine, name, '--driver', driver, '--subnet', `198.51.100.${number * 32}/27`,
    '--opt', `parent=${parent}`, '--opt', `${option}=${mode}`,
  );
}

/** Where the kernel has ipvlan: two containers on a network of mode L2 and on one of L3. */
export async function ipvlanCases(engine: LabEngine): Promise<void> {
  for (const [at, mode] of ['l2', 'l3'].entries()) {
    await parentNetwork(engine, `flat-${mode}`, 'ipvlan', mode, at + 2);
    for (const number of [1, 2]) await runIdle(engine, `${mode}-${number}`, '--network', `flat-${mode}`);
  }
}

/** Where it has not: an ipvlan network with a container that the engine made and could not start. Returns its removal. */
export async function refusedIpvlan(engine: LabEngine): Promise<() => Promise<void>> {
  await parentNetwork(engine, 'flat', 'ipvlan', 'l2', 2);
  const started = await runIdle(engine, 'flat1', '--network', 'flat').then(
    () => true,
    () => false,
  );
  if (started) throw new Error('a container runs on ipvlan, which this kernel has not');
  return async () => {
    await engine.docker('rm', '--force', 'flat1');
    await engine.docker('network', 'rm', 'flat');
    await engine.ip('link', 'delete', 'dne-parent2');
  };
}

/** A veth pair that belongs to no container: one end on a bridge of Docker, the other in the engine's namespace or outside. */
export async function orphanVeth(engine: LabEngine, name: string, bridge: string, peerNetns?: string): Promise<void> {
  const peer = ['peer', 'name', `${name}p`, ...(peerNetns === undefined ? [] : ['netns', peerNetns])];
  await engine.ip('link', 'add', name, 'type', 'veth', ...peer);
  await engine.ip('link', 'set', name, 'master', bridge, 'up');
}

/** Replaces a container's interface by a veth with the same index at both ends; address and MAC stay. */
export async function equalIndexes(engine: LabEngine, containerName: string, index: number): Promise<void> {
  const container = (await inspectContainers(engine)).find(({ Name }) => Name === `/${containerName}`);
  const [seat] = Object.values(container?.NetworkSettings.Networks ?? {});
  if (container === undefined || seat === undefined) throw new Error(`${containerName} has no endpoint`);
  const pid = container.State.Pid;
  const bridge = (await trueWires(engine)).find((one) => one.containerName === containerName)?.bridge ?? '';
  await inNetns(pid, 'ip', 'link', 'delete', 'eth0');
  const hostEnd = `dne-eq${index}`;
  // prettier-ignore
  await run([
    'ip', '-n', engine.netns, 'link', 'add', hostEnd, 'index', `${index}`, 'type', 'veth',
    'peer', 'name', 'eth0', 'index', `${index}`, 'address', seat.MacAddress, 'netns', `${pid}`,
  ]);
  await engine.ip('link', 'set', hostEnd, 'master', bridge, 'up');
  await inNetns(pid, 'ip', 'address', 'add', `${seat.IPAddress}/${seat.IPPrefixLen}`, 'dev', 'eth0');
  await inNetns(pid, 'ip', 'link', 'set', 'eth0', 'up');
}

/**
 * What a swarm may have besides `overlayTopology`, on both nodes: an overlay beside a bridge, of two subnets, without a way
 * out, in a shared namespace; networks of the swarm that are each node's own (bridge, macvlan); all of it on one container.
 */
export async function swarmCases({ nodes }: LabNodes): Promise<void> {
  const [manager] = nodes;
  const onNodes = (name: string, driver: string, ...options: readonly string[]): Promise<string> =>
    createNetwork(manager, name, '--driver', driver, '--attachable', ...options);
  for (const node of nodes) {
    await parentLink(node, 'dne-parent0');
    await createNetwork(node, 'plain');
    // prettier-ignore
    await createNetwork(node, 'lan-here', '--config-only', '--subnet', '198.51.100.0/27', '--opt', 'parent=dne-parent0');
  }
  await onNodes('closed', 'overlay', '--internal');
  await onNodes('wide', 'overlay', '--subnet', '10.81.0.0/24', '--subnet', '10.82.0.0/24');
  await onNodes('each', 'bridge', '--scope', 'swarm');
  await onNodes('lan', 'macvlan', '--scope', 'swarm', '--config-from', 'lan-here');
  await Promise.all(nodes.map((node, at) => nodeCases(node, at + 1)));
}

async function nodeCases(node: LabEngine, number: number): Promise<void> {
  await runIdle(node, 'beside', '--network', 'demo');
  await node.docker('network', 'connect', 'plain', 'beside');
  await runIdle(node, 'guest', '--network', `container:demo${number}`);
  await runIdle(node, 'wide', '--network', 'wide', '--ip', `10.82.0.${number + 10}`);
  await node.docker('network', 'connect', 'demo', 'wide');
  await runIdle(node, 'closed', '--network', 'closed');
  await runIdle(node, 'each', '--network', 'each');
  await runIdle(node, 'all', '--network', 'plain');
  await node.docker('network', 'connect', '--ip', `198.51.100.${number + 10}`, 'lan', 'all');
  for (const network of ['demo', 'bridge']) await node.docker('network', 'connect', network, 'all');
}
