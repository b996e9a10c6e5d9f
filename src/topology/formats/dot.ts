import type { Graph } from '../graphModel.ts';
import { outlineOf, type Joint, type OutlineItem } from './outline.ts';

/** A Graphviz graph: each host as a cluster, each namespace as one in it. Labels are plain strings, never HTML. */
export function dotOf(graph: Graph): string {
  const { hosts, joints } = outlineOf(graph);
  return [
    'digraph topology {',
    '  rankdir=TB;',
    '  node [shape=box, fontname="Helvetica"];',
    '  edge [dir=none, fontname="Helvetica", fontsize=10];',
    ...hosts.flatMap(({ name, title, inside, edge }) => [
      `  subgraph cluster_${name} {`,
      `    label=${quoted([title])};`,
      ...inside.flatMap((item) => itemLines(item, '    ')),
      '  }',
      ...edge.flatMap((item) => itemLines(item, '  ')),
    ]),
    ...joints.map((joint) => `  ${jointLine(joint)}`),
    '}',
    '',
  ].join('\n');
}

const shapes: Readonly<Record<Exclude<OutlineItem['shape'], 'box'>, string>> = {
  network: 'box3d',
  link: 'hexagon',
  port: 'oval',
  container: 'component',
  interface: 'box',
};

function itemLines({ name, shape, lines, items, faint }: OutlineItem, indent: string): string[] {
  const label = quoted(lines);
  if (shape !== 'box')
    return [`${indent}${name} [label=${label}, shape=${shapes[shape]}${faint ? ', style=dashed' : ''}];`];
  return [
    `${indent}subgraph cluster_${name} {`,
    `${indent}  label=${label};`,
    ...(faint ? [`${indent}  style=dashed;`] : []),
    ...items.flatMap((item) => itemLines(item, `${indent}  `)),
    `${indent}}`,
  ];
}

function jointLine({ from, to, label, arrow, dashed }: Joint): string {
  const attributes = [
    ...(label === '' ? [] : [`label=${quoted([label])}`]),
    ...(arrow ? ['dir=forward'] : []),
    ...(dashed ? ['style=dashed'] : []),
  ];
  return `${from} -> ${to}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`};`;
}

/** Backslashes begin escapes such as `\N`, and Graphviz decodes HTML entities in plain strings too. */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map((line) => line.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;'));
  return `"${escaped.join('\\n')}"`;
}
