import type { Texts } from '../protocol/texts.ts';
import type { Channel } from './channel.ts';
import { pngOf, svgOf } from './exportImage.ts';
import { hostsText } from './hostParts.ts';
import type { SceneModel } from './scenes.ts';
import { fill } from './texts.ts';
import type { ExportWhat } from './ui/exportMenu.tsx';

/** Saves or copies what is drawn. Answers what to say of it; undefined where the person changed their mind. */
export async function exportScene(
  what: ExportWhat,
  { index, layout }: SceneModel,
  svg: SVGSVGElement | undefined,
  channel: Channel,
  texts: Texts,
): Promise<string | undefined> {
  if (what === 'svg' || what === 'png') {
    if (!svg) return undefined;
    const picture = svgOf(svg, layout.bounds, fill(texts.diagram, hostsText(index.graph)));
    const content = what === 'svg' ? picture : await pngOf(picture, layout.bounds);
    const place = await channel.ask('save', { format: what, content });
    return place === undefined ? undefined : fill(texts.exported, place);
  }
  const isCopy = what === 'copyMermaid';
  const place = await channel.ask('exportText', {
    format: isCopy ? 'mermaid' : what,
    to: isCopy ? 'clipboard' : 'file',
    ids: index.graph.nodes.map(({ id }) => id),
  });
  if (isCopy) return texts.copied;
  return place === undefined ? undefined : fill(texts.exported, place);
}
