/** A value that the engine will know only when the update runs. It appears in previews alone. */
export const UNKNOWN: unique symbol = Symbol("unknown until the update");

/** A value that must be encrypted in the state and hidden in every display. */
export class Secret {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value instanceof Secret ? value.value : value;
  }
  /** What a log or a template shows by accident: never the value. */
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return "[secret]";
  }
}

/** A file-like value: text, a local path, or a URI. In `diff`, `read`, `update` (old values) and `delete` only `hash` is there. */
export class Asset {
  readonly source: { text?: string; path?: string; uri?: string; hash?: string };
  constructor(source: { text?: string; path?: string; uri?: string; hash?: string }) {
    this.source = source;
  }
}

/** A folder-like value: named assets and archives, a local path, or a URI. Old values carry only `hash`, as with {@link Asset}. */
export class Archive {
  readonly source: { assets?: Record<string, Asset | Archive>; path?: string; uri?: string; hash?: string };
  constructor(source: { assets?: Record<string, Asset | Archive>; path?: string; uri?: string; hash?: string }) {
    this.source = source;
  }
}

/** A reference to another resource of the stack. `id` is absent for components and `UNKNOWN` before the resource exists. */
export class ResourceReference {
  readonly urn: string;
  readonly id: string | typeof UNKNOWN | undefined;
  readonly packageVersion: string;
  constructor(urn: string, id?: string | typeof UNKNOWN, packageVersion = "") {
    this.urn = urn;
    this.id = id;
    this.packageVersion = packageVersion;
  }
}

/** Everything that can cross the provider protocol. */
export type Value =
  | null
  | boolean
  | number
  | string
  | typeof UNKNOWN
  | Secret
  | Asset
  | Archive
  | ResourceReference
  | Value[]
  | Properties;

/** The inputs or outputs of a resource. An absent property and `undefined` mean the same. */
export interface Properties {
  [name: string]: Value | undefined;
}

/** Steps from the top of a value to something inside: property names and list indexes. */
export type Path = readonly (string | number)[];

/** True for the `UNKNOWN` symbol, also when it is secret. */
export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN || (value instanceof Secret && value.value === UNKNOWN);
}

/** True when the value is unknown or holds an unknown value at any depth. */
export function hasUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (value instanceof Secret) return hasUnknown(value.value);
  if (value instanceof ResourceReference) return value.id === UNKNOWN;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** True for a plain object: not a list, and none of the classes of this file. */
export function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Deep equality; an absent property equals an undefined one, and secrets compare by their values. */
export function equal(a: unknown, b: unknown): boolean {
  if (a instanceof Secret) return equal(a.value, b);
  if (b instanceof Secret) return equal(a, b.value);
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, index) => equal(element, b[index]));
  }
  if (isObject(a) && isObject(b)) return keysOf(a, b).every((key) => equal(a[key], b[key]));
  if (a instanceof Asset && b instanceof Asset) return equalSources(a.source, b.source);
  if (a instanceof Archive && b instanceof Archive) return equalSources(a.source, b.source);
  if (a instanceof ResourceReference && b instanceof ResourceReference) return a.urn === b.urn && a.id === b.id;
  return false;
}

/** The names of both objects, each once, in the order of first appearance. */
export function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

/** The hash decides where both sides have it, because the engine leaves out the contents of old assets. */
function equalSources<T extends { hash?: string }>(a: T, b: T): boolean {
  return a.hash && b.hash ? a.hash === b.hash : equal(a, b);
}

/**
 * A path as Pulumi spells it: `settings.url`, `members[2]`, `appSettings["a.b"]`.
 */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
