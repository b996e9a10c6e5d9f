import { readingTokens } from '../editor/changeTokens.ts';
import { containerTokens, endpointTokens, linkTokens, networkTokens, portTokens } from '../editor/elementTokens.ts';
import type { Lookup } from '../editor/lookup.ts';
import type { Subject } from '../editor/subject.ts';
import type { ElementMenu } from '../protocol/messages.ts';
import { elementsOf } from '../topology/graphElements.ts';
import type { Graph, HostId } from '../topology/graphModel.ts';

/** Whether a container has a temporary forward of this window. */
export type IsReachable = (containerId: string) => boolean;

/**
 * The menu of each element of a diagram: the tokens that its row has, with the way back to that row. An element that
 * stands for nothing that can be acted on has none.
 */
export function menusOf(
  hosts: ReadonlyMap<HostId, { readonly lookup: Lookup }>,
  graph: Graph,
  isReachable: IsReachable,
): ReadonlyMap<string, ElementMenu> {
  const menus = new Map<string, ElementMenu>();
  const [only] = hosts.keys();
  for (const [id, named] of elementsOf(graph).subjects) {
    const engine = named?.engine ?? only;
    const lookup = engine === undefined ? undefined : hosts.get(engine)?.lookup;
    if (named === undefined || lookup === undefined) continue;
    // Also of one engine: when the menu is used, another one may be shown.
    const subject: Subject = { ...named, ...(engine === undefined ? {} : { engine }) };
    const tokens = tokensOf(lookup, subject, isReachable);
    if (tokens === undefined) continue;
    // In the diagram one is already.
    const here = (lookup.snapshot.recorded ? readingTokens(tokens) : tokens).filter(
      (token) => token !== 'can:showInDiagram',
    );
    menus.set(id, { tokens: [...here, 'can:revealInTree'].join(';'), subject });
  }
  return menus;
}

/** Undefined where the snapshot has no such thing. */
function tokensOf(lookup: Lookup, subject: Subject, isReachable: IsReachable): readonly string[] | undefined {
  switch (subject.kind) {
    case 'network': {
      const network = lookup.networks.get(subject.networkId);
      return network && networkTokens(network, lookup.seats.get(network.id)?.length ?? 0);
    }
    case 'container': {
      const container = lookup.containers.get(subject.containerId);
      if (container === undefined) return undefined;
      if (subject.port === undefined) return containerTokens(lookup, container, isReachable(container.id));
      return [...portTokens(subject.port.protocol, true), 'can:revealContainer'];
    }
    case 'endpoint': {
      const container = lookup.containers.get(subject.containerId);
      const endpoint = container?.endpoints.find(({ networkId }) => networkId === subject.networkId);
      if (container === undefined || endpoint === undefined) return undefined;
      return [...endpointTokens(lookup, container, endpoint), 'can:revealContainer', 'can:revealEndpoint'];
    }
    case 'link': {
      const link = lookup.hostLinks.get(subject.name);
      return link && linkTokens(link, subject.endpoint !== undefined);
    }
  }
}
