import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The PowerShell 7 of this machine: named by MFAKIT_PWSH, or `pwsh` on PATH; `undefined` when there is none. */
export function findPowerShell(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment.MFAKIT_PWSH;
  if (named !== undefined && named !== "") return named;
  return (environment.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, "pwsh"))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
