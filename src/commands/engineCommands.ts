import { l10n, window, type LogOutputChannel } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { KernelPermission } from '../editor/kernelPermission.ts';
import type { Diagrams, Reveal } from '../editor/ports.ts';
import type { Sessions } from '../editor/sessions.ts';
import type { Forwards } from '../forwards/forwards.ts';
import { commands, type CommandId } from '../ids.ts';
import type { Disposable } from '../live/emitter.ts';
import type { LogTerminals } from '../terminals/logTerminals.ts';
import { Acting, type LastCommand } from './act.ts';
import { connectHandlers } from './connect.ts';
import { containerHandlers } from './container.ts';
import { copyHandlers } from './copy.ts';
import { showInDiagramHandler } from './diagram.ts';
import { callsOf } from './dispatch.ts';
import { inspectHandler, type InspectDocuments } from './inspect.ts';
import { askOnce, chooseKernelAccess } from './kernelAccess.ts';
import { logHandlers, showLogOf, type LogDeps, type LogDocuments } from './logs.ts';
import { networkCreationHandlers } from './network.ts';
import { networkRemovalHandlers } from './networkRemoval.ts';
import { portHandlers } from './port.ts';
import { offerLeftovers } from './portLeftovers.ts';
import { revealHandlers } from './reveal.ts';
import { EngineFailures, type EngineFailure, type Handler } from './run.ts';
import { runHandlers } from './runContainer.ts';
import { serviceHandlers } from './runService.ts';
import { shellHandlers } from './shell.ts';
import { swarmHandlers } from './swarm.ts';

/** What the commands of all engines share. */
interface Shared {
  readonly reveal: Reveal;
  readonly diagrams: Diagrams;
  readonly forwards: Forwards;
  readonly kernelPermission: KernelPermission;
  readonly log: LogOutputChannel;
  readonly last: LastCommand;
  readonly terminals: LogTerminals;
  readonly inspected: InspectDocuments;
  readonly logs: LogDocuments;
}

/** Commands that act on one engine. */
export type EngineCommand = keyof ReturnType<typeof handlersOf>;

/** The commands that act on one engine: they find the engine that they are about, and know that one alone. */
export class EngineCommands implements Disposable {
  readonly handlers: Record<EngineCommand, Handler>;
  readonly #sessions: Sessions;
  readonly #shared: Shared;
  readonly #watched = new Map<CurrentSession, Disposable>();
  readonly #subscription: Disposable;

  constructor(sessions: Sessions, shared: Shared) {
    this.#sessions = sessions;
    this.#shared = shared;
    this.#follow();
    this.#subscription = sessions.onDidChangePlaces(() => this.#follow());
    const ids = Object.keys(this.#handlersFor(sessions.first)) as EngineCommand[];
    this.handlers = Object.fromEntries(ids.map((id) => [id, this.#handler(id)])) as Record<EngineCommand, Handler>;
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const watched of this.#watched.values()) watched.dispose();
    const { terminals, inspected, logs } = this.#shared;
    for (const one of [terminals, inspected, logs]) one.dispose();
  }

  #handler(id: EngineCommand): Handler {
    return async (argument, selection) => {
      const calls = await callsOf(this.#sessions, argument, selection);
      if (calls.length > 1 && id === commands.connect) {
        void window.showInformationMessage(l10n.t('A container can only be connected to a network of its own engine.'));
        return;
      }
      // One that fails is nothing to the rows of the others.
      const failures: EngineFailure[] = [];
      for (const { place, argument: row, selection: rows } of calls) {
        const { label, key } = place;
        try {
          await this.#handlersFor(place)[id](row, rows);
        } catch (thrown) {
          failures.push({ engine: this.#several() ? label : undefined, key, thrown });
        }
      }
      if (failures.length > 0) throw new EngineFailures(failures);
    };
  }

  /** For one call: they are about the engine that is in the place now. */
  #handlersFor(place: CurrentSession): Record<EngineCommand, Handler> {
    return handlersOf(place, this.#actingOn(place), this.#shared);
  }

  #actingOn(place: CurrentSession): Acting {
    const { log, last } = this.#shared;
    return new Acting(place, log, { last, several: () => this.#several() });
  }

  #several(): boolean {
    return this.#sessions.all.length > 1;
  }

  #follow(): void {
    const { all } = this.#sessions;
    for (const place of all) if (!this.#watched.has(place)) this.#watched.set(place, this.#watch(place));
    for (const [place, watched] of this.#watched) {
      if (all.includes(place)) continue;
      this.#watched.delete(place);
      watched.dispose();
    }
  }

  #watch(place: CurrentSession): Disposable {
    const { kernelPermission, log } = this.#shared;
    const watched = [askOnce(place, kernelPermission), offerLeftovers(place, () => this.#actingOn(place), log)];
    return {
      dispose: () => {
        for (const one of watched) one.dispose();
      },
    };
  }
}

function handlersOf(current: CurrentSession, acting: Acting, shared: Shared) {
  const { terminals, inspected, forwards, kernelPermission, diagrams } = shared;
  const logs: LogDeps = { current, acting, terminals, documents: shared.logs };
  const reveal: Reveal = {
    reveal: (where, subject) => shared.reveal.reveal(where, { ...subject, engine: current.key }),
  };
  return {
    ...copyHandlers(current),
    ...revealHandlers(current, reveal),
    [commands.showInDiagram]: showInDiagramHandler(current, diagrams),
    ...networkCreationHandlers(current, acting),
    ...networkRemovalHandlers(current, acting),
    ...connectHandlers(current, acting),
    ...containerHandlers(current, acting),
    ...runHandlers(current, acting, (source) => showLogOf(logs, source)),
    ...swarmHandlers(current, acting),
    ...serviceHandlers(current, acting),
    ...portHandlers({ current, acting, forwards }),
    ...logHandlers(logs),
    ...shellHandlers(current, acting),
    [commands.inspect]: inspectHandler(current, inspected),
    [commands.readKernelAfar]: () => chooseKernelAccess(current, kernelPermission),
  } satisfies Partial<Record<CommandId, Handler>>;
}
