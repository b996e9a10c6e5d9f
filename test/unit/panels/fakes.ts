import type { Face } from '../../../src/panels/diagram.ts';
import type { Memory } from '../../../src/panels/positions.ts';
import { Emitter } from '../../../src/live/emitter.ts';
import type { FromWebview, ToWebview } from '../../../src/protocol/messages.ts';

/** A webview as a panel sees it. The script in it is the test. */
export class FakeFace implements Face {
  readonly posted: ToWebview[] = [];
  readonly #messages = new Emitter<unknown>();
  readonly #visibility = new Emitter<undefined>();
  readonly onMessage = this.#messages.event;
  readonly onDidChangeVisibility = this.#visibility.event;
  visible = true;

  post(message: ToWebview): void {
    // As VS Code carries it.
    this.posted.push(JSON.parse(JSON.stringify(message)) as ToWebview);
  }

  say(message: FromWebview | object | string): void {
    this.#messages.fire(message);
  }

  turn(visible: boolean): void {
    this.visible = visible;
    this.#visibility.fire(undefined);
  }

  /** What was posted since the last call, of one kind. */
  take<Type extends ToWebview['type']>(type: Type): Extract<ToWebview, { type: Type }>[] {
    const found = this.posted.filter((message) => message.type === type) as Extract<ToWebview, { type: Type }>[];
    this.posted.splice(0, this.posted.length, ...this.posted.filter((message) => message.type !== type));
    return found;
  }
}

export class FakeMemory implements Memory {
  value: unknown;
  writes = 0;
  get(): unknown {
    return this.value;
  }
  update(_key: string, value: unknown): Promise<void> {
    this.value = value;
    this.writes += 1;
    return Promise.resolve();
  }
}
