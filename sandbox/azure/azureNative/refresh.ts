import type { Properties, Value } from "../../../provider/engine/values.ts";
import { Secret } from "../../../provider/engine/values.ts";
import { isEqual, isObject, type Json, type JsonObject } from "../arm/json.ts";

/**
 * The program's inputs after the world changed: the old inputs plus the difference between what was and what is. Defaults of the
 * service that did not change stay out; a changed list is taken whole.
 */
export function refreshInputs(inputs: Properties, before: JsonObject, after: JsonObject): Properties {
  const result = { ...inputs };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[key], after[key]];
    if (isEqual(was, is)) continue;
    if (is === undefined) delete result[key];
    else result[key] = refreshed(result[key], was, is);
  }
  return result;
}

function refreshed(input: Value | undefined, was: Json | undefined, is: Json): Value {
  if (input instanceof Secret) return new Secret(refreshed(input.value, was, is));
  if (isObject(was) && isObject(is)) {
    const inner = isObject(input) ? (input as Properties) : {};
    return refreshInputs(inner, was, is);
  }
  return is as Value;
}
