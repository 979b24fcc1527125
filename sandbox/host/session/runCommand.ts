import { createHash } from "node:crypto";
import { z } from "zod";
import { hostScriptText } from "../../../provider/connections/hostCommand.ts";
import type { Machine } from "../machine.ts";
import { bootstrapOpenSsh } from "./bootstrapOpenSsh.ts";

const parameterSet = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({});

/** What Azure's Run Command hands to the machine. */
export const runCommandRequest = z.object({
  script: z.string(),
  parameters: parameterSet,
  protectedParameters: parameterSet,
});

export interface RunCommandResult {
  exitCode: number;
  output: string;
  error: string;
}

/** Runs a script as SYSTEM. Known by its hash, like those of the loader; everything else is refused. */
export async function runCommand(
  machine: Machine,
  request: z.infer<typeof runCommandRequest>,
): Promise<RunCommandResult> {
  const sha256 = hash(request.script.replaceAll("\r\n", "\n"));
  if (sha256 !== hash(hostScriptText("bootstrap-openssh"))) {
    return { exitCode: 1, output: "", error: `the simulated host does not know this script (SHA-256 ${sha256})\n` };
  }
  try {
    const output = await bootstrapOpenSsh(machine, { ...request.parameters, ...request.protectedParameters });
    return { exitCode: 0, output: `${output}\n`, error: "" };
  } catch (error) {
    return { exitCode: 1, output: "", error: `${(error as Error).message}\n` };
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
