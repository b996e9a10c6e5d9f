import type { EngineConnection } from '../engine/engine.ts';
import type { Subject } from './subject.ts';

/** What commands ask of the rest of the extension; extension.ts brings both together. */

/** One way to an engine that can be chosen. `setting` is what the setting `connection` says to come here again. */
export interface ConnectionChoice {
  readonly connection: EngineConnection;
  readonly setting: string;
}

export type ConnectTarget =
  /** What the setting, the environment and Docker's contexts say. */
  | { readonly kind: 'default' }
  /** The recording that comes with the extension. */
  | { readonly kind: 'sample' }
  /** A snapshot that somebody saved; `file` is a path on the machine where the extension runs. */
  | { readonly kind: 'recording'; readonly file: string }
  /** A value of the setting `connection`: an address, or `context:NAME`. */
  | { readonly kind: 'setting'; readonly value: string };

/** What the active diagram can be told to do from outside. */
export type DiagramAction = 'export' | 'search' | 'fit' | 'table' | 'arrange';

/** The topology diagrams that are open. */
export interface Diagrams {
  /** Shows the newest one, or opens the first. */
  open(): void;
  openAnother(): void;
  /** Selects the element in a diagram, which is opened if there is none. */
  show(subject: Subject): void;
  /** False where no diagram is the active editor. */
  tell(action: DiagramAction): boolean;
}

/** Shows a row in its tree; `shown: false` says that nothing there stands for the subject (gone, or filtered out). */
export interface Reveal {
  reveal(place: 'networks' | 'containers' | 'hostLinks', subject: Subject): Promise<{ readonly shown: boolean }>;
}
