import type { ToWebview } from '../../src/protocol/messages.ts';
import type { Rect } from '../../src/webview/layout.ts';

/** Shared by the pages in page/ and by what drives them: types alone, neither Node's nor a browser's. */

export interface DrawnBox extends Rect {
  readonly id: string;
  readonly name: string;
}

export interface DrawnLine {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** One topology for all renderers. */
export interface Drawing {
  /** What the panel sends to the diagram. */
  readonly start: Extract<ToWebview, { type: 'start' }>;
  /** What the diagram makes of it, for those that lay nothing out: its boxes, and the edges that it draws. */
  readonly boxes: readonly DrawnBox[];
  readonly lines: readonly DrawnLine[];
  /** The other edges of the graph: the wires of containers that are cells, which the diagram draws where asked. */
  readonly hidden: readonly DrawnLine[];
}

/** Milliseconds since the drawing was given. */
export interface Mounted {
  /** Until the first frame with every box was on the screen. */
  readonly shown: number;
  /** Until nothing more was added: small print that nobody can read yet may come after the rest. */
  readonly whole: number;
}

/** The global `renderer` of a page in page/. Nothing was drawn before `mount`. */
export interface Renderer {
  mount(drawing: Drawing): Promise<Mounted>;
  /** Zooms to scale 1, where all is written out. */
  approach(): Promise<void>;
  /** Drags the background for so many milliseconds; how many frames a second showed the picture at another place. */
  pan(milliseconds: number): Promise<number>;
}

/** The extension's own. */
export interface DiagramRenderer extends Renderer {
  /** Milliseconds that laying out alone takes, before it was ever done. */
  layOut(drawing: Drawing): number;
}
