import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClassContract, ModuleContract, PropertyContract } from "../../../provider/dsc/contract.ts";

/** The PowerShell text behind one resource: its three functions. `settable` are the properties that Test and Set take, `needed` those of Get. */
export type ResourceText = (resource: {
  module: string;
  name: string;
  contract: ClassContract;
  settable: string;
  needed: string;
}) => string;

/** Writes a PowerShell module with the name, version and schemas of a real DSC module; what its functions do is `text`. */
export function writeDscModule(folder: string, module: string, contract: ModuleContract, text: ResourceText): void {
  const base = join(folder, module, contract.version);
  mkdirSync(join(base, "DSCResources"), { recursive: true });
  writeFileSync(join(base, `${module}.psd1`), `@{ ModuleVersion = '${contract.version}' }\n`);
  for (const [name, properties] of Object.entries(contract.resources)) {
    const className = `DSC_${name}`;
    const target = join(base, "DSCResources", className);
    mkdirSync(target, { recursive: true });
    writeFileSync(
      join(target, `${className}.schema.mof`),
      `[ClassVersion("1.0.0.0"), FriendlyName("${name}")]\nclass ${className} : OMI_BaseResource\n{\n};\n`,
    );
    const settable = Object.entries(properties).filter(([, property]) => property.kind !== "read");
    const needed = settable.filter(([, property]) => property.kind !== "write");
    const parts = { settable: parameterBlock(settable), needed: parameterBlock(needed) };
    writeFileSync(join(target, `${className}.psm1`), text({ module, name, contract: properties, ...parts }));
  }
}

/** The parameters as PowerShell binds them: names, types, lists of values, and which must be there. */
function parameterBlock(properties: [string, PropertyContract][]): string {
  return properties
    .map(([name, property]) => {
      const mandatory = property.kind === "write" ? "" : "Mandatory = $true";
      const set =
        property.values === undefined
          ? ""
          : `[ValidateSet(${property.values.map((value) => `'${value}'`).join(", ")})]`;
      // Real modules take an empty key where it means something: the whole server, a value without a name, a product by its name alone.
      const empty = property.kind === "write" ? "" : "[AllowEmptyString()]";
      return `        [Parameter(${mandatory})]${empty}${set}[${powershellType(property)}]$${name}`;
    })
    .join(",\n");
}

function powershellType(property: PropertyContract): string {
  if (property.embedded === "MSFT_Credential") return "System.Management.Automation.PSCredential";
  if (property.embedded !== undefined) return property.type.endsWith("[]") ? "object[]" : "object";
  return `System.${property.type.replace("uint", "UInt").replace("boolean", "Boolean").replace("string", "String")}`;
}
