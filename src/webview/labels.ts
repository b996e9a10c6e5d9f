import type {
  ContainerItem,
  Graph,
  GraphEdge,
  GraphHost,
  GraphNode,
  HostLinkNode,
  InterfaceItem,
  NamespaceNode,
  NetworkNode,
  PublicationNode,
  TunnelEdge,
  WireEdge,
} from '../topology/graphModel.ts';
import type { Confidence } from '../topology/model.ts';
import type { Texts } from '../protocol/texts.ts';
import { containerOf, hostOf, type GraphIndex } from './graphIndex.ts';
import { fill } from './texts.ts';

/** `eth0@if7`, as `ip link` writes it. */
export function linkName(name: string, ifindex: number | undefined, iflink: number | undefined): string {
  return iflink === undefined || iflink === ifindex ? name : `${name}@if${iflink}`;
}

export function interfaceName(item: InterfaceItem): string {
  return item.name === undefined ? '?' : linkName(item.name, item.ifindex, item.iflink);
}

/** `0.0.0.0:8080`; the wildcard of IPv4 and IPv6 is left out. */
export function hostPortText(port: PublicationNode): string {
  const isWildcard = port.hostIps.every((ip) => ip === '0.0.0.0' || ip === '::' || ip === '');
  const [first] = port.hostIps;
  if (isWildcard || first === undefined) return `:${port.hostPort}`;
  return `${first.includes(':') ? `[${first}]` : first}:${port.hostPort}`;
}

function portText(port: PublicationNode): string {
  return `${hostPortText(port)}→${port.containerPort}/${port.protocol}`;
}

export function confidenceText(confidence: Confidence, texts: Texts): string {
  switch (confidence) {
    case 'exact':
      return texts.confidenceExact;
    case 'likely':
      return texts.confidenceLikely;
    case 'unknown':
      return texts.confidenceUnknown;
  }
}

export function roleText(link: HostLinkNode, texts: Texts): string {
  if (link.remote !== undefined) return texts.anotherHost;
  switch (link.role) {
    case 'uplink':
      return link.isDefault ? texts.defaultRoute : texts.uplink;
    case 'parent':
      return texts.parent;
    case 'tunnel':
      return texts.tunnel;
    case 'orphan':
      return texts.orphan;
    case 'other':
      return '';
  }
}

/** `bridge`, `macvlan vepa`, `ipvlan l2`. */
export function driverText({ driver, mode }: NetworkNode): string {
  return mode === undefined ? driver : `${driver} ${mode}`;
}

/** Second line of a network's bar: what `docker network inspect` and `ip link` would say first. */
export function networkFacts(network: NetworkNode, texts: Texts): string {
  const bridge = network.bridge ? `${network.bridge.name} (${network.bridge.ifindex})` : network.bridgeName;
  return list(
    bridge,
    network.parent,
    network.vlanId === undefined ? undefined : `VLAN ${network.vlanId}`,
    network.vnis && `VNI ${network.vnis.join(' ')}`,
    network.encrypted === true ? texts.encrypted : undefined,
    network.subnets.join(' '),
    network.scope === 'local' ? undefined : network.scope,
    network.internal ? texts.internal : undefined,
  );
}

export function countsText(network: NetworkNode, texts: Texts): string {
  return list(
    network.running > 0 || network.stopped === 0 ? fill(texts.containersRunning, network.running) : undefined,
    network.stopped > 0 ? fill(texts.containersStopped, network.stopped) : undefined,
  );
}

export function namespaceTitle(node: NamespaceNode, texts: Texts): string {
  if (node.type === 'host') return texts.hostNamespace;
  if (node.type === 'none') return texts.noNamespace;
  return node.containers.length > 1 ? texts.sharedNamespace : '';
}

/** What stands in the upper edge of a host's frame. Of several hosts it says also what else a line above all does. */
export function frameTitle(
  { engine }: Graph,
  host: GraphHost | undefined,
  isOld: boolean,
  texts: Texts,
): { readonly name: string; readonly doubt: string; readonly facts: string } {
  const facts = ({ version, operatingSystem }: typeof engine): string[] => [`Docker ${version}`, operatingSystem];
  if (!host) return { name: engine.name, doubt: '', facts: list(...facts(engine)) };
  const doubt = list(
    isOld ? texts.hostOld : undefined,
    host.recorded ? texts.hostRecorded : host.kernelRead ? undefined : texts.hostKernelNotRead,
  );
  return {
    name: host.label,
    doubt: doubt === '' ? '' : ` · ${doubt}`,
    facts: list(host.name === host.label ? undefined : host.name, ...facts(host)),
  };
}

/** `VXLAN 4097, 4098`; by names of networks where no VNI is known. */
export function tunnelText({ vnis, networks }: TunnelEdge): string {
  return `VXLAN ${(vnis.length > 0 ? vnis : networks).join(', ')}`;
}

/**
 * What a screen reader says of an element: its kind and name, then facts. `peer`: what people call the host that a link
 * stands for.
 */
export function nodeLabel(node: GraphNode, texts: Texts, peer?: string): string {
  switch (node.kind) {
    case 'network':
      return sentence(
        fill(texts.nameNetwork, node.name),
        driverText(node),
        networkFacts(node, texts),
        countsText(node, texts),
      );
    case 'bridge':
      return sentence(
        fill(texts.nameBridge, node.bridge.name),
        `ifindex ${node.bridge.ifindex}`,
        node.bridge.addresses[0],
      );
    case 'link':
      return sentence(
        fill(texts.nameLink, peer ?? node.name),
        peer === undefined ? undefined : node.name,
        node.link && `ifindex ${node.link.ifindex}`,
        roleText(node, texts),
        node.link?.addresses[0],
      );
    case 'namespace':
      return sentence(
        fill(texts.nameNamespace, node.containers.map((container) => container.name).join(', ')),
        namespaceTitle(node, texts),
      );
    case 'port':
      return sentence(
        fill(texts.namePort, hostPortText(node), `${node.containerPort}/${node.protocol}`),
        node.loopback ? texts.loopbackOnly : undefined,
      );
  }
}

export function containerLabel(container: ContainerItem, texts: Texts): string {
  return sentence(fill(texts.nameContainer, container.name), container.state, container.image);
}

export function interfaceLabel(item: InterfaceItem, owner: string, texts: Texts): string {
  return sentence(fill(texts.nameInterface, interfaceName(item)), owner, item.ipv4, item.ipv6, item.mac);
}

export function edgeLabel(edge: GraphEdge, index: GraphIndex, texts: Texts): string {
  const from = nameOf(index, edge.fromItem ?? edge.from);
  const to = nameOf(index, edge.toItem ?? edge.to);
  switch (edge.kind) {
    case 'wire': {
      const { hostLink } = edge;
      const end = hostLink && linkName(hostLink.name, hostLink.ifindex, hostLink.iflink);
      const text = end === undefined ? texts.nameWireUnknown : texts.nameWire;
      const owner = containerOf(index, edge)?.name ?? '';
      return sentence(
        fill(text, `${owner} ${from}`, end ?? (edge.candidates.join(', ') || '?'), to),
        confidenceText(edge.confidence, texts),
      );
    }
    case 'seat':
      return fill(texts.nameSeat, containerOf(index, edge)?.name ?? from, to);
    case 'plug':
      return fill(texts.namePlug, from, to);
    case 'egress':
      return sentence(fill(texts.nameEgress, from, to), edge.by === 'masquerade' ? texts.masquerade : edge.by);
    case 'publish':
      return fill(texts.namePublish, from, to);
    case 'legacyLink':
      return sentence(fill(texts.nameLegacyLink, from, to), edge.alias);
    case 'tunnel': {
      const [one, other] = [edge.from, edge.to].map((end) => hostOf(index, end)?.label ?? nameOf(index, end));
      return sentence(
        fill(texts.nameTunnel, tunnelText(edge), one ?? from, other ?? to, edge.networks.join(', ')),
        edge.encrypted ? texts.encrypted : undefined,
      );
    }
  }
}

export function chipLabel(edge: WireEdge, index: GraphIndex, texts: Texts): string {
  const { hostLink } = edge;
  if (!hostLink) return '';
  const name = linkName(hostLink.name, hostLink.ifindex, hostLink.iflink);
  return sentence(fill(texts.nameLink, name), `ifindex ${hostLink.ifindex}`, containerOf(index, edge)?.name);
}

/** The short name of an element. */
export function nameOf(index: GraphIndex, id: string): string {
  const element = index.elements.get(id);
  switch (element?.kind) {
    case undefined:
      return id;
    case 'container':
      return element.container.name;
    case 'interface':
      return interfaceName(element.item);
    case 'chip':
      return element.edge.hostLink?.name ?? '?';
    case 'edge': {
      const { edge } = element;
      if (edge.kind === 'tunnel') return tunnelText(edge);
      return `${nameOf(index, edge.fromItem ?? edge.from)} – ${nameOf(index, edge.toItem ?? edge.to)}`;
    }
    case 'node':
      return peerOf(index, element.node) ?? nodeName(element.node);
  }
}

/** The same, with the host where there are several. */
export function nameWithHost(index: GraphIndex, id: string, texts: Texts): string {
  const host = hostOf(index, id);
  return host === undefined ? nameOf(index, id) : fill(texts.nameOnHost, nameOf(index, id), host.label);
}

/** What people call the other host that a link stands for, where it is drawn too. */
export function peerOf({ hosts }: GraphIndex, node: GraphNode): string | undefined {
  return node.kind === 'link' && node.peer !== undefined ? hosts.get(node.peer)?.label : undefined;
}

export function nodeName(node: GraphNode): string {
  switch (node.kind) {
    case 'network':
    case 'link':
      return node.name;
    case 'bridge':
      return node.bridge.name;
    case 'namespace':
      return node.containers.map((container) => container.name).join(', ');
    case 'port':
      return portText(node);
  }
}

export function elementLabel(index: GraphIndex, id: string, texts: Texts): string {
  const element = index.elements.get(id);
  switch (element?.kind) {
    case undefined:
      return '';
    case 'container':
      return containerLabel(element.container, texts);
    case 'interface':
      return interfaceLabel(element.item, nodeName(element.node), texts);
    case 'edge':
      return edgeLabel(element.edge, index, texts);
    case 'chip':
      return chipLabel(element.edge, index, texts);
    case 'node':
      return nodeLabel(element.node, texts, peerOf(index, element.node));
  }
}

const list = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(' · ');
const sentence = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(', ');
