import { describe, expect, it } from 'vitest';
import type { LabEngine } from '../lab/labEngine.ts';
import { trueWires, type TrueWire } from '../lab/oracle.ts';
import { createNetwork, runIdle, tutorialTopology } from '../lab/topology.ts';
import { useStage, type Stage } from './stage.ts';
import type { View } from './view.ts';
import type { Theme, Window } from './window.ts';

/** Longest time until a change of the engine is seen in the tree, without a click. */
const soon = { timeout: 15_000, interval: 200 };

describe('the sidebar on a real engine', () => {
  let engine: LabEngine;
  let window: Window;
  let networks: View;
  let containers: View;
  let hostLinks: View;
  let showOnly: Stage['showOnly'];
  let wires: readonly TrueWire[];

  const docker = async (...args: readonly string[]): Promise<readonly string[]> =>
    (await engine.docker(...args)).split('\n').filter((line) => line !== '');

  useStage({
    prepare: async (made) => {
      await tutorialTopology(made);
      wires = await trueWires(made);
      return {};
    },
    ready: (stage) => {
      ({ engine, window, networks, containers, hostLinks, showOnly } = stage);
    },
  });

  it('lists every network of the engine, built-in ones too', async () => {
    const names = await docker('network', 'ls', '--format', '{{.Name}}');
    await showOnly(networks);
    await expect.poll(async () => [...(await networks.names())].sort(), soon).toEqual([...names].sort());
  });

  it('shows under each network which host veth each of its containers is plugged into', async () => {
    await showOnly(networks);
    for (const { networkName, containerName, containerLink, hostLink } of wires) {
      const row = await networks.find([networkName, containerName]);
      expect(row.description, `${containerName} on ${networkName}`).toContain(hostLink.name);
      expect(row.description).toContain(containerLink.name);
      expect(row.label).toContain(hostLink.name);
    }
  });

  it('says in a hover by which evidence a wire is known', async () => {
    const [wire] = wires;
    if (wire === undefined) throw new Error('the lab has no wire');
    await showOnly(networks);
    expect(await networks.hover([wire.networkName, wire.containerName])).toContain(wire.hostLink.name);
  });

  it('shows every container that runs, and its wires under it', async () => {
    const names = await docker('ps', '--format', '{{.Names}}');
    await showOnly(containers);
    await expect.poll(() => containers.names(), soon).toEqual(expect.arrayContaining([...names]));
    const both = wires.filter(({ containerName }) => containerName === 'test2');
    expect(both).toHaveLength(2);
    await containers.expand(['test2']);
    const text = (await containers.children(['test2']))
      .map(({ name, description }) => `${name} ${description}`)
      .join('\n');
    for (const { hostLink } of both) expect(text).toContain(hostLink.name);
  });

  it('shows under each bridge the veths that are plugged into it, as brctl does', async () => {
    await showOnly(hostLinks);
    const bridges = new Map<string, string[]>();
    for (const { bridge, hostLink } of wires) {
      if (bridge !== undefined) bridges.set(bridge, [...(bridges.get(bridge) ?? []), hostLink.name]);
    }
    expect(bridges.size).toBe(3);
    for (const [bridge, veths] of bridges) {
      const ports = await hostLinks.children([bridge]);
      expect(ports.map(({ name }) => name)).toEqual(expect.arrayContaining(veths));
    }
  });

  it('shows a container that is started from outside without a click, and drops it when it is gone', async () => {
    await showOnly(networks);
    await networks.expand(['my-bridge']);
    await runIdle(engine, 'from-outside', '--network', 'my-bridge');
    await expect.poll(() => networks.has(['my-bridge', 'from-outside']), soon).toBe(true);
    await engine.docker('rm', '--force', 'from-outside');
    await expect.poll(() => networks.has(['my-bridge', 'from-outside']), soon).toBe(false);
  });

  it('shows a network that is made from outside, and a container that is connected to it', async () => {
    await showOnly(networks);
    await createNetwork(engine, 'made-outside');
    await expect.poll(() => networks.has(['made-outside']), soon).toBe(true);
    await engine.docker('network', 'connect', 'made-outside', 'test1');
    await expect.poll(() => networks.has(['made-outside', 'test1']), soon).toBe(true);
    await engine.docker('network', 'disconnect', 'made-outside', 'test1');
    await expect.poll(() => networks.has(['made-outside', 'test1']), soon).toBe(false);
    await engine.docker('network', 'rm', 'made-outside');
    await expect.poll(() => networks.has(['made-outside']), soon).toBe(false);
  });

  it('gives every row and button of the views a name and a role that a screen reader can use', async () => {
    for (const view of [networks, containers, hostLinks]) {
      await showOnly(view);
      await view.rows();
      expect(await window.accessibilityFaults('.part.sidebar .pane-body')).toEqual([]);
    }
  });

  it.each<Theme>(['light', 'dark'])('looks as in the README in a %s theme', async (theme) => {
    await window.setTheme(theme);
    await window.setSidebarWidth(460);
    await showOnly(networks);
    await networks.expand(['bridge']);
    await networks.expand(['my-bridge']);
    await window.screenshot(`networks-${theme}`, 'sidebar');
    await showOnly(containers);
    await containers.expand(['test2']);
    await window.screenshot(`containers-${theme}`, 'sidebar');
    await showOnly(hostLinks);
    await hostLinks.expand(['docker0']);
    await window.screenshot(`host-links-${theme}`, 'sidebar');
    await showOnly(networks);
    await window.screenshot(`window-${theme}`);
  });

  it('says what to do when the engine stops, and heals by itself when it is back', async () => {
    await showOnly(networks);
    await engine.stop();
    await expect.poll(() => networks.welcome(), { ...soon, timeout: 30_000 }).not.toBe('');
    expect((await networks.welcomeButtons()).length).toBeGreaterThan(0);
    await window.screenshot('engine-down', 'sidebar');
    await engine.start();
    // The longest back-off of a lost connection is in here.
    await expect.poll(() => networks.has(['my-bridge']), { timeout: 90_000, interval: 500 }).toBe(true);
    expect(await networks.welcome()).toBe('');
  });
});
