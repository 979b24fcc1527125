import { closest, distance } from "fastest-levenshtein";

/** The name that was probably meant, when one is near enough to be worth a hint. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const lower = name.toLowerCase();
  const best = names.find((each) => each.toLowerCase() === lower) ?? closest(name, names);
  return distance(lower, best.toLowerCase()) <= Math.max(2, Math.floor(best.length / 3)) ? best : undefined;
}
