import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LabEngine } from '../lab/labEngine.ts';
import { nodeAddresses } from '../lab/nodes.ts';
import { overlayTopology, startSwarm } from '../lab/swarm.ts';
import { createNetwork, runIdle } from '../lab/topology.ts';
import { DiagramPanel } from './diagramPanel.ts';
import type { Prompts } from './prompts.ts';
import { category, useStage, type Stage } from './stage.ts';
import type { View } from './view.ts';
import type { Window } from './window.ts';

/** Until what another engine does is seen; gossip of a swarm, on a busy machine. */
const soon = { timeout: 30_000, interval: 300 };

describe('two nodes of a swarm in one window', () => {
  let nodes: readonly [LabEngine, LabEngine];
  let window: Window;
  let ask: Prompts;
  let networks: View;
  let containers: View;
  let showOnly: Stage['showOnly'];
  let diagram: DiagramPanel;
  /** It accepts, and never says a word. */
  const silent: Server = createServer(() => undefined);

  useStage({
    start: async () => {
      const swarm = await startSwarm({ version: '20.10' });
      ({ nodes } = swarm);
      return { engine: nodes[0], dispose: () => swarm.dispose() };
    },
    prepare: async () => {
      await overlayTopology({ nodes, dispose: () => undefined });
      const socket = join(nodes[0].directory, 'silent.sock');
      await new Promise<void>((resolve) => silent.listen(socket, resolve));
      return { contexts: { silent: `unix://${socket}` } };
    },
    ready: (stage) => {
      ({ window, ask, networks, containers, showOnly } = stage);
      diagram = new DiagramPanel(window.page);
    },
  });

  afterAll(() => void silent.close());

  const idOf = async (node: LabEngine, name: string): Promise<string> =>
    (await node.docker('inspect', '--format', '{{.Id}}', name)).trim();

  const connectAnother = async (context: string): Promise<void> => {
    await window.runCommand(`${category}: Connect Another Engine…`);
    await ask.clickChoice(context);
  };

  it('a context that is made while the list is open appears in it, and its engine becomes a second root', async () => {
    await showOnly(networks);
    await expect.poll(() => networks.names(), soon).toContain('demo');
    await window.runCommand(`${category}: Connect Another Engine…`);
    expect((await window.choices()).join()).not.toContain('node-2');
    await window.createContext('node-2', nodes[1].dockerHost);
    await ask.clickChoice('node-2');
    await expect.poll(() => networks.names(), soon).toEqual(['tutorial', 'node-2']);
    for (const [engine, container] of [
      ['tutorial', 'demo1'],
      ['node-2', 'demo2'],
    ] as const) {
      const shown = async (): Promise<string> => (await networks.find([engine, 'demo', container])).description;
      await expect.poll(shown, soon).toMatch(/^10\.77\.0\.\d+ · eth0 ⇄ overlay · veth\d/);
    }
    await window.look('engines-networks');
  });

  it('each engine tells of its own containers, and of those of the other as of another host’s', async () => {
    const other = await networks.find(['tutorial', 'demo', 'demo2']);
    expect(other.description).toContain('node-2');
    await showOnly(containers);
    const below = async (engine: string): Promise<string> =>
      (await containers.children([engine])).map(({ name }) => name).join();
    expect(await below('tutorial')).toContain('demo1');
    expect(await below('tutorial')).not.toContain('demo2');
    expect(await below('node-2')).toContain('demo2');
  });

  it('what is done on a row is done on its engine, and elsewhere asked for', async () => {
    await showOnly(containers);
    expect(await containers.menu(['node-2', 'demo2'])).toContain('Stop');
    await window.leavePrompts();
    await window.runCommand(`${category}: Create Network…`);
    expect(await window.choices()).toHaveLength(2);
    await window.leavePrompts();
    await createNetwork(nodes[1], 'dne-second');
    await showOnly(networks);
    await expect.poll(() => networks.has(['node-2', 'dne-second']), soon).toBe(true);
    expect(await networks.has(['tutorial', 'dne-second'])).toBe(false);
  });

  it('an engine that never answers says so in its own row, and slows no other', async () => {
    await connectAnother('silent');
    await expect.poll(() => networks.names(), soon).toEqual(['tutorial', 'node-2', 'silent']);
    await runIdle(nodes[1], 'late');
    await expect.poll(() => networks.has(['node-2', 'bridge', 'late']), { timeout: 5000, interval: 100 }).toBe(true);
    const row = async (): Promise<string> => (await networks.find(['silent'])).description;
    await expect.poll(row, soon).toContain('no answer');
    await window.look('engines-silent');
  });

  it('a disconnected engine is gone, and stays so in the next window', async () => {
    await networks.chooseFromMenu(['silent'], 'Disconnect Engine');
    await expect.poll(() => networks.names(), soon).toEqual(['tutorial', 'node-2']);
    await window.reload();
    await window.openContainer(category);
    await expect.poll(() => networks.names(), soon).toEqual(['tutorial', 'node-2']);
  });

  it('what docker context use chooses is shown first, without a click', async () => {
    await window.useContext('node-2');
    // The engine has its one place, and as the only one no root of its own.
    await expect.poll(() => networks.names(), soon).toContain('demo');
    expect(await networks.has(['demo', 'demo2'])).toBe(true);
    await window.useContext('tutorial');
    await expect.poll(() => networks.names(), soon).toEqual(['tutorial', 'node-2']);
  });

  it('an address with a password is refused before it stands in any setting', async () => {
    await window.runCommand(`${category}: Connect Another Engine…`);
    await ask.clickChoice('Enter an Address…');
    await ask.typeText('tcp://me:secret@192.0.2.1:2376');
    await expect.poll(() => ask.message(), soon).toContain('cannot carry a password');
  });

  describe('in one diagram', () => {
    beforeAll(async () => {
      await networks.clickTitle('Open Topology Diagram');
      await diagram.open();
    });

    const scoped = (id: string, engine: 'tutorial' | 'node-2'): string => `${id}@context:${engine}`;

    it('are two hosts with the VXLAN between them', async () => {
      await expect.poll(() => diagram.ids('tunnel:'), soon).toHaveLength(1);
      const [tunnel = ''] = await diagram.ids('tunnel:');
      expect(await diagram.label(tunnel)).toMatch(/VXLAN.*4\d{3}/);
      for (const [engine, peer] of [
        ['tutorial', nodeAddresses[1]],
        ['node-2', nodeAddresses[0]],
      ] as const)
        expect(await diagram.label(scoped(`vtep:${peer}`, engine))).toContain(
          engine === 'tutorial' ? 'node-2' : 'tutorial',
        );
    });

    it('look as in the README, and are accessible', async () => {
      await window.setTheme('dark');
      await window.runCommand('View: Toggle Primary Side Bar Visibility');
      await diagram.button('Fit all').click();
      await window.screenshot('two-hosts');
      expect(await diagram.accessibilityFaults()).toEqual([]);
      await window.runCommand('View: Toggle Primary Side Bar Visibility');
    });

    it('a container’s two wires lead through the overlay and through the gateway bridge', async () => {
      const demo2 = await idOf(nodes[1], 'demo2');
      const wires = (await diagram.ids('wire:')).filter((id) => id.includes(demo2));
      expect(wires).toHaveLength(2);
      const labels = (await Promise.all(wires.map((id) => diagram.label(id)))).join('\n');
      expect(labels).toContain('demo');
      expect(labels).toContain('docker_gwbridge');
    });
  });
});
