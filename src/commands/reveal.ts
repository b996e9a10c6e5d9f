import { commands as editorCommands, l10n, window } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { Lookup } from '../editor/lookup.ts';
import type { Reveal } from '../editor/ports.ts';
import { viewOptions } from '../editor/settings.ts';
import { subjectOf, treeOf, type Subject } from '../editor/subject.ts';
import { commands, type CommandId } from '../ids.ts';
import { containerChoices, endpointChoices, linkChoices, pick } from './pick.ts';
import { containerIdOf, hostLinksOf, seatsOf } from './resolve.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

type RevealId =
  | typeof commands.revealContainer
  | typeof commands.revealHostLink
  | typeof commands.revealEndpoint
  | typeof commands.revealInTree;

/** The jumps between an endpoint, its container and its host link, each way, and from a diagram to its rows. */
export function revealHandlers(current: CurrentSession, reveal: Reveal): Record<RevealId, Handler> {
  const jump =
    (
      place: Parameters<Reveal['reveal']>[0],
      target: (lookup: Lookup, subject: Subject | undefined) => Promise<Subject | undefined>,
    ): Handler =>
    async (argument) => {
      const subject = await target(await freshLookup(current), subjectOf(argument));
      if (subject !== undefined) await show(reveal, place, subject);
    };
  return {
    [commands.revealContainer]: jump('containers', containerTarget),
    [commands.revealHostLink]: jump('hostLinks', hostLinkTarget),
    [commands.revealEndpoint]: jump('networks', endpointTarget),
    [commands.revealInTree]: async (argument) => {
      const subject = subjectOf(argument);
      if (subject !== undefined) await show(reveal, treeOf(subject), subject);
    },
  };
}

async function show(reveal: Reveal, place: Parameters<Reveal['reveal']>[0], subject: Subject): Promise<void> {
  const { shown } = await reveal.reveal(place, subject);
  // With what hid it shown again, the jump is made after all.
  if (!shown && (await tellHidden())) await reveal.reveal(place, subject);
}

async function containerTarget(lookup: Lookup, subject: Subject | undefined): Promise<Subject | undefined> {
  const containerId = subject && containerIdOf(lookup, subject);
  if (containerId !== undefined) return { kind: 'container', containerId };
  return pick([[l10n.t('Containers'), containerChoices(lookup)]], l10n.t('Reveal which container?'));
}

async function hostLinkTarget(lookup: Lookup, subject: Subject | undefined): Promise<Subject | undefined> {
  const placeHolder = l10n.t('Reveal which host link?');
  if (subject === undefined) return pick([[l10n.t('Host Links'), linkChoices(lookup)]], placeHolder);
  const names = new Set(hostLinksOf(lookup, subject));
  if (names.size === 0) {
    void window.showInformationMessage(l10n.t('No host link is known for it.'));
    return undefined;
  }
  const [name] = names;
  if (names.size === 1 && name !== undefined) return { kind: 'link', name };
  const choices = linkChoices(lookup).filter(({ value }) => value.kind === 'link' && names.has(value.name));
  return pick([[l10n.t('Host Links'), choices]], placeHolder);
}

async function endpointTarget(lookup: Lookup, subject: Subject | undefined): Promise<Subject | undefined> {
  const seats = subject && seatsOf(lookup, subject);
  const [seat] = seats ?? [];
  if (seats?.length === 1 && seat !== undefined) {
    const { containerId, networkId } = seat.endpoint;
    return { kind: 'endpoint', containerId, networkId };
  }
  return pick([[l10n.t('Endpoints'), endpointChoices(lookup, seats)]], l10n.t('Reveal which endpoint?'));
}

/** The row may only be filtered out: then the message has the buttons that bring it back. True where one was used. */
async function tellHidden(): Promise<boolean> {
  const { showBuiltIn, showStopped } = viewOptions();
  const buttons: { title: string; command: CommandId }[] = [];
  if (!showBuiltIn) buttons.push({ title: l10n.t('Show Built-in Networks'), command: commands.showBuiltIn });
  if (!showStopped) buttons.push({ title: l10n.t('Show Stopped Containers'), command: commands.showStopped });
  const text =
    buttons.length === 0
      ? l10n.t('It is not there any more.')
      : l10n.t('It is gone, or hidden by what the view shows.');
  const chosen = await window.showInformationMessage(text, ...buttons.map(({ title }) => title));
  const button = buttons.find(({ title }) => title === chosen);
  if (button === undefined) return false;
  await editorCommands.executeCommand(button.command);
  return true;
}
