import type { KernelReading, KernelView } from '../topology/model.ts';

/**
 * The port to the Linux kernel that an engine runs on.
 *
 * Architecture invariant: reading never changes the machine, never rejects for what a process may do at any
 * moment (exit, be replaced, be unreadable), and never guesses: what cannot be proven is an absence with a reason.
 */
export interface KernelSource {
  /** The whole machine, or, with `previous`, only what `touched` names and what came or went since. */
  read(request: KernelRequest, signal?: AbortSignal): Promise<KernelReading>;
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
