export function elementWith(svg: SVGSVGElement, id: string): SVGElement | null {
  return svg.querySelector<SVGElement>(`[data-id="${CSS.escape(id)}"]`);
}

/** One element of the drawing is a tab stop. Changed in place, so that walking draws nothing again. */
export function setTabStop(svg: SVGSVGElement, current: { current: string | undefined }, id: string): void {
  if (current.current !== undefined && current.current !== id) {
    elementWith(svg, current.current)?.setAttribute('tabindex', '-1');
  }
  current.current = id;
  elementWith(svg, id)?.setAttribute('tabindex', '0');
}
