import { expect, test } from 'vitest';
import { connectObstacle } from '../../../src/actions/connectObstacle.ts';
import type { Container, Network } from '../../../src/topology/model.ts';
import { container, endpoint, idOf, network, networks } from '../support/snapshots.ts';

const mesh = network('mesh', { driver: 'overlay', scope: 'swarm' });
const over = network('over', { driver: 'overlay', scope: 'swarm', attachable: true });
const gateway = network('docker_gwbridge');
const ofPodman = network('pod', { networkInterface: 'podman1' });
const onOver = endpoint('o', over);
const web = container('web', { endpoints: [endpoint('web', networks.bridge)] });
const bare = container('bare');

// Each as Docker 20.10 and 28.5 answered, or Podman 5.4.
test.each<[string, Network, Container, ReturnType<typeof connectObstacle>]>([
  ['another network', networks.myBridge, web, undefined],
  ['its own network', networks.bridge, web, { kind: 'alreadyConnected' }],
  ['the host’s network', networks.host, web, { kind: 'hostNetwork' }],
  ['the host’s network, being on none', networks.host, bare, { kind: 'hostNetwork' }],
  ['none', networks.none, web, { kind: 'noneNetwork' }],
  ['none, being on no network', networks.none, bare, undefined],
  ['a configuration', network('cfg', { driver: 'null' }), web, { kind: 'configurationOnly' }],
  ['the ingress', network('ingress', { scope: 'swarm', ingress: true }), web, { kind: 'ingressNetwork' }],
  ['an overlay for services', mesh, web, { kind: 'notAttachable' }],
  ['an attachable overlay', { ...mesh, attachable: true }, web, undefined],
  [
    'a network while it is in host mode',
    networks.bridge,
    container('h', { mode: { kind: 'host' }, endpoints: [endpoint('h', networks.host)] }),
    { kind: 'hostMode' },
  ],
  [
    'a network while it is on none',
    networks.bridge,
    container('n', { mode: { kind: 'none' }, endpoints: [endpoint('n', networks.none)] }),
    { kind: 'noneMode' },
  ],
  ['a network after it left none', networks.bridge, container('n', { mode: { kind: 'none' } }), undefined],
  ['a network of Podman', ofPodman, web, undefined],
  // Of none and host Podman lists no seat.
  [
    'a network of Podman while it has none',
    ofPodman,
    container('n', { mode: { kind: 'none' } }),
    { kind: 'noneForGood' },
  ],
  [
    'a network of Podman while it is in host mode',
    { ...ofPodman, networkInterface: '' },
    container('h', { mode: { kind: 'host' } }),
    { kind: 'hostMode' },
  ],
  ['a network of Podman while it is paused', ofPodman, container('p', { state: 'paused' }), { kind: 'pausedOnPodman' }],
  ['a network of Docker while it is paused', networks.bridge, container('p', { state: 'paused' }), undefined],
  [
    'a network while it lives in another',
    networks.bridge,
    container('s', { state: 'created', mode: { kind: 'container', ownerId: idOf('ctr web') } }),
    { kind: 'sharesNamespace', ownerId: idOf('ctr web') },
  ],
  ['a network while it is removed', networks.bridge, container('r', { state: 'removing' }), { kind: 'beingRemoved' }],
  [
    'the network that it starts on',
    networks.bridge,
    container('e', { state: 'exited', endpoints: [endpoint('e', networks.bridge, { endpointId: '' })] }),
    { kind: 'alreadyConnected' },
  ],
  [
    'a network that it failed to connect to before',
    networks.bridge,
    container('f', { endpoints: [endpoint('f', networks.bridge, { endpointId: '' })] }),
    undefined,
  ],
  ['the way out beside its overlay', gateway, container('o', { endpoints: [onOver] }), { kind: 'gatewaySeat' }],
  [
    'docker_gwbridge while another network is its way out',
    gateway,
    container('o', { endpoints: [onOver, endpoint('o', networks.bridge, { gateway: '172.17.0.1' })] }),
    undefined,
  ],
  [
    'the way out beside its overlay while it does not run',
    gateway,
    container('o', { state: 'exited', endpoints: [endpoint('o', over, { endpointId: '' })] }),
    { kind: 'gatewaySeat' },
  ],
  ['docker_gwbridge while it is on no overlay', gateway, web, undefined],
])('a container is offered %s exactly where the engine allows it', (_case, on, one, obstacle) => {
  const known = new Map([over, networks.bridge].map((each) => [each.id, each]));
  expect(connectObstacle(on, one, known)).toEqual(obstacle);
});
