import {
  Disposable,
  QuickInputButtons,
  window,
  type InputBox,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
} from 'vscode';

/** How a step of several ended: with a value, by the Back button, or by Escape. */
export type Answer<T> =
  { readonly kind: 'value'; readonly value: T } | { readonly kind: 'back' } | { readonly kind: 'cancelled' };

/** What a step shows beside its question. */
export interface StepFrame {
  readonly title: string;
  /** `1/3` in the title, where it is one of several. */
  readonly step?: number;
  readonly totalSteps?: number;
  /** Whether there is something to go back to. */
  readonly back: boolean;
}

export interface TextQuestion {
  readonly prompt: string;
  readonly placeHolder?: string;
  readonly value: string;
  /** A sentence where the text cannot be accepted; asked at every key. */
  readonly problem?: (text: string) => string | undefined;
}

/** Asks for one line of text. What is wrong is said while it is typed, and cannot be accepted. */
export function askText(frame: StepFrame, question: TextQuestion): Promise<Answer<string>> {
  const box = window.createInputBox();
  box.prompt = question.prompt;
  if (question.placeHolder !== undefined) box.placeholder = question.placeHolder;
  box.value = question.value;
  const check = (): string | undefined => {
    const problem = question.problem?.(box.value);
    box.validationMessage = problem ?? '';
    return problem;
  };
  // An untouched empty field is not yet wrong: it is said once something is typed or accepted.
  if (box.value !== '') check();
  return run(box, frame, (settle) => [
    box.onDidChangeValue(check),
    box.onDidAccept(() => {
      if (check() === undefined) settle({ kind: 'value', value: box.value });
    }),
  ]);
}

export interface PickQuestion<I extends QuickPickItem> {
  readonly placeHolder: string;
  readonly items: readonly I[] | Promise<readonly I[]>;
  /** The item that the selection starts on. */
  readonly active?: (item: I) => boolean;
  /** More buttons in the title, and what they do; the list stays open. */
  readonly buttons?: readonly (QuickInputButton & { readonly act: () => void })[];
  /** What is typed can itself be an answer: the item for it, offered last. */
  readonly typed?: (text: string) => I | undefined;
}

/** Asks for one of several. */
export function askPick<I extends QuickPickItem>(frame: StepFrame, question: PickQuestion<I>): Promise<Answer<I>> {
  const pick = preparePick(question);
  return run(pick, frame, (settle) => [
    fillPick(pick, question),
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item !== undefined) settle({ kind: 'value', value: item });
    }),
  ]);
}

/** Asks for one or more of several; `chosen` are ticked at the start. */
export function askPickMany<I extends QuickPickItem>(
  frame: StepFrame,
  question: PickQuestion<I>,
  chosen: (item: I) => boolean,
): Promise<Answer<readonly I[]>> {
  const pick = preparePick(question);
  pick.canSelectMany = true;
  return run(pick, frame, (settle) => [
    fillPick(pick, question, () => {
      pick.selectedItems = pick.items.filter(chosen);
    }),
    pick.onDidAccept(() => {
      // Nothing ticked: Enter means the one that is in focus, as it does where only one can be chosen.
      const { selectedItems, activeItems } = pick;
      const chosenOnes = selectedItems.length > 0 ? selectedItems : activeItems.slice(0, 1);
      if (chosenOnes.length > 0) settle({ kind: 'value', value: chosenOnes });
    }),
  ]);
}

function preparePick<I extends QuickPickItem>(question: PickQuestion<I>): QuickPick<I> {
  const pick = window.createQuickPick<I>();
  pick.placeholder = question.placeHolder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  return pick;
}

/**
 * Shows the items, now or when they come, with the typed one last: the window tells a choice by its place, and places
 * that moved while somebody types fast would make another choice of it.
 */
function fillPick<I extends QuickPickItem>(
  pick: QuickPick<I>,
  { items, active, typed, buttons = [] }: PickQuestion<I>,
  filled?: () => void,
): Disposable {
  let all: readonly I[] = [];
  const show = (): void => {
    const own = typed?.(pick.value.trim());
    const listed = own === undefined || all.some(({ label }) => label === own.label);
    pick.items = listed ? all : [...all, own];
  };
  const fill = (found: readonly I[]): void => {
    all = found;
    pick.busy = false;
    show();
    const start = active === undefined ? undefined : all.find(active);
    if (start !== undefined) pick.activeItems = [start];
    filled?.();
  };
  pick.buttons = buttons;
  if (items instanceof Promise) {
    pick.busy = true;
    // Whoever made the promise reports its failure; here it leaves an empty list.
    items.then(fill, () => fill([]));
  } else fill(items);
  return Disposable.from(
    typed === undefined ? new Disposable(() => undefined) : pick.onDidChangeValue(show),
    pick.onDidTriggerButton((button) => buttons.find((one) => one === button)?.act()),
  );
}

/** Shows a quick input until it is answered. It stays when the window loses the focus: people look things up. */
function run<T>(
  input: InputBox | QuickPick<QuickPickItem>,
  { title, step, totalSteps, back }: StepFrame,
  listen: (settle: (answer: Answer<T>) => void) => readonly Disposable[],
): Promise<Answer<T>> {
  return new Promise((resolve) => {
    let settled = false;
    const settle = (answer: Answer<T>): void => {
      if (settled) return;
      settled = true;
      resolve(answer);
      listening.dispose();
      input.dispose();
    };
    input.title = title;
    if (step !== undefined) input.step = step;
    if (totalSteps !== undefined) input.totalSteps = totalSteps;
    input.ignoreFocusOut = true;
    const listening = Disposable.from(
      ...listen(settle),
      input.onDidTriggerButton((button) => {
        if (button === QuickInputButtons.Back) settle({ kind: 'back' });
      }),
      input.onDidHide(() => settle({ kind: 'cancelled' })),
    );
    if (back) input.buttons = [QuickInputButtons.Back, ...input.buttons];
    input.show();
  });
}
