import { createDockerEngine } from '../../src/engine/docker/dockerodeEngine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { createLocalKernel } from '../../src/kernel/local.ts';
import { createSession } from '../../src/live/liveSession.ts';
import type { EngineSession } from '../../src/live/session.ts';

/** The product, from the socket to the wires and without an editor, on the engine at a `unix://` address. */
export function openLabSession(dockerHost: string): EngineSession {
  return createSession({
    engine: openLabEngine(dockerHost),
    kernel: createLocalKernel({ socketPath: socketOf(dockerHost) }),
    log: { info: () => undefined, warn: (line) => void process.stderr.write(`${line}\n`) },
  });
}

/** The product's engine adapter alone. */
function openLabEngine(dockerHost: string): Engine {
  const path = socketOf(dockerHost);
  return createDockerEngine({
    connection: { key: dockerHost, label: dockerHost, endpoint: dockerHost, origin: 'DOCKER_HOST', readOnly: false },
    transport: { kind: 'socket', path },
    setting: dockerHost,
    socketPath: path,
  });
}

function socketOf(dockerHost: string): string {
  return dockerHost.replace(/^unix:\/\//, '');
}
