import { env, l10n, window } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { DiagramAction, Diagrams } from '../editor/ports.ts';
import { listText } from '../editor/listText.ts';
import type { Sessions } from '../editor/sessions.ts';
import type { ShownHost, ShownHosts } from '../editor/shownHosts.ts';
import { subjectOf } from '../editor/subject.ts';
import { visible } from '../editor/untrusted.ts';
import { commands } from '../ids.ts';
import { mermaidOf } from '../topology/formats/mermaid.ts';
import { graphOfHosts } from '../topology/graphHosts.ts';
import { asError } from './act.ts';
import { containerChoices, linkChoices, networkChoices, pick } from './pick.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

type DiagramId =
  | typeof commands.openDiagram
  | typeof commands.openAnotherDiagram
  | typeof commands.copyAsMermaid
  | typeof commands.diagramSearch
  | typeof commands.diagramFit
  | typeof commands.diagramArrange
  | typeof commands.diagramTable
  | typeof commands.diagramExport;

/** Opens diagrams, which show all engines, and tells the active one what to do. */
export function diagramHandlers(sessions: Sessions, hosts: ShownHosts, diagrams: Diagrams): Record<DiagramId, Handler> {
  const tell =
    (action: DiagramAction): Handler =>
    () => {
      // From a keybinding, where no diagram is active: it is opened, and asked when somebody calls again.
      if (!diagrams.tell(action)) diagrams.open();
    };
  return {
    [commands.openDiagram]: () => diagrams.open(),
    [commands.openAnotherDiagram]: () => diagrams.openAnother(),
    [commands.copyAsMermaid]: () => copyAsMermaid(sessions, hosts),
    [commands.diagramSearch]: tell('search'),
    [commands.diagramFit]: tell('fit'),
    [commands.diagramArrange]: tell('arrange'),
    [commands.diagramTable]: tell('table'),
    [commands.diagramExport]: tell('export'),
  };
}

/** Shows an element of one engine in the diagram. */
export function showInDiagramHandler(current: CurrentSession, diagrams: Diagrams): Handler {
  return async (argument) => {
    const given = subjectOf(argument);
    if (given !== undefined) return diagrams.show({ ...given, engine: current.key });
    const lookup = await freshLookup(current);
    const subject = await pick(
      [
        [l10n.t('Containers'), containerChoices(lookup)],
        [l10n.t('Networks'), networkChoices(lookup)],
        [l10n.t('Host Links'), linkChoices(lookup)],
      ],
      l10n.t('Show which one in the diagram?'),
    );
    if (subject !== undefined) diagrams.show({ ...subject, engine: current.key });
  };
}

/** All of the topology, for a README. An engine that does not answer is left out where another one does, and named. */
async function copyAsMermaid(sessions: Sessions, hosts: ShownHosts): Promise<void> {
  const places = sessions.all;
  const read = await Promise.allSettled(places.map(freshLookup));
  const isRead = ({ key }: ShownHost): boolean =>
    places.some((place, at) => place.key === key && read[at]?.status === 'fulfilled');
  const parts = hosts.all.filter(isRead);
  const [failure] = read.flatMap((result) => (result.status === 'rejected' ? [asError(result.reason)] : []));
  if (parts.length === 0 && failure !== undefined) throw failure;
  await env.clipboard.writeText(mermaidOf(graphOfHosts(parts)));
  const missing = places.filter((_, at) => read[at]?.status === 'rejected').map(({ label }) => visible(label, 40));
  window.setStatusBarMessage(
    missing.length === 0
      ? l10n.t('The topology was copied as a Mermaid diagram.')
      : l10n.t('The topology was copied as a Mermaid diagram, without {0}.', listText(missing)),
    3000,
  );
}
