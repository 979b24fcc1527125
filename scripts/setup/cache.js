import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Makes a folder of the cache in one step: `fill` works in a draft beside it, which takes the folder's place when it is full.
 * The caller holds the folder's lock, so that drafts found here are left from set-ups that were interrupted.
 * @param {string} folder
 * @param {(draft: string) => Promise<void>} fill
 */
export async function makeFolder(folder, fill) {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const prefix = `${basename(folder)}.draft-`;
  for (const name of await readdir(parent)) if (name.startsWith(prefix)) await remove(join(parent, name));
  const draft = join(parent, `${prefix}${process.pid}`);
  await mkdir(draft);
  await fill(draft);
  if (existsSync(folder)) await remove(folder);
  await rename(draft, folder);
}

/** @param {string} path */
async function remove(path) {
  await rm(path, { recursive: true, force: true });
}

/**
 * Writes a file in one step.
 * @param {string} path
 * @param {string} text
 * @param {number} [mode]
 */
export async function writeInOneStep(path, text, mode = 0o644) {
  const draft = `${path}.draft-${process.pid}`;
  await writeFile(draft, text, { mode });
  await rename(draft, path);
}
