/** Width of a text in diagram units at its font size. */
export type Measure = (text: string, fontSize: number) => number;

/** The text, or as much of it as fits with an ellipsis. Names differ at their ends, so the middle goes. */
export function fitText(text: string, width: number, fontSize: number, measure: Measure): string {
  if (measure(text, fontSize) <= width) return text;
  const letters = Array.from(text);
  let low = 0;
  let high = letters.length;
  while (low < high) {
    const kept = Math.ceil((low + high) / 2);
    if (measure(shorten(letters, kept), fontSize) <= width) low = kept;
    else high = kept - 1;
  }
  return low === 0 ? '' : shorten(letters, low);
}

function shorten(letters: readonly string[], kept: number): string {
  const head = Math.ceil(kept / 2);
  const tail = kept - head;
  return `${letters.slice(0, head).join('')}…${tail > 0 ? letters.slice(-tail).join('') : ''}`;
}

/**
 * Measures by the width of single letters, each asked once: 10,000 texts of a diagram then cost no call to the canvas.
 * `letterWidth` is for font size 1.
 */
export function letterMeasure(letterWidth: (letter: string) => number): Measure {
  const widths = new Map<string, number>();
  return (text, fontSize) => {
    let sum = 0;
    for (const letter of text) {
      let width = widths.get(letter);
      if (width === undefined) widths.set(letter, (width = letterWidth(letter)));
      sum += width;
    }
    return sum * fontSize;
  };
}
