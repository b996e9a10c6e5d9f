import type { EngineEvent } from '../engine/engine.ts';

/** What a burst of events touched, gathered until it is quiet. */
export class Touched {
  readonly containers = new Set<string>();
  readonly networks = new Set<string>();
  /** On which a seat was taken or given up. An overlay is told of by its own record too: peers, and what is on other hosts. */
  readonly joined = new Set<string>();
  /** An event without an id (a prune) says that something changed, but not what. */
  everything = false;

  add(event: EngineEvent): void {
    if (event.kind === 'container') {
      if (event.containerId === '') this.everything = true;
      else this.containers.add(event.containerId);
      return;
    }
    if (event.networkId === '') this.everything = true;
    // A seat taken or given up changes the container's record; the network's own stays as it is.
    else if (event.action === 'connect' || event.action === 'disconnect') {
      this.joined.add(event.networkId);
      if (event.containerId) this.containers.add(event.containerId);
      else this.everything = true;
    } else this.networks.add(event.networkId);
  }

  get isEmpty(): boolean {
    return !this.everything && this.containers.size === 0 && this.networks.size === 0;
  }
}
