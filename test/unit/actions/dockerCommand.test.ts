import { expect, test } from 'vitest';
import { dockerCommand } from '../../../src/actions/dockerCommand.ts';
import type { Action, EndpointSpec, NetworkSpec, RunSpec } from '../../../src/actions/specs.ts';
import { plainEndpoint, plainNetwork, plainRun } from '../support/specs.ts';

function line(action: Action): string {
  return dockerCommand(action).join(' ');
}

const run = (spec: Partial<RunSpec>): string => line({ kind: 'run', spec: { ...plainRun, image: 'nginx', ...spec } });
const create = (spec: Partial<NetworkSpec>): string =>
  line({ kind: 'createNetwork', spec: { ...plainNetwork, name: 'my-net', ...spec } });
const connect = (spec: Partial<EndpointSpec>): string =>
  line({ kind: 'connect', network: 'my-net', container: 'web', spec: { ...plainEndpoint, ...spec } });

test('what is left to the engine is not in the command', () => {
  expect(create({})).toBe('docker network create --driver bridge my-net');
  expect(run({})).toBe('docker run --detach --network bridge nginx');
  expect(connect({})).toBe('docker network connect my-net web');
  expect(line({ kind: 'swarmInit', advertiseAddress: '' })).toBe('docker swarm init');
});

test('every field of a new network is a flag', () => {
  expect(
    create({
      driver: 'macvlan',
      pools: [
        {
          subnet: '172.30.0.0/24',
          ipRange: '172.30.0.128/25',
          gateway: '172.30.0.1',
          auxiliaryAddresses: { router: '172.30.0.2' },
        },
        { subnet: 'fd00::/64', auxiliaryAddresses: {} },
      ],
      ipv6: true,
      internal: true,
      attachable: true,
      options: { parent: 'eth0.10', encrypted: '' },
      labels: { team: 'net', empty: '' },
    }),
  ).toBe(
    'docker network create --driver macvlan --ipv6 --internal --attachable --subnet 172.30.0.0/24 --ip-range 172.30.0.128/25 --gateway 172.30.0.1 --aux-address router=172.30.0.2 --subnet fd00::/64 --opt parent=eth0.10 --opt encrypted --label team=net --label empty my-net',
  );
});

test('every field of a new container is a flag', () => {
  expect(
    run({
      image: 'redis:7',
      name: 'cache',
      mode: { kind: 'network', id: 'f00', name: 'my-net' },
      endpoint: {
        aliases: ['db', 'store'],
        ipv4: '172.30.0.9',
        ipv6: 'fd00::9',
        mac: '02:42:00:00:00:09',
        links: [{ target: 'web', alias: 'front' }],
        driverOptions: {},
      },
      ports: [
        { containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 8080 },
        { containerPort: 53, protocol: 'udp', hostIp: '::1', hostPort: 53 },
      ],
      environment: ['A=b c', 'UNSET'],
      restart: 'unless-stopped',
      command: ['sh', '-c', 'exit'],
      tty: true,
      removeWhenStopped: true,
    }),
  ).toBe(
    'docker run --detach --tty --rm --name cache --network my-net --network-alias db --network-alias store --ip 172.30.0.9 --ip6 fd00::9 --mac-address 02:42:00:00:00:09 --link web:front --publish 127.0.0.1:8080:80 --publish [::1]:53:53/udp --env A=b c --env UNSET --restart unless-stopped redis:7 sh -c exit',
  );
});

test('a mode without a seat of its own gets no seat options, which docker would refuse', () => {
  const endpoint = { ...plainEndpoint, aliases: ['db'], links: [{ target: 'a', alias: 'b' }] };
  expect(run({ endpoint, mode: { kind: 'host' } })).toBe('docker run --detach --network host nginx');
  expect(run({ endpoint, mode: { kind: 'none' } })).toBe('docker run --detach --network none nginx');
  expect(run({ endpoint, mode: { kind: 'container', id: 'f00', name: 'web' } })).toBe(
    'docker run --detach --network container:web nginx',
  );
});

test('a link on the default bridge is said without naming the network, or docker would refuse it', () => {
  expect(run({ endpoint: { ...plainEndpoint, links: [{ target: 'web', alias: 'front' }] } })).toBe(
    'docker run --detach --link web:front nginx',
  );
});

test('driver options and gateway priority of a new container are said in the long form of --network', () => {
  const endpoint = { ...plainEndpoint, driverOptions: { 'com.example.x': 'a,b' }, gatewayPriority: -1 };
  expect(run({ endpoint, mode: { kind: 'network', id: 'f00', name: 'my-net' } })).toBe(
    'docker run --detach --network name=my-net,"driver-opt=com.example.x=a,b",gw-priority=-1 nginx',
  );
});

test('a network whose name docker would read as something else is still the one that is run on', () => {
  expect(run({ mode: { kind: 'network', id: 'f00', name: 'a=b' } })).toContain('--network name=a=b ');
  expect(run({ mode: { kind: 'network', id: 'f00', name: 'container:x' } })).toContain('--network f00 ');
  expect(run({ mode: { kind: 'network', id: 'f00', name: '-x' } })).toContain('--network=-x ');
});

test('a seat is connected with all that was asked for', () => {
  expect(
    connect({
      aliases: ['db', 'a,b'],
      ipv4: '172.30.0.9',
      ipv6: 'fd00::9',
      links: [{ target: 'web', alias: 'front' }],
      driverOptions: { key: 'a "b", c', empty: '' },
      gatewayPriority: -5,
    }),
  ).toBe(
    'docker network connect --alias db --alias "a,b" --ip 172.30.0.9 --ip6 fd00::9 --link web:front --driver-opt "key=a ""b"", c" --driver-opt empty= --gw-priority=-5 my-net web',
  );
});

test.each<[Action, string]>([
  [{ kind: 'removeNetworks', names: ['a', 'b'] }, 'docker network rm a b'],
  [{ kind: 'disconnect', network: 'n', container: 'c', force: false }, 'docker network disconnect n c'],
  [{ kind: 'disconnect', network: 'n', container: 'c', force: true }, 'docker network disconnect --force n c'],
  [{ kind: 'state', change: 'unpause', containers: ['a', 'b'] }, 'docker unpause a b'],
  [{ kind: 'removeContainers', containers: ['a'], force: true, volumes: true }, 'docker rm --force --volumes a'],
  [{ kind: 'removeContainers', containers: ['a'], force: false, volumes: false }, 'docker rm a'],
  [{ kind: 'rename', container: 'a', name: 'b' }, 'docker rename a b'],
  [{ kind: 'pull', image: 'nginx:1' }, 'docker pull nginx:1'],
  [{ kind: 'swarmInit', advertiseAddress: '192.0.2.1' }, 'docker swarm init --advertise-addr 192.0.2.1'],
])('%j has its command', (action, expected) => {
  expect(line(action)).toBe(expected);
});

test('flags that say which engine stand before the command', () => {
  const action: Action = { kind: 'pull', image: 'nginx' };
  expect(dockerCommand(action, { engine: ['--context', 'far'] }).join(' ')).toBe('docker --context far pull nginx');
});

test('a name that begins with a dash is not taken for a flag', () => {
  expect(line({ kind: 'removeNetworks', names: ['-x'] })).toBe('docker network rm -- -x');
});

test('no secret of the environment reaches the log', () => {
  const action = {
    kind: 'run',
    spec: { ...plainRun, environment: ['PASSWORD=s3cret=\nmore', 'HOME', '=odd'] },
  } as const;
  const words = dockerCommand(action, { maskEnvironment: true });
  expect(words.filter((_, index) => words[index - 1] === '--env')).toEqual(['PASSWORD=••••', 'HOME', '=••••']);
  expect(dockerCommand(action)).toContain('PASSWORD=s3cret=\nmore');
});
