import { afterAll, afterEach, beforeAll } from 'vitest';
import { build } from '../../scripts/build.ts';
import { makeThrowaway, removeDirectory } from '../../scripts/lifetime.ts';
import { startEngine, type LabEngine } from '../lab/labEngine.ts';
import { Prompts } from './prompts.ts';
import type { View } from './view.ts';
import { Window, type WindowOptions } from './window.ts';

/** Title of the extension's container in the activity bar, and what its commands begin with in the palette. */
export const category = 'Docker Networks';

/** A disposable engine, and a window with the open sidebar that shows it. */
export interface Stage {
  readonly engine: LabEngine;
  readonly window: Window;
  readonly ask: Prompts;
  readonly networks: View;
  readonly containers: View;
  readonly hostLinks: View;
  /** Folds the other views, so that this one has all the room. */
  readonly showOnly: (view: View) => Promise<void>;
}

export interface StagePlan {
  /** The engine that the window shows first, where it is another one than usual, and what removes it. */
  readonly start?: () => Promise<{ readonly engine: LabEngine; dispose(): void }>;
  /** What is on the engine before the window opens. Resolves with what else is special about the window. */
  readonly prepare: (engine: LabEngine) => Promise<Partial<WindowOptions>>;
  /** The window is on another machine than the engine, so to say: not in its network namespace. */
  readonly isElsewhere?: boolean;
  /** Takes what the tests work with. */
  readonly ready: (stage: Stage) => void | Promise<void>;
}

/** A directory that goes with the `describe` that calls it, also where its tests fail or never begin. Asked for in them. */
export function useDirectory(name: string): () => Promise<string> {
  let directory: Promise<string> | undefined;

  afterAll(async () => {
    if (directory !== undefined) await removeDirectory(await directory);
  });

  return () => (directory ??= makeThrowaway(name));
}

/**
 * Sets the stage for the tests of the `describe` that calls it, and clears it after them. A test that fails leaves a
 * picture, and what it left open does not stand in the way of the next one.
 */
export function useStage({ start = usualEngine, prepare, isElsewhere = false, ready }: StagePlan): void {
  let lab: Awaited<ReturnType<typeof start>> | undefined;
  let window: Window | undefined;

  beforeAll(async () => {
    await build();
    lab = await start();
    const { engine } = lab;
    const special = await prepare(engine);
    const place = isElsewhere ? {} : { netns: engine.netns };
    window = await Window.open({ dockerHost: engine.dockerHost, ...place, ...special });
    await window.openContainer(category);
    await ready(stageOf(engine, window));
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window?.recordFailure(task.name);
    await window?.leavePrompts();
  });

  afterAll(async () => {
    try {
      await window?.close();
    } finally {
      lab?.dispose();
    }
  });
}

async function usualEngine(): Promise<{ readonly engine: LabEngine; dispose(): void }> {
  const engine = await startEngine({ version: '20.10' });
  return { engine, dispose: () => engine.dispose() };
}

function stageOf(engine: LabEngine, window: Window): Stage {
  const networks = window.view('Networks');
  const containers = window.view('Containers');
  const hostLinks = window.view('Host Links');
  return {
    engine,
    window,
    ask: new Prompts(window.page),
    networks,
    containers,
    hostLinks,
    showOnly: async (shown) => {
      for (const view of [networks, containers, hostLinks]) if (view !== shown) await view.fold();
      await shown.unfold();
    },
  };
}
