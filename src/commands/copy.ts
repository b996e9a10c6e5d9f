import { env, l10n, window } from 'vscode';
import type { CurrentSession } from '../editor/currentSession.ts';
import type { Lookup } from '../editor/lookup.ts';
import { subjectOf, type Subject } from '../editor/subject.ts';
import { visible, withoutIcons } from '../editor/untrusted.ts';
import { commands, type CommandId } from '../ids.ts';
import { containerChoices, endpointChoices, linkChoices, networkChoices, pick, type Choice } from './pick.ts';
import { addressesOf, hostLinksOf, idOf, macsOf, nameOf, type Copyable } from './resolve.ts';
import type { Handler } from './run.ts';
import { freshLookup } from './snapshot.ts';

type Groups = readonly (readonly [title: string, choices: readonly Choice<Subject>[]])[];

interface CopyCommand {
  /** What to offer where the command was called without an object. */
  readonly offer: (lookup: Lookup) => Groups;
  readonly values: (lookup: Lookup, subject: Subject) => readonly Copyable[];
  /** Where the object has no such value. */
  readonly none: () => string;
}

const one = (value: string | undefined): readonly Copyable[] => (value === undefined ? [] : [{ value, from: '' }]);
const objects = (lookup: Lookup): Groups => [
  [l10n.t('Networks'), networkChoices(lookup)],
  [l10n.t('Containers'), containerChoices(lookup)],
];
const linksOnly = (lookup: Lookup): Groups => [[l10n.t('Host Links'), linkChoices(lookup)]];

const kinds = {
  [commands.copyName]: {
    offer: objects,
    values: (lookup, subject) => one(nameOf(lookup, subject)),
    none: () => l10n.t('It has no name.'),
  },
  [commands.copyId]: {
    offer: objects,
    values: (_lookup, subject) => one(idOf(subject)),
    none: () => l10n.t('It has no ID.'),
  },
  [commands.copyIp]: {
    offer: (lookup) => [
      [l10n.t('Endpoints'), endpointChoices(lookup)],
      [l10n.t('Host Links'), linkChoices(lookup)],
    ],
    values: addressesOf,
    none: () => l10n.t('It has no IP address now.'),
  },
  [commands.copyMac]: {
    offer: (lookup) => [
      [l10n.t('Endpoints'), endpointChoices(lookup)],
      [l10n.t('Host Links'), linkChoices(lookup)],
    ],
    values: macsOf,
    none: () => l10n.t('It has no MAC address now.'),
  },
  [commands.copyLinkName]: {
    offer: linksOnly,
    values: (lookup, subject) => hostLinksOf(lookup, subject).map((value) => ({ value, from: '' })),
    none: () => l10n.t('No host link is known for it.'),
  },
} satisfies Partial<Record<CommandId, CopyCommand>>;

export function copyHandlers(current: CurrentSession): Record<keyof typeof kinds, Handler> {
  const handler =
    (kind: CopyCommand): Handler =>
    (argument) =>
      copy(current, kind, argument);
  return {
    [commands.copyName]: handler(kinds[commands.copyName]),
    [commands.copyId]: handler(kinds[commands.copyId]),
    [commands.copyIp]: handler(kinds[commands.copyIp]),
    [commands.copyMac]: handler(kinds[commands.copyMac]),
    [commands.copyLinkName]: handler(kinds[commands.copyLinkName]),
  };
}

async function copy(current: CurrentSession, { offer, values, none }: CopyCommand, argument: unknown): Promise<void> {
  const lookup = await freshLookup(current);
  const subject = subjectOf(argument) ?? (await pick(offer(lookup), l10n.t('Copy of which one?')));
  if (subject === undefined) return;
  const found = values(lookup, subject);
  if (found.length === 0) {
    void window.showInformationMessage(none());
    return;
  }
  const value = found.length === 1 ? found[0]?.value : await pickValue(found);
  if (value === undefined) return;
  // The clipboard gets it as it is: what is shown of it may be cut or have its control characters spelt out.
  await env.clipboard.writeText(value);
  window.setStatusBarMessage(l10n.t('Copied: {0}', withoutIcons(value, 60)), 3000);
}

function pickValue(found: readonly Copyable[]): Promise<string | undefined> {
  const choices = found.map(({ value, from }) => ({
    label: withoutIcons(value, 80),
    description: visible(from, 80),
    value,
  }));
  return pick([['', choices]], l10n.t('Copy which one?'));
}
