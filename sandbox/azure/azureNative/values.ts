import { unwrapSecrets } from "../../../provider/engine/secrets.ts";
import { isUnknown, type Properties, Secret, type Value } from "../../../provider/engine/values.ts";
import type { JsonObject } from "../arm/json.ts";

/** The same properties without secret wrappers, and without what is null or undefined at any depth. */
export function dropNulls(value: Properties): Properties {
  return drop(value) as Properties;
}

function drop(value: Value | undefined): Value | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Secret) {
    const inner = drop(value.value);
    return inner === undefined ? undefined : new Secret(inner);
  }
  if (Array.isArray(value)) return value.map((item) => drop(item) ?? null);
  if (isPlain(value)) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => {
        const kept = drop(item);
        return kept === undefined ? [] : [[key, kept]];
      }),
    );
  }
  return value;
}

export function isPlain(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Properties of which everything is known, as plain JSON. */
export function toJson(properties: Properties): JsonObject {
  return unwrapSecrets<JsonObject>(properties);
}

/** A text that is known now; `undefined` when it is absent or unknown. */
export function knownText(value: Value | undefined): string | undefined {
  const plain = unwrapSecrets(value);
  return typeof plain === "string" && !isUnknown(plain) ? plain : undefined;
}
