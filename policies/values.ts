import { signatureKey, signatures, unknownStrings } from "../provider/engine/signatures.ts";

/** Stands for a value that nobody can know: a preview does not know it yet, or a saved state keeps it encrypted. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A property of a resource in plain JavaScript, with {@link UNKNOWN} where a preview cannot tell. */
export type Value = string | number | boolean | null | undefined | typeof UNKNOWN | Value[] | { [name: string]: Value };
export type Properties = { [name: string]: Value };

/** What previews print in place of a secret. */
const hidden = "[secret]";

/**
 * Copies what the policy SDK hands out, or what a saved preview or state holds. The SDK throws at every access to an unknown value; rules
 * want to see the known rest, so unknown values become {@link UNKNOWN}. Secrets are opened where they are readable.
 */
export function plain(value: unknown): Value {
  return copyOf(beneath(value));
}

/**
 * The object beneath the policy SDK's views, which hide what is unknown and what is secret: each view answers this name with what is
 * beneath it (the SDK itself looks there when it sends the result of a remediation back).
 */
export function beneath(view: unknown): unknown {
  if (typeof view !== "object" || view === null) return view;
  const target = (view as { __getSpecialProxyTarget?: unknown }).__getSpecialProxyTarget;
  return target === undefined ? view : beneath(target);
}

function copyOf(value: unknown): Value {
  if (typeof value === "string") return unknownStrings.has(value) || value === hidden ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== "object" || value === null) return value as Value;
  if (isSecret(value)) return openSecret(value);
  // The policy SDK's own wrapper, known by its name: a review has no need of the SDK.
  if (value.constructor?.name === "Secret" && "value" in value) return copyOf(value.value);
  const copy: Properties = {};
  for (const [name, each] of Object.entries(value)) copy[name] = copyOf(each);
  return copy;
}

/** True for the engine's envelope around a secret, as states, previews and the analyzer protocol write it. */
export function isSecret(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && (value as Properties)[signatureKey] === signatures.secret;
}

function openSecret({ value, plaintext }: Record<string, unknown>): Value {
  if (value !== undefined) return copyOf(value);
  if (typeof plaintext !== "string") return UNKNOWN;
  try {
    return copyOf(JSON.parse(plaintext));
  } catch {
    return UNKNOWN;
  }
}

/** Calls back with the path of each value that is marked as a secret in what a saved preview or state holds. */
export function eachSecret(value: unknown, tell: (path: string, value: Value) => void, path = ""): void {
  if (typeof value !== "object" || value === null) {
    if (value === hidden) tell(path, UNKNOWN);
    return;
  }
  if (isSecret(value)) {
    tell(path, openSecret(value));
    return;
  }
  for (const [name, each] of Object.entries(value)) {
    eachSecret(each, tell, Array.isArray(value) ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`);
  }
}

/** Marks properties of which what is not there is not known. */
const OPEN: unique symbol = Symbol("open");

/** The same properties; what they lack is not known instead of missing. */
export function open(properties: Properties): Properties {
  // Not enumerable: a copy of the properties is whole again, which is what a rule about what the program asks for is given.
  return Object.defineProperty(properties, OPEN, { value: true });
}

/** The value at a path of names, `UNKNOWN` when the path leads through an unknown value, `undefined` when there is nothing. */
export function at(value: Value, ...path: string[]): Value {
  let current = value;
  for (const name of path) {
    if (current === UNKNOWN) return UNKNOWN;
    if (typeof current !== "object" || current === null || Array.isArray(current)) return undefined;
    current = Object.hasOwn(current, name) ? current[name] : Object.hasOwn(current, OPEN) ? UNKNOWN : undefined;
  }
  return current;
}

/** The elements of a list; nothing for what is no list. */
export function elements(value: Value): Value[] {
  return Array.isArray(value) ? value : [];
}

/** A text in lower case; `undefined` for what is no text. */
export function lower(value: Value): string | undefined {
  return typeof value === "string" ? value.toLowerCase() : undefined;
}
