import { appendFileSync, closeSync, openSync, readSync } from 'node:fs';

/** Environment variable that names the file which the extension host writes its results to, one JSON a line. */
export const reportVariable = 'DNE_EDITOR_REPORT';

export type Line =
  /** Written before anything else: whose life to watch. */
  | { readonly kind: 'start'; readonly pid: number }
  | { readonly kind: 'passed'; readonly title: string; readonly milliseconds: number }
  | { readonly kind: 'failed'; readonly title: string; readonly message: string }
  | { readonly kind: 'skipped'; readonly title: string }
  /** The suite ran to its end: without it, the host crashed or hangs. `error` where the runner itself failed. */
  | { readonly kind: 'end'; readonly error?: string };

export function writeLine(file: string, line: Line): void {
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** Reads what has come to the file since the last call; a half-written line waits for its other half. */
export function lineReader(file: string): () => readonly Line[] {
  let offset = 0;
  let rest = '';
  return () => {
    const text = rest + readFrom(file, offset, (read) => (offset += read));
    const whole = text.split('\n');
    rest = whole.pop() ?? '';
    return whole.map((line) => JSON.parse(line) as Line);
  };
}

function readFrom(file: string, offset: number, advance: (bytes: number) => void): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const chunks: Buffer[] = [];
    const buffer = Buffer.alloc(65_536);
    for (let position = offset; ;) {
      const read = readSync(descriptor, buffer, 0, buffer.length, position);
      if (read === 0) break;
      chunks.push(Buffer.from(buffer.subarray(0, read)));
      position += read;
      advance(read);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
