import type { Rect } from './layout.ts';
import { levels } from './scene/viewport.ts';

/** Bitmaps are twice as fine as the screen, as far as browsers and viewers take it. */
const bitmapScale = 2;
const mostPixels = 8192;

/** What of a computed style a picture needs, with what it is where nothing says otherwise. */
const properties: Readonly<Record<string, string>> = {
  fill: 'rgb(0, 0, 0)',
  'fill-opacity': '1',
  'stroke-opacity': '1',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  opacity: '1',
  'paint-order': 'normal',
};
const textProperties: Readonly<Record<string, string>> = {
  'font-family': '',
  'font-size': '',
  'font-weight': '400',
  'text-anchor': 'start',
};
const kept = ['d', 'x', 'y', 'width', 'height', 'rx', 'cx', 'cy', 'r', 'transform'];
const ns = 'http://www.w3.org/2000/svg';

/** The whole diagram, in full detail, as a file that looks the same without this window. */
export function svgOf(diagram: SVGSVGElement, bounds: Rect, title: string): string {
  const stage = stageOf(diagram);
  try {
    const world = stage.querySelector('.world');
    const file = document.implementation.createDocument(ns, 'svg', null);
    const root = file.documentElement;
    root.setAttribute('viewBox', `${bounds.x} ${bounds.y} ${bounds.width} ${bounds.height}`);
    root.setAttribute('width', String(Math.ceil(bounds.width)));
    root.setAttribute('height', String(Math.ceil(bounds.height)));
    const name = file.createElementNS(ns, 'title');
    name.textContent = title;
    const background = file.createElementNS(ns, 'rect');
    for (const key of ['x', 'y', 'width', 'height'] as const) background.setAttribute(key, String(bounds[key]));
    background.setAttribute('fill', backgroundOf(diagram));
    root.append(name, background);
    const colours = new Colours();
    for (const child of world?.children ?? []) copyInto(root, child, file, colours);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(file)}\n`;
  } finally {
    stage.remove();
  }
}

/** A PNG of that file, as base64. */
export async function pngOf(svg: string, bounds: Rect): Promise<string> {
  const scale = Math.min(bitmapScale, mostPixels / Math.max(bounds.width, bounds.height));
  const image = new Image();
  // The panel's policy lets images be data, not blobs.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bounds.width * scale);
  canvas.height = Math.round(bounds.height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^data:[^,]*,/, '');
}

/** A copy that is styled as if one had zoomed in, with nothing selected. It is in the page, or it had no styles. */
function stageOf(diagram: SVGSVGElement): SVGSVGElement {
  const stage = diagram.cloneNode(true) as SVGSVGElement;
  stage.classList.remove(...levels);
  stage.classList.add('close', 'stage');
  stage.setAttribute('aria-hidden', 'true');
  for (const element of stage.querySelectorAll('.lit, .selected, .fresh')) {
    element.classList.remove('lit', 'selected', 'fresh');
  }
  for (const element of stage.querySelectorAll('[tabindex]')) element.removeAttribute('tabindex');
  document.body.append(stage);
  return stage;
}

function copyInto(parent: Element, source: Element, file: XMLDocument, colours: Colours): void {
  if (source.localName === 'title') {
    const title = file.createElementNS(ns, 'title');
    title.textContent = source.textContent;
    parent.prepend(title);
    return;
  }
  const style = getComputedStyle(source);
  if (style.display === 'none' || style.visibility === 'hidden') return;
  const copy = file.createElementNS(ns, source.localName);
  for (const name of kept) {
    const value = source.getAttribute(name);
    if (value !== null) copy.setAttribute(name, value);
  }
  if (source.localName === 'g') {
    if (style.opacity !== '1') copy.setAttribute('opacity', style.opacity);
    for (const child of source.children) copyInto(copy, child, file, colours);
    if (copy.childElementCount > 0) parent.append(copy);
    return;
  }
  // What only catches the pointer is not to be seen.
  if (source.classList.contains('hit') || source.classList.contains('edge-hit')) return;
  const isText = source.localName === 'text';
  for (const [name, usual] of Object.entries(isText ? { ...properties, ...textProperties } : properties)) {
    const value = style.getPropertyValue(name);
    const plain = name === 'fill' || name === 'stroke' ? colours.plain(value) : value;
    if (plain !== usual && plain !== '') copy.setAttribute(name, plain);
  }
  if (isText) {
    // Where the zoom moves a line.
    if (style.transform !== 'none') copy.setAttribute('transform', style.transform);
    copy.textContent = source.textContent;
    // The first family is this machine's; elsewhere a generic one must do.
    const isCode = style.getPropertyValue('--code').trim() !== '';
    const family = copy.getAttribute('font-family') ?? '';
    if (!/\b(sans-serif|monospace)\b/.test(family)) {
      copy.setAttribute('font-family', [family, isCode ? 'monospace' : 'sans-serif'].filter(Boolean).join(', '));
    }
  }
  parent.append(copy);
}

function backgroundOf(diagram: SVGSVGElement): string {
  for (let at: Element | null = diagram; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (backgroundColor !== 'rgba(0, 0, 0, 0)' && backgroundColor !== 'transparent') {
      return new Colours().plain(backgroundColor);
    }
  }
  return 'white';
}

/** Mixed colours as plain `rgb()`: viewers of SVG do not know `color(srgb …)`. */
class Colours {
  readonly #known = new Map<string, string>();
  readonly #context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  plain(value: string): string {
    if (!value.startsWith('color(') && !value.startsWith('oklab(')) return value;
    let plain = this.#known.get(value);
    if (plain === undefined) this.#known.set(value, (plain = this.#paint(value)));
    return plain;
  }

  #paint(value: string): string {
    const context = this.#context;
    if (!context) return value;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = value;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 255] = context.getImageData(0, 0, 1, 1).data;
    return alpha === 255 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
  }
}
