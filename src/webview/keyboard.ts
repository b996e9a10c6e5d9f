import type { Direction } from './layout/query.ts';

/** What a key means while the drawing has the focus. */
export type KeyMeaning =
  | { readonly do: 'go'; readonly direction: Direction }
  | { readonly do: 'first' | 'last' | 'select' | 'unselect' | 'focus' | 'search' | 'zoomIn' | 'zoomOut' | 'fit' }
  | { readonly do: 'pan'; readonly x: number; readonly y: number };

export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const panning: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [80, 0],
  right: [-80, 0],
  up: [0, 80],
  down: [0, -80],
};

export function meaningOf({ key, ctrlKey, metaKey, shiftKey, altKey }: Key): KeyMeaning | undefined {
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'f') return { do: 'search' };
  if (ctrlKey || metaKey || altKey) return undefined;
  const direction = Object.hasOwn(arrows, key) ? arrows[key] : undefined;
  if (direction) {
    const [x, y] = panning[direction];
    return shiftKey ? { do: 'pan', x, y } : { do: 'go', direction };
  }
  switch (key) {
    case 'Home':
      return { do: 'first' };
    case 'End':
      return { do: 'last' };
    case 'Enter':
      return shiftKey ? { do: 'focus' } : { do: 'select' };
    case ' ':
      return { do: 'select' };
    case 'Escape':
      return { do: 'unselect' };
    case '/':
      return { do: 'search' };
    case '+':
    case '=':
      return { do: 'zoomIn' };
    case '-':
    case '_':
      return { do: 'zoomOut' };
    case '0':
      return { do: 'fit' };
    default:
      return undefined;
  }
}
