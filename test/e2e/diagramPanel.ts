import axe, { type AxeResults } from 'axe-core';
import type { Frame, Locator, Page } from 'playwright-core';

/** What of the DOM is used, see view.ts. */
interface Drawn {
  getAttribute(name: string): string | null;
}

/** A diagram in the window: the page inside the editor's webview, as a person sees and uses it. */
export class DiagramPanel {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The whole drawing. */
  get svg(): Locator {
    return this.#inside.locator('svg.diagram');
  }

  get detail(): Locator {
    return this.#inside.locator('aside.detail');
  }

  get table(): Locator {
    return this.#inside.locator('table');
  }

  get #inside(): ReturnType<Page['frameLocator']> {
    return this.#page.locator('iframe.webview.ready').last().contentFrame().frameLocator('iframe#active-frame');
  }

  /** Waits until something is drawn. */
  async open(): Promise<void> {
    await this.svg.locator('[data-id^="network:"]').first().waitFor({ timeout: 30_000 });
  }

  /** An element by its id in the graph. */
  element(id: string): Locator {
    return this.#inside.locator(`[data-id="${id}"]`);
  }

  /** What a screen reader says of an element. */
  async label(id: string): Promise<string> {
    return (await this.element(id).first().getAttribute('aria-label')) ?? '';
  }

  /** Ids of all elements whose ids begin with `prefix`. */
  async ids(prefix: string): Promise<readonly string[]> {
    return this.#inside
      .locator(`[data-id^="${prefix}"]`)
      .evaluateAll((elements) =>
        (elements as unknown as readonly Drawn[]).map((element) => element.getAttribute('data-id') ?? ''),
      );
  }

  /** Where each box stands: id → `transform`. */
  async places(): Promise<ReadonlyMap<string, string>> {
    const boxes = this.svg.locator('g.node');
    return new Map(
      await boxes.evaluateAll((elements) =>
        elements.map((element): [string, string] => {
          const drawn = element as unknown as Drawn & {
            querySelector(selector: string): Drawn | null;
          };
          const named = drawn.getAttribute('data-id') === null ? drawn.querySelector('[data-id]') : drawn;
          return [named?.getAttribute('data-id') ?? '', drawn.getAttribute('transform') ?? ''];
        }),
      ),
    );
  }

  /** Nothing is selected, and no card is open. */
  async unselect(): Promise<void> {
    const close = this.detail.getByRole('button', { name: 'Close' });
    if ((await close.count()) > 0) await close.click();
    await this.detail.waitFor({ state: 'detached' });
  }

  /** What was said of something done, for some seconds. */
  get notice(): Locator {
    return this.#inside.locator('.notice');
  }

  /** Colours of the wires, as the theme makes them. */
  async wireColours(): Promise<readonly string[]> {
    const frame = await this.#frame();
    return frame.evaluate(
      `[...document.querySelectorAll('.wire > .line')].map((line) => getComputedStyle(line).stroke)`,
    );
  }

  button(name: string): Locator {
    return this.#inside.getByRole('button', { name });
  }

  menuItem(name: string): Locator {
    return this.#inside.getByRole('menuitem', { name });
  }

  get searchField(): Locator {
    return this.#inside.getByRole('combobox');
  }

  /** The sentence that a screen reader is told when something changed. */
  announcement(): Promise<string> {
    return this.#inside.locator('[aria-live="polite"]').innerText();
  }

  /** Right-clicks an element: the editor's own menu opens. */
  async openMenu(id: string): Promise<readonly string[]> {
    await this.element(id).first().click({ button: 'right' });
    const menu = this.#page.locator('.monaco-menu .action-item:not(.disabled) .action-label[aria-label]');
    await menu.first().waitFor();
    return menu.allInnerTexts();
  }

  /** Clicks in the open menu, which takes no clicks for a moment. */
  async chooseFromMenu(item: string): Promise<void> {
    await this.#page.waitForTimeout(200);
    await this.#page.locator(`.monaco-menu .action-label[aria-label="${item}"]`).last().click();
    await this.#page.locator('.monaco-menu').first().waitFor({ state: 'hidden' });
  }

  /** What axe-core finds seriously wrong. */
  async accessibilityFaults(): Promise<readonly string[]> {
    const frame = await this.#frame();
    await frame.evaluate(axe.source);
    const { violations } = await frame.evaluate<AxeResults>(`axe.run(document)`);
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }

  /** Id of the element that has the keyboard. */
  async focused(): Promise<string> {
    const id: unknown = await (
      await this.#frame()
    ).evaluate(`document.activeElement?.closest('[data-id]')?.getAttribute('data-id') ?? ''`);
    return String(id);
  }

  /** Drags one element onto another with the mouse, as a person does: by a way, not at a leap. */
  async drag(id: string, target: string): Promise<void> {
    const [from, to] = [await centreOf(this.element(id).first()), await centreOf(this.element(target).first())];
    const { mouse } = this.#page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x + 10, from.y + 10, { steps: 3 });
    await mouse.move(to.x, to.y, { steps: 10 });
    await mouse.up();
  }

  async #frame(): Promise<Frame> {
    const handle = await this.#inside.locator('body').elementHandle();
    const frame = await handle.ownerFrame();
    if (frame === null) throw new Error('the diagram has no frame');
    return frame;
  }
}

async function centreOf(locator: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is not on the screen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
