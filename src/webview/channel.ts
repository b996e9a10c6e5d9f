import type { AskName, Asks, FromWebview, ToWebview } from '../protocol/messages.ts';

/** Milliseconds after which the panel is believed to be gone. */
const limit = 30_000;
/** For what waits for a person in a dialog of the editor. */
const patientLimit = 30 * 60_000;
const limits: Readonly<Record<AskName, number>> = {
  detail: limit,
  reveal: limit,
  connect: limit,
  save: patientLimit,
  exportText: patientLimit,
};

/** What the panel says that is no answer. */
export type News = Exclude<ToWebview, { type: 'answer' | 'rejection' }>;

export interface ChannelParts {
  /** `acquireVsCodeApi().postMessage`. */
  readonly post: (message: FromWebview) => void;
  readonly receive: (news: News) => void;
  /** What a rejection says where no answer came. */
  readonly noAnswer: () => string;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/**
 * The webview's side of the one channel to its panel.
 *
 * Architecture invariant: whatever is asked settles, with an answer, a refusal in words for people, or after a time.
 */
export class Channel {
  readonly #parts: ChannelParts;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(parts: ChannelParts) {
    this.#parts = parts;
  }

  /** For messages that nobody answers. */
  tell(message: Exclude<FromWebview, { type: 'ask' }>): void {
    this.#parts.post(message);
  }

  ask<Name extends AskName>(name: Name, value: Asks[Name]['ask']): Promise<Asks[Name]['answer']> {
    this.#asked += 1;
    const id = this.#asked;
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id)?.reject(new Error(this.#parts.noAnswer())), limits[name]);
      this.#waiting.set(id, { resolve, reject, timer });
      try {
        this.#parts.post({ type: 'ask', id, name, value } as FromWebview);
      } catch (thrown) {
        this.#settle(id)?.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
      }
    });
    // The panel answers each name with its own type: protocol/messages.ts has both sides.
    return answer as Promise<Asks[Name]['answer']>;
  }

  /** The data of a `message` event. */
  take(message: ToWebview): void {
    switch (message.type) {
      case 'answer':
        this.#settle(message.id)?.resolve(message.value);
        return;
      case 'rejection':
        this.#settle(message.id)?.reject(new Error(message.message));
        return;
      default:
        this.#parts.receive(message);
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    return waiting;
  }
}
