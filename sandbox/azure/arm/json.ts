/** A JSON value, as ARM bodies carry it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a dotted path (`properties.osProfile.computerName`), or `undefined`. */
export function valueAt(body: Json | undefined, path: string): Json | undefined {
  let value: Json | undefined = body;
  for (const key of path.split(".")) value = isObject(value) ? value[key] : undefined;
  return value;
}

/** Sets the value at a dotted path; objects on the way are made. */
export function setAt(body: JsonObject, path: string, value: Json): void {
  const keys = path.split(".");
  const last = keys.pop() as string;
  let target = body;
  for (const key of keys) {
    const next = target[key];
    const inner = isObject(next) ? next : {};
    target[key] = inner;
    target = inner;
  }
  target[last] = value;
}

/** Equal by content; the order of keys does not count, the order of lists does. */
export function isEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && isEqual(a[key], b[key]));
}

export function asText(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function asList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a list, or of a single value: ARM often has a singular and a plural of one field. */
export function texts(...values: (Json | undefined)[]): string[] {
  return values.flatMap((value) => (Array.isArray(value) ? value : [value])).filter((v) => typeof v === "string");
}
