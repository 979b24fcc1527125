import { loadSettings } from "../../environment/load.ts";
import { yamlSource } from "../../environment/sources/yaml.ts";
import { findContext } from "../context.ts";
import { runEngine } from "../engine.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";

/** Commands that run the program. */
const deploying = new Set(["up", "update", "preview", "pre"]);

/** `mfakit pulumi ARGS...`: the engine on the environment that MFAKIT_CONTEXT or the sandbox names. */
export async function main(args: string[]): Promise<number> {
  const context = findContext({});
  await refreshSandboxSettings(context);
  // The program refuses wrong settings too; here that takes no engine and no backend, and the exit code is 1.
  if (args.some((argument) => deploying.has(argument))) loadSettings(yamlSource(context.configFile));
  return runEngine(context, args);
}
