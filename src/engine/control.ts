import type {
  EndpointSpec,
  JoinToken,
  NetworkSpec,
  NodeRole,
  Protocol,
  PublishMode,
  PublishSpec,
  RunSpec,
  ServiceSpec,
  StateChange,
} from '../actions/specs.ts';

/**
 * The part of the port that changes an engine. Ids are full ones. Each method rejects with an `EngineError`; a
 * recording rejects with `readOnly`. What came of it is heard as an event, like anybody else's change.
 *
 * Architecture invariant: a method of several steps leaves things as they were where one step fails.
 */
export interface EngineControl {
  /** Resolves with the new id and the engine's warning, mostly empty. */
  createNetwork(spec: NetworkSpec, signal?: AbortSignal): Promise<{ readonly id: string; readonly warning: string }>;
  removeNetwork(networkId: string): Promise<void>;
  connect(networkId: string, containerId: string, spec: EndpointSpec): Promise<void>;
  disconnect(networkId: string, containerId: string, force: boolean): Promise<void>;
  /** Disconnects and connects anew: the engine cannot change a seat. Where that fails the old seat is taken again. */
  replaceEndpoint(networkId: string, containerId: string, spec: EndpointSpec): Promise<void>;
  /** Creates and starts. Where the start fails (a port is taken) the container is removed again. */
  run(spec: RunSpec, signal?: AbortSignal): Promise<{ readonly id: string; readonly warnings: readonly string[] }>;
  /** `stop` and `restart` wait for the container's own stop time-out. */
  changeState(containerId: string, change: StateChange, signal?: AbortSignal): Promise<void>;
  /** `volumes` removes its anonymous ones. */
  removeContainer(containerId: string, options: { readonly force: boolean; readonly volumes: boolean }): Promise<void>;
  rename(containerId: string, name: string): Promise<void>;
  images(signal?: AbortSignal): Promise<readonly Image[]>;
  /** `reference` as `docker pull` takes it; `latest` where it has neither tag nor digest. Ends with the signal. */
  pull(reference: string, onProgress: (progress: PullProgress) => void, signal?: AbortSignal): Promise<void>;
  /** Makes this engine a swarm of one, so that overlay networks can be created. */
  initSwarm(advertiseAddress: string): Promise<void>;
  /** All else about its swarm. */
  readonly swarm: SwarmControl;

  /** What a recreation would keep and what stands in its way; reads only. */
  previewRecreate(containerId: string): Promise<RecreatePreview>;
  /**
   * Replaces the container by one that is the same but publishes exactly `ports`: the engine cannot change the ports of
   * a container. Resolves with the new id. A failure of any step rolls back: the old container runs again (if it ran)
   * under its old name. Rejects with the `EngineError` of the step, or with one of kind `rollback` where undoing
   * failed, too.
   */
  republish(
    containerId: string,
    ports: readonly PublishSpec[],
    onStep?: (step: RecreateStep) => void,
  ): Promise<{ readonly id: string }>;
}

export interface Image {
  readonly id: string;
  /** `name:tag`, without `<none>` ones. */
  readonly tags: readonly string[];
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly created: number;
  /** `80/tcp`. */
  readonly exposedPorts: readonly string[];
}

export interface PullProgress {
  /** Short id of a layer; empty for lines about the whole image. */
  readonly layer: string;
  /** The engine's own word: `Downloading`, `Extracting`, `Pull complete` … */
  readonly status: string;
  /** Bytes, where the engine says so. */
  readonly current?: number;
  readonly total?: number;
}

export type RecreateStep = 'inspect' | 'stop' | 'rename' | 'create' | 'connect' | 'start' | 'remove';

/** Why a container cannot be recreated without losing something. */
export type RecreateObstacle =
  /** `--rm`: stopping it deletes it and its anonymous volumes, so there is no way back. */
  | 'removedWhenStopped'
  /** A swarm's task: the swarm would start another one in its place. */
  | 'swarmTask'
  /** host, none and `container:` mode publish nothing. */
  | 'noPortsInThisMode';

/** What a recreation keeps; counts and names for people. */
export interface RecreatePreview {
  readonly obstacle: RecreateObstacle | undefined;
  readonly running: boolean;
  /** Name, and the addresses that were fixed by a person. */
  readonly networks: readonly {
    readonly name: string;
    readonly fixed: readonly string[];
    readonly aliases: readonly string[];
  }[];
  /** What the container publishes now, asked for by whoever started it. */
  readonly ports: readonly PublishSpec[];
  readonly mounts: readonly {
    readonly kind: 'bind' | 'volume' | 'anonymous' | 'tmpfs' | 'other';
    readonly target: string;
  }[];
  readonly labels: number;
  readonly healthCheck: boolean;
  readonly restartPolicy: string;
  readonly limits: boolean;
  readonly links: readonly string[];
  /** Compose or another tool may replace the container with its own idea of it at its next run. */
  readonly managedBy: string | undefined;
  /** What is lost: the writable layer's changes (files written outside of volumes). */
  readonly writtenFiles: number;
}

/**
 * The part of the port that is about the engine's swarm. Each method rejects with an `EngineError`; a recording rejects
 * with `readOnly`. All but `status` and `leave` need an engine that is a manager of an active swarm.
 */
export interface SwarmControl {
  /** Read now: the snapshot's word is as old as the connection. */
  status(): Promise<SwarmStatus>;
  /** Architecture invariant: a token is in no error and in no log. */
  joinToken(role: NodeRole): Promise<JoinToken>;
  /** A manager leaves with force only. */
  leave(force: boolean): Promise<void>;
  nodes(): Promise<readonly SwarmNode[]>;
  services(): Promise<readonly SwarmService[]>;
  /** Resolves when the swarm has written it down; its tasks come later, and are heard as events. */
  createService(
    spec: ServiceSpec,
    signal?: AbortSignal,
  ): Promise<{ readonly id: string; readonly warnings: readonly string[] }>;
  /** With all of its tasks. */
  removeService(id: string): Promise<void>;
}

/** What the engine is in its swarm. */
export interface SwarmStatus {
  /** `active`, `inactive`, `pending`, `locked` or `error`. */
  readonly state: string;
  /** True for a manager. */
  readonly manager: boolean;
  /** Of this node; empty where it has none. */
  readonly address: string;
  /** `address:port` of the managers that it knows. */
  readonly managerAddresses: readonly string[];
  /** How many there are; 0 where the engine does not tell: on a worker, and where the managers have no majority. */
  readonly nodes: number;
  readonly managers: number;
  /** Why the state is what it is, in the engine's words; mostly empty. */
  readonly error: string;
}

export interface SwarmNode {
  readonly id: string;
  /** Host name. */
  readonly name: string;
  readonly role: NodeRole;
  /** The one of the managers that decides. */
  readonly leader: boolean;
  /** Of a manager: whether the others hear it. */
  readonly reachable: boolean;
  /** `active`, `pause` or `drain`. */
  readonly availability: string;
  /** `ready`, `down`, `disconnected` or `unknown`. */
  readonly state: string;
  readonly address: string;
  readonly engineVersion: string;
}

export interface SwarmService {
  readonly id: string;
  readonly name: string;
  /** Without the digest that a client pinned it to. */
  readonly image: string;
  /** Absent for a global one: a task on each node. */
  readonly replicas?: number;
  readonly ports: readonly {
    readonly containerPort: number;
    readonly publishedPort: number;
    readonly protocol: Protocol;
    readonly mode: PublishMode;
  }[];
}
