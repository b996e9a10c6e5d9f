import { run } from '../lab/run.ts';
import { inspectContainers } from '../lab/inspect.ts';
import { images } from '../lab/images.ts';
import type { LabEngine } from '../lab/labEngine.ts';
import { inNetns } from '../lab/oracle.ts';
import { createNetwork, runIdle } from '../lab/topology.ts';

/** Cases beyond the tutorial, all on one engine. Each is quiet: no container sends anything by itself. */
export async function oddCases(engine: LabEngine): Promise<void> {
  // The @if2 collision: since Docker 28 every one of these veths reads `@if2` on the host.
  await createNetwork(engine, 'collide');
  for (let number = 1; number <= 6; number++) await runIdle(engine, `collide${number}`, '--network', 'collide');
  await engine.docker('pause', 'collide6');

  await createNetwork(engine, 'inner', '--internal');
  await runIdle(engine, 'inner1', '--network', 'inner');

  await parentLink(engine, 'dne-parent0');
  await createNetwork(
    engine,
    'lan',
    '--driver',
    'macvlan',
    '--subnet',
    '198.51.100.0/25',
    '--opt',
    'parent=dne-parent0',
  );
  await runIdle(engine, 'lan1', '--network', 'lan');
  await runIdle(engine, 'lan2', '--network', 'lan');
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

  await engine.docker('create', '--name', 'created1', '--network', 'my-bridge', images.shellless);
}

/** A second way out of the engine's namespace, for networks that need a link of their own below them. */
async function parentLink(engine: LabEngine, name: string): Promise<void> {
  await engine.ip('link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`, 'netns', engine.wanNetns);
  await engine.ip('link', 'set', name, 'up');
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
  const bridge = `br-${seat.NetworkID.slice(0, 12)}`;
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
