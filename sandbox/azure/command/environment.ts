import type { Properties } from "../../../provider/engine/values.ts";

/** The variables of a run: the program's, and what the last run said unless `addPreviousOutputInEnv` is false. */
export function environmentOf(
  inputs: Record<string, unknown>,
  previous: Properties,
): { own: Record<string, string>; previous: Record<string, string> } {
  const own = (inputs.environment ?? {}) as Record<string, string>;
  const said: Record<string, string> = {};
  if (inputs.addPreviousOutputInEnv !== false) {
    if (typeof previous.stdout === "string" && previous.stdout !== "") said.PULUMI_COMMAND_STDOUT = previous.stdout;
    if (typeof previous.stderr === "string" && previous.stderr !== "") said.PULUMI_COMMAND_STDERR = previous.stderr;
  }
  return { own, previous: said };
}

/** One trailing newline is removed, as the provider does. */
export function trimmed(output: Buffer[]): string {
  return Buffer.concat(output)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}

/** Which streams the program wants to see while the command runs. */
export function isLogged(logging: unknown, stream: "stdout" | "stderr"): boolean {
  return logging === undefined || logging === "stdoutAndStderr" || logging === stream;
}
