import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** The folder with Pulumi.yaml. */
export const projectRoot = resolve(import.meta.dirname, "..");

/** Version of the kit, from package.json. */
export function kitVersion(): string {
  return (JSON.parse(readFileSync(resolve(projectRoot, "package.json"), "utf8")) as { version: string }).version;
}
