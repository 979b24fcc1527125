import { existsSync } from "node:fs";
import { join, posix } from "node:path";

/** A place in a file, as the reader's editor counts. */
export interface Place {
  /** Path in the project, or absolute when the file lies elsewhere; with `/`. */
  file: string;
  line: number;
  column?: number;
}

/**
 * Where the program declares a resource: of the calls that led to it, the innermost one that is neither in a package nor in the kit's own
 * resource classes, which declare everything.
 *
 * @param positions As the engine writes them, innermost first: `project:///index.ts#12,4`, `project:///file:/build/7/index.ts#12,4`.
 * @param root Folder of the program; `undefined` when it is not on this machine.
 */
export function declaredAt(positions: readonly string[], root: string | undefined): Place | undefined {
  const places = positions.map((position) => placeOf(position, root)).filter((place) => place !== undefined);
  return places.find(({ file }) => !file.startsWith("provider/")) ?? places[0];
}

function placeOf(position: string, root: string | undefined): Place | undefined {
  const match = /^project:\/\/\/(?<path>[^#]+)#(?<line>\d+)(?:,(?<column>\d+))?$/.exec(position)?.groups;
  if (match === undefined) return undefined;
  const path = decoded(match.path ?? "");
  if (path.split("/").includes("node_modules")) return undefined;
  // Of a program in ES modules the engine only knows file addresses.
  const file = path.startsWith("file:") ? within(path.slice("file:".length), root) : posix.normalize(path);
  if (file.startsWith("..")) return undefined;
  const line = Number(match.line);
  if (line < 1) return undefined;
  const column = Number(match.column ?? 0);
  return { file, line, ...(column >= 1 && { column }) };
}

/** The file in this checkout: it may have been written by another machine, with the project in another folder. */
function within(absolute: string, root: string | undefined): string {
  const path = posix.normalize(absolute.replace(/^\/+/, "/"));
  if (root === undefined) return path;
  const names = path.split("/").filter((name) => name !== "");
  for (let start = 0; start < names.length; start += 1) {
    const relative = names.slice(start).join("/");
    if (isThere(join(root, relative))) return relative;
  }
  return path;
}

const known = new Map<string, boolean>();

/** A state has thousands of resources and few files. */
function isThere(path: string): boolean {
  const there = known.get(path) ?? existsSync(path);
  known.set(path, there);
  return there;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
