import { importImages } from './images.ts';
import type { LabVersion } from './engineCommand.ts';
import type { LabEngine } from './labEngine.ts';
import { nodeAddresses, nodeLink, startNodes, type LabNodes } from './nodes.ts';
import { run } from './run.ts';
import { runIdle } from './topology.ts';

/** How flannel carries packets between hosts: in a VXLAN, or by routes alone where all hosts are on one cable. */
export type FlannelBackend = 'vxlan' | 'host-gw';

const network = '10.244.0.0/16';
const subnets = ['10.244.0.0/24', '10.244.1.0/24'] as const;
const vteps = [
  { address: '10.244.0.0', mac: '02:00:00:f1:00:01' },
  { address: '10.244.1.0', mac: '02:00:00:f1:00:02' },
] as const;

/**
 * Two engines with what flanneld makes on each, without flanneld: Docker's own bridge in the host's part of
 * 10.244.0.0/16 (`--bip`), /run/flannel/subnet.env, and for the other host's part either `flannel.1` (VNI 1, port 8472)
 * with one route, one neighbour and one FDB entry for that host, or one route by its address.
 * A container on each, `pod1` and `pod2`: packets cross.
 */
export async function startFlannel(version: LabVersion, backend: FlannelBackend): Promise<LabNodes> {
  const mtu = backend === 'vxlan' ? 1450 : 1500;
  const flannel = await startNodes(
    { version },
    (engine, node) => (backend === 'vxlan' ? vxlan(engine, node) : hostGateway(engine, node)),
    (node) => ['--bip', subnets[node].replace('.0/', '.1/'), '--mtu', `${mtu}`, '--ip-masq=false'],
  );
  try {
    const setUp = async (engine: LabEngine, node: 0 | 1): Promise<void> => {
      const gateway = subnets[node].replace('.0/', '.1/');
      const lines = [
        `FLANNEL_NETWORK=${network}`,
        `FLANNEL_SUBNET=${gateway}`,
        `FLANNEL_MTU=${mtu}`,
        'FLANNEL_IPMASQ=true',
      ];
      await engine.runInside([
        'sh',
        '-c',
        'mkdir -p /run/flannel; printf "%s\\n" "$@" >/run/flannel/subnet.env',
        'sh',
        ...lines,
      ]);
      // flanneld lets its packets through, which Docker's policy for forwarding would drop.
      for (const end of ['--source', '--destination']) {
        await engine.runInside(['iptables', '--append', 'FORWARD', end, network, '--jump', 'ACCEPT']);
      }
      await importImages(engine);
      await runIdle(engine, `pod${node + 1}`);
    };
    await Promise.all([setUp(flannel.nodes[0], 0), setUp(flannel.nodes[1], 1)]);
  } catch (error) {
    flannel.dispose();
    throw error;
  }
  return flannel;
}

/** https://github.com/flannel-io/flannel/blob/master/pkg/backend/vxlan/vxlan.go tells these in its first comment. */
async function vxlan(engine: LabEngine, node: 0 | 1): Promise<void> {
  const other = node === 0 ? 1 : 0;
  const own = vteps[node];
  const peer = vteps[other];
  // prettier-ignore
  await engine.ip(
    'link', 'add', 'flannel.1', 'address', own.mac, 'mtu', '1450',
    'type', 'vxlan', 'id', '1', 'local', nodeAddresses[node], 'dev', nodeLink, 'dstport', '8472', 'nolearning',
  );
  await engine.ip('address', 'add', `${own.address}/32`, 'dev', 'flannel.1');
  await engine.ip('link', 'set', 'flannel.1', 'up');
  await engine.ip('route', 'add', subnets[other], 'via', peer.address, 'dev', 'flannel.1', 'onlink');
  await engine.ip('neighbour', 'add', peer.address, 'lladdr', peer.mac, 'dev', 'flannel.1', 'nud', 'permanent');
  await run([
    'bridge',
    '-n',
    engine.netns,
    'fdb',
    'add',
    peer.mac,
    'dev',
    'flannel.1',
    'dst',
    nodeAddresses[other],
    'self',
  ]);
}

async function hostGateway(engine: LabEngine, node: 0 | 1): Promise<void> {
  const other = node === 0 ? 1 : 0;
  await engine.ip('route', 'add', subnets[other], 'via', nodeAddresses[other], 'dev', nodeLink);
}
