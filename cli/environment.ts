import { dirname } from "node:path";
import { type Environment, loadEnvironment } from "../environment/load.ts";
import { configMapSource } from "../environment/sources/configMap.ts";
import type { DeploymentContext } from "./context.ts";
import { captureEngine } from "./engine.ts";

/** One value as `pulumi config --json` prints it. */
interface ConfigValue {
  value?: string;
  secret: boolean;
}

/** The environment of a context with its secrets opened, checked like the program checks it. */
export async function loadContextEnvironment(context: DeploymentContext): Promise<Environment<string>> {
  const text = await captureEngine(context, ["config", "--json", "--show-secrets"]);
  const values = JSON.parse(text) as Record<string, ConfigValue>;
  const map = Object.fromEntries(
    Object.entries(values).map(([key, { value, secret }]) => [key, { value: value ?? "", secret }]),
  );
  return loadEnvironment(configMapSource(map, { name: context.configFile, directory: dirname(context.configFile) }));
}
