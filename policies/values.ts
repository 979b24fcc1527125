/** Stands for a value that a preview cannot know yet. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A property of a resource in plain JavaScript, with {@link UNKNOWN} where a preview cannot tell. */
export type Value = string | number | boolean | null | undefined | typeof UNKNOWN | Value[] | { [name: string]: Value };
export type Properties = { [name: string]: Value };

/**
 * Copies what the policy SDK hands out. The SDK throws at every access to an unknown value; rules want to see the known rest, so
 * unknown values become {@link UNKNOWN}.
 */
export function plain(value: unknown): Value {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => read(() => value[index]));
  if (typeof value !== "object" || value === null) return value as Value;
  const record = value as Record<string, unknown>;
  return Object.fromEntries(Object.keys(record).map((name) => [name, read(() => record[name])]));
}

function read(access: () => unknown): Value {
  try {
    return plain(access());
  } catch (error) {
    // The SDK does not export the class of this error.
    if (error instanceof Error && error.constructor.name === "UnknownValueError") return UNKNOWN;
    throw error;
  }
}

/** The value at a path of names, `UNKNOWN` when the path leads through an unknown value, `undefined` when there is nothing. */
export function at(value: Value, ...path: string[]): Value {
  let current = value;
  for (const name of path) {
    if (current === UNKNOWN) return UNKNOWN;
    if (typeof current !== "object" || current === null || Array.isArray(current)) return undefined;
    current = Object.hasOwn(current, name) ? current[name] : undefined;
  }
  return current;
}

/** True when the value is unknown or has an unknown part. */
export function hasUnknown(value: Value): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasUnknown);
}

/** The elements of a list; nothing for what is no list. */
export function elements(value: Value): Value[] {
  return Array.isArray(value) ? value : [];
}

/** A text in lower case; `undefined` for what is no text. */
export function lower(value: Value): string | undefined {
  return typeof value === "string" ? value.toLowerCase() : undefined;
}
