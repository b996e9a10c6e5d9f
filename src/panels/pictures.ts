import { lookupOf } from '../editor/lookup.ts';
import type { ElementMenu } from '../protocol/messages.ts';
import { graphOf } from '../topology/graph.ts';
import type { Graph } from '../topology/graphModel.ts';
import type { Snapshot } from '../topology/model.ts';
import { menusOf, type IsReachable } from './menus.ts';
import { visibleGraph } from './visibleGraph.ts';

/** What a diagram is about at one moment. */
export interface Picture {
  readonly graph: Graph;
  /** The same as a webview gets it. */
  readonly shown: Graph;
  /** Element id → its menu. */
  readonly menus: ReadonlyMap<string, ElementMenu>;
}

/** Makes the picture of a snapshot once for all panels that show it. */
export class Pictures {
  readonly #isReachable: IsReachable;
  #known: { readonly snapshot: Snapshot; readonly picture: Picture } | undefined;

  constructor(isReachable: IsReachable) {
    this.#isReachable = isReachable;
  }

  of(snapshot: Snapshot): Picture {
    if (this.#known?.snapshot === snapshot) return this.#known.picture;
    const graph = graphOf(snapshot);
    const picture = { graph, shown: visibleGraph(graph), menus: menusOf(lookupOf(snapshot), graph, this.#isReachable) };
    this.#known = { snapshot, picture };
    return picture;
  }

  /** Something that is no part of a snapshot changed: what can be done is to be looked at again. */
  forget(): void {
    this.#known = undefined;
  }
}

/** Menus that are new or differ. */
export function changedMenus(
  before: ReadonlyMap<string, ElementMenu>,
  after: ReadonlyMap<string, ElementMenu>,
): Record<string, ElementMenu> {
  const changed = [...after].filter(([id, menu]) => {
    const old = before.get(id);
    return old?.tokens !== menu.tokens || JSON.stringify(old.subject) !== JSON.stringify(menu.subject);
  });
  return Object.fromEntries(changed);
}
