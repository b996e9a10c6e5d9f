import type { HostLinkNode, NamespaceNode } from '../../topology/graphModel.ts';
import type { Point, Rect } from '../layout.ts';
import {
  boxPadding,
  cellHeight,
  cellWidth,
  chipDrop,
  chipHeight,
  chipStepX,
  chipStepY,
  chipWidth,
  gutter,
  interfaceHeight,
  interfacesPerLine,
  linkHeight,
  titleHeight,
  titlesPerColumn,
  unit,
} from './sizes.ts';

/** How a box looks like, measured from its top left corner. */
export interface Shape {
  readonly width: number;
  readonly height: number;
  /** Width in units with the gutter; 0 for a cell. */
  readonly units: number;
  /** Container item id → the line with its name. */
  readonly titles: ReadonlyMap<string, Rect>;
  /** Interface id → where its name and address are written. */
  readonly interfaces: ReadonlyMap<string, Rect>;
  /** Interface id → where its wire leaves, on the lower edge. */
  readonly ports: ReadonlyMap<string, Point>;
  /** Interface id → its chip, and where the wire enters and leaves it. */
  readonly chips: ReadonlyMap<string, Chip>;
  /** Height of what is below the box and belongs to it: its chips. */
  readonly chipZone: number;
}

export interface Chip {
  readonly rect: Rect;
  readonly enterX: number;
  readonly leaveX: number;
}

const none = new Map<string, never>();

/** The shape of a box. It depends on nothing but the node, and on whether its network draws cells. */
export function shapeOf(node: NamespaceNode | HostLinkNode, compact: boolean): Shape {
  if (compact) return cellOf(node);
  if (node.kind === 'link') {
    return { ...widthOf(2), height: linkHeight, titles: none, interfaces: none, ports: none, chips: none, chipZone };
  }
  return node.type === 'host' ? hostShape(node) : namespaceShape(node);
}

/** Room for one line of chips, kept even where there are none: so all boxes of one line stand on one height. */
const chipZone = chipDrop + chipHeight;

/** Size of most boxes: one container with one interface. */
export const usualBox = { width: 2 * unit - gutter, height: 2 * boxPadding + titleHeight + interfaceHeight } as const;

function widthOf(units: number): { width: number; units: number } {
  return { width: units * unit - gutter, units };
}

function cellOf(node: NamespaceNode | HostLinkNode): Shape {
  const ports = node.kind === 'link' ? none : portsAlong(node, cellWidth, cellHeight);
  return {
    width: cellWidth,
    height: cellHeight,
    units: 0,
    titles: none,
    interfaces: none,
    ports,
    chips: none,
    chipZone: 0,
  };
}

/** The host has its own links, not wires: its seats leave side by side. */
function hostShape(node: NamespaceNode): Shape {
  const columns = Math.min(4, Math.ceil(node.containers.length / titlesPerColumn));
  const { width, units } = widthOf(Math.max(2, 2 * columns));
  const lines = Math.ceil(node.containers.length / Math.max(1, columns));
  const height = 2 * boxPadding + lines * titleHeight;
  return {
    width,
    height,
    units,
    titles: titlesOf(node, width, Math.max(1, columns)),
    interfaces: none,
    ports: portsAlong(node, width, height),
    chips: none,
    chipZone,
  };
}

function portsAlong(node: NamespaceNode, width: number, height: number): Map<string, Point> {
  const count = node.interfaces.length;
  return new Map(node.interfaces.map((item, at) => [item.id, { x: (width * (at + 1)) / (count + 1), y: height }]));
}

function titlesOf(node: NamespaceNode, width: number, columns: number): Map<string, Rect> {
  const lines = Math.ceil(node.containers.length / columns);
  return new Map(
    node.containers.map((item, at) => [
      item.id,
      {
        x: (Math.floor(at / lines) * width) / columns,
        y: boxPadding + (at % lines) * titleHeight,
        width: width / columns,
        height: titleHeight,
      },
    ]),
  );
}

function namespaceShape(node: NamespaceNode): Shape {
  const count = Math.max(1, node.interfaces.length);
  const columns = Math.min(count, interfacesPerLine);
  const lines = Math.ceil(count / columns);
  // Chips of a second line stand one step lower and to the right: see chipAt.
  const leastColumn = chipWidth + (lines - 1) * chipStepX + 2;
  const { width, units } = widthOf(Math.max(columns + 1, Math.ceil((columns * leastColumn + gutter) / unit)));
  const top = boxPadding + node.containers.length * titleHeight;
  const height = top + lines * interfaceHeight + boxPadding;
  const columnWidth = width / columns;
  const interfaces = new Map<string, Rect>();
  const ports = new Map<string, Point>();
  const chips = new Map<string, Chip>();
  node.interfaces.forEach((item, at) => {
    const column = at % columns;
    const line = Math.floor(at / columns);
    interfaces.set(item.id, {
      x: column * columnWidth,
      y: top + line * interfaceHeight,
      width: columnWidth,
      height: interfaceHeight,
    });
    const chip = chipAt(column * columnWidth, columnWidth, line, lines, height);
    chips.set(item.id, chip);
    ports.set(item.id, { x: chip.enterX, y: height });
  });
  return {
    width,
    height,
    units,
    titles: titlesOf(node, width, 1),
    interfaces,
    ports,
    chips,
    chipZone: chipDrop + chipHeight + (lines - 1) * chipStepY,
  };
}

/**
 * One line of interfaces: the chip hangs below the port's middle. Several lines: chips of one column stand in steps. A
 * wire enters a chip at its right end and leaves at its left end, so that it passes beside the chips of other lines.
 */
function chipAt(left: number, columnWidth: number, line: number, lines: number, boxHeight: number): Chip {
  const stairs = chipWidth + (lines - 1) * chipStepX;
  const x = left + (columnWidth - stairs) / 2 + line * chipStepX;
  const rect = { x, y: boxHeight + chipDrop + line * chipStepY, width: chipWidth, height: chipHeight };
  const middle = x + chipWidth / 2;
  if (lines === 1) return { rect, enterX: middle, leaveX: middle };
  return { rect, enterX: x + chipWidth - chipStepX / 2, leaveX: x + chipStepX / 2 };
}
