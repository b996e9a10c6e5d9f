import ipaddr from 'ipaddr.js';
import { bridgeName } from './bridgeName.ts';
import { isBuiltIn } from './builtIn.ts';
import { boxesOf, projectLabel, type Boxes } from './graphBoxes.ts';
import { edgesOf } from './graphEdges.ts';
import { hostParts, linkFacts, type HostParts } from './graphHost.ts';
import type { BridgeNode, Graph, GraphNode, NetworkNode, NodeId, PublicationNode } from './graphModel.ts';
import { byName, byText } from './graphOrder.ts';
import { overlayParts } from './graphOverlay.ts';
import { endpointKey, isRunning, type Container, type Network, type PortBinding, type Snapshot } from './model.ts';
import { vnisOf } from './overlay.ts';
import { parentMode } from './parentMode.ts';

/**
 * What a snapshot looks like: which nodes and edges there are. Linear in its size but for sorting.
 *
 * Architecture invariant: both ends of every edge are there, every id is there once, and neither depends on the order
 * in which the engine lists containers and networks.
 */
export function graphOf(snapshot: Snapshot): Graph {
  const wires = new Map(snapshot.wires.map((wire) => [endpointKey(wire.containerId, wire.networkId), wire]));
  const host = hostParts(snapshot);
  const boxes = boxesOf(snapshot, wires);
  const networks = new Map(networkNodes(snapshot, host).map((node) => [node.networkId, node]));

  const bars = new Map<string, { readonly id: NodeId; readonly networkId?: string }>();
  for (const { id, networkId, bridgeName: name } of networks.values())
    if (name !== undefined && !bars.has(name)) bars.set(name, { id, networkId });
  const bridges: BridgeNode[] = host.bridges
    .filter(({ name }) => !bars.has(name))
    .map((link) => ({ kind: 'bridge', id: bridgeId(link.name), bridge: linkFacts(link) }));
  for (const { id, bridge } of bridges) bars.set(bridge.name, { id });

  const ports = publications(boxes);
  const overlays = overlayParts(snapshot, networks.keys());
  const links = [...[...host.nodes].sort(byName), ...overlays.nodes];
  const nodes = new Map<NodeId, GraphNode>();
  for (const node of [...networks.values(), ...bridges.sort(byBridge), ...links, ...boxes.nodes, ...ports])
    if (!nodes.has(node.id)) nodes.set(node.id, node);

  const { name, version, operatingSystem } = snapshot.engine;
  return {
    engine: { name, version, operatingSystem },
    recorded: snapshot.recorded,
    kernelRead: snapshot.kernel.kind === 'read',
    nodes: [...nodes.values()],
    edges: edgesOf({
      snapshot,
      wires,
      boxes,
      host,
      ports,
      networks,
      bars,
      tunnels: overlays.edges,
      nodeIds: new Set(nodes.keys()),
    }),
  };
}

function networkNodeId(networkId: string): NodeId {
  return `network:${networkId}`;
}

/** `bridge:NAME`: a bridge that is no network's. */
function bridgeId(name: string): NodeId {
  return `bridge:${name}`;
}

function byBridge(a: BridgeNode, b: BridgeNode): number {
  return byName({ id: a.id, name: a.bridge.name }, { id: b.id, name: b.bridge.name });
}

function networkNodes(snapshot: Snapshot, host: HostParts): NetworkNode[] {
  const running = new Map<string, number>();
  const stopped = new Map<string, number>();
  for (const container of snapshot.containers) {
    const counts = isRunning(container) ? running : stopped;
    for (const { networkId } of container.endpoints) counts.set(networkId, (counts.get(networkId) ?? 0) + 1);
  }
  const bridges = new Map(host.bridges.map((link) => [link.name, link]));
  return [...snapshot.networks]
    .sort((a, b) => Number(isBuiltIn(a)) - Number(isBuiltIn(b)) || byName(a, b))
    .map((network): NetworkNode => {
      const { id, name, driver, scope, internal, pools, labels } = network;
      const named = bridgeName(network);
      const bridge = named === undefined ? undefined : bridges.get(named);
      const project = labels[projectLabel];
      return {
        kind: 'network',
        id: networkNodeId(id),
        networkId: id,
        name,
        driver,
        scope,
        internal,
        builtIn: isBuiltIn(network),
        subnets: pools.map(({ subnet }) => subnet),
        gateways: pools.flatMap(({ gateway }) => gateway ?? []),
        ...(named === undefined ? {} : { bridgeName: named }),
        ...(bridge === undefined ? {} : { bridge: linkFacts(bridge) }),
        ...(project === undefined ? {} : { project }),
        ...overlayFacts(network, snapshot),
        ...parentFacts(network, snapshot),
        running: running.get(id) ?? 0,
        stopped: stopped.get(id) ?? 0,
      };
    });
}

function overlayFacts(network: Network, snapshot: Snapshot): Pick<NetworkNode, 'vnis' | 'encrypted'> {
  const vnis = vnisOf(network, snapshot);
  return {
    ...(vnis.length === 0 ? {} : { vnis }),
    ...(network.overlay?.encrypted === true ? { encrypted: true } : {}),
  };
}

function parentFacts(network: Network, snapshot: Snapshot): Pick<NetworkNode, 'parent' | 'mode' | 'vlanId'> {
  const riding = parentMode(network, snapshot);
  if (riding === undefined) return {};
  const { parent, mode, vlanId } = riding;
  return {
    ...(parent === undefined ? {} : { parent }),
    mode,
    ...(vlanId === undefined ? {} : { vlanId }),
  };
}

/** In order of host ports. A container that does not run keeps its wish, but nothing listens for it. */
function publications({ containers }: Boxes): PublicationNode[] {
  const nodes = new Map<NodeId, PublicationNode>();
  for (const container of containers) {
    if (!isRunning(container)) continue;
    for (const port of container.ports) {
      if (port.hostPort === undefined) continue;
      const hostIp = port.hostIp ?? '';
      const id = publicationId(container, port, port.hostPort);
      const hostIps = [...new Set([...(nodes.get(id)?.hostIps ?? []), hostIp])].sort(byText);
      nodes.set(id, {
        kind: 'port',
        id,
        containerId: container.id,
        hostIps,
        hostPort: port.hostPort,
        containerPort: port.containerPort,
        protocol: port.protocol,
        loopback: ipaddr.isValid(hostIp) && ipaddr.parse(hostIp).range() === 'loopback',
      });
    }
  }
  return [...nodes.values()].sort((a, b) => a.hostPort - b.hostPort || byText(a.id, b.id));
}

/** `port:CONTAINER-ID/HOST-PORT/CONTAINER-PORT/PROTOCOL`, and the address where it is not every one of the host's. */
function publicationId(
  { id }: Container,
  { containerPort, protocol, hostIp = '' }: PortBinding,
  hostPort: number,
): NodeId {
  const address = ['', '0.0.0.0', '::'].includes(hostIp) ? '' : `/${hostIp}`;
  return `port:${id}/${hostPort}/${containerPort}/${protocol}${address}`;
}
