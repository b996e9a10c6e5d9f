import type { Problem } from './problem.ts';

/** Empty is no problem. No sign but a leading `-`, no exponent, no blanks: what Go's strconv.Atoi takes. */
export function numberProblem(text: string, minimum: number, maximum: number): Problem | undefined {
  if (text === '') return undefined;
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= minimum && value <= maximum ? undefined : { kind: 'number', minimum, maximum };
}
