import type { NodeId } from '../../topology/graphModel.ts';
import { footprintOf, groundOf, isInside, overlaps, Places, sizeFor, type Block, type Placed } from './block.ts';
import { rememberedBlock, type Memory } from './memory.ts';
import type { BoxNode, Plan } from './plan.ts';
import { shapeOf, usualBox } from './shape.ts';
import { Shelves } from './shelves.ts';
import { cellPitchX, cellPitchY, compactAbove, fullUpTo, gutter } from './sizes.ts';

type PlannedBox = Plan['boxes'][number];

const looseId = 'block:loose';
const blockIdOf = (home: NodeId | undefined): string => (home === undefined ? looseId : `block:${home}`);

/**
 * Gives every bar its block and every box its place in one. What is remembered stays; what is new takes the nearest
 * free place of its block, which grows where there is room, and gets an annex elsewhere where there is none.
 *
 * Whether a block draws cells is remembered too, and changes late (sizes.ts). When it does, that block alone is
 * arranged anew.
 */
export function settle(plan: Plan, memory: Memory, aspect: number): Shelves {
  const remembered = new Map(rememberedBlocks(plan, memory).map((block) => [block.id, block]));
  const living = livingIn(plan, memory, [...remembered.values()]);
  const incomers = Map.groupBy(
    plan.boxes.filter((box) => !living.has(box.node.id)),
    (box) => blockIdOf(box.bars[0]),
  );
  const dwellers = Map.groupBy(
    plan.boxes.filter((box) => living.has(box.node.id)),
    (box) => living.get(box.node.id) ?? '',
  );

  const homes: (NodeId | undefined)[] = plan.bars.map((bar) => bar.id);
  if (incomers.has(looseId) || remembered.has(looseId)) homes.push(undefined);
  const compactHomes = new Set<NodeId | undefined>();
  const send = (from: string, to: string): void => {
    incomers.set(to, [...(incomers.get(to) ?? []), ...(dwellers.get(from) ?? [])]);
    dwellers.delete(from);
    remembered.delete(from);
  };
  for (const home of homes) {
    const id = blockIdOf(home);
    const main = remembered.get(id);
    const group = [...remembered.values()].filter((block) => block.home === home && isOf(block, id));
    const all = [...group.flatMap((block) => dwellers.get(block.id) ?? []), ...(incomers.get(id) ?? [])];
    const compact = all.length > (main && !main.compact ? fullUpTo : compactAbove);
    if (compact) compactHomes.add(home);
    if (group.every((block) => block.compact === compact)) continue;
    for (const block of group) send(block.id, id);
    if (!main) continue;
    const [width, height] = sizeFor(shapesOf(all, compact), compact);
    if (width <= main.width && height <= main.height) remembered.set(id, { ...main, compact });
  }

  const shelves = new Shelves(memory.rect('host'), aspect);
  for (const refused of shelves.takeBack([...remembered.values()])) {
    for (const box of dwellers.get(refused.id) ?? []) {
      const id = blockIdOf(box.bars[0]);
      incomers.set(id, [...(incomers.get(id) ?? []), box]);
    }
    dwellers.delete(refused.id);
    remembered.delete(refused.id);
  }
  for (const block of remembered.values()) {
    for (const box of takeBackBoxes(block, dwellers.get(block.id) ?? [], memory)) {
      const id = blockIdOf(box.bars[0]);
      incomers.set(id, [...(incomers.get(id) ?? []), box]);
    }
  }
  if (incomers.has(looseId) && !homes.includes(undefined)) homes.push(undefined);

  const order = new Map(plan.boxes.map((box, at) => [box.node.id, at]));
  for (const boxes of incomers.values()) boxes.sort(byPlacing(order));
  const isFirst = shelves.shelves.length === 0;
  const fresh = homes
    .filter((home) => !remembered.has(blockIdOf(home)))
    .map((home) => newBlock(blockIdOf(home), home, home !== undefined, incomers, compactHomes, plan));
  if (isFirst) shelves.fill(neighboursFirst(fresh, plan));
  else for (const block of fresh) shelves.add(block);

  for (const home of homes) placeIncomers(home, incomers.get(blockIdOf(home)) ?? [], shelves, compactHomes.has(home));
  return shelves;
}

function isOf(block: Block, id: string): boolean {
  return block.id === id || block.id.startsWith(`${id}+`);
}

function shapesOf(boxes: readonly PlannedBox[], compact: boolean) {
  return boxes.map((box) => shapeOf(box.node, compact));
}

/** Blocks of all bars that there are, then what still stands elsewhere: annexes, and boxes of a network that is gone. */
function rememberedBlocks(plan: Plan, memory: Memory): Block[] {
  const homes = new Map<string, NodeId | undefined>(plan.bars.map((bar) => [blockIdOf(bar.id), bar.id]));
  const blocks = [...homes].map(([id, home]) => rememberedBlock(memory, id, home, true));
  for (const id of memory.blockIds().sort()) {
    if (!homes.has(id)) blocks.push(rememberedBlock(memory, id, homes.get(id.replace(/\+\d+$/, '')), false));
  }
  return blocks.filter((block) => block !== undefined);
}

/** Box id → the remembered block in which it stands. Blocks without a bar that nobody stands in are dropped. */
function livingIn(plan: Plan, memory: Memory, blocks: readonly Block[]): Map<NodeId, string> {
  const living = new Map<NodeId, string>();
  const byHome = new Map(blocks.map((block) => [block.id, block]));
  for (const { node, bars } of plan.boxes) {
    const at = memory.at(node.id);
    if (!at) continue;
    const contains = (block: Block | undefined): boolean =>
      block !== undefined &&
      at.x >= block.x &&
      at.x < block.x + block.width &&
      at.y >= block.y &&
      at.y < groundOf(block);
    const own = bars.map((bar) => byHome.get(blockIdOf(bar))).find(contains);
    const block = own ?? blocks.find(contains);
    if (block) living.set(node.id, block.id);
  }
  return living;
}

/** Puts boxes where they were. Returns those that no longer fit there; where two collide, that is the one that grew. */
function takeBackBoxes(block: Block, boxes: readonly PlannedBox[], memory: Memory): PlannedBox[] {
  const ready = boxes.map((box) => {
    const shape = shapeOf(box.node, block.compact);
    const size = memory.size(box.node.id) ?? { x: usualBox.width, y: usualBox.height };
    const isSame = block.compact || (size.x === shape.width && size.y === shape.height);
    const at = memory.at(box.node.id) ?? { x: NaN, y: NaN };
    return { box, isSame, placed: { node: box.node, shape, x: at.x, y: at.y } };
  });
  const refused: PlannedBox[] = [];
  const cells = new Set<string>();
  for (const { box, placed } of [...ready.filter((one) => one.isSame), ...ready.filter((one) => !one.isSame)]) {
    const isFree = block.compact ? isFreeCell(block, placed, cells) : isFreePlace(block, placed);
    if (!isFree) refused.push(box);
    else block.placed.push(placed);
  }
  return refused;
}

function isFreeCell(block: Block, placed: Placed, cells: Set<string>): boolean {
  const key = `${placed.x},${placed.y}`;
  const isOnGrid =
    (placed.x - block.x) % cellPitchX === cellPitchX - placed.shape.width &&
    (groundOf(block) - placed.y) % cellPitchY === 0;
  if (!isOnGrid || cells.has(key) || !isInside(block, footprintOf(placed.shape, placed.x, placed.y))) return false;
  cells.add(key);
  return true;
}

function isFreePlace(block: Block, placed: Placed): boolean {
  const footprint = footprintOf(placed.shape, placed.x, placed.y);
  if (placed.x < block.x + gutter || !isInside(block, footprint)) return false;
  return !block.placed.some((other) => overlaps(footprintOf(other.shape, other.x, other.y), footprint));
}

/** Those with wires elsewhere get the ends of the lowest row; what does not run comes last. */
function byPlacing(order: ReadonlyMap<NodeId, number>): (a: PlannedBox, b: PlannedBox) => number {
  const height = (node: BoxNode): number => shapeOf(node, false).height;
  const runs = (node: BoxNode): number => (node.kind === 'namespace' && !node.running ? 1 : 0);
  return (a, b) =>
    runs(a.node) - runs(b.node) ||
    Math.min(b.bars.length, 2) - Math.min(a.bars.length, 2) ||
    height(a.node) - height(b.node) ||
    (order.get(a.node.id) ?? 0) - (order.get(b.node.id) ?? 0);
}

/** False where containers seldom come: a foreign bridge, `host` and `none`. Room is made there when one does. */
function takesBoxes(home: NodeId | undefined, plan: Plan): boolean {
  const bar = plan.bars.find((candidate) => candidate.id === home);
  return bar?.kind === 'network' && bar.driver !== 'host' && bar.driver !== 'null';
}

function newBlock(
  id: string,
  home: NodeId | undefined,
  hasBar: boolean,
  incomers: ReadonlyMap<string, readonly PlannedBox[]>,
  compactHomes: ReadonlySet<NodeId | undefined>,
  plan: Plan,
): Block {
  const compact = compactHomes.has(home);
  const [width, height] = sizeFor(shapesOf(incomers.get(id) ?? [], compact), compact, takesBoxes(home, plan));
  return { id, home, hasBar, x: 0, y: 0, width, height, compact, placed: [] };
}

/** Bars that boxes join come side by side, else the order is kept. */
function neighboursFirst(blocks: readonly Block[], plan: Plan): Block[] {
  const joints = new Map<string, number>();
  for (const { bars } of plan.boxes) {
    // A box on very many networks says nothing about neighbours.
    for (const a of bars.slice(0, 8))
      for (const b of bars.slice(0, 8)) {
        if (a !== b) joints.set(`${a} ${b}`, (joints.get(`${a} ${b}`) ?? 0) + 1);
      }
  }
  const left = new Set(blocks);
  const sorted: Block[] = [];
  for (let last = blocks[0]; last;) {
    sorted.push(last);
    left.delete(last);
    const from: Block = last;
    const joined = (block: Block): number => joints.get(`${from.home ?? ''} ${block.home ?? ''}`) ?? 0;
    let next: Block | undefined;
    for (const block of left) if (!next || joined(block) > joined(next)) next = block;
    last = next;
  }
  return sorted;
}

function placeIncomers(
  home: NodeId | undefined,
  boxes: readonly PlannedBox[],
  shelves: Shelves,
  compact: boolean,
): void {
  if (boxes.length === 0) return;
  const id = blockIdOf(home);
  const all = shelves.shelves.flatMap((shelf) => shelf.blocks);
  const centre = new Map(all.map((block) => [block.id, block.x + block.width / 2]));
  const group = all
    .filter((block) => isOf(block, id))
    .sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
  const places = new Map(group.map((block) => [block, new Places(block)]));
  const put = (box: PlannedBox): boolean => {
    const shape = shapeOf(box.node, compact);
    const here = centre.get(id) ?? 0;
    const away = box.bars.find((bar) => bar !== home);
    const side = away !== undefined && (centre.get(blockIdOf(away)) ?? 0) > here ? 'right' : 'left';
    for (const [, free] of places) if (free.add(box.node, shape, side)) return true;
    for (const [block, free] of places) {
      while (shelves.grow(block)) {
        free.grown();
        if (free.add(box.node, shape, side)) return true;
      }
    }
    return false;
  };
  boxes.forEach((box, at) => {
    if (put(box)) return;
    const names = new Set(group.map((block) => block.id));
    let number = 2;
    while (names.has(`${id}+${number}`)) number++;
    const [width, height] = sizeFor(shapesOf(boxes.slice(at), compact), compact);
    const annex: Block = { id: `${id}+${number}`, home, hasBar: false, x: 0, y: 0, width, height, compact, placed: [] };
    shelves.add(annex);
    group.push(annex);
    places.set(annex, new Places(annex));
    put(box);
  });
}
