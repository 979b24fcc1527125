import { findContext } from "../context.ts";
import { runEngine } from "../engine.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";

/** `mfakit pulumi ARGS...`: the engine on the environment that MFAKIT_CONTEXT or the sandbox names. */
export async function main(args: string[]): Promise<number> {
  const context = findContext({});
  await refreshSandboxSettings(context);
  return runEngine(context, args);
}
