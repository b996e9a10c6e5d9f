import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { images } from '../lab/images.ts';
import type { LabEngine } from '../lab/labEngine.ts';
import { createNetwork, runIdle, tutorialTopology } from '../lab/topology.ts';
import type { Prompts } from './prompts.ts';
import { category, useStage } from './stage.ts';
import type { View } from './view.ts';
import type { Window } from './window.ts';

/** Longest time until an action is seen on the engine and in the tree. */
const soon = { timeout: 20_000, interval: 200 };

describe('changing the engine from the window', () => {
  let engine: LabEngine;
  let window: Window;
  let ask: Prompts;
  let networks: View;
  let containers: View;

  const inspect = async (kind: 'network' | 'container', name: string, format: string): Promise<string> =>
    engine.docker(kind, 'inspect', '--format', format, name).then(
      (text) => text.trim(),
      () => 'gone',
    );
  const networksOf = (name: string): Promise<string> =>
    inspect('container', name, '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}');

  /** Changes an option of the sheet that is open, by typing. */
  async function setOption(option: string, text: string): Promise<void> {
    await window.choose(option);
    await ask.answerText(text);
  }

  useStage({
    prepare: async (made) => {
      await tutorialTopology(made);
      // Terminals that draw with the GPU have no text to read.
      return {
        settings: { 'dockerNetworks.toolsImage': images.busybox, 'terminal.integrated.gpuAcceleration': 'off' },
      };
    },
    ready: async (stage) => {
      ({ engine, window, ask, networks, containers } = stage);
      await networks.unfold();
    },
  });

  describe('by keyboard alone', () => {
    it('creates a network whose subnet is checked while it is typed', async () => {
      await window.typeCommand(`${category}: Create Network…`);
      await ask.answerText('kb-net');
      await window.choose('bridge');
      await window.choose('Subnet');
      await ask.typeText('172.17.4.0/24');
      await expect.poll(() => ask.message(), soon).toContain('network bridge');
      await window.look('create-network-overlap');
      await ask.typeText('10.77.0.0/24');
      await window.page.keyboard.press('Enter');
      await window.choices();
      await window.screenshot('create-network');
      await window.choose('Create');
      await expect
        .poll(() => inspect('network', 'kb-net', '{{(index .IPAM.Config 0).Subnet}}'), soon)
        .toBe('10.77.0.0/24');
      await expect.poll(() => networks.has(['kb-net']), soon).toBe(true);
    });

    it('runs a container on it', async () => {
      await window.typeCommand(`${category}: Run Container…`);
      await window.choose(images.busybox);
      await setOption('Name', 'kb-web');
      await window.choose('Network');
      await window.choose('kb-net');
      await setOption('IPv4 Address', '10.77.0.50');
      await setOption('Environment', 'SECRET=hush');
      await setOption('Command', 'sh -c "trap \\"exit 0\\" TERM; echo started; nc -ll -p 80 -e cat & wait"');
      await window.screenshot('run-container');
      await window.choose('Run');
      await expect
        .poll(
          () =>
            inspect(
              'container',
              'kb-web',
              '{{.State.Running}} {{(index .NetworkSettings.Networks "kb-net").IPAddress}}',
            ),
          soon,
        )
        .toBe('true 10.77.0.50');
      expect(await inspect('container', 'kb-web', '{{.Config.Env}}')).toContain('SECRET=hush');
      await expect.poll(() => networks.has(['kb-net', 'kb-web']), soon).toBe(true);
    });

    it('connects it to a second network, under more names there', async () => {
      await window.typeCommand(`${category}: Connect Container to Network…`);
      await ask.takeWithKeys('kb-web', true);
      await ask.takeWithKeys('my-bridge', true);
      await setOption('Aliases', 'shop, store');
      await window.choose('Connect');
      await expect.poll(() => networksOf('kb-web'), soon).toContain('my-bridge');
      expect(
        await inspect('container', 'kb-web', '{{(index .NetworkSettings.Networks "my-bridge").Aliases}}'),
      ).toContain('shop');
      await expect.poll(() => networks.has(['my-bridge', 'kb-web']), soon).toBe(true);
    });

    it('publishes a port by replacing the container, which keeps its networks and address', async () => {
      await window.typeCommand(`${category}: Publish Port…`);
      await window.choose('kb-web');
      await window.choose('Permanent');
      await ask.takeWithKeys('80');
      await setOption('Host Port', '8085');
      await window.screenshot('publish-port');
      await window.choose('Publish');
      await window.look('publish-confirm');
      await ask.acceptDialog('Replace');
      await expect
        .poll(() => inspect('container', 'kb-web', '{{(index (index .NetworkSettings.Ports "80/tcp") 0).HostPort}}'), {
          ...soon,
          timeout: 40_000,
        })
        .toBe('8085');
      expect(await networksOf('kb-web')).toBe('kb-net my-bridge');
      expect(await inspect('container', 'kb-web', '{{(index .NetworkSettings.Networks "kb-net").IPAddress}}')).toBe(
        '10.77.0.50',
      );
      expect(await engine.docker('ps', '--all', '--format', '{{.Names}}')).not.toContain('dne-old');
    });

    it('tails its log, filters it, and ends it', async () => {
      await window.typeCommand(`${category}: Tail Logs`);
      await window.choose('kb-web');
      await expect.poll(() => ask.terminalText(), soon).toContain('started');
      await window.screenshot('log');
      await window.page.keyboard.press('q');
      await expect.poll(() => ask.terminals(), soon).toBe(0);
    });

    it('disconnects and removes what it made', async () => {
      await window.typeCommand(`${category}: Disconnect from Network…`);
      await window.choose('my-bridge');
      await ask.acceptDialog('Disconnect');
      await expect.poll(() => networksOf('kb-web'), soon).toBe('kb-net');
      await window.typeCommand(`${category}: Remove Container…`);
      await window.choose('kb-web');
      await ask.acceptDialog('Remove');
      await expect.poll(() => inspect('container', 'kb-web', '{{.Name}}'), soon).toBe('gone');
      await window.typeCommand(`${category}: Remove Network…`);
      await window.choose('kb-net');
      await ask.acceptDialog('Remove');
      await expect.poll(() => inspect('network', 'kb-net', '{{.Name}}'), soon).toBe('gone');
      await expect.poll(() => networks.has(['kb-net']), soon).toBe(false);
    });

    it('says in the log what a person would have typed, with secrets masked', async () => {
      await window.runCommand(`${category}: Show Log`);
      const text = await window.outputText();
      expect(text).toContain('docker network create');
      expect(text).toContain('10.77.0.0/24');
      expect(text).toContain('SECRET=••••');
      expect(text).not.toContain('hush');
    });
  });

  describe('by mouse', () => {
    it('creates a network from the title of the view, and a container on it from its row', async () => {
      await networks.clickTitle('Create Network…');
      await ask.answerText('mouse-net');
      await ask.clickChoice('bridge');
      await ask.clickChoice('Create');
      await expect.poll(() => networks.has(['mouse-net']), soon).toBe(true);
      await networks.chooseFromMenu(['mouse-net'], 'Run Container…');
      await ask.clickChoice(images.redis);
      await ask.clickChoice('Name');
      await ask.answerText('mouse-redis');
      await ask.clickChoice('Run');
      await expect.poll(() => networks.has(['mouse-net', 'mouse-redis']), soon).toBe(true);
    });

    it('forwards a port for the time of the window, which needs no other container', async () => {
      const before = await inspect('container', 'mouse-redis', '{{.Id}}');
      await networks.fold();
      await containers.unfold();
      await containers.chooseFromMenu(['mouse-redis'], 'Publish Port…');
      await ask.clickChoice('Temporary');
      await ask.clickChoice('6379/tcp');
      await ask.clickChoice('Publish');
      await expect.poll(async () => (await window.notifications()).join(), soon).toContain('leads to port 6379');
      await window.dismissNotifications();
      await expect
        .poll(
          async () => (await containers.children(['mouse-redis'])).map(({ description }) => description).join(),
          soon,
        )
        .toContain('forwarded from 127.0.0.1:');
      await window.look('forward', 'sidebar');
      await engine.docker('restart', 'mouse-redis');
      expect(await inspect('container', 'mouse-redis', '{{.Id}}')).toBe(before);
    });

    it('connects a container from the row of a network, and disconnects it from its own', async () => {
      await networks.unfold();
      await networks.chooseFromMenu(['shop_default'], 'Connect Container to Network…');
      await ask.clickChoice('mouse-redis');
      await ask.clickOk();
      await ask.clickChoice('Connect');
      await expect.poll(() => networksOf('mouse-redis'), soon).toBe('mouse-net shop_default');
      await containers.fold();
      await networks.chooseFromMenu(['shop_default', 'mouse-redis'], 'Disconnect from Network…');
      await ask.acceptDialog('Disconnect');
      await expect.poll(() => networksOf('mouse-redis'), soon).toBe('mouse-net');
    });

    it('publishes and unpublishes a port by replacing the container', async () => {
      await networks.fold();
      await containers.unfold();
      await containers.chooseFromMenu(['mouse-redis'], 'Publish Port…');
      await ask.clickChoice('Permanent');
      await ask.clickChoice('6379/tcp');
      await ask.clickChoice('Publish');
      await ask.acceptDialog('Replace');
      const hostPort = (): Promise<string> => inspect('container', 'mouse-redis', '{{json .NetworkSettings.Ports}}');
      await expect.poll(hostPort, { ...soon, timeout: 40_000 }).toContain('"HostIp":"127.0.0.1"');
      await containers.expand(['mouse-redis']);
      await containers.chooseFromMenu(['mouse-redis', '6379/tcp'], 'Unpublish Port…');
      await ask.acceptDialog('Replace');
      await expect.poll(hostPort, { ...soon, timeout: 40_000 }).toBe('{"6379/tcp":null}');
    });

    it('renames, pauses and removes a container, and removes its network', async () => {
      await containers.chooseFromMenu(['mouse-redis'], 'Pause');
      await expect.poll(() => inspect('container', 'mouse-redis', '{{.State.Paused}}'), soon).toBe('true');
      await containers.chooseFromMenu(['mouse-redis'], 'Resume');
      await expect.poll(() => inspect('container', 'mouse-redis', '{{.State.Paused}}'), soon).toBe('false');
      await containers.chooseFromMenu(['mouse-redis'], 'Rename Container…');
      await ask.typeText('redis');
      await expect.poll(() => ask.message(), soon).toContain('redis');
      await ask.answerText('mouse-store');
      await expect.poll(() => inspect('container', 'mouse-store', '{{.Name}}'), soon).toBe('/mouse-store');
      await expect.poll(() => containers.has(['mouse-store']), soon).toBe(true);
      await containers.chooseFromMenu(['mouse-store'], 'Remove Container…');
      await ask.acceptDialog('Remove');
      await expect.poll(() => inspect('container', 'mouse-store', '{{.Name}}'), soon).toBe('gone');
      await containers.fold();
      await networks.unfold();
      await networks.chooseFromMenu(['mouse-net'], 'Remove Network…');
      await ask.acceptDialog('Remove');
      await expect.poll(() => inspect('network', 'mouse-net', '{{.Name}}'), soon).toBe('gone');
      await networks.fold();
      await containers.unfold();
    });

    it('duplicates a network with all that is special about it, on a subnet of its own', async () => {
      const options = ['--internal', '--label', 'team=blue', '--opt', 'com.docker.network.driver.mtu=1400'];
      await createNetwork(engine, 'model', ...options);
      await containers.fold();
      await networks.unfold();
      await networks.chooseFromMenu(['model'], 'Duplicate Network…');
      expect((await window.choices())[0]).toContain('model-copy');
      await window.look('duplicate-network');
      await ask.clickChoice('Create');
      await expect.poll(() => networks.has(['model-copy']), soon).toBe(true);
      const special = (name: string): Promise<string> =>
        inspect(
          'network',
          name,
          '{{.Driver}} {{.Internal}} {{.Labels}} {{index .Options "com.docker.network.driver.mtu"}}',
        );
      expect(await special('model-copy')).toBe(await special('model'));
      expect(await special('model')).toBe('bridge true map[team:blue] 1400');
      await engine.docker('network', 'rm', 'model', 'model-copy');
      await expect.poll(() => networks.has(['model-copy']), soon).toBe(false);
    });

    it('edits the links and aliases of an endpoint, which keeps its fixed address', async () => {
      await createNetwork(engine, 'seats', '--subnet', '10.78.0.0/24');
      await runIdle(engine, 'peer', '--network', 'seats');
      await runIdle(engine, 'seated', '--network', 'seats', '--ip', '10.78.0.9', '--network-alias', 'before');
      await networks.chooseFromMenu(['seats', 'seated'], 'Edit Links and Aliases…');
      await ask.clickChoice('Aliases');
      await ask.answerText('store, db');
      await ask.clickChoice('Links');
      await ask.answerText('peer:cache');
      await window.look('edit-endpoint');
      await ask.clickChoice('Save');
      const seat = (what: string): Promise<string> =>
        inspect('container', 'seated', `{{json (index .NetworkSettings.Networks "seats").${what}}}`);
      await expect.poll(() => seat('Links'), soon).toBe('["peer:cache"]');
      expect(await seat('Aliases')).toMatch(/"store","db"/);
      expect(await seat('Aliases')).not.toContain('before');
      expect(await seat('IPAddress')).toBe('"10.78.0.9"');
      for (const [from, to] of [
        ['peer', 'store'],
        ['seated', 'cache'],
      ] as const)
        expect(await engine.docker('exec', from, 'ping', '-c', '1', '-w', '5', to)).toContain('1 packets received');
      const details = async (): Promise<string> =>
        (await networks.children(['seats', 'seated'])).map(({ description }) => description).join('; ');
      await expect.poll(details, soon).toMatch(/store, db.*cache/);
      await engine.docker('rm', '--force', 'peer', 'seated');
      await engine.docker('network', 'rm', 'seats');
      await expect.poll(() => networks.has(['seats']), soon).toBe(false);
      await networks.fold();
      await containers.unfold();
    });

    it('opens a published port in the browser, and asks which container where no row says it', async () => {
      const fromRow = await window.opensPage(() => containers.chooseFromMenu(['shop-web-1'], 'Open in Browser'));
      // The editor forwards ports of the machine in its own way: by a path, or by another port.
      expect(fromRow).toContain('8080');
      const fromPalette = await window.opensPage(async () => {
        await window.typeCommand(`${category}: Open in Browser`);
        const offered = (await window.choices()).join('\n');
        expect(offered).toContain('shop-web-1');
        expect(offered).not.toContain('test3');
        await window.choose('shop-web-1');
      });
      expect(fromPalette).toBe(fromRow);
    });

    it('opens a shell in a container, and one in the namespace of a container without a shell', async () => {
      await containers.chooseFromMenu(['test1'], 'Open Shell');
      await ask.typeInTerminal('hostname; echo shell-$((40+2))\n');
      await expect.poll(() => ask.terminalText(), soon).toContain('shell-42');
      await ask.typeInTerminal('exit\n');
      await expect.poll(() => ask.terminals(), soon).toBe(0);
      await containers.chooseFromMenu(['shellless1'], 'Open Shell in its Network Namespace');
      await ask.typeInTerminal('ip -4 -o address show eth0\n');
      const address = await inspect(
        'container',
        'shellless1',
        '{{(index .NetworkSettings.Networks "my-bridge").IPAddress}}',
      );
      await expect.poll(() => ask.terminalText(), soon).toContain(address);
      await window.screenshot('network-shell');
      await ask.typeInTerminal('exit\n');
      await expect.poll(() => ask.terminals(), soon).toBe(0);
      await expect
        .poll(() => engine.docker('ps', '--all', '--quiet', '--filter', 'label=docker-network-explorer'), soon)
        .toBe('');
    });

    it('names who breaks before it stops the owner of a namespace', async () => {
      await containers.chooseFromMenu(['test1'], 'Stop');
      expect(await ask.dialogText()).toContain('shared1');
      await ask.acceptDialog('Stop');
      await expect.poll(() => inspect('container', 'test1', '{{.State.Running}}'), soon).toBe('false');
      await expect.poll(async () => (await containers.find(['test1'])).description, soon).toContain('exited');
      await containers.chooseFromMenu(['test1'], 'Start');
      await expect.poll(() => inspect('container', 'test1', '{{.State.Running}}'), soon).toBe('true');
    });

    it('follows a log over a restart of its container', async () => {
      await engine.docker(
        'run',
        '--detach',
        '--name',
        'chatty',
        images.busybox,
        'sh',
        '-c',
        'trap "exit 0" TERM; echo born $$ $(date +%s); sleep 1000 & wait',
      );
      await containers.chooseFromMenu(['chatty'], 'Tail Logs');
      await expect.poll(() => ask.terminalText(), soon).toContain('born');
      await engine.docker('restart', 'chatty');
      await expect.poll(async () => ((await ask.terminalText()).match(/born/g) ?? []).length, soon).toBe(2);
      await ask.typeInTerminal('q');
      await expect.poll(() => ask.terminals(), soon).toBe(0);
      await engine.docker('rm', '--force', 'chatty');
    });

    it('removes the networks that nobody uses, and shows which before it does', async () => {
      await engine.docker('network', 'create', 'unused1');
      await containers.fold();
      await networks.unfold();
      await expect.poll(() => networks.has(['unused1']), soon).toBe(true);
      await networks.chooseFromTitleMenu('Prune Unused Networks…');
      const text = await ask.dialogText();
      expect(text).toContain('unused1');
      expect(text).not.toContain('my-bridge');
      await window.look('prune');
      await ask.acceptDialog('Remove');
      await expect.poll(() => inspect('network', 'unused1', '{{.Name}}'), soon).toBe('gone');
    });
  });

  describe('by drag and drop', () => {
    beforeAll(async () => {
      await createNetwork(engine, 'drop-net');
      for (const name of ['drag1', 'drag2']) await runIdle(engine, name);
      await networks.unfold();
      await containers.unfold();
    });

    afterAll(async () => {
      await engine.docker('rm', '--force', 'drag1', 'drag2');
      for (const name of ['test3', 'shop-api-1']) await engine.docker('network', 'disconnect', 'drop-net', name);
      await engine.docker('network', 'rm', 'drop-net');
    });

    it('connects a container that is dragged onto a network, once the person agrees', async () => {
      await containers.drag(['drag1'], networks, ['drop-net']);
      expect((await window.choices())[0]).toContain('docker network connect drop-net drag1');
      await window.look('drag-and-drop');
      expect(await networksOf('drag1')).toBe('bridge');
      await ask.clickChoice('Connect');
      await expect.poll(() => networksOf('drag1'), soon).toBe('bridge drop-net');
      await expect.poll(() => networks.has(['drop-net', 'drag1']), soon).toBe(true);
    });

    it('connects all that are selected, and says who of them cannot be and why', async () => {
      await containers.select(['drag2']);
      for (const name of ['test3', 'host1']) await containers.selectToo([name]);
      await containers.drag(['drag2'], networks, ['drop-net']);
      const offered = await window.choices();
      expect(offered[0]).toContain('connect drop-net drag2 && docker network connect drop-net test3');
      expect(offered[0]).not.toContain('host1');
      expect(offered.find((choice) => choice.startsWith('host1'))).toContain('namespace of the host');
      await ask.clickChoice('Connect');
      await expect.poll(() => networksOf('drag2'), soon).toBe('bridge drop-net');
      await expect.poll(() => networksOf('test3'), soon).toBe('drop-net my-bridge');
    });

    it('connects the container of an endpoint that is dragged to another network, or to a row below it', async () => {
      await networks.drag(['shop_default', 'shop-api-1'], networks, ['drop-net', 'drag1']);
      expect((await window.choices())[0]).toContain('docker network connect drop-net shop-api-1');
      await ask.clickChoice('Connect');
      await expect.poll(() => networksOf('shop-api-1'), soon).toBe('drop-net shop_default');
    });

    it.each([
      { name: 'host1', why: 'runs in the namespace of the host' },
      { name: 'shared1', why: 'shares the network namespace of test1' },
      { name: 'drag1', why: 'is on that network already' },
    ])('says why $name cannot be connected, instead of asking', async ({ name, why }) => {
      await containers.select([name]);
      await containers.drag([name], networks, ['drop-net']);
      await expect.poll(async () => (await window.notifications()).join(), soon).toContain(why);
      expect(await window.page.locator('.quick-input-widget:visible').count()).toBe(0);
      await window.dismissNotifications();
    });
  });
});
