import type { EngineControl } from './control.ts';
import { EngineError } from './engine.ts';
import type { EngineProbe } from './probe.ts';
import type { EngineStreams } from './streams.ts';

function refuse(): Promise<never> {
  return Promise.reject(new EngineError('readOnly', 'a recording cannot be changed'));
}

/** What a recording answers to whoever would change it. */
export const readOnlyControl: EngineControl = {
  createNetwork: refuse,
  removeNetwork: refuse,
  connect: refuse,
  disconnect: refuse,
  replaceEndpoint: refuse,
  run: refuse,
  changeState: refuse,
  removeContainer: refuse,
  rename: refuse,
  images: refuse,
  pull: refuse,
  initSwarm: refuse,
  swarm: {
    status: refuse,
    joinToken: refuse,
    leave: refuse,
    nodes: refuse,
    services: refuse,
    createService: refuse,
    removeService: refuse,
  },
  previewRecreate: refuse,
  republish: refuse,
};

/** There is no machine behind a recording. */
export const readOnlyProbe: EngineProbe = { images: refuse, onMachine: refuse, inContainer: refuse };

/** A recording holds no logs, and nothing runs in it. */
export const readOnlyStreams: EngineStreams = { logs: refuse, exec: refuse, openInNamespace: refuse };
