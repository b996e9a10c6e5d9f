import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeThrowaway } from '../../scripts/lifetime.ts';
import { stringifyRecording } from '../../src/engine/recorded.ts';
import type { LabEngine } from '../lab/labEngine.ts';
import { trueWires, type TrueWire } from '../lab/oracle.ts';
import { runIdle, tutorialTopology } from '../lab/topology.ts';
import { town } from '../unit/support/anySnapshot.ts';
import { DiagramPanel } from './diagramPanel.ts';
import type { Prompts } from './prompts.ts';
import { useStage, type Stage } from './stage.ts';
import type { View } from './view.ts';
import type { Theme, Window } from './window.ts';

/** Longest time until a change of the engine is seen in the diagram, without a click. */
const soon = { timeout: 15_000, interval: 200 };

/** A directory that goes with the test. */
async function throwaway(name: string): Promise<string> {
  const directory = await makeThrowaway(name);
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

describe('the topology diagram on a real engine', () => {
  let engine: LabEngine;
  let window: Window;
  let ask: Prompts;
  let networks: View;
  let showOnly: Stage['showOnly'];
  let diagram: DiagramPanel;
  let wires: readonly TrueWire[];

  useStage({
    prepare: async (made) => {
      await tutorialTopology(made);
      wires = await trueWires(made);
      return {};
    },
    ready: (stage) => {
      ({ engine, window, ask, networks, showOnly } = stage);
      diagram = new DiagramPanel(window.page);
    },
  });

  beforeAll(async () => {
    await networks.clickTitle('Open Topology Diagram');
    await diagram.open();
  });

  const idOf = async (name: string): Promise<string> =>
    (await engine.docker('inspect', '--format', '{{.Id}}', name)).trim();
  const networkId = async (name: string): Promise<string> =>
    (await engine.docker('network', 'inspect', '--format', '{{.Id}}', name)).trim();
  const wireId = ({ containerId, networkId: network }: TrueWire): string => `wire:${containerId}/${network}`;

  it('draws every wire between the ends that the kernel gives it', async () => {
    await expect.poll(() => diagram.ids('wire:'), soon).toHaveLength(wires.length);
    for (const wire of wires) {
      const label = await diagram.label(wireId(wire));
      expect(label, wire.containerName).toContain(wire.containerLink.name);
      expect(label).toContain(wire.hostLink.name);
      const chip = await diagram.element(`veth:${wire.hostLink.name}`).textContent();
      expect(chip).toContain(`${wire.hostLink.name}@if${wire.containerLink.ifindex}`);
      const inside = await diagram.element(`endpoint:${wire.containerId}/${wire.networkId}`).textContent();
      expect(inside).toContain(`${wire.containerLink.name}@if${wire.hostLink.ifindex}`);
    }
  });

  it('has docker0, the uplink, the published ports and the modes host, none and container', async () => {
    expect(await diagram.label(`network:${await networkId('bridge')}`)).toContain('docker0');
    expect(await diagram.ids('link:eth0')).toEqual(['link:eth0']);
    expect((await diagram.ids('port:')).length).toBeGreaterThan(0);
    expect(await diagram.ids('namespace:host')).not.toEqual([]);
    // Two containers in one namespace have one box, and so one frame with a name of its own.
    const [owner, sharer] = await Promise.all([idOf('test1'), idOf('shared1')]);
    expect(await diagram.ids(`namespace:${owner}`)).toEqual([`namespace:${owner}`]);
    expect(await diagram.ids(`container:${sharer}`)).toEqual([`container:${sharer}`]);
    expect(await diagram.ids(`container:${await idOf('none1')}`)).not.toEqual([]);
  });

  it('shows the card of what is clicked, with the facts that ip tells inside the container', async () => {
    const id = await idOf('test2');
    await diagram.element(`container:${id}`).click();
    const inside = await engine.docker('exec', 'test2', 'cat', '/sys/class/net/eth1/address');
    await expect.poll(() => diagram.detail.innerText(), soon).toContain(inside.trim());
    const text = await diagram.detail.innerText();
    for (const wire of wires.filter(({ containerName }) => containerName === 'test2')) {
      expect(text).toContain(wire.hostLink.name);
      expect(text).toContain(wire.containerLink.name);
    }
  });

  it('leads from the card to the row in the tree, and from the row back', async () => {
    await showOnly(networks);
    await diagram.element(`network:${await networkId('my-bridge')}`).click();
    await diagram.button('Reveal in the tree').click();
    await expect.poll(async () => (await networks.selected())?.name, soon).toBe('my-bridge');
    await networks.chooseFromMenu(['bridge', 'test1'], 'Show in Diagram');
    const selected = diagram.element(`endpoint:${await idOf('test1')}/${await networkId('bridge')}`);
    await expect.poll(() => selected.getAttribute('aria-current'), soon).toBe('true');
  });

  it('is found and walked by keyboard alone: search, Enter, and arrows along the wire', async () => {
    const [wire] = wires.filter(({ containerName }) => containerName === 'test3');
    if (wire === undefined) throw new Error('the lab has no test3');
    await diagram.svg.focus();
    await window.page.keyboard.press('ControlOrMeta+F');
    await diagram.searchField.waitFor();
    await window.page.keyboard.type(wire.hostLink.name);
    await window.page.keyboard.press('Enter');
    const focused = (): Promise<string> => diagram.focused();
    await expect.poll(focused, soon).toContain(wire.hostLink.name);
    const seen: string[] = [];
    for (let steps = 0; steps < 4; steps++) {
      await window.page.keyboard.press('ArrowDown');
      seen.push(await focused());
    }
    expect(seen).toContain(`network:${wire.networkId}`);
    await window.page.keyboard.press('Escape');
  });

  it('drops a container that is killed outside, shows a new one, and moves nothing else', async () => {
    await runIdle(engine, 'passer-by', '--network', 'my-bridge');
    const id = await idOf('passer-by');
    await expect.poll(() => diagram.ids(`container:${id}`), soon).toHaveLength(1);
    await expect.poll(() => diagram.announcement(), soon).toContain('passer-by');
    const before = await diagram.places();
    await engine.docker('rm', '--force', 'passer-by');
    await expect.poll(() => diagram.ids(`container:${id}`), soon).toEqual([]);
    expect(await diagram.ids(`wire:${id}`)).toEqual([]);
    const after = await diagram.places();
    for (const [box, place] of after) expect(before.get(box), box).toBe(place);
    await expect.poll(() => diagram.announcement(), soon).toMatch(/Gone: passer-by/);
  });

  it('offers the commands of the trees on what is right-clicked, and they act on it', async () => {
    await diagram.unselect();
    await diagram.button('Fit all').click();
    const id = await idOf('test3');
    const offered = await diagram.openMenu(`container:${id}`);
    expect(offered).toEqual(expect.arrayContaining(['Copy Name', 'Inspect', 'Stop']));
    await diagram.chooseFromMenu('Copy Name');
    await expect.poll(() => window.clipboard(), soon).toBe('test3');
  });

  it('connects a container that is dragged onto a network, after a question', async () => {
    const [container, network] = await Promise.all([idOf('test3'), networkId('shop_default')]);
    await diagram.drag(`container:${container}`, `network:${network}`);
    expect((await window.choices())[0]).toContain('docker network connect shop_default test3');
    await ask.clickChoice('Connect');
    const onNetwork = async (): Promise<string> =>
      engine.docker('inspect', '--format', '{{json .NetworkSettings.Networks}}', 'test3');
    await expect.poll(onNetwork, soon).toContain('shop_default');
    await expect.poll(() => diagram.ids(`wire:${container}/${network}`), soon).toHaveLength(1);
    await engine.docker('network', 'disconnect', 'shop_default', 'test3');
    await expect.poll(() => diagram.ids(`wire:${container}/${network}`), soon).toEqual([]);
  });

  it('makes the wires heavier over which something goes', async () => {
    const [wire] = wires.filter(
      ({ containerName, networkName }) => containerName === 'test2' && networkName === 'bridge',
    );
    if (wire === undefined) throw new Error('the lab has no test2');
    const line = diagram.element(wireId(wire)).locator('.line');
    await engine.docker('exec', '--detach', 'test2', 'ping', '-c', '40', '-i', '0.2', '-s', '8000', 'test1');
    await expect.poll(() => line.getAttribute('class'), soon).toMatch(/rate-[1-5]/);
  });

  it('narrows to what is around a container, and back', async () => {
    const id = await idOf('redis');
    await diagram.element(`container:${id}`).dblclick();
    await expect.poll(() => diagram.ids(`container:${id}`), soon).toHaveLength(1);
    await expect.poll(async () => (await diagram.ids('network:')).length, soon).toBe(1);
    await diagram.button('Overview').click();
    await expect.poll(async () => (await diagram.ids('network:')).length, soon).toBeGreaterThan(3);
  });

  it('narrows and goes back by keyboard alone: Shift+Enter, and Escape for each step back', async () => {
    const id = `container:${await idOf('redis')}`;
    await diagram.element(id).click();
    await diagram.detail.waitFor();
    await window.page.keyboard.press('Shift+Enter');
    await expect.poll(async () => (await diagram.ids('network:')).length, soon).toBe(1);
    await window.page.keyboard.press('Escape');
    await diagram.detail.waitFor({ state: 'detached' });
    expect(await diagram.ids('network:')).toHaveLength(1);
    await window.page.keyboard.press('Escape');
    await expect.poll(async () => (await diagram.ids('network:')).length, soon).toBeGreaterThan(3);
    expect(await diagram.focused()).toBe(id);
  });

  it('is fitted again to what room there is, with the card and without', async () => {
    await diagram.unselect();
    await diagram.button('Fit all').click();
    const isAllSeen = async (): Promise<boolean> => {
      const [outer, inner] = [await diagram.svg.boundingBox(), await diagram.svg.locator('.outline').boundingBox()];
      if (outer === null || inner === null) return false;
      return inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width;
    };
    await window.page.setViewportSize({ width: 900, height: 900 });
    await expect.poll(isAllSeen, soon).toBe(true);
    // It stays fitted through the table, which takes the drawing away.
    await diagram.button('Show as a table').click();
    await diagram.button('Show as a drawing').click();
    await diagram.open();
    await window.page.setViewportSize({ width: 750, height: 900 });
    await expect.poll(isAllSeen, soon).toBe(true);
    const id = `container:${await idOf('test2')}`;
    await diagram.element(id).click();
    await diagram.detail.waitFor();
    await window.page.waitForTimeout(300);
    await expect.poll(isAllSeen, soon).toBe(true);
    await diagram.unselect();
    await window.restoreSize();
    await expect.poll(isAllSeen, soon).toBe(true);
  });

  it('has a table that says the same', async () => {
    await diagram.button('Show as a table').click();
    const text = await diagram.table.innerText();
    for (const { containerName, hostLink, containerLink } of wires) {
      expect(text).toContain(containerName);
      expect(text).toContain(hostLink.name);
      expect(text).toContain(containerLink.name);
    }
    expect(await diagram.accessibilityFaults()).toEqual([]);
    await diagram.button('Show as a drawing').click();
    await diagram.open();
  });

  it('is exported as Mermaid, SVG and PNG', async () => {
    const [wire] = wires;
    const directory = await throwaway('export');
    await diagram.button('Export').click();
    await diagram.menuItem('Copy as Mermaid').click();
    await expect.poll(() => window.clipboard(), soon).toContain('flowchart');
    expect(await window.clipboard()).toContain(wire?.hostLink.name);
    for (const format of ['svg', 'png']) {
      const file = join(directory, `topology.${format}`);
      await diagram.button('Export').click();
      await diagram.menuItem(`Save as ${format.toUpperCase()}`).click();
      await ask.answerPath(file);
      await expect
        .poll(
          () =>
            stat(file).then(
              ({ size }) => size,
              () => 0,
            ),
          soon,
        )
        .toBeGreaterThan(1000);
      const content = await readFile(file);
      if (format === 'svg') {
        const text = content.toString();
        expect(text).toMatch(/^(<\?xml[^>]*>\s*)?<svg /);
        expect(text).toContain(wire?.hostLink.name);
        expect(text).not.toContain('var(--');
      } else expect([...content.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    }
  });

  it.each<Theme>(['light', 'dark', 'high contrast'])(
    'looks as in the README, and is accessible, in %s',
    async (theme) => {
      await window.setTheme(theme);
      await diagram.unselect();
      await window.setSidebarWidth(240);
      await diagram.button('Fit all').click();
      await diagram.notice.waitFor({ state: 'detached' });
      expect(await diagram.accessibilityFaults()).toEqual([]);
      // Some colours are see-through in one theme and missing in another.
      for (const colour of await diagram.wireColours()) expect(colour).not.toMatch(/^(none|rgba)/);
      await window.screenshot(`diagram-${theme.replace(' ', '-')}`);
    },
  );

  it('is there again after the window was reloaded, with what was selected', async () => {
    await window.setTheme('light');
    const id = `container:${await idOf('redis')}`;
    await diagram.element(id).click();
    await diagram.detail.waitFor();
    await window.page.waitForTimeout(500);
    await window.reload();
    await diagram.open();
    await expect.poll(() => diagram.element(id).getAttribute('aria-current'), soon).toBe('true');
  });

  it.each([100, 1000])('stays readable with %i containers', async (containers) => {
    const file = join(await throwaway('recording'), `town-${containers}.json`);
    const snapshot = town(containers);
    const label = `${containers} containers`;
    await writeFile(file, stringifyRecording({ recordedAt: snapshot.takenAt, label, snapshot, raw: {} }));
    await window.set({ 'dockerNetworks.connection': `recording:${file}` });
    await expect.poll(async () => (await diagram.ids('container:')).length, soon).toBeGreaterThan(containers * 0.9);
    await diagram.button('Fit all').click();
    for (const theme of ['light', 'dark', 'high contrast'] as const) {
      await window.setTheme(theme);
      await window.screenshot(`diagram-${containers}-${theme.replace(' ', '-')}`);
    }
  });
});
