import { loadSettings } from "../../environment/load.ts";
import { yamlSource } from "../../environment/sources/yaml.ts";
import { type ContextOptions, findContext } from "../context.ts";

/** Exit code 0: the settings are complete and right; problems are thrown, all at once. */
export async function main(options: ContextOptions): Promise<number> {
  const { configFile } = findContext(options);
  const settings = loadSettings(yamlSource(configFile));
  process.stdout.write(`${configFile}: right. ${settings.publicEndpoint.hostName} on ${settings.host.computerName}.\n`);
  return 0;
}
