import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

const script = resolve(import.meta.dirname, "populate.py");

/**
 * Puts `count` people into the database of a provisioned controller that does not run: `user000000`, `user000001`, ..., each with a
 * mobile number and a userPrincipalName, in a hundred units. For measurements; the controller could not replicate them.
 */
export async function populateDirectory(configurationFile: string, count: number): Promise<void> {
  // Debian's own interpreter: Samba's modules are built for it, whatever python3 comes first on PATH.
  await promisify(execFile)("/usr/bin/python3", [script, configurationFile, String(count)], {
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" },
    maxBuffer: 16 * 1024 * 1024,
  });
}

/** Distinguished name of the person with this number. */
export function populatedName(index: number, baseDn: string): string {
  return `CN=${populatedAccount(index)},OU=People ${String(index % 100).padStart(2, "0")},${baseDn}`;
}

/** sAMAccountName of the person with this number. */
export function populatedAccount(index: number): string {
  return `user${String(index).padStart(6, "0")}`;
}
