import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { knownModules } from "../dsc/contract.ts";
import type { Machine } from "../machine.ts";
import { WindowsError } from "../windowsError.ts";
import type { Session } from "./session.ts";

const moduleSet = z.object({
  modules: z.array(z.object({ name: z.string(), version: z.string(), sha256: z.string().optional() })),
  source: z.string(),
});
type WantedModule = z.infer<typeof moduleSet>["modules"][number];

/** install-dsc-modules.ps1. The gallery of the simulation has the modules of the contracts file, each in its one version. */
export async function installDscModules(machine: Machine, session: Session): Promise<number> {
  const given = moduleSet.safeParse(JSON.parse((await session.readLine()) ?? "null"));
  if (!given.success) {
    session.error(`The arguments are not those of install-dsc-modules: ${z.prettifyError(given.error)}\n`);
    return 1;
  }
  const installed: string[] = [];
  const present: string[] = [];
  try {
    for (const module of given.data.modules) {
      const label = `${module.name} ${module.version}`;
      (installModule(machine, module, given.data.source) ? installed : present).push(label);
    }
  } catch (error) {
    // What was installed before the failure stays, as with the script.
    await machine.changed();
    session.error(`${(error as Error).message}\n`);
    return 1;
  }
  await machine.changed();
  session.out(`${JSON.stringify({ installed, present })}\n`);
  return 0;
}

function installModule(machine: Machine, module: WantedModule, source: string): boolean {
  const { windows } = machine;
  const versions = windows.modules[module.name] ?? [];
  if (versions.includes(module.version)) return false;
  if (source !== "gallery") checkPackage(machine, module, source);
  if (knownModules()[module.name] !== module.version) {
    throw new WindowsError(`The remote server returned an error: (404) Not Found. (${module.name} ${module.version})`);
  }
  windows.modules[module.name] = [...versions, module.version];
  return true;
}

function checkPackage(machine: Machine, module: WantedModule, folder: string): void {
  const path = `${folder}\\${module.name}.${module.version}.nupkg`;
  const real = machine.drive.real(path);
  if (!existsSync(real)) throw new WindowsError(`Cannot find path '${path}' because it does not exist.`);
  const actual = createHash("sha256").update(readFileSync(real)).digest("hex");
  if (module.sha256 !== undefined && module.sha256.toLowerCase() !== actual) {
    throw new WindowsError(`the package ${module.name} ${module.version} has SHA-256 ${actual}, not ${module.sha256}`);
  }
}
