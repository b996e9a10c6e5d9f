import { lookupOf } from '../editor/lookup.ts';
import type { ShownHost } from '../editor/shownHosts.ts';
import type { ElementMenu } from '../protocol/messages.ts';
import { graphOfHosts } from '../topology/graphHosts.ts';
import type { Graph, HostId } from '../topology/graphModel.ts';
import type { DetailContext } from './detailParts.ts';
import { menusOf, type IsReachable } from './menus.ts';
import { visibleGraph } from './visibleGraph.ts';

/** What there is to tell about the elements of one engine. */
export type PicturedHost = Pick<DetailContext, 'lookup' | 'remoteSeats'>;

/** What a diagram is about at one moment. */
export interface Picture {
  readonly graph: Graph;
  /** The same as a webview gets it. */
  readonly shown: Graph;
  /** Element id → its menu. */
  readonly menus: ReadonlyMap<string, ElementMenu>;
  /** In drawing order; one where the graph is of one engine. */
  readonly hosts: ReadonlyMap<HostId, PicturedHost>;
}

/** Makes the picture of all engines that are shown, once for all panels. */
export class Pictures {
  readonly #isReachable: IsReachable;
  #known: { readonly hosts: readonly ShownHost[]; readonly picture: Picture } | undefined;

  constructor(isReachable: IsReachable) {
    this.#isReachable = isReachable;
  }

  of(hosts: readonly ShownHost[]): Picture {
    if (this.#known?.hosts === hosts) return this.#known.picture;
    const graph = graphOfHosts(hosts);
    const pictured = new Map(
      hosts.map(({ key, snapshot, remoteSeats }) => [key, { lookup: lookupOf(snapshot), remoteSeats }]),
    );
    const menus = menusOf(pictured, graph, this.#isReachable);
    const picture = { graph, shown: visibleGraph(graph), menus, hosts: pictured };
    this.#known = { hosts, picture };
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
