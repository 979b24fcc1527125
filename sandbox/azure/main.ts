import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";

/**
 * The simulated Azure as a process: `node main.ts <options.json>`. Prints `{"ready":true,"ports":{...}}` when it serves, logs to
 * standard error, and ends on SIGTERM, on SIGINT, and when its standard input closes (its parent is gone).
 */
const [optionsFile] = process.argv.slice(2);
if (optionsFile === undefined) {
  console.error("usage: node sandbox/azure/main.ts <options.json>");
  process.exit(2);
}
const given = JSON.parse(readFileSync(optionsFile, "utf8"));
// Compiled modules are kept beside the state: the second start takes half the time of the first.
if (typeof given.stateDirectory === "string") enableCompileCache(join(given.stateDirectory, "compiled"));
const { azureOptions } = await import("./options.ts");
const { startCloud } = await import("./cloud.ts");
const cloud = await startCloud(azureOptions.parse(given));
let ending = false;
const end = async (): Promise<void> => {
  if (ending) return;
  ending = true;
  await cloud.close();
  process.exit(0);
};
process.on("SIGTERM", end);
process.on("SIGINT", end);
process.stdin.on("end", end).on("close", end).resume();
console.log(JSON.stringify({ ready: true, ports: cloud.ports }));
