import type { Difference } from "../engine/definition.ts";
import { isUnknown } from "../engine/values.ts";
import { sameName } from "./distinguishedName.ts";

/**
 * The difference of an object that is changed in place: `true` for each property that is not as it should be. The directory's own
 * state is compared, not the earlier inputs, so that drift and half-done work show alike.
 */
export function inPlace(differs: Record<string, boolean>): Difference {
  const properties = Object.entries(differs).flatMap(([property, yes]) => (yes ? [property] : []));
  return { changes: Object.fromEntries(properties.map((property) => [property, "update"])) };
}

/** Whether a distinguished name is another one; what is unknown is taken for different. */
export function otherName(present: string, wanted: string): boolean {
  return isUnknown(wanted) || !sameName(present, wanted);
}

/**
 * What an optional attribute should be: as declared; empty when an earlier declaration was withdrawn; as it is when it was never
 * declared, because then it is not the kit's.
 */
export function optionalValue<T>(
  declared: T | undefined,
  before: T | undefined,
  present: T | undefined,
): T | undefined {
  if (declared !== undefined) return declared;
  return before === undefined ? present : undefined;
}
