import { spawn } from "node:child_process";
import type { Properties } from "../../../provider/engine/values.ts";
import { environmentOf, isLogged, trimmed } from "./environment.ts";
import type { Tools } from "./types.ts";

/** Runs a command in a local shell, `/bin/sh -c` unless the program names another interpreter. */
export function runLocally(
  command: string,
  inputs: Record<string, unknown>,
  tools: Tools,
  previous: Properties,
): Promise<Properties> {
  const [program = "/bin/sh", ...args] = (inputs.interpreter as string[] | undefined) ?? ["/bin/sh", "-c"];
  const variables = environmentOf(inputs, previous);
  const child = spawn(program, [...args, command], {
    cwd: inputs.dir as string | undefined,
    env: { ...process.env, ...variables.own, ...variables.previous },
    signal: tools.signal,
  });
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[], mixed: [] as Buffer[] };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].on("data", (chunk: Buffer) => {
      output[stream].push(chunk);
      output.mixed.push(chunk);
      if (isLogged(inputs.logging, stream)) tools.log(chunk.toString().trimEnd());
    });
  }
  // A command that does not read its input closes the pipe early; that is no failure.
  child.stdin.on("error", () => undefined);
  child.stdin.end(inputs.stdin ?? "");
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve({ stdout: trimmed(output.stdout), stderr: trimmed(output.stderr) });
      else reject(new Error(`${signal ?? `exit status ${code}`}: running "${command}":\n${trimmed(output.mixed)}`));
    });
  });
}
