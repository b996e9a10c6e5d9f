const nothing: ReadonlySet<string> = new Set();

/** Deep equality of plain data, as JSON has it. A property that is undefined, or is named in `quiet`, is one that is not there. */
export function isSame(a: unknown, b: unknown, quiet: ReadonlySet<string> = nothing): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let position = 0; position < a.length; position++) {
      if (!isSame(a[position], b[position], quiet)) return false;
    }
    return true;
  }
  return hasSameProperties(a as Plain, b as Plain, quiet);
}

type Plain = Readonly<Record<string, unknown>>;

function hasSameProperties(a: Plain, b: Plain, quiet: ReadonlySet<string>): boolean {
  const keys = Object.keys(a);
  let common = 0;
  for (const key of keys) {
    if (quiet.has(key)) continue;
    const one = a[key];
    if (!Object.hasOwn(b, key)) {
      if (one !== undefined) return false;
      continue;
    }
    if (!isSame(one, b[key], quiet)) return false;
    common += 1;
  }
  // What only the other one has must be nothing. Mostly both have the same, and need no second look.
  const others = Object.keys(b);
  if (common === keys.length && others.length === keys.length) return true;
  return others.every((key) => quiet.has(key) || Object.hasOwn(a, key) || b[key] === undefined);
}
