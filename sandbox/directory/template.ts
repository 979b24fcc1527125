import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** How a controller's folder is made. */
export interface DirectoryTemplate {
  /** Front of its name in the cache folder, for example `test-domain`. */
  name: string;
  /** Files that say what is in it, besides `provision.ts`: when one of them changes, it is made anew. */
  recipe?: readonly string[];
  /** Makes the domain in this empty folder; what it leaves running is nobody's. */
  make(folder: string): Promise<void>;
}

/**
 * The folder of a controller that does not run, made at the first call and kept in the user's cache folder for the installed version
 * of Samba: provisioning takes ten seconds, filling a large domain minutes. To be copied, never started.
 */
export async function keptTemplate({ name, recipe = [], make }: DirectoryTemplate): Promise<string> {
  const key = createHash("sha256").update(execFileSync("/usr/sbin/samba", ["--version"], { encoding: "utf8" }));
  for (const file of [resolve(import.meta.dirname, "provision.ts"), ...recipe]) key.update(readFileSync(file));
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "mfakit");
  const template = join(cache, `${name}-${key.digest("hex").slice(0, 12)}`);
  if (existsSync(template)) return template;
  await mkdir(cache, { recursive: true });
  // Gets its name when it is whole.
  const making = await mkdtemp(`${template}.`);
  try {
    await make(making);
    await rename(making, template);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(template)) throw error;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return template;
}
