import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine, type LabEngine } from '../lab/labEngine.ts';
import { trueWires, type TrueWire } from '../lab/oracle.ts';
import { runIdle, tutorialTopology } from '../lab/topology.ts';
import { category, useStage } from './stage.ts';
import type { Path, View } from './view.ts';
import type { Window } from './window.ts';

/** Longest time until what was asked for is on the screen. */
const soon = { timeout: 15_000, interval: 100 };

describe('the commands of the sidebar', () => {
  let engine: LabEngine;
  let other: LabEngine;
  let window: Window;
  let networks: View;
  let containers: View;
  let hostLinks: View;
  let wires: readonly TrueWire[];

  const wireOf = (containerName: string, networkName: string): TrueWire => {
    const wire = wires.find((one) => one.containerName === containerName && one.networkName === networkName);
    if (wire === undefined) throw new Error(`the lab has no ${containerName} on ${networkName}`);
    return wire;
  };
  const inspect = async (name: string, format: string): Promise<string> =>
    (await engine.docker('inspect', '--format', format, name)).trim();
  const copied = async (command: () => Promise<void>): Promise<string> => {
    await window.page.evaluate(`navigator.clipboard.writeText('nothing')`);
    await command();
    await expect.poll(() => window.clipboard(), soon).not.toBe('nothing');
    return window.clipboard();
  };

  useStage({
    prepare: async (made) => {
      [other] = await Promise.all([startEngine({ version: '20.10' }), tutorialTopology(made)]);
      wires = await trueWires(made);
      return { contexts: { spare: other.dockerHost }, size: { width: 1280, height: 1200 } };
    },
    ready: (stage) => {
      ({ engine, window, networks, containers, hostLinks } = stage);
    },
  });

  afterAll(() => (other as LabEngine | undefined)?.dispose());

  describe('jumps', () => {
    const landsOn = (view: View, name: string): Promise<void> =>
      expect.poll(async () => (await view.selected())?.name, soon).toBe(name);

    it('goes from an endpoint to its container and to its host veth, and opens the view that was folded', async () => {
      const { hostLink } = wireOf('redis', 'my-bridge');
      await containers.fold();
      await networks.clickInline(['my-bridge', 'redis'], 'Reveal Container');
      await landsOn(containers, 'redis');
      await hostLinks.fold();
      await networks.clickInline(['my-bridge', 'redis'], 'Reveal Host Link');
      await landsOn(hostLinks, hostLink.name);
    });

    it('goes from a container to its one endpoint and its one veth', async () => {
      const { hostLink } = wireOf('test3', 'my-bridge');
      await containers.clickInline(['test3'], 'Reveal Endpoint');
      await landsOn(networks, 'test3');
      await containers.clickInline(['test3'], 'Reveal Host Link');
      await landsOn(hostLinks, hostLink.name);
    });

    it('asks which one where a container has two, with the keyboard alone', async () => {
      const { hostLink } = wireOf('test2', 'my-bridge');
      await containers.clickInline(['test2'], 'Reveal Endpoint');
      const offered = await window.choices();
      expect(offered).toHaveLength(2);
      expect(offered.join()).toContain(hostLink.name);
      await window.choose('my-bridge');
      await expect.poll(async () => (await networks.selected())?.description, soon).toContain(hostLink.name);
      await containers.clickInline(['test2'], 'Reveal Host Link');
      await window.choose(hostLink.name);
      await landsOn(hostLinks, hostLink.name);
    });

    it("goes from each of a container's interfaces to its own endpoint and veth", async () => {
      for (const network of ['bridge', 'my-bridge']) {
        const { containerLink, hostLink } = wireOf('test2', network);
        await containers.clickInline(['test2', containerLink.name], 'Reveal Endpoint');
        await expect.poll(async () => (await networks.selected())?.description, soon).toContain(hostLink.name);
        await containers.chooseFromMenu(['test2', containerLink.name], 'Reveal Host Link');
        await landsOn(hostLinks, hostLink.name);
      }
    });

    it('goes from a host veth to the container and the endpoint at its other end', async () => {
      const { bridge, hostLink } = wireOf('test1', 'bridge');
      const path: Path = [bridge ?? '', hostLink.name];
      await hostLinks.clickInline(path, 'Reveal Container');
      await landsOn(containers, 'test1');
      await hostLinks.clickInline(path, 'Reveal Endpoint');
      await landsOn(networks, 'test1');
      await hostLinks.chooseFromMenu(path, 'Reveal Container');
      await landsOn(containers, 'test1');
    });

    it("goes from the detail of an endpoint to its veth and its bridge, and by the menu as by the row's buttons", async () => {
      const { hostLink } = wireOf('test1', 'bridge');
      await networks.clickInline(['bridge', 'test1', 'Host veth'], 'Reveal Host Link');
      await landsOn(hostLinks, hostLink.name);
      await networks.clickInline(['bridge', 'test1', 'Bridge'], 'Reveal Host Link');
      await landsOn(hostLinks, 'docker0');
      await networks.chooseFromMenu(['bridge', 'test1'], 'Reveal Container');
      await landsOn(containers, 'test1');
    });

    it('shows who shares a namespace under its owner, and jumps there and back', async () => {
      const sharing = { name: 'shared1', description: 'shares this namespace' };
      expect(await networks.children(['bridge', 'test1'])).toContainEqual(expect.objectContaining(sharing));
      expect(await containers.children(['test1'])).toContainEqual(expect.objectContaining(sharing));
      await networks.clickInline(['bridge', 'test1', 'shared1'], 'Reveal Container');
      await landsOn(containers, 'shared1');
      expect((await containers.selected())?.description).toContain('test1');
      await containers.clickInline(['shared1'], 'Reveal Endpoint');
      await landsOn(networks, 'test1');
      await containers.clickInline(['shared1'], 'Reveal Host Link');
      await landsOn(hostLinks, wireOf('test1', 'bridge').hostLink.name);
      await containers.clickInline(['shared1', 'Mode'], 'Reveal Container');
      await landsOn(containers, 'test1');
    });

    it('has no jump to a veth where there is none', async () => {
      const offered = [
        await networks.inlineActions(['host', 'host1']),
        await containers.inlineActions(['none1']),
        await containers.inlineActions(['stopped1']),
      ];
      expect(offered[0]).toContain('Reveal Container');
      for (const actions of offered) expect(actions).not.toContain('Reveal Host Link');
    });
  });

  describe('copies', () => {
    const ip = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const mac = '{{range .NetworkSettings.Networks}}{{.MacAddress}}{{end}}';

    it('copies from an endpoint what docker inspect says of it', async () => {
      const row: Path = ['my-bridge', 'redis'];
      const from = (item: string) => copied(() => networks.chooseFromMenu(row, item));
      expect(await from('Copy Name')).toBe('redis');
      expect(await from('Copy ID')).toBe(await inspect('redis', '{{.Id}}'));
      expect(await from('Copy IP Address')).toBe(await inspect('redis', ip));
      expect(await from('Copy MAC Address')).toBe(await inspect('redis', mac));
      expect(await from('Copy Host Link Name')).toBe(wireOf('redis', 'my-bridge').hostLink.name);
    });

    it('copies from a network, a container and its interface', async () => {
      const network = (item: string) => copied(() => networks.chooseFromMenu(['my-bridge'], item));
      expect(await network('Copy Name')).toBe('my-bridge');
      expect(await network('Copy ID')).toBe(
        (await engine.docker('network', 'inspect', '-f', '{{.Id}}', 'my-bridge')).trim(),
      );
      const container = (item: string) => copied(() => containers.chooseFromMenu(['test1'], item));
      expect(await container('Copy Name')).toBe('test1');
      expect(await container('Copy ID')).toBe(await inspect('test1', '{{.Id}}'));
      expect(await container('Copy IP Address')).toBe(await inspect('test1', ip));
      expect(await container('Copy MAC Address')).toBe(await inspect('test1', mac));
      const { containerLink, hostLink } = wireOf('test2', 'my-bridge');
      const own = '{{(index .NetworkSettings.Networks "my-bridge").IPAddress}}';
      const seat = (item: string) => copied(() => containers.chooseFromMenu(['test2', containerLink.name], item));
      expect(await seat('Copy IP Address')).toBe(await inspect('test2', own));
      expect(await seat('Copy Host Link Name')).toBe(hostLink.name);
      // Its label is an interface, and what these copy is the container's.
      const offered = await containers.menu(['test2', containerLink.name]);
      expect(offered).not.toContain('Copy Name');
      expect(offered).not.toContain('Copy ID');
    });

    it('copies from details and from host links what ip shows', async () => {
      const { bridge, hostLink } = wireOf('redis', 'my-bridge');
      const detail = (name: string, item: string) =>
        copied(() => networks.chooseFromMenu(['my-bridge', 'redis', name], item));
      expect(await detail('IPv4', 'Copy IP Address')).toBe(await inspect('redis', ip));
      expect(await detail('MAC', 'Copy MAC Address')).toBe(await inspect('redis', mac));
      expect(await detail('Host veth', 'Copy Host Link Name')).toBe(hostLink.name);
      expect(await detail('Bridge', 'Copy Host Link Name')).toBe(bridge);
      const [link] = JSON.parse(await engine.ip('-json', 'link', 'show', hostLink.name)) as [{ address: string }];
      const veth = (item: string) => copied(() => hostLinks.chooseFromMenu([bridge ?? '', hostLink.name], item));
      expect(await veth('Copy Host Link Name')).toBe(hostLink.name);
      expect(await veth('Copy MAC Address')).toBe(link.address);
    });

    it('asks which address where there are two, and says what it copied', async () => {
      const second = await inspect('test2', '{{(index .NetworkSettings.Networks "my-bridge").IPAddress}}');
      const value = await copied(async () => {
        await containers.chooseFromMenu(['test2'], 'Copy IP Address');
        expect((await window.choices()).map((choice) => choice.split(',')[1]?.trim())).toEqual(['bridge', 'my-bridge']);
        await window.choose(second);
      });
      expect(value).toBe(second);
      expect((await window.statusBar('Copied')).join()).toContain(second);
    });
  });

  describe('called from the palette, without a row and with the keyboard alone', () => {
    it('asks which endpoint, and copies its address', async () => {
      const value = await copied(async () => {
        await window.typeCommand(`${category}: Copy IP Address`);
        await window.choose('shellless1');
      });
      expect(value).toBe(await inspect('shellless1', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'));
    });

    it('asks which container, host link or endpoint, and goes there', async () => {
      const { hostLink } = wireOf('shop-web-1', 'shop_default');
      await window.typeCommand(`${category}: Reveal Container`);
      await window.choose('shop-web-1');
      await expect.poll(async () => (await containers.selected())?.name, soon).toBe('shop-web-1');
      await window.typeCommand(`${category}: Reveal Host Link`);
      await window.choose(hostLink.name);
      await expect.poll(async () => (await hostLinks.selected())?.name, soon).toBe(hostLink.name);
      await window.typeCommand(`${category}: Reveal Endpoint`);
      await window.choose('shop-web-1');
      await expect.poll(async () => (await networks.selected())?.name, soon).toBe('shop-web-1');
    });

    it('leaves everything as it is when the person leaves', async () => {
      await window.typeCommand(`${category}: Inspect`);
      await window.choices();
      await window.page.keyboard.press('Escape');
      expect(await window.editors()).toEqual([]);
      expect(await window.notifications()).toEqual([]);
    });

    it('says of a stopped container that it is stopped, and of none for how long it has been as it is', async () => {
      await window.typeCommand(`${category}: Inspect`);
      const offered = await window.choices();
      await window.page.keyboard.press('Escape');
      expect(offered.find((choice) => choice.startsWith('stopped1'))).toContain('exited');
      // A list that was read a while ago does not know.
      expect(offered.join()).not.toMatch(/Up|ago|seconds/);
    });
  });

  describe('Inspect', () => {
    const records = async (...args: readonly string[]): Promise<unknown> =>
      (JSON.parse(await engine.docker(...args)) as readonly unknown[])[0];

    it("opens the engine's record of a container, as docker inspect prints it", async () => {
      await containers.chooseFromMenu(['redis'], 'Inspect');
      await expect.poll(() => window.editors(), soon).toEqual(['redis.json']);
      expect(JSON.parse(await window.editorText())).toEqual(await records('inspect', 'redis'));
    });

    it('opens that of a network with the containers that are on it, and follows them', async () => {
      await networks.chooseFromMenu(['my-bridge'], 'Inspect');
      await expect.poll(() => window.editors(), soon).toEqual(['my-bridge.json']);
      const read = async (): Promise<unknown> => JSON.parse(await window.editorText());
      expect(await read()).toEqual(await records('network', 'inspect', 'my-bridge'));
      expect(Object.keys(((await read()) as { Containers: object }).Containers)).toHaveLength(4);
      await engine.docker('network', 'disconnect', 'my-bridge', 'test2');
      await expect.poll(read, soon).toEqual(await records('network', 'inspect', 'my-bridge'));
      await engine.docker('network', 'connect', 'my-bridge', 'test2');
      wires = await trueWires(engine);
      await expect.poll(read, soon).toEqual(await records('network', 'inspect', 'my-bridge'));
    });

    it('opens a document that cannot be changed', async () => {
      const before = await window.editorText();
      await window.page.keyboard.type('x');
      await window.page.keyboard.press('Delete');
      expect(await window.editorText()).toBe(before);
      await window.look('inspect');
      await window.runCommand('View: Close All Editors');
      await expect.poll(() => window.editors(), soon).toEqual([]);
    });
  });

  describe('what the view shows', () => {
    beforeAll(async () => {
      for (const view of [containers, hostLinks]) await view.fold();
    });

    /** Outermost rows and what is right below each. */
    const outline = async (): Promise<Record<string, readonly string[]>> => {
      const found: Record<string, readonly string[]> = {};
      for (const name of await networks.names()) found[name] = (await networks.children([name])).map((row) => row.name);
      return found;
    };

    it('groups networks by driver, by Compose project, or not at all', async () => {
      await networks.chooseFromTitleMenu('Group Networks by Driver', 'Group By');
      const byDriver = { bridge: ['my-bridge', 'shop_default', 'bridge'], host: ['host'], null: ['none'] };
      await expect.poll(outline, soon).toEqual(byDriver);
      await networks.chooseFromTitleMenu('Group Networks by Compose Project', 'Group By');
      const rest = ['my-bridge', 'bridge', 'host', 'none'];
      await expect.poll(outline, soon).toEqual({ shop: ['shop_default'], 'No Compose project': rest });
      await window.look('grouped-by-project', 'sidebar');
      await window.runCommand(`${category}: Do Not Group Networks`);
      await expect.poll(() => networks.names(), soon).toEqual(['my-bridge', 'shop_default', 'bridge', 'host', 'none']);
    });

    it('hides the built-in networks and shows them again', async () => {
      await networks.chooseFromTitleMenu('Hide Built-in Networks');
      await expect.poll(() => networks.names(), soon).toEqual(['my-bridge', 'shop_default']);
    });

    it('says of a jump to a hidden row what hides it, and makes it once that is shown again', async () => {
      await containers.unfold();
      await containers.clickInline(['test1'], 'Reveal Endpoint');
      await expect.poll(async () => (await window.notifications()).join(), soon).toContain('hidden');
      await window.clickNotification('Show Built-in Networks');
      await expect.poll(() => networks.names(), soon).toContain('bridge');
      await expect.poll(async () => (await networks.selected())?.name, soon).toBe('test1');
    });

    it('hides stopped containers in both views and shows them again', async () => {
      await containers.chooseFromTitleMenu('Hide Stopped Containers');
      await expect.poll(() => containers.names(), soon).not.toContain('stopped1');
      expect(await networks.has(['my-bridge', 'stopped1'])).toBe(false);
      await runIdle(engine, 'short', '--network', 'my-bridge');
      await expect.poll(() => networks.has(['my-bridge', 'short']), soon).toBe(true);
      await engine.docker('stop', '--time', '0', 'short');
      await expect.poll(() => networks.has(['my-bridge', 'short']), soon).toBe(false);
      await window.runCommand(`${category}: Show Stopped Containers`);
      await expect.poll(() => networks.has(['my-bridge', 'short']), soon).toBe(true);
      expect(await containers.names()).toEqual(expect.arrayContaining(['short', 'stopped1']));
      await engine.docker('rm', 'short');
      await expect.poll(() => containers.names(), soon).not.toContain('short');
    });

    it('shows a network that is made empty, and what then comes into it, without a click', async () => {
      await containers.fold();
      await hostLinks.unfold();
      await engine.docker('network', 'create', 'late');
      await expect.poll(() => networks.names(), soon).toContain('late');
      await runIdle(engine, 'late1', '--network', 'late');
      // `names` and `rows` open nothing.
      await expect.poll(async () => (await networks.rows()).map(({ name }) => name), soon).toContain('late1');
      const [wire] = (await trueWires(engine)).filter(({ containerName }) => containerName === 'late1');
      const shown = async (): Promise<readonly string[]> => (await hostLinks.rows()).map(({ name }) => name);
      await expect.poll(shown, soon).toContain(wire?.hostLink.name);
      await engine.docker('rm', '--force', 'late1');
      await engine.docker('network', 'rm', 'late');
      await expect.poll(() => networks.names(), soon).not.toContain('late');
    });
  });

  describe('the engine', () => {
    const count = async (...args: readonly string[]): Promise<number> =>
      (await engine.docker(...args)).split('\n').filter((line) => line !== '').length;

    it('is in the status bar with how many containers run and how many networks there are', async () => {
      const [item] = await window.statusBar('tutorial');
      const numbers = item?.split(/\s+/).map(Number).filter(Number.isInteger);
      expect(numbers).toEqual([await count('ps', '-q'), await count('network', 'ls', '-q')]);
    });

    it('is refreshed from the menu of the status bar', async () => {
      await window.clickStatusBar('tutorial');
      expect(await window.choices()).toEqual(expect.arrayContaining(['Refresh', 'Show Log']));
      await window.look('status-bar-menu');
      await window.clickStatusBar('tutorial');
      await window.choose('Refresh');
      await expect.poll(() => networks.has(['my-bridge', 'redis']), soon).toBe(true);
      expect(await window.notifications()).toEqual([]);
    });

    it('shows its log', async () => {
      await window.clickStatusBar('tutorial');
      await window.choose('Show Log');
      await expect.poll(() => window.outputChannel(), soon).toBe(category);
      await window.runCommand('View: Hide Panel');
      await expect.poll(() => window.outputChannel(), soon).toBeUndefined();
    });

    it('can be another one: Docker contexts and the sample are offered, and the way back too', async () => {
      await networks.chooseFromTitleMenu('Select Engine…');
      const offered = await window.choices();
      expect(offered.find((choice) => choice.startsWith('tutorial'))).toContain('shown now');
      expect(offered.find((choice) => choice.startsWith('spare'))).toContain(other.dockerHost);
      expect(offered.join()).toContain('Open the Sample');
      await window.choose('spare');
      await expect.poll(() => networks.names(), soon).toEqual(['bridge', 'host', 'none']);
      expect(await networks.description()).toBe('spare');
      expect(await window.statusBar('spare')).toHaveLength(1);
      await window.typeCommand(`${category}: Select Engine`);
      await window.choose('tutorial');
      await expect.poll(() => networks.has(['my-bridge', 'redis']), soon).toBe(true);
    });

    it('can be the sample, which says everywhere that it is a recording', async () => {
      await window.typeCommand(`${category}: Select Engine`);
      await window.choose('Open the Sample');
      await expect.poll(() => networks.message(), soon).toMatch(/^Recording: /);
      for (const view of [networks, containers, hostLinks]) expect(await view.description()).toBe('recording');
      expect((await window.statusBar('Recording')).join()).toContain('Recording');
      expect(await networks.has(['my-bridge', 'redis'])).toBe(true);
      await window.look('sample');
      await window.typeCommand(`${category}: Select Engine`);
      const offered = await window.choices();
      expect(offered[0]).toContain('recording (shown now)');
      expect(offered.join()).not.toContain('now in use');
      await window.choose('Docker’s own choice');
      await expect.poll(() => networks.message(), soon).toBe('');
      await expect.poll(() => networks.description(), soon).toBe('tutorial');
    });

    it('can be given by its address, which is checked while it is typed', async () => {
      await window.typeCommand(`${category}: Select Engine`);
      await window.choose('Enter an Address');
      const input = window.page.locator('.quick-input-widget input[type="text"]');
      await expect.poll(() => input.getAttribute('placeholder'), soon).toContain('unix://');
      await window.page.keyboard.press('ControlOrMeta+A');
      await window.page.keyboard.type('no address');
      await window.page.keyboard.press('Enter');
      await expect
        .poll(() => window.page.locator('.quick-input-widget .quick-input-message').innerText(), soon)
        .toContain('For example');
      await window.page.keyboard.press('ControlOrMeta+A');
      await window.page.keyboard.type(other.dockerHost);
      await window.page.keyboard.press('Enter');
      await expect.poll(() => networks.names(), soon).toEqual(['bridge', 'host', 'none']);
      await window.set({ 'dockerNetworks.connection': '' });
      await expect.poll(() => networks.has(['my-bridge', 'redis']), soon).toBe(true);
    });
  });
});
