import { env, l10n, window } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { DiagramAction, Diagrams } from '../editor/ports.ts';
import { subjectOf } from '../editor/subject.ts';
import { commands } from '../ids.ts';
import { mermaidOf } from '../topology/formats/mermaid.ts';
import { graphOf } from '../topology/graph.ts';
import { containerChoices, linkChoices, networkChoices, pick } from './pick.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

type DiagramId =
  | typeof commands.openDiagram
  | typeof commands.openAnotherDiagram
  | typeof commands.showInDiagram
  | typeof commands.copyAsMermaid
  | typeof commands.diagramSearch
  | typeof commands.diagramFit
  | typeof commands.diagramArrange
  | typeof commands.diagramTable
  | typeof commands.diagramExport;

/** Opens diagrams, and tells the active one what to do. */
export function diagramHandlers(current: CurrentSession, diagrams: Diagrams): Record<DiagramId, Handler> {
  const tell =
    (action: DiagramAction): Handler =>
    () => {
      // From a keybinding, where no diagram is active: it is opened, and asked when somebody calls again.
      if (!diagrams.tell(action)) diagrams.open();
    };
  return {
    [commands.openDiagram]: () => diagrams.open(),
    [commands.openAnotherDiagram]: () => diagrams.openAnother(),
    [commands.showInDiagram]: (argument) => showInDiagram(current, diagrams, argument),
    [commands.copyAsMermaid]: () => copyAsMermaid(current),
    [commands.diagramSearch]: tell('search'),
    [commands.diagramFit]: tell('fit'),
    [commands.diagramArrange]: tell('arrange'),
    [commands.diagramTable]: tell('table'),
    [commands.diagramExport]: tell('export'),
  };
}

async function showInDiagram(current: CurrentSession, diagrams: Diagrams, argument: unknown): Promise<void> {
  const given = subjectOf(argument);
  if (given !== undefined) return diagrams.show(given);
  const lookup = await freshLookup(current);
  const subject = await pick(
    [
      [l10n.t('Containers'), containerChoices(lookup)],
      [l10n.t('Networks'), networkChoices(lookup)],
      [l10n.t('Host Links'), linkChoices(lookup)],
    ],
    l10n.t('Show which one in the diagram?'),
  );
  if (subject !== undefined) diagrams.show(subject);
}

/** All of the engine's topology, for a README. */
async function copyAsMermaid(current: CurrentSession): Promise<void> {
  const { snapshot } = await freshLookup(current);
  await env.clipboard.writeText(mermaidOf(graphOf(snapshot)));
  window.setStatusBarMessage(l10n.t('The topology was copied as a Mermaid diagram.'), 3000);
}
