import { createDockerEngine } from '../../src/engine/docker/dockerodeEngine.ts';
import type { Engine } from '../../src/engine/engine.ts';

export function socketOf(endpoint: string): string {
  return endpoint.replace(/^unix:\/\//, '');
}

/** The product's engine adapter on a lab engine's `dockerHost`. */
export function openEngine(endpoint: string): Engine {
  const path = socketOf(endpoint);
  return createDockerEngine({
    connection: { key: endpoint, label: endpoint, endpoint, origin: 'DOCKER_HOST', readOnly: false },
    transport: { kind: 'socket', path },
    setting: endpoint,
    socketPath: path,
  });
}
