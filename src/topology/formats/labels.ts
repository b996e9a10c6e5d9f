import type { GraphEdge, GraphNode, HostLinkNode, InterfaceItem, NamespaceNode } from '../graphModel.ts';

const longest = 80;

/**
 * A name as one short line: other people's names hold line breaks, controls and marks that turn text around. What was
 * cut or replaced is seen to be (… and �).
 */
export function plain(text: string): string {
  const start = text.slice(0, 4 * longest).toWellFormed();
  const clean = start
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '\uFFFD')
    .trim();
  const characters = Array.from(clean);
  if (characters.length <= longest && text.length <= 4 * longest) return clean;
  return `${characters.slice(0, longest - 1).join('')}…`;
}

/** `eth0@if7`, as `ip link` says it. */
function interfaceName({ name, iflink, ifindex }: Pick<InterfaceItem, 'name' | 'iflink' | 'ifindex'>): string {
  if (name === undefined) return '?';
  return iflink === undefined || ifindex === undefined ? plain(name) : `${plain(name)}@if${iflink}`;
}

/** The lines that a node says; of a box only its title. */
export function nodeLines(node: GraphNode): string[] {
  switch (node.kind) {
    case 'network':
      return lines(
        node.name,
        [
          node.driver,
          node.bridgeName,
          node.vnis && `VNI ${node.vnis.join(' ')}`,
          node.internal ? 'internal' : undefined,
        ],
        node.subnets,
      );
    case 'bridge':
      return lines(node.bridge.name, ['bridge'], node.bridge.addresses);
    case 'link':
      return lines(
        node.name,
        [node.remote === undefined ? linkWord(node) : 'other host'],
        node.link?.addresses.filter((one) => !one.startsWith('fe80:')) ?? [],
      );
    case 'namespace':
      return [boxTitle(node)];
    case 'port':
      return lines(
        `${node.hostPort}/${node.protocol}`,
        node.hostIps.filter((ip) => ip !== ''),
        [],
      );
  }
}

function lines(first: string, ...more: readonly (readonly (string | undefined)[])[]): string[] {
  const rest = more.map((words) => {
    const some = words.flatMap((word) => (word === undefined || word === '' ? [] : plain(word)));
    return [...some.slice(0, 4), ...(some.length > 4 ? ['…'] : [])].join(', ');
  });
  return [plain(first), ...rest].filter((line) => line !== '');
}

function linkWord({ role, link, gateway, isDefault }: HostLinkNode): string {
  const kind =
    link === undefined || ['physical', 'other'].includes(link.kind) || link.kind === role
      ? role
      : `${role} ${link.kind}`;
  return isDefault && gateway !== undefined ? `${kind} via ${gateway}` : kind;
}

function boxTitle({ type, running, containers }: NamespaceNode): string {
  if (type === 'host') return 'host namespace';
  const name = plain(containers[0]?.name ?? '');
  const title = containers.length > 1 ? `namespace of ${name}` : name;
  return running ? title : `${title} (stopped)`;
}

/** Lines of a container's interface inside of its box. */
export function interfaceLines(item: InterfaceItem): string[] {
  return lines(interfaceName(item), [item.ipv4, item.ipv6]);
}

/** What is written on an edge: both ends of a wire, with the numbers that they show. */
export function edgeLabel(edge: GraphEdge, inside: InterfaceItem | undefined): string {
  switch (edge.kind) {
    case 'wire': {
      const { hostLink, wireKind, candidates, confidence, strayBridge, unplugged } = edge;
      const here = inside ? interfaceName(inside) : '?';
      const host = hostLink && `${plain(hostLink.name)}${hostLink.iflink === undefined ? '' : `@if${hostLink.iflink}`}`;
      const there = host ?? (candidates.length > 0 ? candidates.slice(0, 3).map(plain).join(' or ') : undefined);
      const words = there === undefined ? `${here} (${wireKind})` : `${here} ⇄ ${there}`;
      const more = candidates.length > 3 ? ` or ${candidates.length - 3} more` : '';
      const doubt = confidence === 'exact' || there === undefined ? '' : confidence === 'likely' ? ' (likely)' : ' ?';
      const stray = strayBridge !== undefined ? ` on ${plain(strayBridge)}` : unplugged === true ? ' (unplugged)' : '';
      return `${words}${more}${doubt}${stray}`;
    }
    case 'seat':
    case 'plug':
    case 'publish':
      return '';
    case 'egress':
      return edge.by;
    case 'legacyLink':
      return `link ${plain(edge.alias)}`;
    case 'tunnel': {
      const { vnis, encrypted } = edge;
      const numbers = vnis.length > 4 ? [...vnis.slice(0, 4), '…'] : vnis;
      return `${['VXLAN', ...numbers].join(' ')}${encrypted ? ', encrypted' : ''}`;
    }
  }
}
