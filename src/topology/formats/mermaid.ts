import type { Graph } from '../graphModel.ts';
import { outlineOf, type Joint, type Level, type Outline, type OutlineItem } from './outline.ts';

/** What Mermaid refuses to draw by default. Source: mermaid config.schema.yaml, `maxTextSize` and `maxEdges`. */
const mostText = 50_000;
const mostEdges = 500;

/**
 * A Mermaid flowchart, for a README: each host as a subgraph, each namespace as one in it, wires labelled with both their
 * ends. Large graphs are folded until Mermaid takes them.
 */
export function mermaidOf(graph: Graph): string {
  const levels: readonly Level[] = ['all', 'folded', 'networks'];
  let text = '';
  for (const level of levels) {
    const outline = outlineOf(graph, level);
    text = write(outline);
    if (text.length < mostText && outline.joints.length <= mostEdges) break;
  }
  return text;
}

function write({ hosts, joints }: Outline): string {
  return [
    'flowchart TB',
    ...hosts.flatMap(({ name, title, inside, edge }) => [
      `  subgraph ${name}["${mermaidText(title)}"]`,
      ...inside.flatMap((item) => itemLines(item, '    ')),
      '  end',
      ...edge.flatMap((item) => itemLines(item, '  ')),
    ]),
    ...joints.map((joint) => `  ${jointLine(joint)}`),
    '',
  ].join('\n');
}

const shapes: Readonly<Record<Exclude<OutlineItem['shape'], 'box'>, readonly [string, string]>> = {
  network: ['[', ']'],
  link: ['{{', '}}'],
  port: ['([', '])'],
  container: ['(', ')'],
  interface: ['[', ']'],
};

function itemLines({ name, shape, lines, items }: OutlineItem, indent: string): string[] {
  // Mermaid takes no empty label.
  const label = `"${lines.map(mermaidText).join('<br/>') || ' '}"`;
  if (shape !== 'box') {
    const [open, close] = shapes[shape];
    return [`${indent}${name}${open}${label}${close}`];
  }
  return [
    `${indent}subgraph ${name}[${label}]`,
    ...items.flatMap((item) => itemLines(item, `${indent}  `)),
    `${indent}end`,
  ];
}

function jointLine({ from, to, label, arrow, dashed }: Joint): string {
  const line = dashed ? (arrow ? '-.->' : '-.-') : arrow ? '-->' : '---';
  return label === '' ? `${from} ${line} ${to}` : `${from} ${line}|"${mermaidText(label)}"| ${to}`;
}

/**
 * Mermaid's own entities (`#35;`) for what would end the string, begin Markdown, HTML or a directive. A colon goes too
 * behind the words `style` and `classDef`, for its preprocessor looks for them anywhere in a line.
 */
function mermaidText(text: string): string {
  const coded = text
    .replace(/["#`<>&%*~|\\{}[\]$^]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|[.)](?=\s)|[-+](?=\s)/gu, code)
    .replace(/^[-+=]/, code);
  return /style|classDef/.test(coded) ? coded.replaceAll(':', code) : coded;
}

function code(character: string): string {
  return `#${character.codePointAt(0) ?? 32};`;
}
