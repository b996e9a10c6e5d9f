/** Longest time until something is drawn; milliseconds. */
const limit = 60_000;

/** Resolves at the beginning of the next frame. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
  });
}

/** The time when the first frame that shows it was drawn. */
export async function whenShown(isShown: () => boolean): Promise<number> {
  const latest = performance.now() + limit;
  do {
    if (performance.now() > latest) throw new Error(`void: not all was drawn within ${limit / 1000} s`);
    await nextFrame();
  } while (!isShown());
  // It is there when a frame begins; that frame has been drawn when the next one does.
  await nextFrame();
  return performance.now();
}

/** Drags `target` along a curve with a move a frame. Frames a second at which `where` was another than before. */
export async function pan(target: Element, where: () => string, milliseconds: number): Promise<number> {
  const x = window.innerWidth / 2;
  const y = window.innerHeight / 2;
  let turn = 0;
  const mouse = (type: string): MouseEvent =>
    new MouseEvent(type, {
      bubbles: true,
      cancelable: true,
      view: window,
      clientX: x + 200 * Math.sin(turn / 15),
      clientY: y + 150 * Math.sin(turn / 11),
      buttons: 1,
    });
  target.dispatchEvent(mouse('mousedown'));
  await nextFrame();
  let moved = 0;
  let before = where();
  const began = performance.now();
  let now = began;
  while (now - began < milliseconds) {
    turn++;
    window.dispatchEvent(mouse('mousemove'));
    await nextFrame();
    now = performance.now();
    const here = where();
    if (here !== before) moved++;
    before = here;
  }
  window.dispatchEvent(mouse('mouseup'));
  if (moved === 0) throw new Error('void: dragging did not move the picture');
  return moved / ((now - began) / 1000);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
