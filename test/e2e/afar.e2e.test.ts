import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import type { LabEngine } from '../lab/labEngine.ts';
import { trueWires, type TrueWire } from '../lab/oracle.ts';
import { tutorialTopology } from '../lab/topology.ts';
import { useStage, type Stage } from './stage.ts';
import type { Prompts } from './prompts.ts';
import type { View } from './view.ts';
import type { Window } from './window.ts';

/** A container's start, and a whole read, on a busy machine. */
const soon = { timeout: 30_000, interval: 300 };

describe('an engine whose kernel is elsewhere', () => {
  let engine: LabEngine;
  let window: Window;
  let ask: Prompts;
  let networks: View;
  let hostLinks: View;
  let showOnly: Stage['showOnly'];
  let wires: readonly TrueWire[];
  let relay: Server;

  useStage({
    prepare: async (made) => {
      await tutorialTopology(made);
      wires = await trueWires(made);
      // By TCP: nothing says that its containers are processes of this machine.
      relay = createServer((near) => {
        const far = connect(made.dockerHost.replace('unix://', ''));
        near.pipe(far).pipe(near);
        near.on('error', () => far.destroy());
        far.on('error', () => near.destroy());
      });
      await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
      return { dockerHost: `tcp://127.0.0.1:${(relay.address() as AddressInfo).port}` };
    },
    isElsewhere: true,
    ready: (stage) => {
      ({ engine, window, ask, networks, hostLinks, showOnly } = stage);
    },
  });

  afterAll(() => void relay.close());

  const helpers = (): Promise<string> =>
    engine.docker('ps', '--all', '--quiet', '--filter', 'label=docker-network-explorer=kernel');

  it('is asked about once, and until then it is said that wires are unknown, and why', async () => {
    await expect.poll(async () => (await window.notifications()).join(), soon).toContain('short-lived container');
    await showOnly(networks);
    const row = await networks.find(['bridge', 'test1']);
    expect(row.description).toContain('? ⇄ ?');
    await showOnly(hostLinks);
    expect(await hostLinks.welcome()).toContain('not allowed yet');
    expect(await helpers()).toBe('');
  });

  it('is read by a short-lived container once that is allowed, and every wire is the true one', async () => {
    await window.clickNotification('Choose…');
    await window.look('kernel-from-afar');
    await ask.clickChoice('A Short-Lived Container');
    expect(await ask.dialogText()).toContain('SYS_PTRACE');
    await ask.acceptDialog('Allow');
    await showOnly(networks);
    for (const { networkName, containerName, hostLink, containerLink } of wires) {
      const shown = async (): Promise<string> => (await networks.find([networkName, containerName])).description;
      await expect.poll(shown, soon).toContain(hostLink.name);
      expect(await shown()).toContain(containerLink.name);
    }
    expect((await networks.hover(['bridge', 'test1'])).toLowerCase()).toContain('helper');
    expect(await helpers()).toBe('');
  });

  it('remembers the answer', async () => {
    await window.reload();
    await showOnly(networks);
    const [wire] = wires;
    if (wire === undefined) throw new Error('the lab has no wire');
    const shown = async (): Promise<string> =>
      (await networks.find([wire.networkName, wire.containerName])).description;
    await expect.poll(shown, soon).toContain(wire.hostLink.name);
    expect((await window.notifications()).join()).not.toContain('short-lived container');
  });
});
