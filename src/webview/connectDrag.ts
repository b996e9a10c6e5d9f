import type { Point } from './layout.ts';

/** A container is being drawn to a network. Window coordinates. */
export interface ConnectDrag {
  /** Id of the container's element. */
  readonly container: string;
  readonly from: Point;
  readonly to: Point;
  /** Id of the network's element under the pointer. */
  readonly network: string | undefined;
}

/** Pixels that a press may move and still be a click. */
const threshold = 6;

export interface DragParts {
  readonly changed: (drag: ConnectDrag | undefined) => void;
  readonly dropped: (drag: ConnectDrag & { readonly network: string }) => void;
}

/** Follows a press on a container until it is let go over a network, or given up with Escape. */
export function followDrag(press: PointerEvent, container: string, { changed, dropped }: DragParts): void {
  const stop = new AbortController();
  const options = { signal: stop.signal, capture: true };
  const from = { x: press.clientX, y: press.clientY };
  let drag: ConnectDrag | undefined;

  const end = (): void => {
    stop.abort();
    if (drag) changed(undefined);
  };
  const move = (event: PointerEvent): void => {
    if (event.pointerId !== press.pointerId) return;
    const to = { x: event.clientX, y: event.clientY };
    if (!drag && Math.hypot(to.x - from.x, to.y - from.y) < threshold) return;
    event.preventDefault();
    const target = document.elementFromPoint(to.x, to.y)?.closest('[data-network]');
    drag = { container, from, to, network: target?.getAttribute('data-id') ?? undefined };
    changed(drag);
  };
  const up = (event: PointerEvent): void => {
    if (event.pointerId !== press.pointerId) return;
    const last = drag;
    end();
    if (!last) return;
    // The click that follows would select what is under the pointer.
    const swallow = (click: MouseEvent): void => click.stopPropagation();
    window.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 0);
    const { network } = last;
    if (network !== undefined) dropped({ ...last, network });
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !drag) return;
    event.preventDefault();
    event.stopPropagation();
    end();
  };
  window.addEventListener('pointermove', move, options);
  window.addEventListener('pointerup', up, options);
  window.addEventListener('pointercancel', end, options);
  window.addEventListener('blur', end, options);
  window.addEventListener('keydown', key, options);
}
