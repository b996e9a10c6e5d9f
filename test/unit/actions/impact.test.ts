import { expect, test } from 'vitest';
import { unusedNetworks, whoBreaks } from '../../../src/actions/impact.ts';
import type { Network, Snapshot } from '../../../src/topology/model.ts';
import { container, endpoint, engineInfo, idOf, network, networks, snapshot, tutorial } from '../support/snapshots.ts';

const wordsOf = (on: Snapshot, ...names: readonly string[]): readonly string[] =>
  whoBreaks(
    on,
    names.map((name) => idOf(`ctr ${name}`)),
  ).map((one) =>
    one.kind === 'links'
      ? `${one.container.name} links to ${one.target.name} as ${one.alias} on ${one.network ?? 'the default bridge'}`
      : `${one.container.name} lives in ${one.owner.name}`,
  );

test('who shares the namespace of a container, and who links to it, is named before it stops', () => {
  expect(wordsOf(tutorial(), 'test1')).toEqual([
    'test2 links to test1 as test1 on the default bridge',
    'shared1 lives in test1',
  ]);
});

test('a container that goes too does not break', () => {
  expect(wordsOf(tutorial(), 'test1', 'shared1', 'test2')).toEqual([]);
  expect(wordsOf(tutorial(), 'redis')).toEqual([]);
});

test('links on a user-defined network, by name or by id, count too', () => {
  const id = idOf('ctr db');
  const linked = snapshot({
    containers: [
      container('db'),
      container('web', {
        endpoints: [
          endpoint('web', networks.myBridge, { links: [{ target: id.slice(0, 12), alias: 'store' }] }),
          endpoint('web', networks.shop, {
            links: [
              { target: 'db', alias: 'data' },
              { target: 'gone', alias: 'x' },
            ],
          }),
        ],
      }),
      container('side', { state: 'exited', mode: { kind: 'container', ownerId: 'db' } }),
    ],
  });
  expect(wordsOf(linked, 'db')).toEqual([
    'web links to db as store on my-bridge',
    'web links to db as data on shop_default',
    'side lives in db',
  ]);
});

/** As `docker network prune` did on Docker 20.10 and 28.5, each network of the name that says what is on it. */
function machine(swarm: string): Snapshot {
  const stopped = network('only-stopped');
  const running = network('running');
  const wish = network('failed-wish');
  const more: readonly Network[] = [
    network('empty'),
    stopped,
    running,
    wish,
    network('config', { driver: 'null' }),
    network('docker_gwbridge'),
    network('ingress', { driver: 'overlay', scope: 'swarm', ingress: true }),
    network('mesh', { driver: 'overlay', scope: 'swarm' }),
    network('lan', { driver: 'macvlan' }),
  ];
  return snapshot({
    engine: { ...engineInfo, swarm },
    networks: [networks.bridge, networks.host, networks.none, ...more],
    containers: [
      container('a', { endpoints: [endpoint('a', running), endpoint('a', wish, { endpointId: '' })] }),
      container('b', { state: 'exited', endpoints: [endpoint('b', stopped, { endpointId: '' })] }),
    ],
  });
}

test('exactly what docker network prune removes is listed, networks of stopped containers too', () => {
  expect(unusedNetworks(machine('active')).map(({ name }) => name)).toEqual([
    'empty',
    'only-stopped',
    'failed-wish',
    'mesh',
    'lan',
  ]);
});

test('the gateway network of a swarm goes once the swarm was left', () => {
  expect(unusedNetworks(machine('inactive')).map(({ name }) => name)).toContain('docker_gwbridge');
});
