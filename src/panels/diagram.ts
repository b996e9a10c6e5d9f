import { thrownText } from '../editor/log.ts';
import type { DiagramAction } from '../editor/ports.ts';
import type { Sessions } from '../editor/sessions.ts';
import type { ShownHost, ShownHosts } from '../editor/shownHosts.ts';
import type { Subject } from '../editor/subject.ts';
import { visible } from '../editor/untrusted.ts';
import type { Disposable } from '../live/emitter.ts';
import type { EngineStatus, FromWebview, ToWebview } from '../protocol/messages.ts';
import { elementOf } from '../topology/graphElements.ts';
import { diffGraph } from '../topology/graphPatch.ts';
import { refusalText, type Answer } from './asks.ts';
import { parseFromWebview } from './incoming.ts';
import { changedMenus, type Picture, type Pictures } from './pictures.ts';
import type { PositionMemory } from './positions.ts';
import { statusOfAll } from './statusText.ts';
import { diagramTexts } from './texts.ts';
import type { Traffic } from './traffic.ts';

/** A webview panel, as far as a diagram knows it. */
export interface Face {
  readonly visible: boolean;
  post(message: ToWebview): void;
  onMessage(listener: (message: unknown) => void): Disposable;
  onDidChangeVisibility(listener: () => void): Disposable;
}

export interface DiagramParts {
  readonly sessions: Sessions;
  readonly hosts: ShownHosts;
  readonly pictures: Pictures;
  readonly positions: PositionMemory;
  readonly traffic: Traffic;
  /** Answers what the webview asks; rejects with what went wrong. */
  readonly answer: Answer;
  readonly log: { warn(message: string): void };
}

/**
 * One diagram: keeps what its webview shows true to the engines that are shown.
 *
 * A hidden webview is taken down by the editor and starts anew when it is shown (no `retainContextWhenHidden`), so what
 * is sent meanwhile would be lost: nothing is, and `ready` is answered with all there is.
 */
export class Diagram implements Disposable {
  readonly #face: Face;
  readonly #parts: DiagramParts;
  /** Under which the session counts this panel among those who look. */
  readonly #viewer: string;
  readonly #subscriptions: readonly Disposable[];
  /** The script said that it listens, and was not hidden since. */
  #live = false;
  /** How often it started: an answer is for the script that asked, and each numbers its questions anew. */
  #life = 0;
  /** What the webview was sent. */
  #shown: Picture | undefined;
  /** Of which engines that was. */
  #startedFor = '';
  #status: string | undefined;
  #wanted: Subject | undefined;
  #pending: DiagramAction | undefined;
  #traffic: Disposable | undefined;

  constructor(face: Face, viewer: string, parts: DiagramParts) {
    this.#face = face;
    this.#parts = parts;
    this.#viewer = viewer;
    const { sessions } = parts;
    this.#subscriptions = [
      face.onMessage((message) => this.#receive(message)),
      face.onDidChangeVisibility(() => this.#followVisibility()),
      sessions.onDidChangePlaces(() => this.#follow()),
      sessions.onDidChangeSession(() => this.#follow()),
      sessions.onDidChangeState(() => this.#tellStatus()),
      sessions.onDidChangeSnapshot(() => this.update()),
    ];
    this.#followVisibility();
  }

  /** Selects what stands for the subject, as soon as there is something that does. */
  show(subject: Subject): void {
    this.#wanted = subject;
    const id = this.#live && this.#shown !== undefined ? this.#takeWanted(this.#shown) : undefined;
    if (id !== undefined) this.#face.post({ type: 'select', id });
  }

  tell(what: DiagramAction): void {
    if (this.#live) this.#face.post({ type: 'do', what });
    else this.#pending = what;
  }

  /** Sends what changed since the last time. */
  update(): void {
    const { all } = this.#parts.hosts;
    if (!this.#live || all.length === 0) return;
    // An engine that was read for the first time makes another picture of it: its ids are others.
    if (this.#shown === undefined || this.#engineKey() !== this.#startedFor) return this.#start();
    const before = this.#shown;
    const after = this.#picture(all);
    if (after === undefined || after === before) return this.#tellStatus();
    const patch = diffGraph(before.shown, after.shown);
    const menus = changedMenus(before.menus, after.menus);
    this.#shown = after;
    if (patch !== undefined || Object.keys(menus).length > 0) {
      const { nodes: _nodes, edges: _edges, ...head } = after.shown;
      this.#face.post({ type: 'patch', patch: patch ?? { head, nodes: [], edges: [], removed: [] }, menus });
    }
    this.#tellStatus();
    const id = this.#takeWanted(after);
    if (id !== undefined) this.#face.post({ type: 'select', id });
  }

  dispose(): void {
    this.#live = false;
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#traffic?.dispose();
    this.#parts.sessions.setVisible(this.#viewer, false);
  }

  /** Engines came or went: where that makes another picture it begins anew. */
  #follow(): void {
    const isOther = this.#engineKey() !== this.#startedFor || this.#parts.hosts.all.length === 0;
    if (isOther) this.#start();
    else this.update();
  }

  #followVisibility(): void {
    const { visible: isVisible } = this.#face;
    this.#parts.sessions.setVisible(this.#viewer, isVisible);
    if (!isVisible) {
      this.#live = false;
      this.#shown = undefined;
    }
    this.#followTraffic();
  }

  #followTraffic(): void {
    if (this.#live && this.#face.visible) {
      this.#traffic ??= this.#parts.traffic.follow((sample) => this.#face.post({ type: 'traffic', sample }));
    } else {
      this.#traffic?.dispose();
      this.#traffic = undefined;
    }
  }

  #receive(raw: unknown): void {
    const message = parseFromWebview(raw);
    if (message === undefined) {
      this.#parts.log.warn(`diagram: a message was not understood: ${visible(typeOf(raw), 40)}`);
      return;
    }
    switch (message.type) {
      case 'ready':
        this.#live = true;
        this.#life += 1;
        this.#start();
        this.#followTraffic();
        return;
      case 'positions':
        this.#parts.positions.set(message.engineKey, message.positions);
        return;
      case 'selected':
        // The webview remembers it by itself.
        return;
      case 'log':
        this.#parts.log.warn(`diagram: ${visible(message.message, 2000)}`);
        return;
      case 'ask':
        void this.#answer(message);
    }
  }

  #start(): void {
    if (!this.#live) return;
    const { hosts, positions } = this.#parts;
    this.#shown = hosts.all.length === 0 ? undefined : this.#picture(hosts.all);
    const engineKey = this.#engineKey();
    this.#startedFor = engineKey;
    const status = this.#newStatus();
    const select = this.#shown && this.#takeWanted(this.#shown);
    this.#face.post({
      type: 'start',
      texts: diagramTexts(),
      engineKey,
      graph: this.#shown?.shown,
      menus: Object.fromEntries(this.#shown?.menus ?? []),
      positions: positions.of(engineKey),
      status,
      ...(select === undefined ? {} : { select }),
    });
    if (this.#pending !== undefined) this.#face.post({ type: 'do', what: this.#pending });
    this.#pending = undefined;
  }

  /** Under which positions are remembered: of the engine, or of all that are drawn together. */
  #engineKey(): string {
    const { hosts, sessions } = this.#parts;
    const keys = hosts.all.map(({ key }) => key);
    return keys.length === 0 ? (sessions.first.session?.engine.connection.key ?? '') : keys.toSorted().join(' ');
  }

  #tellStatus(): void {
    if (!this.#live) return;
    const before = this.#status;
    const status = this.#newStatus();
    if (this.#status !== before) this.#face.post({ type: 'status', status });
  }

  #newStatus(): EngineStatus {
    const status = statusOfAll(this.#parts.sessions.all);
    this.#status = JSON.stringify(status);
    return status;
  }

  /** Undefined where it cannot be made: one odd record must not stop those who listen to the session with us. */
  #picture(hosts: readonly ShownHost[]): Picture | undefined {
    try {
      return this.#parts.pictures.of(hosts);
    } catch (thrown) {
      this.#parts.log.warn(`diagram: no picture of the snapshot: ${thrownText(thrown)}`);
      return undefined;
    }
  }

  #takeWanted({ graph }: Picture): string | undefined {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    return wanted && elementOf(graph, wanted);
  }

  async #answer(ask: Extract<FromWebview, { type: 'ask' }>): Promise<void> {
    const { id, name } = ask;
    const life = this.#life;
    let message: ToWebview;
    try {
      message = { type: 'answer', id, value: await this.#parts.answer(ask) };
    } catch (thrown) {
      this.#parts.log.warn(`diagram: ${name}: ${thrownText(thrown)}`);
      message = { type: 'rejection', id, message: refusalText(thrown) };
    }
    if (this.#live && this.#life === life) this.#face.post(message);
  }
}

/** Enough to find who sent it; all of it could be a picture. */
function typeOf(message: unknown): string {
  const type = typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;
  return typeof type === 'string' ? type : typeof message;
}
