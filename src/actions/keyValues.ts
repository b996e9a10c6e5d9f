import { formatItem, parseItems } from './items.ts';
import type { Parsed, Problem } from './problem.ts';

/** Labels and driver options: `key=value` items, see items.ts. The docker command knows no key with a blank. */
export function parseKeyValues(text: string): Parsed<Readonly<Record<string, string>>> {
  const items = parseItems(text);
  if (items.problem !== undefined) return items;
  const found = new Map<string, string>();
  for (const item of items.value) {
    const equals = item.indexOf('=');
    const key = item.slice(0, equals).trim();
    if (equals < 0 || key === '' || /\s/.test(key)) return { problem: { kind: 'keyValue', text: item } };
    if (found.has(key)) return { problem: { kind: 'repeated', text: key } };
    found.set(key, item.slice(equals + 1));
  }
  // Not by assignment: a key may be `__proto__`.
  return { value: Object.fromEntries(found) };
}

export function formatKeyValues(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => formatItem(key, value))
    .join(', ');
}

/** `NAME=value` items, and `NAME` alone for what the image sets and the container is to go without. See items.ts. */
export function parseEnvironment(text: string): Parsed<readonly string[]> {
  const items = parseItems(text);
  if (items.problem !== undefined) return items;
  const names = new Set<string>();
  const lines: string[] = [];
  for (const item of items.value) {
    const equals = item.indexOf('=');
    const name = (equals < 0 ? item : item.slice(0, equals)).trim();
    const problem = variableProblem(name, item) ?? (names.has(name) ? repeated(name) : undefined);
    if (problem !== undefined) return { problem };
    names.add(name);
    lines.push(equals < 0 ? name : `${name}${item.slice(equals)}`);
  }
  return { value: lines };
}

/**
 * The engine takes any name. This is stricter, so that the rest of a value that was cut at its comma is not taken for a
 * variable; `.` and `-` are in the names of some programs' settings.
 */
function variableProblem(name: string, text: string): Problem | undefined {
  return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name) ? undefined : { kind: 'environmentName', text };
}

function repeated(text: string): Problem {
  return { kind: 'repeated', text };
}

export function formatEnvironment(environment: readonly string[]): string {
  return environment
    .map((line) => {
      const equals = line.indexOf('=');
      return equals < 0 ? line : formatItem(line.slice(0, equals), line.slice(equals + 1));
    })
    .join(', ');
}
