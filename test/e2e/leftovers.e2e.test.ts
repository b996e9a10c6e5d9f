import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importImages } from '../lab/images.ts';
import type { LabEngine } from '../lab/labEngine.ts';
import { runIdle } from '../lab/topology.ts';
import type { Prompts } from './prompts.ts';
import { useDirectory, useStage } from './stage.ts';
import type { Window } from './window.ts';

/** Longest time until the window has noticed, once its patience is at an end. */
const soon = { timeout: 15_000, interval: 200 };

/**
 * An extension in whose company three minutes pass in three seconds: for so long the window lets a replacement alone that
 * may be under way elsewhere. Extensions share the globals of their host.
 */
const hasty: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    ...{ name: 'hasty', publisher: 'dne', version: '0.0.1', engines: { vscode: '^1.105.0' } },
    ...{ main: './main.js', activationEvents: ['*'] },
  }),
  'main.js': `
    exports.activate = () => {
      globalThis.setTimeout = new Proxy(globalThis.setTimeout, {
        apply: (wait, self, [then, milliseconds, ...rest]) =>
          Reflect.apply(wait, self, [then, milliseconds === 180_000 ? 3_000 : milliseconds, ...rest]),
      });
    };`,
};

describe('what a window left that ended while it replaced a container', () => {
  let engine: LabEngine;
  let window: Window;
  let ask: Prompts;
  const directory = useDirectory('hasty');

  useStage({
    prepare: async (made) => {
      await importImages(made);
      // As the steps of a replacement leave it: put aside, with and without one that runs in its place.
      await setAside(made, 'shop', 'shop-dne-old-0a1b2c');
      await setAside(made, 'desk', 'desk-dne-old-3d4e5f');
      await runIdle(made, 'desk');
      const extension = await directory();
      for (const [name, text] of Object.entries(hasty)) await writeFile(join(extension, name), text);
      return { extensions: [extension] };
    },
    ready: (stage) => {
      ({ engine, window, ask } = stage);
    },
  });

  async function setAside(made: LabEngine, name: string, aside: string): Promise<void> {
    await runIdle(made, name);
    await made.docker('kill', name);
    await made.docker('rename', name, aside);
  }

  /** `name state` of each container. */
  const containers = async (): Promise<readonly string[]> =>
    (await engine.docker('ps', '--all', '--format', '{{.Names}} {{.State}}')).trim().split('\n').sort();
  const told = async (): Promise<string> => (await window.notifications()).join('\n');

  it('is offered: to be put back where nothing took its place, else to be removed', async () => {
    await expect.poll(told, soon).toContain('Replacing the container shop was broken off: its old self is left');
    await expect.poll(told, soon).toContain('Replacing the container desk was broken off at its end');
  });

  it('is put back under its name, and runs again', async () => {
    await window.clickNotification('Restore');
    expect(await ask.dialogText()).toContain('docker rename shop-dne-old-0a1b2c shop && docker start shop');
    await ask.acceptDialog('Restore');
    await expect.poll(containers, soon).toContain('shop running');
    expect(await containers()).toEqual(['desk running', 'desk-dne-old-3d4e5f exited', 'shop running']);
  });

  it('is removed, and the one that took its place stays', async () => {
    await window.clickNotification('Remove');
    expect(await ask.dialogText()).toContain('docker rm desk-dne-old-3d4e5f');
    await ask.acceptDialog('Remove');
    await expect.poll(containers, soon).toEqual(['desk running', 'shop running']);
  });

  it('is not told of where the replacement came to its end in time, elsewhere', async () => {
    await window.dismissNotifications();
    await engine.docker('kill', 'shop');
    await engine.docker('rename', 'shop', 'shop-dne-old-6a7b8c');
    await window.page.waitForTimeout(1_500);
    await engine.docker('rename', 'shop-dne-old-6a7b8c', 'shop');
    await window.page.waitForTimeout(4_000);
    expect(await told()).not.toContain('broken off');
  });
});
