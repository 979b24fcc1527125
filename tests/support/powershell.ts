import { spawnSync } from "node:child_process";
import { findPowerShell } from "../../sandbox/host/powershell/find.ts";

export { withReplacements } from "../../sandbox/host/powershell/replacements.ts";

/** The real PowerShell 7 that tests run the host's scripts in: named by MFAKIT_PWSH, or `pwsh` on PATH. */
export const pwsh: string | undefined = findPowerShell();

/** What a skipped test says. */
export const withoutPowerShell = "no PowerShell here: put pwsh on PATH or name it in MFAKIT_PWSH";

/** Options that PowerShell takes in front of what it shall run. */
export const pwshOptions = ["-NoLogo", "-NoProfile", "-NonInteractive"];

/** Runs a script text with `input` on its standard input. */
export function runScript(
  text: string,
  options: { input?: string; environment?: Record<string, string>; cwd?: string } = {},
): { status: number | null; stdout: string; stderr: string } {
  if (pwsh === undefined) throw new Error(withoutPowerShell);
  const encoded = Buffer.from(text, "utf16le").toString("base64");
  return spawnSync(
    pwsh,
    [...pwshOptions, "-InputFormat", "None", "-OutputFormat", "Text", "-EncodedCommand", encoded],
    {
      input: options.input ?? "",
      env: { ...process.env, ...options.environment },
      cwd: options.cwd,
      maxBuffer: 64 * 1024 * 1024,
      encoding: "utf8",
      timeout: 180_000,
    },
  );
}
