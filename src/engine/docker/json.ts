/**
 * Tolerant readers of JSON that an engine sent. Architecture invariant: none of them throws, whatever comes in;
 * what is missing or of another type reads as empty.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

const nothing: JsonObject = {};

/** The object itself; an empty one for anything else. */
export function object(value: unknown): JsonObject {
  return isObject(value) ? value : nothing;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Engines write "not set" as an empty string as often as they leave the field out. */
export function filled(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((item) => typeof item === 'string');
}

/** A number of zero or more without a fraction; 0 for anything else. */
export function natural(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** Labels and options. Shares the raw record where it is clean already: 10,000 labels are not copied at every read. */
export function textMap(value: unknown): Readonly<Record<string, string>> {
  const raw = object(value);
  if (isTextMap(raw)) return raw;
  // fromEntries defines properties, so a label called `__proto__` stays a label.
  return Object.fromEntries(
    Object.entries(raw).flatMap(([key, item]) =>
      typeof item === 'string'
        ? [[key, item]]
        : typeof item === 'number' || typeof item === 'boolean'
          ? [[key, String(item)]]
          : [],
    ),
  );
}

function isTextMap(value: JsonObject): value is Readonly<Record<string, string>> {
  return Object.values(value).every((item) => typeof item === 'string');
}

/** Drops the properties that are undefined, as `exactOptionalPropertyTypes` wants it. */
export function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
