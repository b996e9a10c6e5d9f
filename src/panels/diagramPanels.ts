import { randomBytes } from 'node:crypto';
import {
  Uri,
  ViewColumn,
  env,
  l10n,
  window,
  type LogOutputChannel,
  type WebviewPanel,
  type WebviewPanelSerializer,
} from 'vscode';
import { listText } from '../editor/listText.ts';
import type { DiagramAction, Diagrams, Reveal } from '../editor/ports.ts';
import type { Sessions } from '../editor/sessions.ts';
import type { ShownHosts } from '../editor/shownHosts.ts';
import type { Subject } from '../editor/subject.ts';
import { visible } from '../editor/untrusted.ts';
import { panels } from '../ids.ts';
import type { Disposable } from '../live/emitter.ts';
import { answers } from './asks.ts';
import { Diagram, type DiagramParts, type Face } from './diagram.ts';
import { shellHtml } from './html.ts';
import type { IsReachable } from './menus.ts';
import { Pictures } from './pictures.ts';
import { PositionMemory, type Memory } from './positions.ts';
import { Traffic, type NamedSource } from './traffic.ts';

export interface DiagramPanelsParts {
  readonly sessions: Sessions;
  readonly hosts: ShownHosts;
  /** Folder of the extension. */
  readonly extensionUri: Uri;
  readonly memory: Memory;
  readonly reveal: Reveal;
  readonly isReachable: IsReachable;
  /** Which containers are reachable changed. */
  readonly onDidChangeReachable: (listener: () => void) => Disposable;
  readonly log: LogOutputChannel;
}

interface Open {
  readonly panel: WebviewPanel;
  readonly diagram: Diagram;
}

/** The topology diagrams of this window: opens them, and brings back those of the window before. */
export class DiagramPanels implements Diagrams, WebviewPanelSerializer, Disposable {
  readonly #extensionUri: Uri;
  readonly #parts: DiagramParts;
  readonly #traffic: Traffic;
  readonly #positions: PositionMemory;
  readonly #subscriptions: readonly Disposable[];
  /** The one that was active last comes last. */
  #open: readonly Open[] = [];
  #opened = 0;

  constructor({ sessions, hosts, extensionUri, memory, reveal, log, ...parts }: DiagramPanelsParts) {
    const pictures = new Pictures(parts.isReachable);
    this.#extensionUri = extensionUri;
    this.#positions = new PositionMemory(memory);
    this.#traffic = new Traffic({ sources: () => countersOf(sessions), log: (line) => log.warn(line) });
    this.#parts = {
      sessions,
      hosts,
      pictures,
      positions: this.#positions,
      traffic: this.#traffic,
      answer: answers({ hosts, pictures, reveal }),
      log,
    };
    this.#subscriptions = [
      window.registerWebviewPanelSerializer(panels.topology, this),
      sessions.onDidChangeSession(() => this.#entitle()),
      sessions.onDidChangePlaces(() => this.#entitle()),
      parts.onDidChangeReachable(() => {
        pictures.forget();
        for (const { diagram } of this.#open) diagram.update();
      }),
    ];
  }

  open(): void {
    const newest = this.#open.at(-1);
    if (newest === undefined) this.#create(ViewColumn.Active);
    else newest.panel.reveal();
  }

  openAnother(): void {
    this.#create(this.#open.length === 0 ? ViewColumn.Active : ViewColumn.Beside);
  }

  show(subject: Subject): void {
    // The one that can be seen already, before the one that was active last.
    const seen = this.#open.findLast(({ panel }) => panel.visible) ?? this.#open.at(-1);
    const { panel, diagram } = seen ?? this.#create(ViewColumn.Active);
    diagram.show(subject);
    panel.reveal();
  }

  tell(action: DiagramAction): boolean {
    const active = this.#open.find(({ panel }) => panel.active);
    active?.diagram.tell(action);
    return active !== undefined;
  }

  /** The webview has its own state from `getState`; all else comes by message. */
  deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    this.#fill(panel);
    return Promise.resolve();
  }

  /** The panels stay for the next window: its serializer fills them again. */
  dispose(): void {
    for (const { diagram } of this.#open) diagram.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#traffic.dispose();
    this.#positions.dispose();
  }

  #create(column: ViewColumn): Open {
    return this.#fill(window.createWebviewPanel(panels.topology, l10n.t('Topology'), column));
  }

  #fill(panel: WebviewPanel): Open {
    const { webview } = panel;
    const built = Uri.joinPath(this.#extensionUri, 'dist', 'webview');
    const icon = (theme: string): Uri => Uri.joinPath(this.#extensionUri, 'media', `diagram-${theme}.svg`);
    webview.options = { enableScripts: true, localResourceRoots: [built] };
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    this.#opened += 1;
    // Before the page: its `ready` must find somebody who listens.
    const diagram = new Diagram(faceOf(panel), `${panels.topology}#${this.#opened}`, this.#parts);
    const open: Open = { panel, diagram };
    this.#open = [...this.#open, open];
    panel.onDidChangeViewState(() => {
      if (panel.active) this.#open = [...this.#open.filter((other) => other !== open), open];
    });
    panel.onDidDispose(() => {
      this.#open = this.#open.filter((other) => other !== open);
      diagram.dispose();
    });
    this.#entitle();
    webview.html = shellHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      script: webview.asWebviewUri(Uri.joinPath(built, 'diagram.js')).toString(),
      style: webview.asWebviewUri(Uri.joinPath(built, 'diagram.css')).toString(),
      language: env.language,
      title: panel.title,
    });
    return open;
  }

  /** Which engine it is: several windows may show several ones. */
  #entitle(): void {
    const { all } = this.#parts.sessions;
    const labels = all.flatMap(({ session }) =>
      session === undefined ? [] : visible(session.engine.connection.label, 40),
    );
    const title = labels.length === 0 ? l10n.t('Topology') : l10n.t('Topology: {0}', listText(labels));
    for (const { panel } of this.#open) panel.title = title;
  }
}

function faceOf(panel: WebviewPanel): Face {
  return {
    get visible() {
      return panel.visible;
    },
    post: (message) => void panel.webview.postMessage(message),
    onMessage: (listener) => panel.webview.onDidReceiveMessage(listener),
    onDidChangeVisibility: (listener) => panel.onDidChangeViewState(listener),
  };
}

/** The sessions whose kernel is read and moves; of several, with the names by which the webview knows them. */
function countersOf({ all }: Sessions): readonly NamedSource[] {
  const several = all.filter(({ snapshot }) => snapshot !== undefined).length > 1;
  return all.flatMap(({ session, snapshot, key }) =>
    session !== undefined && snapshot?.kernel.kind === 'read' && !snapshot.recorded
      ? { source: session, host: several ? key : undefined }
      : [],
  );
}
