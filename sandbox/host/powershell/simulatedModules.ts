import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { moduleContracts } from "../../../provider/dsc/contract.ts";
import { writeDscModule } from "./dscModule.ts";

/** Makes `folder` hold exactly the installed modules: their real schemas, and functions that ask the simulated host. */
export class SimulatedModules {
  readonly folder: string;
  readonly #written = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  follow(installed: Readonly<Record<string, string[]>>): void {
    for (const module of this.#written) {
      if (installed[module] !== undefined) continue;
      rmSync(join(this.folder, module), { recursive: true, force: true });
      this.#written.delete(module);
    }
    for (const module of Object.keys(installed)) {
      const contract = moduleContracts[module];
      if (contract === undefined || this.#written.has(module)) continue;
      const unfinished = `${this.folder}.new`;
      writeDscModule(unfinished, module, contract, resourceText);
      // An agent may look at this moment: it sees all of the module or nothing.
      renameSync(join(unfinished, module), join(this.folder, module));
      this.#written.add(module);
    }
  }
}

function resourceText({
  module,
  name,
  settable,
  needed,
}: {
  module: string;
  name: string;
  settable: string;
  needed: string;
}): string {
  const call = (verb: string) =>
    `Invoke-SimulatedResource -Function ${verb} -Module '${module}' -Resource '${name}' -Bound $PSBoundParameters`;
  return `
function Get-TargetResource {
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param(
${needed}
    )
    ${call("get")}
}

function Test-TargetResource {
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param(
${settable}
    )
    ${call("test")}
}

function Set-TargetResource {
    [CmdletBinding()]
    param(
${settable}
    )
    ${call("set")}
}

Export-ModuleMember -Function *-TargetResource
`;
}
