import { describe, expect, it } from 'vitest';
import { hostOf, placesOf } from '../../../src/commands/openInBrowser.ts';
import { noForwardText, obstacleText } from '../../../src/commands/portText.ts';
import type { Here } from '../../../src/editor/containerAddress.ts';
import { container, endpoint, engineInfo, network, networks, snapshot } from '../support/snapshots.ts';

describe('a browser is sent', () => {
  it.each([
    ['unix:///var/run/docker.sock', '127.0.0.1'],
    ['npipe:////./pipe/docker_engine', '127.0.0.1'],
    ['recording:sample', '127.0.0.1'],
    ['tcp://127.0.0.1:2375', '127.0.0.1'],
    ['tcp://localhost:2375', '127.0.0.1'],
    ['tcp://[::1]:2375', '127.0.0.1'],
    ['ssh://me@127.0.0.1:2222', '127.0.0.1'],
    ['tcp://0.0.0.0:2375', '127.0.0.1'],
    ['tcp://build.example:2376', 'build.example'],
    ['https://build.example/docker', 'build.example'],
    ['tcp://[2001:db8::7]:2375', '[2001:db8::7]'],
    ['ssh://me@build.example:2222/run/docker.sock', 'build.example'],
  ])('for the engine at %s to %s', (address, host) => {
    expect(hostOf(address)).toBe(host);
  });

  const published = container('web', {
    ports: ['0.0.0.0', '::', '127.0.0.1', '::1', '198.18.0.7', '2001:db8::7', undefined].map((hostIp, index) => ({
      containerPort: 80,
      protocol: 'tcp',
      hostPort: 8000 + index,
      ...(hostIp === undefined ? {} : { hostIp }),
    })),
  });
  const addresses = (host: string) => placesOf(published, host).map(({ address, port }) => `${address}:${port}`);

  it('to the address that a port is published on, or to the engine’s host', () => {
    expect(addresses('127.0.0.1')).toEqual([
      '127.0.0.1:8000',
      '127.0.0.1:8001',
      '127.0.0.1:8002',
      '[::1]:8003',
      '198.18.0.7:8004',
      '[2001:db8::7]:8005',
      '127.0.0.1:8006',
    ]);
  });

  it('never to this machine for a port of another one', () => {
    expect(addresses('build.example')).toEqual([
      'build.example:8000',
      'build.example:8001',
      '198.18.0.7:8004',
      '[2001:db8::7]:8005',
      'build.example:8006',
    ]);
  });

  it('to TCP ports that are published', () => {
    const ports = [
      { containerPort: 53, protocol: 'udp', hostPort: 53 },
      { containerPort: 80, protocol: 'tcp' },
    ];
    expect(placesOf(container('dns', { ports }), '127.0.0.1')).toEqual([]);
  });
});

describe('a temporary forward that is not possible', () => {
  const lan = network('lan', { driver: 'macvlan' });
  const web = container('web', { endpoints: [endpoint('web', networks.bridge, { ipv4: '172.17.0.2' })] });
  const onLan = container('lan1', { endpoints: [endpoint('lan1', lan, { ipv4: '198.18.0.9' })] });
  const here: Here = {
    pid: 1,
    hostname: engineInfo.name,
    kernelVersion: engineInfo.kernelVersion,
    links: () => [{ name: 'docker0', addresses: ['172.17.0.1/16'] }],
  };

  function why(address: string, one = web, engine = engineInfo): string | undefined {
    const known = snapshot({
      engine,
      networks: [networks.bridge, lan],
      containers: [one],
      kernel: { kind: 'absent', reason: address.startsWith('unix:') ? 'disabled' : 'notAllowed' },
    });
    return noForwardText(
      { engine: { connection: { endpoint: address, readOnly: false } }, snapshot: known },
      one,
      here,
    );
  }

  it('says why, and what to do instead', () => {
    expect(why('unix:///run/docker.sock')).toBeUndefined();
    expect(why('ssh://me@lab')).toMatch(/not known to be on the machine.*Open a window on the engine’s machine/s);
    expect(why('unix:///run/docker.sock', web, { ...engineInfo, name: 'vm' })).toContain('dockerNetworks.readKernel');
    expect(why('unix:///run/docker.sock', onLan)).toContain('on no bridge network');
    expect(why('unix:///run/docker.sock', { ...web, state: 'exited' })).toBe('The container does not run.');
  });

  it('is not what is recommended for a container that cannot be replaced', () => {
    expect(obstacleText('removedWhenStopped', true)).toContain('Publish temporarily');
    expect(obstacleText('removedWhenStopped', false)).not.toContain('temporar');
  });
});
