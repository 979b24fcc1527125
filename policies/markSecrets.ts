import { Secret } from "@pulumi/policy";
import { isMeant } from "./secretPaths.ts";
import { beneath } from "./values.ts";

/**
 * Marks the values at these paths as secrets. Answers `undefined` when all are marked already, so that only a real mend is reported.
 * A name that begins with `*` stands for every name with that ending.
 */
export function markSecrets(
  properties: Record<string, unknown>,
  paths: readonly (readonly string[])[],
): Record<string, unknown> | undefined {
  const raw = beneath(properties);
  const changed = paths.map((path) => markAt(raw, path));
  return changed.includes(true) ? properties : undefined;
}

function markAt(value: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined || typeof value !== "object" || value === null || value instanceof Secret) return false;
  const record = value as Record<string, unknown>;
  const names = Object.keys(record).filter((each) => isMeant(each, name));
  return names.map((each) => markValue(record, each, rest)).includes(true);
}

function markValue(record: Record<string, unknown>, name: string, rest: readonly string[]): boolean {
  const value = record[name];
  if (rest.length > 0) return markAt(value, rest);
  if (value === undefined || value === null || value instanceof Secret) return false;
  record[name] = new Secret(value);
  return true;
}
