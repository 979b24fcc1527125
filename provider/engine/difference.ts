import type { Difference, PropertyChange } from "./definition.ts";
import { equal, formatPath, isObject, keysOf, type Path } from "./values.ts";

export interface CompareOptions {
  /** Inputs (top-level names) whose change replaces the object. */
  replaceOn?: readonly string[] | undefined;
  /** Whether a replacement deletes the old object first. Default `false`. */
  deleteBeforeReplace?: boolean | undefined;
}

/** The default diff: a deep comparison, reported at the deepest property that differs. An unknown new value counts as a change. */
export function compareInputs(oldInputs: object, newInputs: object, options: CompareOptions = {}): Difference {
  const changes: Record<string, PropertyChange> = {};
  for (const name of keysOf(oldInputs, newInputs)) {
    const replaces = options.replaceOn?.includes(name) ?? false;
    const before = (oldInputs as Record<string, unknown>)[name];
    const after = (newInputs as Record<string, unknown>)[name];
    for (const [path, change] of compare(before, after, [name])) {
      changes[formatPath(path)] = replaces ? `${change}-replace` : change;
    }
  }
  return { changes, ...(options.deleteBeforeReplace && { deleteBeforeReplace: true }) };
}

type Change = [path: Path, change: "add" | "delete" | "update"];

function compare(before: unknown, after: unknown, path: Path): Change[] {
  if (equal(before, after)) return [];
  if (before === undefined) return [[path, "add"]];
  if (after === undefined) return [[path, "delete"]];
  if (isObject(before) && isObject(after)) {
    return keysOf(before, after).flatMap((name) => compare(before[name], after[name], [...path, name]));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      compare(before[index], after[index], [...path, index]),
    );
  }
  return [[path, "update"]];
}

/**
 * The difference without what the program ignores. The engine does this itself for a preview or update, but not when it compares
 * after a refresh. A pattern ignores everything below it; `*` stands for any name or index.
 */
export function withoutIgnored(difference: Difference, ignoreChanges: readonly string[]): Difference {
  if (ignoreChanges.length === 0) return difference;
  const patterns = ignoreChanges.map(steps);
  const kept = Object.entries(difference.changes).filter(([path]) => {
    const parts = steps(path);
    return !patterns.some((pattern) => pattern.every((step, index) => step === "*" || step === parts[index]));
  });
  return { ...difference, changes: Object.fromEntries(kept) };
}

/** The steps of a path in Pulumi's spelling; indexes as text. */
function steps(path: string): string[] {
  const found = path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[([^\]]+)\]|([^.[\]]+)/g);
  return [...found].map(([, quoted, index, name]) =>
    quoted !== undefined ? (JSON.parse(`"${quoted}"`) as string) : (index ?? name ?? ""),
  );
}

/** The top-level property of a path. */
export function topOf(path: string): string {
  return steps(path)[0] ?? path;
}
