import type { Locator, Page } from 'playwright-core';

/** A row of a tree, as it is drawn and as a screen reader reads it. */
export interface Row {
  /** Place among all rows that are open. */
  readonly index: number;
  /** 1 for the outermost. */
  readonly level: number;
  readonly name: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly label: string;
  /** Undefined for a row that has nothing inside. */
  readonly expanded: boolean | undefined;
}

/** One name a level, from the outermost on. */
export type Path = readonly (string | RegExp)[];

/** What of the DOM is used: its types would be everybody's, and only code that runs in the page may know them. */
interface DrawnElement {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  querySelector(selector: string): DrawnElement | null;
}

/** A tree view of the sidebar. VS Code draws only the rows that are in sight, so the window grows with them. */
export class View {
  readonly #page: Page;
  readonly #name: string;

  constructor(page: Page, name: string) {
    this.#page = page;
    this.#name = name;
  }

  get pane(): Locator {
    return this.#page
      .locator('.part.sidebar .pane')
      .filter({ has: this.#page.locator(`.pane-header[aria-label^="${this.#name}"]`) });
  }

  /** Opens the view where it is folded. */
  async unfold(): Promise<void> {
    await this.#setFolded(false);
  }

  async fold(): Promise<void> {
    await this.#setFolded(true);
  }

  /** All rows from top to bottom, once they keep still; what is closed is not opened. */
  async rows(): Promise<readonly Row[]> {
    let before = '';
    for (const deadline = Date.now() + 5000; ;) {
      await this.#makeRoom();
      const rows = await this.#drawn();
      const now = JSON.stringify(rows);
      if (now === before || Date.now() > deadline) return rows;
      before = now;
      await this.#page.waitForTimeout(60);
    }
  }

  /** The names of the outermost rows. */
  async names(): Promise<readonly string[]> {
    return (await this.rows()).filter(({ level }) => level === 1).map(({ name }) => name);
  }

  /** The rows right inside the one at `path`, which is opened. */
  async children(path: Path): Promise<readonly Row[]> {
    const parent = await this.expand(path);
    const below = (await this.rows()).filter(({ index }) => index > parent.index);
    const end = below.findIndex(({ level }) => level <= parent.level);
    return below.slice(0, end === -1 ? undefined : end).filter(({ level }) => level === parent.level + 1);
  }

  /** The row at `path`, whose parents are opened. Waits for it to come. */
  async find(path: Path, timeout = 10_000): Promise<Row> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const row = await this.#lookUp(path);
      if (row !== undefined) return row;
      if (Date.now() > deadline) throw new Error(`${this.#name} has no row ${path.join(' › ')}:\n${await this.text()}`);
      await this.#page.waitForTimeout(100);
    }
  }

  async has(path: Path): Promise<boolean> {
    return (await this.#lookUp(path)) !== undefined;
  }

  /** Opens the row; nothing happens to one that is open. */
  async expand(path: Path): Promise<Row> {
    return this.#put(path, true);
  }

  async collapse(path: Path): Promise<Row> {
    return this.#put(path, false);
  }

  async select(path: Path): Promise<void> {
    await this.#drawnRow(await this.find(path)).click();
  }

  /** Selects the row beside those that are selected. */
  async selectToo(path: Path): Promise<void> {
    await this.#drawnRow(await this.find(path)).click({ modifiers: ['ControlOrMeta'] });
  }

  /** Drags the row, and those that are selected with it, onto a row of a view. */
  async drag(path: Path, onto: View, target: Path): Promise<void> {
    await this.find(path);
    const there = onto.#drawnRow(await onto.find(target));
    // Where the target opened rows, this one may have moved.
    const here = this.#drawnRow(await this.find(path));
    await here.locator('.label-name').dragTo(there.locator('.label-name'));
  }

  /** Clicks a button that the row shows under the pointer, by its accessible name. */
  async clickInline(path: Path, action: string): Promise<void> {
    const row = this.#drawnRow(await this.find(path));
    await row.hover();
    await row.locator(`.actions .action-label[aria-label="${action}"]`).click();
  }

  /** Clicks a button of the view's title, by its accessible name. */
  async clickTitle(action: string): Promise<void> {
    await this.pane.locator('.pane-header').hover();
    await this.pane.locator(`.pane-header .action-label[aria-label="${action}"]`).click();
  }

  /** Right-clicks the row and chooses from the menu. */
  async chooseFromMenu(path: Path, item: string): Promise<void> {
    await this.#drawnRow(await this.find(path)).click({ button: 'right' });
    await this.#chooseOpen(item);
  }

  /** Opens the menu behind the dots of the view's title and chooses from it, or from the submenu in it. */
  async chooseFromTitleMenu(item: string, submenu?: string): Promise<void> {
    await this.pane.locator('.pane-header').hover();
    await this.pane.locator('.pane-header .action-label[aria-label^="More Actions"]').click();
    if (submenu !== undefined) await this.#menuItem(submenu).hover();
    await this.#chooseOpen(item);
  }

  /** The buttons that the row shows under the pointer, by their accessible names. */
  async inlineActions(path: Path): Promise<readonly string[]> {
    const row = this.#drawnRow(await this.find(path));
    await row.hover();
    const buttons = row.locator('.actions .action-label');
    return buttons.evaluateAll((elements) =>
      (elements as unknown as readonly DrawnElement[]).map((element) => element.getAttribute('aria-label') ?? ''),
    );
  }

  /** What the keyboard and the commands act on: the row with the focus, if it is selected too. */
  async selected(): Promise<Row | undefined> {
    const rows = await this.#read('.monaco-list-row.focused.selected');
    return rows[0];
  }

  /** The rows that a person sees now, from top to bottom; the window does not grow for them. */
  async inSight(): Promise<readonly Row[]> {
    const list = await this.#list.boundingBox();
    if (list === null) return [];
    const seen: Row[] = [];
    for (const row of await this.#drawn()) {
      const box = await this.#drawnRow(row).boundingBox();
      if (box !== null && box.y >= list.y - 1 && box.y + box.height <= list.y + list.height + 1) seen.push(row);
    }
    return seen;
  }

  /** Turns the wheel over the rows. */
  async scroll(pixels: number): Promise<void> {
    await this.#list.hover();
    await this.#page.mouse.wheel(0, pixels);
    await this.#page.waitForTimeout(300);
  }

  /** Clicks a row that is in sight, without looking for it by its path. */
  async clickInSight(name: string): Promise<void> {
    const row = (await this.inSight()).find((one) => one.name === name);
    if (row === undefined) throw new Error(`${name} is not in sight`);
    await this.#drawnRow(row).click();
  }

  /** What the menu of the row offers. */
  async menu(path: Path): Promise<readonly string[]> {
    await this.#drawnRow(await this.find(path)).click({ button: 'right' });
    const items = this.#page.locator('.monaco-menu .action-item:not(.disabled) .action-label[aria-label]');
    await items.first().waitFor();
    const labels = await items.allInnerTexts();
    await this.#page.keyboard.press('Escape');
    return labels;
  }

  /** The text that hovers over the row when the pointer rests on it. */
  async hover(path: Path): Promise<string> {
    return (await this.#hoverOf(path)).innerText();
  }

  /** That text, and how many elements of a selector it has: links or pictures that somebody's words were made into. */
  async hoverParts(path: Path, selector: string): Promise<{ readonly text: string; readonly parts: number }> {
    const hover = await this.#hoverOf(path);
    return { text: await hover.innerText(), parts: await hover.locator(selector).count() };
  }

  async #hoverOf(path: Path): Promise<Locator> {
    const row = await this.find(path);
    // What hovers over another row goes first.
    const { width, height } = this.#page.viewportSize() ?? { width: 10, height: 10 };
    await this.#page.mouse.move(width - 5, height / 2);
    await this.#page.locator('.workbench-hover').first().waitFor({ state: 'hidden' });
    await this.#drawnRow(row).locator('.label-name').hover();
    // A lazy tooltip says that it loads before it is there.
    const hover = this.#page
      .locator('.workbench-hover .hover-contents')
      .filter({ hasNotText: /^Loading/ })
      .first();
    await hover.waitFor();
    return hover;
  }

  /** What is shown where there are no rows; empty while there are. */
  async welcome(): Promise<string> {
    const content = this.pane.locator('.welcome-view-content');
    return (await content.isVisible()) ? content.innerText() : '';
  }

  /** The buttons of the welcome text. */
  async welcomeButtons(): Promise<readonly string[]> {
    return this.pane.locator('.welcome-view-content .monaco-button').allInnerTexts();
  }

  /** Those of them that cannot be seen without scrolling. */
  async hiddenButtons(): Promise<readonly string[]> {
    const body = await this.pane.locator('.pane-body').boundingBox();
    const hidden: string[] = [];
    for (const button of await this.pane.locator('.welcome-view-content .monaco-button').all()) {
      const box = await button.boundingBox();
      const isSeen = body !== null && box !== null && box.y + box.height <= body.y + body.height;
      if (!isSeen) hidden.push(await button.innerText());
    }
    return hidden;
  }

  async clickWelcome(button: string): Promise<void> {
    await this.pane.locator('.welcome-view-content .monaco-button', { hasText: button }).click();
  }

  /** The line above the rows; empty where there is none. */
  async message(): Promise<string> {
    const line = this.pane.locator('.tree-explorer-viewlet-tree-view > .message');
    return (await line.isVisible()) ? line.innerText() : '';
  }

  /** What stands beside the view's name. */
  async description(): Promise<string> {
    const text = this.pane.locator('.pane-header .description');
    return (await text.count()) === 0 ? '' : text.innerText();
  }

  /** The rows that are open, indented, for messages. */
  async text(): Promise<string> {
    const rows = await this.rows();
    return rows.map(({ level, name, description }) => `${'  '.repeat(level)}${name}  ${description}`).join('\n');
  }

  get #list(): Locator {
    return this.pane.locator('.monaco-list');
  }

  #drawnRow({ index }: Row): Locator {
    return this.#list.locator(`.monaco-list-row[data-index="${index}"]`);
  }

  #menuItem(item: string): Locator {
    return this.#page.locator('.monaco-menu .action-item', {
      has: this.#page.locator(`.action-label[aria-label="${item}"]`),
    });
  }

  /** Clicks in the open menu, which for a moment takes no clicks: the one that opened it might be a double one. */
  async #chooseOpen(item: string): Promise<void> {
    const chosen = this.#menuItem(item).last();
    await chosen.waitFor();
    await this.#page.waitForTimeout(200);
    await chosen.click();
    await this.#page.locator('.monaco-menu').first().waitFor({ state: 'hidden' });
  }

  async #setFolded(folded: boolean): Promise<void> {
    const header = this.pane.locator('.pane-header');
    if ((await header.getAttribute('aria-expanded')) === String(folded))
      await header.click({ position: { x: 8, y: 8 } });
  }

  async #lookUp(path: Path): Promise<Row | undefined> {
    let parent: Row | undefined;
    for (const [depth, wanted] of path.entries()) {
      if (parent?.expanded === false) await this.#toggle(parent);
      const rows: readonly Row[] = await this.rows();
      const start = parent === undefined ? 0 : rows.findIndex(({ index }) => index === parent?.index) + 1;
      const inside = rows.slice(start);
      const end = parent === undefined ? -1 : inside.findIndex(({ level }) => level <= depth);
      parent = inside
        .slice(0, end === -1 ? undefined : end)
        .find(
          ({ level, name }) =>
            level === depth + 1 && (typeof wanted === 'string' ? name === wanted : wanted.test(name)),
        );
      if (parent === undefined) return undefined;
    }
    return parent;
  }

  async #put(path: Path, expanded: boolean): Promise<Row> {
    for (let tries = 0; tries < 3; tries++) {
      const row = await this.find(path);
      if (row.expanded === undefined || row.expanded === expanded) return row;
      await this.#toggle(row);
    }
    return this.find(path);
  }

  /** Opens or closes the row; gives up after a while, since rows above it may have come or gone. */
  async #toggle(row: Row): Promise<void> {
    await this.#drawnRow(row).locator('.monaco-tl-twistie').click();
    for (const deadline = Date.now() + 3000; Date.now() < deadline;) {
      const rows = await this.rows();
      const same = rows.find(
        ({ index, level, name }) => index === row.index && level === row.level && name === row.name,
      );
      if (same === undefined) return;
      // An open row's children come later than its own state.
      const isOpen = same.expanded === true && (rows[same.index + 1]?.level ?? 0) > same.level;
      if (row.expanded === true ? same.expanded === false : isOpen) return;
    }
  }

  /**
   * Makes the window as tall as the rows need: a wheel that turns while the list draws loses notches, and what is
   * read then is not the whole. `Window.screenshot` brings it back to its size.
   */
  async #makeRoom(): Promise<void> {
    const pixels = await this.#missing();
    const { width, height } = this.#page.viewportSize() ?? { width: 0, height: 0 };
    if (pixels === 0 || height > 30_000) return;
    await this.#page.setViewportSize({ width, height: height + Math.max(pixels, 200) });
    const deadline = Date.now() + 2000;
    while (Date.now() < deadline && (await this.#missing()) >= pixels) await this.#page.waitForTimeout(20);
    await this.#makeRoom();
  }

  /** How many pixels of rows are out of sight. */
  async #missing(): Promise<number> {
    if (!(await this.#list.isVisible())) return 0;
    const [rows, list] = [await this.#list.locator('.monaco-list-rows').boundingBox(), await this.#list.boundingBox()];
    return rows === null || list === null ? 0 : Math.max(0, Math.ceil(rows.height - list.height));
  }

  #drawn(): Promise<readonly Row[]> {
    return this.#read('.monaco-list-row');
  }

  async #read(selector: string): Promise<readonly Row[]> {
    const rows = await this.#list.locator(selector).evaluateAll((elements) =>
      (elements as unknown as readonly DrawnElement[]).map((element) => ({
        index: Number(element.getAttribute('data-index')),
        level: Number(element.getAttribute('aria-level')),
        name: element.querySelector('.label-name')?.textContent ?? '',
        description: element.querySelector('.label-description')?.textContent ?? '',
        label: element.getAttribute('aria-label') ?? '',
        expanded: element.hasAttribute('aria-expanded') ? element.getAttribute('aria-expanded') === 'true' : undefined,
      })),
    );
    return rows.sort((a, b) => a.index - b.index);
  }
}
