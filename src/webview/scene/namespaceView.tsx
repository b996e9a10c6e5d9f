import type { ContainerItem, InterfaceItem, NamespaceNode } from '../../topology/graphModel.ts';
import { fitText } from '../fitText.ts';
import { containerLabel, interfaceLabel, interfaceName, namespaceTitle, nodeLabel, nodeName } from '../labels.ts';
import type { Box, Rect } from '../layout.ts';
import { memo } from '../memo.ts';
import { StateMark, mostSize, type Drawn } from './common.tsx';
import { classes, elementProps, isMarkedAlike, markClasses } from './element.ts';
import { shapeIn } from './geometry.ts';

interface NamespaceProps extends Drawn {
  readonly node: NamespaceNode;
  readonly box: Box;
}

/** A network namespace: its containers, and below them the interfaces that they have in common. */
export const NamespaceView = memo<NamespaceProps>(
  (props) => (props.box.compact ? <Cell {...props} /> : <FullBox {...props} />),
  (before, after) => {
    const { node } = after;
    if (before.node !== node || before.box !== after.box || before.texts !== after.texts) return false;
    if (before.measures !== after.measures || before.detailed !== after.detailed) return false;
    const ids = [node.id, ...node.containers.map(({ id }) => id), ...node.interfaces.map(({ id }) => id)];
    return (
      isMarkedAlike(before.marks, after.marks, ids) &&
      (before.menus === after.menus || ids.every((id) => before.menus[id] === after.menus[id]))
    );
  },
);

function FullBox(props: NamespaceProps) {
  const { node, box, marks, texts, menus } = props;
  const shape = shapeIn(node, box);
  const caption = namespaceTitle(node, texts);
  const isShared = caption !== '';
  const ids = [node.id, ...node.containers.map(({ id }) => id), ...node.interfaces.map(({ id }) => id)];
  return (
    <g
      class={classes(
        'node namespace',
        node.type,
        !node.running && 'stopped',
        ids.some((id) => marks.lit.has(id)) && 'lit',
        marks.fresh.has(node.id) && 'fresh',
      )}
      transform={`translate(${box.x} ${box.y})`}
    >
      {isShared ? (
        <g
          class={classes('element frame', marks.selected === node.id && 'selected')}
          {...elementProps(node.id, nodeLabel(node, texts), menus[node.id], marks.selected === node.id)}
        >
          <rect class="shape" width={box.width} height={box.height} rx={5} />
          <text aria-hidden="true" class="caption" x={6} y={-4}>
            {caption}
          </text>
        </g>
      ) : (
        <rect class="shape" width={box.width} height={box.height} rx={5} />
      )}
      {node.containers.map((container) => {
        const rect = shape.titles.get(container.id);
        return rect && <Title key={container.id} container={container} rect={rect} {...props} />;
      })}
      {node.interfaces.map((item) => {
        const rect = shape.interfaces.get(item.id);
        return rect && <Interface key={item.id} item={item} rect={rect} {...props} />;
      })}
      {[...shape.ports].map(([id, port]) => (
        <rect key={id} class="port" x={port.x - 4} y={port.y - 3} width={8} height={6} rx={1} />
      ))}
    </g>
  );
}

interface TitleProps extends NamespaceProps {
  readonly container: ContainerItem;
  readonly rect: Rect;
}

function Title({ container, rect, marks, menus, texts, measures, detailed }: TitleProps) {
  const { id, name, image, state } = container;
  const y = rect.y + rect.height / 2;
  const shown = fitText(name, rect.width - 26, 12, measures.bold);
  const rest = rect.width - 26 - measures.bold(shown, 12) - 10;
  const imageShown = detailed && rest > 30 ? fitText(image, rest, 9, measures.text) : '';
  return (
    <g
      class={classes('element container', markClasses(marks, id))}
      data-container={container.containerId}
      {...elementProps(id, containerLabel(container, texts), menus[id], marks.selected === id)}
    >
      <rect class="hit" x={rect.x + 1} y={rect.y - 2} width={rect.width - 2} height={rect.height + 2} rx={4} />
      <StateMark state={state} x={rect.x + 12} y={y} />
      {detailed && (
        <text
          aria-hidden="true"
          class="name"
          x={rect.x + 21}
          y={y + 4}
          style={{ '--most': mostSize(rect.width - 26, measures.bold(shown, 1)) }}
        >
          {shown}
        </text>
      )}
      {imageShown !== '' && (
        <text aria-hidden="true" class="image close" x={rect.x + rect.width - 6} y={y + 3.5}>
          {imageShown}
        </text>
      )}
      {detailed && shown !== name && <title aria-hidden="true">{name}</title>}
    </g>
  );
}

interface InterfaceProps extends NamespaceProps {
  readonly item: InterfaceItem;
  readonly rect: Rect;
}

function Interface({ item, rect, node, marks, menus, texts, measures, detailed }: InterfaceProps) {
  const { id } = item;
  const address = item.ipv4 ?? item.ipv6 ?? '';
  const middle = rect.x + rect.width / 2;
  const fit = (text: string, size: number): string => fitText(text, rect.width - 6, size, measures.code);
  return (
    <g
      class={classes('element interface', markClasses(marks, id))}
      {...elementProps(id, interfaceLabel(item, nodeName(node), texts), menus[id], marks.selected === id)}
    >
      <rect class="hit" x={rect.x + 2} y={rect.y} width={rect.width - 4} height={rect.height} rx={3} />
      {detailed && item.name !== undefined && (
        <text aria-hidden="true" class="link-name" x={middle} y={rect.y + 13}>
          {fit(interfaceName(item), 11)}
        </text>
      )}
      {detailed && address !== '' && (
        <text aria-hidden="true" class="address" x={middle} y={rect.y + (item.name === undefined ? 20 : 27)}>
          {fit(address, 11)}
        </text>
      )}
      {detailed && item.mac !== undefined && (
        <text aria-hidden="true" class="mac close" x={middle} y={rect.y + 32}>
          {fit(item.mac, 8)}
        </text>
      )}
    </g>
  );
}

/** One of many: a small square. */
function Cell({ node, box, marks, menus, texts, measures, detailed }: NamespaceProps) {
  const [container] = node.containers;
  if (!container) return null;
  const { id, name, state } = container;
  const item = node.interfaces.find(({ ipv4, ipv6 }) => ipv4 !== undefined || ipv6 !== undefined);
  const address = item?.ipv4 ?? item?.ipv6;
  return (
    <g
      class={classes(
        'node namespace cell element container',
        !node.running && 'stopped',
        markClasses(marks, id),
        marks.lit.has(node.id) && 'lit',
        marks.fresh.has(node.id) && 'fresh',
      )}
      transform={`translate(${box.x} ${box.y})`}
      data-container={container.containerId}
      {...elementProps(
        id,
        address === undefined ? containerLabel(container, texts) : `${containerLabel(container, texts)}, ${address}`,
        menus[id],
        marks.selected === id,
      )}
    >
      <rect class="shape" width={box.width} height={box.height} rx={3} />
      <StateMark state={state} x={box.width / 2} y={8} />
      {detailed && (
        <text aria-hidden="true" class="cell-name near" x={box.width / 2} y={box.height - 3}>
          {fitText(name, box.width - 3, 6, measures.text)}
        </text>
      )}
      {detailed && (
        <title aria-hidden="true">{address === undefined ? nodeName(node) : `${nodeName(node)} ${address}`}</title>
      )}
    </g>
  );
}
