import { useEffect, useRef } from 'preact/hooks';
import type { Texts } from '../../protocol/texts.ts';

export type ExportWhat = 'svg' | 'png' | 'mermaid' | 'dot' | 'json' | 'copyMermaid';

export interface ExportMenuProps {
  readonly texts: Texts;
  /** Pictures are made of the drawing; a table has none. */
  readonly hasPicture: boolean;
  readonly choose: (what: ExportWhat) => void;
}

export function ExportMenu({ texts, hasPicture, choose }: ExportMenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => menu.current?.querySelector('button')?.focus(), []);
  const items: readonly (readonly [what: ExportWhat, text: string])[] = [
    ...(hasPicture ? [['svg', texts.exportSvg] as const, ['png', texts.exportPng] as const] : []),
    ['mermaid', texts.exportMermaid],
    ['dot', texts.exportDot],
    ['json', texts.exportJson],
    ['copyMermaid', texts.copyMermaid],
  ];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const buttons = [...(menu.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons.at((at + (event.key === 'ArrowDown' ? 1 : -1)) % buttons.length)?.focus();
  };
  return (
    <div ref={menu} class="popover menu" role="menu" aria-label={texts.exportMenu} onKeyDown={onKeyDown}>
      {items.map(([what, text]) => (
        <button key={what} type="button" role="menuitem" onClick={() => choose(what)}>
          {text}
        </button>
      ))}
    </div>
  );
}
