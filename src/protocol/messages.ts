import type { Confidence, LinkCounters } from '../topology/model.ts';
import type { Graph, GraphPatch, HostId, NodeId } from '../topology/graphModel.ts';
import type { GraphFilter } from '../topology/graphView.ts';
import type { Texts } from './texts.ts';

/**
 * All that passes between a panel (panels/) and its webview. Both sides are one union, so the compiler finds a message
 * that nobody handles. Engine data reaches the webview only in here, never in its HTML.
 */

/**
 * Remembered positions of a diagram: node id → left and top, in diagram units; and under keys of its own what else the
 * layout has to remember (webview/layout/memory.ts). Kept and given back as they are.
 */
export type Positions = Readonly<Record<NodeId, readonly [x: number, y: number]>>;

/** `vscode.setState` of a diagram: what a window that is opened again shows. Must tolerate anything older. */
export interface DiagramState {
  readonly version: 1;
  /** Element that the view is narrowed to, and how far around it. */
  readonly focus?: { readonly id: string; readonly hops: number | 'all' };
  readonly selected?: string;
  readonly filter?: GraphFilter;
  readonly table?: boolean;
  readonly viewport?: { readonly x: number; readonly y: number; readonly k: number };
  /** The engine that viewport, focus and selection are about. */
  readonly engineKey?: string;
}

/** What is right-clicked. `menuContext` makes `data-vscode-context` of it: `when` clauses match on `tokens`, commands take `subject`. */
export interface ElementMenu {
  /** Words as in a row's contextValue, joined with `;`. */
  readonly tokens: string;
  /** A `Subject` of editor/subject.ts; the webview passes it on unread. */
  readonly subject: unknown;
}

export interface DetailRow {
  readonly label: string;
  readonly value: string;
  /** Shown in the editor's monospace font: addresses, names of links. */
  readonly code?: boolean;
  /** Element that a click selects. */
  readonly target?: string;
}
export interface DetailSection {
  readonly title: string;
  readonly rows: readonly DetailRow[];
}
/** The card of what is selected: a container's wiring card, a network, a link. All text is plain and translated. */
export interface Detail {
  readonly id: string;
  readonly title: string;
  readonly subtitle?: string;
  readonly confidence?: Confidence;
  readonly sections: readonly DetailSection[];
  /** Host link whose traffic the card charts. */
  readonly trafficLink?: string;
}

/** What a webview asks and is answered; a failure comes back as a rejection with a text for people. */
export interface Asks {
  detail: { readonly ask: { readonly id: string }; readonly answer: Detail | undefined };
  /** Saves text or base64 that the webview made; answers where, or undefined where the person cancelled. */
  save: {
    readonly ask: { readonly format: 'svg' | 'png'; readonly content: string };
    readonly answer: string | undefined;
  };
  /** Mermaid, DOT, JSON: written by the host of what is shown (`ids`: nodes that are visible; absent: all). */
  exportText: {
    readonly ask: {
      readonly format: 'mermaid' | 'dot' | 'json';
      readonly to: 'file' | 'clipboard';
      readonly ids?: readonly NodeId[];
    };
    readonly answer: string | undefined;
  };
  /** Shows the element in its tree. */
  reveal: { readonly ask: { readonly id: string }; readonly answer: boolean };
  /** The container was dropped on the network: asks the person, then connects. */
  connect: {
    readonly ask: { readonly containerId: string; readonly networkId: string; readonly host?: HostId };
    readonly answer: undefined;
  };
}
export type AskName = keyof Asks;

/**
 * Counters of host links at one moment: name → counters, seen from the host's side. In a graph of several hosts the name is
 * followed by `@` and the host's id (`scopedId`).
 */
export interface TrafficSample {
  /** Milliseconds of a clock that only moves forward. */
  readonly at: number;
  readonly links: Readonly<Record<string, LinkCounters>>;
}

/** The engine's state in words, and whether the picture is old. */
export interface EngineStatus {
  readonly kind: 'connecting' | 'ready' | 'empty' | 'failed';
  readonly text: string;
  /** Of several hosts: those whose part of the picture is old. */
  readonly old?: readonly HostId[];
}

export type ToWebview =
  | {
      readonly type: 'start';
      readonly texts: Texts;
      /** Key under which positions are remembered: one engine. */
      readonly engineKey: string;
      readonly graph: Graph | undefined;
      readonly menus: Readonly<Record<string, ElementMenu>>;
      readonly positions: Positions;
      readonly status: EngineStatus;
      /** Element to select and show first. */
      readonly select?: string;
    }
  | {
      readonly type: 'patch';
      readonly patch: GraphPatch;
      /** Menus that are new or changed. */
      readonly menus: Readonly<Record<string, ElementMenu>>;
    }
  | { readonly type: 'status'; readonly status: EngineStatus }
  | { readonly type: 'select'; readonly id: string }
  /** A command of the palette or the panel's title for this diagram. */
  | { readonly type: 'do'; readonly what: 'export' | 'search' | 'fit' | 'table' | 'arrange' }
  | { readonly type: 'traffic'; readonly sample: TrafficSample }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'rejection'; readonly id: number; readonly message: string };

export type FromWebview =
  /** The script runs and listens: send `start`. */
  | { readonly type: 'ready' }
  | { readonly type: 'positions'; readonly engineKey: string; readonly positions: Positions }
  | { readonly type: 'selected'; readonly id: string | undefined }
  | { readonly type: 'log'; readonly message: string }
  | {
      readonly [Name in AskName]: {
        readonly type: 'ask';
        readonly id: number;
        readonly name: Name;
        readonly value: Asks[Name]['ask'];
      };
    }[AskName];
