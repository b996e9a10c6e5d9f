import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHelperKernel } from '../../src/kernel/helperContainer.ts';
import { createLocalKernel } from '../../src/kernel/local.ts';
import { parseMachine } from '../../src/kernel/remote/answer.ts';
import { helperImages } from '../../src/kernel/remote/images.ts';
import { machineScript, newMark } from '../../src/kernel/remote/script.ts';
import { flannelUse } from '../../src/topology/flannel.ts';
import { linkOrigin, type LinkOrigin } from '../../src/topology/linkOrigin.ts';
import type { KernelView, Network, Snapshot } from '../../src/topology/model.ts';
import { hasOwnNamespace } from '../../src/topology/wiring.ts';
import { startFlannel, type FlannelBackend } from '../lab/flannel.ts';
import { createNetwork } from '../lab/topology.ts';
import { ordinaryUser, type InsideOptions, type LabEngine } from '../lab/labEngine.ts';
import { run } from '../lab/run.ts';
import { nodeAddresses, nodeLink, type LabNodes } from '../lab/nodes.ts';
import { openEngine } from './openEngine.ts';

async function readInside(engine: LabEngine, user: InsideOptions = {}): Promise<Snapshot> {
  return JSON.parse(await engine.runInside(['node', 'test/engine/readSnapshot.ts'], user)) as Snapshot;
}

function viewOf({ kernel }: Snapshot): KernelView {
  if (kernel.kind === 'absent') throw new Error(kernel.reason);
  return kernel.view;
}

function networkOf({ networks }: Pick<Snapshot, 'networks'>, name: string): Network {
  const found = networks.find((network) => network.name === name);
  if (found === undefined) throw new Error(`no network ${name}`);
  return found;
}

function originOf(view: KernelView, name: string): LinkOrigin | undefined {
  const link = view.host.links.find((one) => one.name === name);
  if (link === undefined) throw new Error(`no link ${name}`);
  return linkOrigin(link, view, []);
}

/** As a helper container reads it. */
async function readAfar({ dockerHost }: LabEngine): Promise<KernelView> {
  const engine = openEngine(dockerHost);
  try {
    await engine.info();
    const containers = (await engine.containers()).map(({ model }) => model);
    const images = async (signal?: AbortSignal): Promise<readonly string[]> =>
      helperImages(await engine.probe.images(signal));
    const reading = await createHelperKernel({ runner: engine.probe, images }).read({
      containers: containers.filter(hasOwnNamespace).map(({ id, pid }) => ({ id, pid })),
      bridges: ['docker0'],
    });
    if (reading.kind === 'absent') throw new Error(reading.reason);
    return reading.view;
  } finally {
    engine.close();
  }
}

describe.each<FlannelBackend>(['vxlan', 'host-gw'])('flannel below Docker 28.5 with its backend %s', (backend) => {
  const mtu = backend === 'vxlan' ? 1450 : 1500;
  const told = { networks: ['10.244.0.0/16'], subnets: ['10.244.0.1/24'], mtu, ipMasq: true };
  const device = backend === 'vxlan' ? 'flannel.1' : nodeLink;
  const remote =
    backend === 'vxlan'
      ? [{ destination: '10.244.1.0/24', gateway: '10.244.1.0', vtep: nodeAddresses[1] }]
      : [{ destination: '10.244.1.0/24', gateway: nodeAddresses[1] }];
  let nodes: LabNodes;
  let lab: LabEngine;

  beforeAll(async () => {
    nodes = await startFlannel('28.5', backend);
    [lab] = nodes.nodes;
    await createNetwork(lab, 'aside', '--subnet', '172.30.0.0/24');
  });

  afterAll(() => nodes.dispose());

  it('is read with the file of flanneld and the machines behind it', async () => {
    const snapshot = await readInside(lab);
    const view = viewOf(snapshot);
    expect(view.flannel).toEqual(told);
    expect(originOf(view, device)).toEqual({ kind: 'flannel', backend, remote });
    expect(flannelUse(networkOf(snapshot, 'bridge'), view)).toEqual({ uses: true, subnet: '10.244.0.0/24' });
    expect(flannelUse(networkOf(snapshot, 'aside'), view)).toBeUndefined();
  });

  it('is read by this process, which is in other namespaces, as by one of the engine’s', async () => {
    const kernel = createLocalKernel({ socketPath: lab.socketPath });
    const read = async (previous?: KernelView): Promise<KernelView> => {
      const reading = await kernel.read({
        containers: [],
        bridges: ['docker0'],
        ...(previous === undefined ? {} : { previous: { view: previous, touched: new Set<string>() } }),
      });
      if (reading.kind === 'absent') throw new Error(reading.reason);
      return reading.view;
    };
    const first = await read();
    expect(first.flannel).toEqual(told);
    expect(originOf(first, device)).toMatchObject({ remote });
    // After a small change all of it stays; one more device of flannel is read.
    expect((await read(first)).vteps).toEqual(first.vteps);
    if (backend !== 'vxlan') return;
    await lab.ip('link', 'add', 'flannel.2', 'type', 'vxlan', 'id', '2', 'dstport', '8473', 'nolearning');
    try {
      await lab.ip('neighbour', 'add', '10.9.0.0', 'lladdr', '02:00:00:f2:00:02', 'dev', 'flannel.2');
      const fdb = ['fdb', 'add', '02:00:00:f2:00:02', 'dev', 'flannel.2', 'dst', '192.0.2.77', 'self'];
      await run(['bridge', '-n', lab.netns, ...fdb]);
      expect((await read(first)).vteps).toEqual([
        ...(first.vteps ?? []),
        { link: 'flannel.2', gateway: '10.9.0.0', mac: '02:00:00:f2:00:02', host: '192.0.2.77' },
      ]);
    } finally {
      await lab.ip('link', 'delete', 'flannel.2');
    }
  });

  it('is recognised by an ordinary user from what the kernel alone tells', async () => {
    const snapshot = await readInside(lab, ordinaryUser);
    const view = viewOf(snapshot);
    expect(flannelUse(networkOf(snapshot, 'bridge'), view)?.uses).toBe(true);
    expect(originOf(view, device)).toMatchObject({ kind: 'flannel', backend });
  });

  it('is read by a helper container in its one go', async () => {
    const view = await readAfar(lab);
    expect(view.flannel).toEqual(told);
    expect(originOf(view, device)).toMatchObject({ kind: 'flannel', backend });
  });

  it('is read with the machines behind it by a helper container whose image has ip', async () => {
    const mark = newMark();
    // The script itself in the engine's namespaces: the images of the lab have busybox's ip.
    const views = parseMachine(await lab.runInside(['sh', '-c', machineScript, 'sh', mark]), mark, []);
    if (views === undefined) throw new Error('the answer is not whole');
    expect(views.flannel).toEqual(told);
    expect(originOf({ source: 'helper', ...views }, device)).toEqual({ kind: 'flannel', backend, remote });
  });

  it('does not follow what somebody put in the place of its file', async () => {
    await lab.runInside(['sh', '-c', 'cd /run/flannel && mv subnet.env real && ln -s real subnet.env']);
    try {
      expect(viewOf(await readInside(lab)).flannel).toBeUndefined();
      expect((await readAfar(lab)).flannel).toBeUndefined();
    } finally {
      await lab.runInside(['sh', '-c', 'cd /run/flannel && mv real subnet.env']);
    }
  });

  it('has other addresses than the default network where the engine was not told', async () => {
    await lab.runInside([
      'sh',
      '-c',
      'cd /run/flannel && cp subnet.env real && sed -i s/10.244.0.1/10.244.7.1/ subnet.env',
    ]);
    try {
      const snapshot = await readInside(lab);
      expect(flannelUse(networkOf(snapshot, 'bridge'), viewOf(snapshot))).toEqual({
        uses: false,
        subnet: '10.244.7.0/24',
      });
    } finally {
      await lab.runInside(['sh', '-c', 'cd /run/flannel && mv real subnet.env']);
    }
  });
});
