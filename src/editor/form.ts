import { QuickPickItemKind, ThemeIcon, env, l10n, window, type QuickPickItem } from 'vscode';
import { askPick, askPickMany, askText, type Answer, type StepFrame } from './quickInput.ts';
import { withoutIcons } from './untrusted.ts';

/**
 * A form made of the editor's own quick inputs: first what must be said, one step each with Back; then a sheet with every
 * option, its value and what is wrong with it, and the docker command that it comes to. Keyboard alone is enough.
 *
 * `T` is the draft: plain data, replaced as a whole by every edit.
 */
export interface Form<T> {
  readonly title: string;
  readonly start: T;
  readonly fields: readonly Field<T>[];
  /** What accepting the sheet does: *Create*. */
  readonly submit: string;
  /** The equivalent docker command; undefined where there is none yet. */
  readonly command: (draft: T) => string | undefined;
  /** One more sentence on the sheet: what happens, what is lost. */
  readonly note?: (draft: T) => string | undefined;
}

export interface Field<T> {
  readonly id: string;
  readonly label: string;
  /** Asked before the sheet is shown. */
  readonly required?: boolean;
  /** Default: always. */
  readonly applies?: (draft: T) => boolean;
  /** Text of the draft's value; empty for none. */
  readonly shown: (draft: T) => string;
  /** A sentence where the draft's value cannot be used. */
  readonly problem?: (draft: T) => string | undefined;
  /** The draft with a text in this field; absent for fields that take none. Unit tests type with it. */
  readonly typed?: (draft: T, text: string) => T;
  /** Asks anew. */
  readonly edit: (draft: T, frame: StepFrame) => Promise<Answer<T>>;
}

/** Drafts of forms that were left with Escape, so that nothing that was typed is lost while the window is open. */
const left = new Map<string, unknown>();

/**
 * Fills a form. Undefined where the person left.
 * @param remember a draft that was left under this key comes back; one that holds ids of an engine has that engine in it
 */
export async function fillForm<T>(form: Form<T>, remember?: string): Promise<T | undefined> {
  let draft = remember !== undefined && left.has(remember) ? (left.get(remember) as T) : form.start;
  const asked = form.fields.filter((field) => field.required === true);
  // What was left half done goes on where it was: at the first question without an answer.
  let place = asked.findIndex((field) => field.shown(draft) === '' || field.problem?.(draft) !== undefined);
  if (place === -1) place = asked.length;
  for (;;) {
    const field = asked[place];
    if (field !== undefined && field.applies?.(draft) === false) {
      place++;
      continue;
    }
    const frame = { title: form.title, step: place + 1, totalSteps: asked.length + 1, back: place > 0 };
    const answer = field === undefined ? await showSheet(form, draft, frame) : await field.edit(draft, frame);
    if (answer.kind === 'cancelled') return undefined;
    if (answer.kind === 'back') {
      place = previous(asked, place, draft);
      continue;
    }
    draft = answer.value;
    if (remember !== undefined) left.set(remember, draft);
    if (field === undefined) {
      if (remember !== undefined) left.delete(remember);
      return draft;
    }
    place++;
  }
}

function previous<T>(asked: readonly Field<T>[], place: number, draft: T): number {
  for (let at = place - 1; at >= 0; at--) if (asked[at]?.applies?.(draft) !== false) return at;
  return 0;
}

interface SheetItem extends QuickPickItem {
  readonly choice?: 'submit' | { readonly field: string };
}

/** The sheet, until it is submitted or left. */
async function showSheet<T>(form: Form<T>, start: T, frame: StepFrame): Promise<Answer<T>> {
  let draft = start;
  let active: string | undefined;
  for (;;) {
    const shown = draft;
    const copy = {
      iconPath: new ThemeIcon('copy'),
      tooltip: l10n.t('Copy the Docker Command'),
      act: () => void copyCommand(form.command(shown)),
    };
    const answer: Answer<SheetItem> = await askPick(frame, {
      placeHolder: l10n.t('Enter does it; choose an option to change it.'),
      items: sheetItems(form, draft),
      active: ({ choice }) => (active === undefined ? choice === 'submit' : isField(choice, active)),
      buttons: [copy],
    });
    if (answer.kind !== 'value') return answer;
    const { choice } = answer.value;
    const wrong = fieldsOf(form, draft).find((field) => field.problem?.(shown) !== undefined);
    if (choice === 'submit' && wrong === undefined) return { kind: 'value', value: draft };
    const chosen = choice === 'submit' ? wrong : form.fields.find((field) => isField(choice, field.id));
    if (chosen === undefined) continue;
    const edited = await chosen.edit(draft, { title: `${form.title}: ${chosen.label}`, back: true });
    if (edited.kind === 'cancelled') return { kind: 'cancelled' };
    if (edited.kind === 'value') draft = edited.value;
    active = edited.kind === 'value' && choice === 'submit' ? undefined : chosen.id;
  }
}

function isField(choice: SheetItem['choice'], id: string): boolean {
  return typeof choice === 'object' && choice.field === id;
}

function fieldsOf<T>(form: Form<T>, draft: T): readonly Field<T>[] {
  return form.fields.filter((field) => field.applies?.(draft) !== false);
}

function sheetItems<T>(form: Form<T>, draft: T): readonly SheetItem[] {
  const command = form.command(draft);
  const note = form.note?.(draft);
  return [
    {
      label: form.submit,
      iconPath: new ThemeIcon('check'),
      ...(command === undefined ? {} : { detail: withoutIcons(command, 2000) }),
      choice: 'submit',
    },
    ...(note === undefined ? [] : [{ label: note, iconPath: new ThemeIcon('info') }]),
    { label: l10n.t('Options'), kind: QuickPickItemKind.Separator },
    ...fieldsOf(form, draft).map((field): SheetItem => {
      const problem = field.problem?.(draft);
      return {
        label: field.label,
        description: withoutIcons(field.shown(draft), 200),
        ...(problem === undefined ? {} : { detail: problem, iconPath: new ThemeIcon('error') }),
        choice: { field: field.id },
      };
    }),
  ];
}

async function copyCommand(command: string | undefined): Promise<void> {
  if (command === undefined) return;
  await env.clipboard.writeText(command);
  window.setStatusBarMessage(l10n.t('Copied: {0}', withoutIcons(command, 60)), 3000);
}

interface FieldParts<T> {
  readonly id: string;
  readonly label: string;
  readonly required?: boolean;
  readonly applies?: (draft: T) => boolean;
}

/** A field of one line of text. */
export function textField<T>(
  parts: FieldParts<T> & {
    readonly prompt: string;
    readonly placeHolder?: string | ((draft: T) => string | undefined);
    readonly get: (draft: T) => string;
    readonly set: (draft: T, text: string) => T;
    readonly problem?: (draft: T, text: string) => string | undefined;
    /** What the sheet shows instead of the text. */
    readonly masked?: (text: string) => string;
  },
): Field<T> {
  const { prompt, placeHolder, get, set, problem, masked, ...field } = parts;
  return {
    ...field,
    shown: (draft) => masked?.(get(draft)) ?? get(draft),
    ...(problem === undefined ? {} : { problem: (draft) => problem(draft, get(draft)) }),
    typed: (draft, text) => set(draft, text.trim()),
    edit: async (draft, frame) => {
      const hint = typeof placeHolder === 'function' ? placeHolder(draft) : placeHolder;
      const answer = await askText(frame, {
        prompt,
        value: get(draft),
        ...(hint === undefined ? {} : { placeHolder: hint }),
        ...(problem === undefined ? {} : { problem: (text) => problem(draft, text.trim()) }),
      });
      return answer.kind === 'value' ? { kind: 'value', value: set(draft, answer.value.trim()) } : answer;
    },
  };
}

/** A field of yes or no: choosing it turns it over. */
export function flagField<T>(
  parts: FieldParts<T> & { readonly get: (draft: T) => boolean; readonly set: (draft: T, value: boolean) => T },
): Field<T> {
  const { get, set, ...field } = parts;
  return {
    ...field,
    shown: (draft) => (get(draft) ? l10n.t('yes') : l10n.t('no')),
    edit: (draft) => Promise.resolve({ kind: 'value', value: set(draft, !get(draft)) }),
  };
}

export type FormChoice<V> = Omit<QuickPickItem, 'label'> & { readonly label: string; readonly value: V };

/** A field of one of several. `typed` lets what is typed be the answer, too. */
export function choiceField<T, V>(
  parts: FieldParts<T> & {
    readonly placeHolder: string;
    readonly choices: (draft: T) => readonly FormChoice<V>[] | Promise<readonly FormChoice<V>[]>;
    readonly shown: (draft: T) => string;
    readonly isChosen: (draft: T, value: V) => boolean;
    readonly set: (draft: T, value: V) => T;
    readonly problem?: (draft: T) => string | undefined;
    readonly typed?: (text: string) => FormChoice<V> | undefined;
  },
): Field<T> {
  const { placeHolder, choices, isChosen, set, typed, ...field } = parts;
  return {
    ...field,
    edit: async (draft, frame) => {
      const answer = await askPick(frame, {
        placeHolder,
        items: choices(draft),
        active: ({ value }: FormChoice<V>) => isChosen(draft, value),
        ...(typed === undefined ? {} : { typed }),
      });
      return answer.kind === 'value' ? { kind: 'value', value: set(draft, answer.value.value) } : answer;
    },
  };
}

/** A field of any number of several. */
export function manyField<T, V>(
  parts: FieldParts<T> & {
    readonly placeHolder: string;
    readonly choices: (draft: T) => readonly FormChoice<V>[];
    readonly shown: (draft: T) => string;
    readonly isChosen: (draft: T, value: V) => boolean;
    readonly set: (draft: T, values: readonly V[]) => T;
    readonly problem?: (draft: T) => string | undefined;
  },
): Field<T> {
  const { placeHolder, choices, isChosen, set, ...field } = parts;
  return {
    ...field,
    edit: async (draft, frame) => {
      const question = { placeHolder, items: choices(draft) };
      const answer = await askPickMany(frame, question, ({ value }) => isChosen(draft, value));
      return answer.kind === 'value'
        ? {
            kind: 'value',
            value: set(
              draft,
              answer.value.map(({ value }) => value),
            ),
          }
        : answer;
    },
  };
}
