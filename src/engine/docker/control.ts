import { setTimeout as sleep } from 'node:timers/promises';
import type { EndpointSpec, NetworkSpec, PublishSpec, RunSpec, StateChange } from '../../actions/specs.ts';
import type { EngineControl, Image, PullProgress, RecreatePreview, RecreateStep } from '../control.ts';
import { EngineError } from '../engine.ts';
import { type Created, EngineCalls, isUncertain, stopTimeoutOf } from './calls.ts';
import type { DockerClient } from './client.ts';
import { containerBody, networkBody } from './createBodies.ts';
import { toEngineError } from './errors.ts';
import { readImages } from './images.ts';
import { object, text } from './json.ts';
import { networkReference } from './networkReference.ts';
import { pullImage } from './pull.ts';
import { republish } from './recreate.ts';
import { previewOf } from './recreatePreview.ts';
import { connectBody, replaceEndpoint } from './replaceEndpoint.ts';
import { DockerSwarm } from './swarm.ts';

/** A change takes longer than a read: creating copies files into volumes, starting asks plugins for networks. */
const patience = 6;

/** Milliseconds before each look for a container whose creation was not answered. */
const lookups = [0, 250, 750, 1500] as const;

/** `timeoutMs`: of a read. */
export function createDockerControl(client: DockerClient, timeoutMs: number): EngineControl {
  return new DockerControl(client, timeoutMs * patience);
}

class DockerControl implements EngineControl {
  readonly swarm: DockerSwarm;
  readonly #client: DockerClient;
  readonly #timeoutMs: number;
  readonly #exposedPorts = new Map<string, readonly string[]>();

  constructor(client: DockerClient, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
    this.swarm = new DockerSwarm(client, timeoutMs);
  }

  createNetwork(spec: NetworkSpec, signal?: AbortSignal): Promise<{ readonly id: string; readonly warning: string }> {
    return this.#with(signal, async (calls) => {
      const { id, warnings } = await calls.createNetwork(networkBody(spec, calls.apiVersion));
      return { id, warning: warnings.join('\n') };
    });
  }

  removeNetwork(networkId: string): Promise<void> {
    return this.#with(undefined, (calls) => calls.removeNetwork(networkId));
  }

  connect(networkId: string, containerId: string, spec: EndpointSpec): Promise<void> {
    return this.#with(undefined, (calls) => calls.connect(networkId, containerId, connectBody(calls, spec)));
  }

  disconnect(networkId: string, containerId: string, force: boolean): Promise<void> {
    return this.#with(undefined, (calls) => calls.disconnect(networkId, containerId, force));
  }

  replaceEndpoint(networkId: string, containerId: string, spec: EndpointSpec): Promise<void> {
    return this.#with(undefined, (calls) => replaceEndpoint(calls, networkId, containerId, spec));
  }

  run(spec: RunSpec, signal?: AbortSignal): Promise<Created> {
    return this.#with(signal, async (calls) => {
      const { mode } = spec;
      const network = mode.kind === 'network' ? await networkReference(calls, mode.id, mode.name) : undefined;
      const created = await this.#create(calls, spec, network);
      try {
        await calls.start(created.id);
      } catch (error) {
        await this.#takeBack(toEngineError(error), created.id);
        throw error;
      }
      return created;
    });
  }

  changeState(containerId: string, change: StateChange, signal?: AbortSignal): Promise<void> {
    return this.#with(signal, async (calls) => {
      switch (change) {
        case 'start':
          return calls.start(containerId);
        case 'stop':
          return calls.stop(containerId, stopTimeoutOf(await calls.inspect(containerId)));
        case 'restart':
          return calls.restart(containerId, stopTimeoutOf(await calls.inspect(containerId)));
        case 'pause':
          return calls.pause(containerId);
        case 'unpause':
          return calls.unpause(containerId);
      }
    });
  }

  removeContainer(containerId: string, options: { readonly force: boolean; readonly volumes: boolean }): Promise<void> {
    return this.#with(undefined, (calls) => calls.remove(containerId, options));
  }

  rename(containerId: string, name: string): Promise<void> {
    return this.#with(undefined, (calls) => calls.rename(containerId, name));
  }

  images(signal?: AbortSignal): Promise<readonly Image[]> {
    return this.#with(signal, (calls) => readImages(calls, this.#exposedPorts));
  }

  pull(reference: string, onProgress: (progress: PullProgress) => void, signal?: AbortSignal): Promise<void> {
    return this.#with(signal, (calls, bound) => pullImage(calls, reference, onProgress, bound));
  }

  initSwarm(advertiseAddress: string): Promise<void> {
    return this.#with(undefined, (calls) => calls.initSwarm(advertiseAddress));
  }

  previewRecreate(containerId: string): Promise<RecreatePreview> {
    return this.#with(undefined, async (calls) => {
      const [inspect, changes] = await Promise.all([calls.inspect(containerId), calls.changes(containerId)]);
      return previewOf(inspect, changes);
    });
  }

  republish(
    containerId: string,
    ports: readonly PublishSpec[],
    onStep: (step: RecreateStep) => void = () => undefined,
  ): Promise<{ readonly id: string }> {
    return this.#with(undefined, (calls) => republish(calls, containerId, ports, onStep));
  }

  #with<T>(
    signal: AbortSignal | undefined,
    method: (calls: EngineCalls, bound: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.#client.guard(signal, async (bound) => {
      const negotiated = await this.#client.negotiate(bound);
      return method(new EngineCalls(this.#client, negotiated, bound, this.#timeoutMs), bound);
    });
  }

  async #create(calls: EngineCalls, spec: RunSpec, network: string | undefined): Promise<Created> {
    const body = containerBody(spec, calls.apiVersion, network);
    // So that one that is found later under this name is ours. The engine would say the same.
    if (spec.name !== '' && (await calls.findByName(spec.name)) !== undefined) {
      throw new EngineError('conflict', `there is a container called ${spec.name} already`, { status: 409 });
    }
    try {
      return await calls.createContainer(spec.name, body);
    } catch (error) {
      const reason = toEngineError(error);
      if (isUncertain(reason)) await this.#removeUnanswered(reason, spec.name);
      throw reason;
    }
  }

  /** Where no answer came (it was cancelled, for example) the engine may have made one, which would then be in the way. */
  async #removeUnanswered(reason: EngineError, name: string): Promise<void> {
    for (const delay of name === '' ? [] : lookups) {
      await sleep(delay);
      const found = await this.#with(undefined, (calls) => calls.findByName(name)).catch(() => undefined);
      if (found === undefined) continue;
      // One that runs is somebody else's, who took the name meanwhile.
      if (object(found['State'])['Status'] === 'created') await this.#takeBack(reason, text(found['Id']));
      return;
    }
    throw new EngineError(
      reason.kind,
      `${reason.message}; it may have created the container ${name === '' ? '(with a name that it makes up) ' : `${name} `}all the same`,
      { cause: reason },
    );
  }

  /** With a signal of its own: the caller's may be what ended the run. */
  async #takeBack(reason: EngineError, id: string): Promise<void> {
    try {
      await this.#with(undefined, (calls) => calls.remove(id, { force: true, volumes: true }));
    } catch (error) {
      const failure = toEngineError(error);
      if (failure.kind === 'notFound') return;
      throw new EngineError(
        'rollback',
        `${reason.message}; removing the new container ${id.slice(0, 12)} failed, too: ${failure.message}`,
        { cause: reason },
      );
    }
  }
}
