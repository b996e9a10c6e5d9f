/** One part of an answer: what the header line says, and the files that were printed below it. */
export interface Frame {
  readonly kind: string;
  readonly words: readonly string[];
  /** One more than files: what comes after the last one. */
  readonly parts: readonly string[];
}

/** The frames of what a script (script.ts) printed; none where it did not come to its end. Total on any text. */
export function framesOf(text: string, mark: string): Frame[] {
  const frames: { kind: string; words: readonly string[]; parts: string[] }[] = [];
  // Before the first mark is nothing of the script's.
  for (const piece of text.split(mark).slice(1)) {
    const end = piece.indexOf('\n');
    const header = end < 0 ? piece : piece.slice(0, end);
    const rest = end < 0 ? '' : piece.slice(end + 1);
    const [kind, ...words] = header.split(' ').filter((word) => word !== '');
    if (kind === undefined) frames.at(-1)?.parts.push(rest);
    else frames.push({ kind, words, parts: [rest] });
  }
  return frames.at(-1)?.kind === 'end' ? frames : [];
}
