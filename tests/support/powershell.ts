import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The real PowerShell 7 that tests run the host's scripts in: named by MFAKIT_PWSH, or `pwsh` on PATH. */
export const pwsh: string | undefined = process.env.MFAKIT_PWSH ?? onPath("pwsh");

/** What a skipped test says. */
export const withoutPowerShell = "no PowerShell here: put pwsh on PATH or name it in MFAKIT_PWSH";

/** Options that PowerShell takes in front of what it shall run. */
export const pwshOptions = ["-NoLogo", "-NoProfile", "-NonInteractive"];

/**
 * A script of `scripts/windows` with some of its functions replaced. Each script ends in one line that starts it; definitions in
 * front of that line win over the script's own.
 */
export function withReplacements(script: string, replacements: string): string {
  const end = script.trimEnd().lastIndexOf("\n");
  return `${script.slice(0, end)}\n${replacements}\n${script.slice(end + 1)}`;
}

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

function onPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}
