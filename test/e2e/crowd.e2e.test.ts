import { describe, expect, it } from 'vitest';
import { importImages } from '../lab/images.ts';
import type { LabEngine } from '../lab/labEngine.ts';
import { trueWires, type TrueWire } from '../lab/oracle.ts';
import { crowd, runIdle } from '../lab/topology.ts';
import { useStage, type Stage } from './stage.ts';
import type { Row, View } from './view.ts';
import type { Window } from './window.ts';

/** Containers on the engine: DNE_CROWD=300 is what a busy machine has, and takes two minutes to start. */
const count = Number(process.env['DNE_CROWD'] ?? 60);
const networkCount = 4;

const soon = { timeout: 30_000, interval: 100 };

describe(`the sidebar on an engine with ${count} containers`, () => {
  let engine: LabEngine;
  let window: Window;
  let networks: View;
  let containers: View;
  let hostLinks: View;
  let showOnly: Stage['showOnly'];
  let wires: readonly TrueWire[];

  useStage({
    prepare: async (made) => {
      await importImages(made);
      await crowd(made, count, networkCount);
      wires = await trueWires(made);
      return {};
    },
    ready: (stage) => {
      ({ engine, window, networks, containers, hostLinks, showOnly } = stage);
    },
  });

  it('lists all of them, in the order in which people count', async () => {
    await showOnly(containers);
    const expected = Array.from({ length: count }, (_, index) => `crowd${index + 1}`);
    await expect.poll(() => containers.names(), soon).toEqual(expected);
  });

  it('shows the true veth of every one', async () => {
    await showOnly(networks);
    for (let number = 1; number <= networkCount; number++) {
      const name = `crowd-net${number}`;
      const own = wires.filter(({ networkName }) => networkName === name);
      const shown = new Map((await networks.children([name])).map((row) => [row.name, row.description]));
      expect([...shown.keys()].sort()).toEqual(own.map(({ containerName }) => containerName).sort());
      for (const { containerName, hostLink } of own) expect(shown.get(containerName)).toContain(hostLink.name);
      await networks.collapse([name]);
    }
  });

  describe('while something happens to one container', () => {
    /** What a person has before the eyes: which rows are where, and which of them are selected or open. */
    const sight = async (): Promise<readonly string[]> => (await containers.inSight()).map(asText);
    const asText = ({ index, name, expanded }: Row): string => `${index} ${name} ${String(expanded)}`;

    it('keeps the place that was scrolled to, the selection, and what was unfolded', async () => {
      await showOnly(containers);
      // A click on a row unfolds it, too.
      await containers.select(['crowd15']);
      await containers.expand(['crowd15']);
      await window.restoreSize();
      await containers.scroll(-100_000);
      await containers.scroll(500);
      const before = await sight();
      const selected = await containers.selected();
      expect(before[0]).not.toContain(' crowd1 ');
      expect(before.join()).toContain('crowd15 true');
      expect(selected?.name).toBe('crowd15');

      // Below what is in sight, then in sight, then one that comes and goes at the end.
      await engine.docker('stop', '--time', '0', `crowd${count}`, 'crowd20');
      await expect
        .poll(async () => (await containers.inSight()).map(({ description }) => description).join(), soon)
        .toContain('exited');
      expect(await sight()).toEqual(before);
      await engine.docker('start', `crowd${count}`, 'crowd20');
      await runIdle(engine, 'zz-last', '--network', 'crowd-net1');
      const numbers = async (): Promise<string> => (await window.statusBar('tutorial')).join().replaceAll(/\s+/g, ' ');
      await expect.poll(numbers, soon).toContain(` ${count + 1} `);
      expect(await sight()).toEqual(before);
      await engine.docker('rm', '--force', 'zz-last');
      await expect.poll(numbers, soon).toContain(` ${count} `);
      expect(await sight()).toEqual(before);
      expect((await containers.selected())?.name).toBe('crowd15');
    });

    it('moves the rows by one at most when a row comes in above them', async () => {
      const before = await containers.inSight();
      await runIdle(engine, 'aa-first');
      await expect.poll(async () => (await containers.inSight())[0]?.name, soon).not.toBe(before[0]?.name);
      const after = await containers.inSight();
      expect(after.slice(1).map(({ name }) => name)).toEqual(before.slice(0, after.length - 1).map(({ name }) => name));
      expect((await containers.selected())?.name).toBe('crowd15');
      await engine.docker('rm', '--force', 'aa-first');
      await expect.poll(async () => (await containers.inSight())[0]?.name, soon).toBe(before[0]?.name);
    });

    it('leaves a network folded that the person folded, also when the connection is lost and comes back', async () => {
      await showOnly(networks);
      await networks.collapse(['crowd-net2']);
      await networks.expand(['crowd-net3']);
      const folds = async (): Promise<readonly (readonly [string, boolean | undefined])[]> =>
        (await networks.rows())
          .filter(({ name }) => /^crowd-net[23]$/.test(name))
          .map(({ name, expanded }) => [name, expanded] as const);
      const before = await folds();
      expect(before).toEqual([
        ['crowd-net2', false],
        ['crowd-net3', true],
      ]);
      await window.set({ 'dockerNetworks.connection': 'unix:///nonexistent/docker.sock' });
      await expect.poll(() => networks.welcome(), soon).not.toBe('');
      await window.set({ 'dockerNetworks.connection': '' });
      await expect.poll(folds, soon).toEqual(before);
    });
  });

  describe('in a sidebar of 170 pixels', () => {
    it('keeps the names and every button within reach', async () => {
      await window.setSidebarWidth(170);
      for (const view of [networks, containers, hostLinks]) {
        await showOnly(view);
        await window.restoreSize();
        const sidebar = await window.page.locator('.part.sidebar').boundingBox();
        const [row] = await view.inSight();
        if (row === undefined || sidebar === null) throw new Error('nothing is in sight');
        const drawn = view.pane.locator(`.monaco-list-row[data-index="${row.index}"]`);
        await drawn.hover();
        const right = sidebar.x + sidebar.width;
        const places = await Promise.all([
          drawn.locator('.label-name').boundingBox(),
          ...(await drawn.locator('.actions .action-label').all()).map((button) => button.boundingBox()),
          ...(await view.pane.locator('.pane-header .action-label').all()).map((button) => button.boundingBox()),
        ]);
        for (const place of places) {
          if (place === null) throw new Error(`something of ${row.name} is not on the screen`);
          expect(place.width).toBeGreaterThan(10);
          expect(place.x).toBeGreaterThanOrEqual(sidebar.x);
          expect(place.x + Math.min(place.width, 20)).toBeLessThanOrEqual(right);
        }
      }
    });

    it('says in the hover what the row has no room for', async () => {
      const [wire] = (await trueWires(engine)).filter(({ networkName }) => networkName === 'crowd-net1');
      if (wire === undefined) throw new Error('the lab has no wire');
      await showOnly(networks);
      expect(await networks.hover(['crowd-net1', wire.containerName])).toContain(wire.hostLink.name);
    });

    it('looks like a list in each theme', async () => {
      for (const theme of ['light', 'dark', 'high contrast'] as const) {
        await window.setTheme(theme);
        for (const view of [networks, containers, hostLinks]) await view.unfold();
        await window.look(`narrow-${theme.replace(' ', '-')}`, 'sidebar');
      }
    });
  });
});
