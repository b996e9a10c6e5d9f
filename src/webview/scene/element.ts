import { menuContext } from '../../protocol/menuContext.ts';
import type { ElementMenu } from '../../protocol/messages.ts';

/** What every element of the drawing has in common: found by its id, named for a screen reader, with its menu. */
export interface ElementProps {
  readonly 'data-id': string;
  readonly 'data-vscode-context': string | undefined;
  readonly role: 'img';
  readonly 'aria-label': string;
  readonly 'aria-current': 'true' | undefined;
  readonly tabindex: -1;
}

const contexts = new WeakMap<ElementMenu, string>();

/** `data-vscode-context`; made once for each menu. */
export function contextOf(menu: ElementMenu | undefined): string | undefined {
  if (!menu) return undefined;
  let context = contexts.get(menu);
  if (context === undefined) {
    context = menuContext(menu);
    contexts.set(menu, context);
  }
  return context;
}

export function elementProps(
  id: string,
  label: string,
  menu: ElementMenu | undefined,
  isSelected: boolean,
): ElementProps {
  return {
    'data-id': id,
    'data-vscode-context': contextOf(menu),
    // Not a widget's role: what is written in it is shortened, and the label says it in full.
    role: 'img',
    'aria-label': label,
    'aria-current': isSelected ? 'true' : undefined,
    // One of them gets 0: keyboard.ts moves it without drawing anything again.
    // In small letters: attributes of SVG are not HTML's.
    tabindex: -1,
  };
}

/** Class names, without those that are off. */
export function classes(...names: readonly (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}

/** How an element stands out at this moment. */
export interface Marks {
  readonly selected: string | undefined;
  /** Empty while nothing is selected. */
  readonly lit: ReadonlySet<string>;
  readonly fresh: ReadonlySet<string>;
}

/** True where none of these ids looks different from before. */
export function isMarkedAlike(before: Marks, after: Marks, ids: readonly string[]): boolean {
  if (before === after) return true;
  return ids.every(
    (id) =>
      (before.selected === id) === (after.selected === id) &&
      before.lit.has(id) === after.lit.has(id) &&
      before.fresh.has(id) === after.fresh.has(id),
  );
}

export function markClasses(marks: Marks, id: string): string {
  return classes(marks.lit.has(id) && 'lit', marks.selected === id && 'selected', marks.fresh.has(id) && 'fresh');
}
