import type { KernelReading, KernelView, LinkCounters } from '../topology/model.ts';

/**
 * The port to the Linux kernel that an engine runs on.
 *
 * Architecture invariant: reading never changes the machine, never rejects for what a process may do at any
 * moment (exit, be replaced, be unreadable), and never guesses: what cannot be proven is an absence with a reason.
 */
export interface KernelSource {
  /** The whole machine, or, with `previous`, only what `touched` names and what came or went since. */
  read(request: KernelRequest, signal?: AbortSignal): Promise<KernelReading>;
  /**
   * What listens in the engine's network namespace, by port; several entries where several sockets share a port.
   * For one question of a person, not for every refresh: it looks through the open files of all processes. Empty where
   * the newest `read` was absent, and before the first one.
   */
  listeners(signal?: AbortSignal): Promise<readonly Listener[]>;
  /**
   * Counters of all links of the engine's network namespace at this moment: one file is read, so it may be asked each
   * second. Empty where the newest `read` was absent, and before the first one.
   */
  counters(signal?: AbortSignal): Promise<ReadonlyMap<string, LinkCounters>>;
}

/** A socket that takes what comes to its port: TCP that listens, UDP that is bound and connected to nobody. */
export interface Listener {
  readonly protocol: 'tcp' | 'udp';
  /** `0.0.0.0` and `::` are all addresses; `::` mostly IPv4's too. */
  readonly address: string;
  readonly port: number;
  /** The process that holds it, as this machine counts. Absent where this user may not look into it, and for sockets of the kernel. */
  readonly pid?: number;
  /** Its name, at most 15 bytes: `docker-proxy` holds the published ports of containers. A process may choose any characters. */
  readonly process?: string;
}

export interface KernelRequest {
  /** Running containers that have a namespace of their own: not those of `host` and `container:` mode. */
  readonly containers: readonly KernelContainer[];
  /** Names of the bridges that the engine says it made: part of the proof that this is its namespace. */
  readonly bridges: readonly string[];
  /** Newest view of the same engine; links and namespaces that did not change are taken from it. */
  readonly previous?: { readonly view: KernelView; readonly touched: ReadonlySet<string> };
}

export interface KernelContainer {
  readonly id: string;
  /** As the engine reports it; the source checks it against `/proc/<pid>/cgroup` before it believes it. */
  readonly pid: number;
}
