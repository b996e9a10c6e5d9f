import { isRunning, type Container, type Snapshot } from '../topology/model.ts';
import type { Action } from './specs.ts';

/** A container that was put aside to be replaced, and stayed: whoever replaced it ended in the middle. */
export interface Leftover {
  readonly old: Container;
  /** That it had before. */
  readonly name: string;
  /** Who has that name now. */
  readonly replacement: Container | undefined;
  /** `restore` where the replacement never started: the old one is put back. `remove`: the replacement took over. */
  readonly way: 'restore' | 'remove';
  /** What sets it right, in this order. */
  readonly actions: readonly Action[];
}

/** By the name that `engine/docker/recreate.ts` gives for a while; while it is at work there are some, too. */
export function leftoversOf({ containers }: Snapshot): readonly Leftover[] {
  return containers.flatMap((old): Leftover[] => {
    const name = /^(.+)-dne-old-[0-9a-f]{6}$/.exec(old.name)?.[1];
    if (name === undefined) return [];
    const replacement = containers.find((one) => one.name === name);
    const remove = (container: string): Action => ({
      kind: 'removeContainers',
      containers: [container],
      force: false,
      // The volumes of one are those of the other.
      volumes: false,
    });
    if (replacement !== undefined && replacement.state !== 'created') {
      // Two that run: which one is wanted is not ours to say.
      if (isRunning(old)) return [];
      return [{ old, name, replacement, way: 'remove', actions: [remove(old.name)] }];
    }
    const actions: readonly Action[] = [
      ...(replacement === undefined ? [] : [remove(name)]),
      { kind: 'rename', container: old.name, name },
      // With `--restart always` an engine that was restarted has started it.
      ...(isRunning(old) ? [] : [{ kind: 'state', change: 'start', containers: [name] } as const]),
    ];
    return [{ old, name, replacement, way: 'restore', actions }];
  });
}
