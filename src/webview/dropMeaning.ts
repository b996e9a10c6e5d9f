import type { ContainerItem, HostId, NetworkNode } from '../topology/graphModel.ts';
import type { Texts } from '../protocol/texts.ts';
import { hostOf, networksOf, type GraphIndex } from './graphIndex.ts';
import { fill } from './texts.ts';

/** What letting go would do. `text` says it to the person. */
export type DropMeaning =
  | { readonly kind: 'elsewhere' | 'already' | 'otherHost'; readonly text: string }
  | {
      readonly kind: 'connect';
      readonly text: string;
      readonly containerId: string;
      readonly networkId: string;
      readonly host?: HostId;
    };

/** Both are ids of elements: the container's, and the network's that it is over. */
export function meaningOfDrop(
  index: GraphIndex,
  { container, network }: { readonly container: string; readonly network: string | undefined },
  texts: Texts,
): DropMeaning | undefined {
  const dragged = index.elements.get(container);
  if (dragged?.kind !== 'container') return undefined;
  const { containerId, name }: ContainerItem = dragged.container;
  const target = network === undefined ? undefined : index.elements.get(network);
  if (target?.kind !== 'node' || target.node.kind !== 'network') {
    return { kind: 'elsewhere', text: fill(texts.dropElsewhere, name) };
  }
  const to: NetworkNode = target.node;
  const { host } = to;
  if (host !== dragged.node.host) {
    const [from, at] = [container, to.id].map((id) => hostOf(index, id)?.label ?? '');
    return { kind: 'otherHost', text: fill(texts.dropOtherHost, name, from ?? '', to.name, at ?? '') };
  }
  if (networksOf(index, containerId, host).has(to.networkId)) {
    return { kind: 'already', text: fill(texts.dropAlready, name, to.name) };
  }
  const text = fill(texts.dropConnect, name, to.name);
  return { kind: 'connect', text, containerId, networkId: to.networkId, ...(host !== undefined && { host }) };
}
