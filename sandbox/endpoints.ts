import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "./atomicFile.ts";
import type { SandboxEndpoints } from "./environmentFile.ts";
import type { SandboxLayout } from "./layout.ts";

/** The endpoints that settings depend on; written when every part is ready. */
export function writeEndpoints(layout: SandboxLayout, endpoints: SandboxEndpoints): Promise<void> {
  return writeFileAtomically(endpointsFile(layout), `${JSON.stringify(endpoints, undefined, 2)}\n`);
}

export function readEndpoints(layout: SandboxLayout): SandboxEndpoints | undefined {
  try {
    return JSON.parse(readFileSync(endpointsFile(layout), "utf8")) as SandboxEndpoints;
  } catch {
    return undefined;
  }
}

function endpointsFile(layout: SandboxLayout): string {
  return join(layout.root, "endpoints.json");
}
