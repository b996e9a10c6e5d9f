import type { BridgeNode, GraphNode, HostLinkNode, NetworkNode, PublicationNode } from '../../topology/graphModel.ts';
import { fitText } from '../fitText.ts';
import { countsText, driverText, hostPortText, networkFacts, nodeLabel, roleText } from '../labels.ts';
import type { Box } from '../layout.ts';
import { memo } from '../memo.ts';
import { mostSize, type Drawn } from './common.tsx';
import { classes, elementProps, isMarkedAlike, markClasses } from './element.ts';
import { toneClass } from './tones.ts';

interface NodeProps<Node extends GraphNode> extends Drawn {
  readonly node: Node;
  readonly box: Box;
  readonly tone?: number | undefined;
  /** Of a link that stands for another host: what people call that. */
  readonly peer?: string | undefined;
}

function isSameNode<Node extends GraphNode>(before: NodeProps<Node>, after: NodeProps<Node>): boolean {
  const { id } = after.node;
  return (
    before.node === after.node &&
    before.box === after.box &&
    before.tone === after.tone &&
    before.peer === after.peer &&
    before.texts === after.texts &&
    before.measures === after.measures &&
    before.detailed === after.detailed &&
    before.menus[id] === after.menus[id] &&
    isMarkedAlike(before.marks, after.marks, [id])
  );
}

/** The bar that containers are plugged into: the network, with the bridge that it is on the host. */
export const NetworkView = memo<NodeProps<NetworkNode>>(({ node, box, tone, marks, menus, texts, measures }) => {
  const counts = countsText(node, texts);
  const driver = driverText(node);
  const countsWidth = measures.text(counts, 11);
  const room = box.width - 20;
  // Names come first: the counts are left out where both do not fit.
  const isCounted = measures.bold(node.name, 13) + countsWidth + 20 + badgeWidth(driver) <= room;
  const name = fitText(node.name, room - badgeWidth(driver) - (isCounted ? countsWidth + 12 : 0), 13, measures.bold);
  return (
    <g
      class={classes('node element network', toneClass(tone), markClasses(marks, node.id))}
      transform={`translate(${box.x} ${box.y})`}
      data-network={node.networkId}
      {...elementProps(node.id, nodeLabel(node, texts), menus[node.id], marks.selected === node.id)}
    >
      <rect class="shape" width={box.width} height={box.height} rx={4} />
      <path class="stripe" d={`M4 0h${box.width - 8}a4 4 0 0 1 4 4v0H0v0a4 4 0 0 1 4-4Z`} />
      <text
        aria-hidden="true"
        class="name"
        x={10}
        y={19}
        style={{ '--most': mostSize(room - (isCounted ? countsWidth * 1.4 + 12 : 0), measures.bold(name, 1)) }}
      >
        {name}
      </text>
      <Badge text={driver} x={10 + measures.bold(name, 13) + 8} y={8} />
      {isCounted && (
        <text aria-hidden="true" class="counts" x={box.width - 10} y={19}>
          {counts}
        </text>
      )}
      <text aria-hidden="true" class="facts" x={10} y={34}>
        {fitText(networkFacts(node, texts), room, 10.5, measures.code)}
      </text>
    </g>
  );
}, isSameNode);

const badgeWidth = (text: string): number => 8 + text.length * 5.6;

function Badge({ text, x, y }: { readonly text: string; readonly x: number; readonly y: number }) {
  return (
    <g class="badge" transform={`translate(${x} ${y})`}>
      <rect width={badgeWidth(text)} height={14} rx={7} />
      <text aria-hidden="true" x={badgeWidth(text) / 2} y={10.5}>
        {text}
      </text>
    </g>
  );
}

/** A bridge that is no network of this engine. */
export const BridgeView = memo<NodeProps<BridgeNode>>(({ node, box, marks, menus, texts, measures }) => {
  const { bridge } = node;
  const name = fitText(bridge.name, box.width - 70, 13, measures.bold);
  return (
    <g
      class={classes('node element network foreign', markClasses(marks, node.id))}
      transform={`translate(${box.x} ${box.y})`}
      {...elementProps(node.id, nodeLabel(node, texts), menus[node.id], marks.selected === node.id)}
    >
      <rect class="shape" width={box.width} height={box.height} rx={4} />
      <text aria-hidden="true" class="name" x={10} y={19}>
        {name}
      </text>
      <Badge text="bridge" x={10 + measures.bold(name, 13) + 8} y={8} />
      <text aria-hidden="true" class="facts" x={10} y={34}>
        {fitText(`(${bridge.ifindex}) ${bridge.addresses.join(' ')}`, box.width - 20, 10.5, measures.code)}
      </text>
    </g>
  );
}, isSameNode);

/** A link of the host: an uplink, a macvlan's parent, a vxlan, a veth that is nobody's. */
export const HostLinkView = memo<NodeProps<HostLinkNode>>(({ node, box, peer, marks, menus, texts, measures }) => {
  const { link } = node;
  const index = link === undefined ? '' : ` (${link.ifindex})`;
  const isLow = box.height < 36;
  const badge =
    link?.vni !== undefined ? `vni ${link.vni}` : link?.vlanId !== undefined ? `vlan ${link.vlanId}` : link?.kind;
  const role = roleText(node, texts);
  const via = node.gateway === undefined ? undefined : `via ${node.gateway}`;
  const address = peer === undefined ? link?.addresses.find((one) => !one.startsWith('fe80:')) : node.name;
  const size = isLow ? 9 : 9.5;
  // The role is seen from where it is drawn, so it goes first where there is no room for all.
  const facts = [[role, address, via], [address, via], [address ?? via ?? role]]
    .map((parts) => parts.filter(Boolean).join(' · '))
    .find((text, at) => at === 2 || measures.text(text, size) <= box.width - 14);
  const badgeRoom = badge === undefined ? 0 : badgeWidth(badge) + 8;
  const fullName = peer ?? node.name + index;
  const name = fitText(fullName, box.width - 16 - badgeRoom, 11.5, measures.code);
  return (
    <g
      class={classes('node element host-link', node.role, peer !== undefined && 'peer', markClasses(marks, node.id))}
      transform={`translate(${box.x} ${box.y})`}
      {...elementProps(node.id, nodeLabel(node, texts, peer), menus[node.id], marks.selected === node.id)}
    >
      <rect class="shape" width={box.width} height={box.height} rx={3} />
      <text
        aria-hidden="true"
        class="link-name"
        x={8}
        y={isLow ? 13 : 16}
        style={peer === undefined ? undefined : { '--most': mostSize(box.width - 16, measures.code(name, 1)) }}
      >
        {name}
      </text>
      {badge !== undefined && <Badge text={badge} x={box.width - badgeWidth(badge) - 6} y={isLow ? 3 : 5} />}
      <text aria-hidden="true" class="facts" x={8} y={isLow ? 25 : 32}>
        {fitText(facts ?? '', box.width - 14, size, measures.text)}
      </text>
      <title aria-hidden="true">
        {[fullName, role, peer && node.name, ...(link?.addresses ?? []), via].filter(Boolean).join(' · ')}
      </title>
    </g>
  );
}, isSameNode);

/** A published port on the host's edge. */
export const PublicationView = memo<NodeProps<PublicationNode>>(
  ({ node, box, marks, menus, texts, measures, detailed }) => {
    const hostPort = hostPortText(node);
    const room = box.width - 6;
    const isLong = measures.code(hostPort, 11) > room;
    return (
      <g
        class={classes('node element publication', node.loopback && 'loopback', markClasses(marks, node.id))}
        transform={`translate(${box.x} ${box.y})`}
        {...elementProps(node.id, nodeLabel(node, texts), menus[node.id], marks.selected === node.id)}
      >
        <rect class="shape" width={box.width} height={box.height} rx={3} />
        {detailed && (
          <>
            <text aria-hidden="true" class={classes('host-port', isLong && 'long')} x={box.width / 2} y={11.5}>
              {fitText(hostPort, room, isLong ? 9 : 11, measures.code)}
            </text>
            <text aria-hidden="true" class="container-port" x={box.width / 2} y={22}>
              {fitText(`→ ${node.containerPort}/${node.protocol}`, room, 9, measures.code)}
            </text>
            <title aria-hidden="true">{`${node.hostIps.join(', ')} ${node.hostPort} → ${node.containerPort}/${node.protocol}`}</title>
          </>
        )}
      </g>
    );
  },
  isSameNode,
);
