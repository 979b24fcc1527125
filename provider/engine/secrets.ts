import { equal, isObject, type Properties, Secret, type Value } from "./values.ts";

/** The same value with every secret replaced by what it holds. */
export function unwrapSecrets<T = Value>(value: unknown): T {
  if (value instanceof Secret) return unwrapSecrets<T>(value.value);
  if (Array.isArray(value)) return value.map((element) => unwrapSecrets(element)) as T;
  if (isObject(value)) return mapProperties(value, unwrapSecrets) as T;
  return value as T;
}

/** True when the value is secret or holds a secret at any depth. */
export function hasSecret(value: unknown): boolean {
  if (value instanceof Secret) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isObject(value) && Object.values(value).some(hasSecret);
}

/** Marks the named properties as secret, whole. */
export function markSecret(properties: Properties, names: Iterable<string>): Properties {
  const secret = new Set(names);
  return mapProperties(properties, (value, name) =>
    secret.has(name) && value !== undefined && !(value instanceof Secret) ? new Secret(unwrapSecrets(value)) : value,
  ) as Properties;
}

/**
 * Gives `value` the secret marks that `reference`, an earlier form of the same value, has. A list whose elements changed becomes
 * secret as a whole, because an element that was secret may have moved.
 */
export function restoreSecrets<T = Value>(value: unknown, reference: unknown): T {
  return restore(value, reference) as T;
}

function restore(value: unknown, reference: unknown): unknown {
  if (value === undefined || value instanceof Secret || !hasSecret(reference)) return value;
  if (reference instanceof Secret) return new Secret(unwrapSecrets(value));
  if (isObject(value) && isObject(reference)) {
    return mapProperties(value, (element, name) => restore(element, reference[name]));
  }
  if (Array.isArray(value) && Array.isArray(reference) && equal(value, reference)) {
    return value.map((element, index) => restore(element, reference[index]));
  }
  return new Secret(unwrapSecrets(value));
}

/** The secret texts inside a value: what must not appear in an output, a message or an error. */
export function secretTexts(value: unknown): Set<string> {
  const found = new Set<string>();
  collect(value, false, found);
  return found;
}

function collect(value: unknown, secret: boolean, found: Set<string>): void {
  if (value instanceof Secret) collect(value.value, true, found);
  else if (typeof value === "string" && secret && value.length >= shortestSecret) found.add(value);
  else if (Array.isArray(value)) for (const element of value) collect(element, secret, found);
  else if (isObject(value)) for (const element of Object.values(value)) collect(element, secret, found);
}

/** Shorter texts ("true", "dev") appear by chance and are no use as a secret. */
const shortestSecret = 6;

/** Marks each text that contains one of the secrets, wherever an output echoes it. */
export function markEchoes<T = Value>(value: unknown, secrets: ReadonlySet<string>): T {
  return (secrets.size === 0 ? value : mark(value, secrets)) as T;
}

function mark(value: unknown, secrets: ReadonlySet<string>): unknown {
  if (typeof value === "string") return contains(value, secrets) ? new Secret(value) : value;
  if (Array.isArray(value)) return value.map((element) => mark(element, secrets));
  if (isObject(value)) return mapProperties(value, (element) => mark(element, secrets));
  return value;
}

function contains(text: string, secrets: ReadonlySet<string>): boolean {
  for (const secret of secrets) if (text.includes(secret)) return true;
  return false;
}

/** The text with each secret replaced by `[secret]`; the longest first, in case one contains another. */
export function redact(text: string, secrets: ReadonlySet<string>): string {
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
}

function mapProperties(object: object, map: (value: unknown, name: string) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]));
}
