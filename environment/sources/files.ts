import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** Reads text files relative to `directory`. */
export function filesOf(directory: string): (path: string) => string {
  return (path) => readFileSync(resolve(directory, path), "utf8");
}
