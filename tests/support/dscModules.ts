import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ClassContract,
  type ModuleContract,
  moduleContracts,
  type PropertyContract,
} from "../../provider/dsc/contract.ts";

/**
 * Writes PowerShell modules with the names, versions and schemas of the real DSC modules, whose state is a folder of JSON files
 * (environment variable DSC_STATE) instead of a Windows. Their Get takes keys and required properties, like the real ones.
 */
export function writeDscModules(folder: string, modules: Record<string, ModuleContract> = moduleContracts): void {
  for (const [module, contract] of Object.entries(modules)) {
    const base = join(folder, module, contract.version);
    mkdirSync(join(base, "DSCResources"), { recursive: true });
    writeFileSync(join(base, `${module}.psd1`), `@{ ModuleVersion = '${contract.version}' }\n`);
    for (const [resource, properties] of Object.entries(contract.resources)) {
      const className = `DSC_${resource}`;
      const target = join(base, "DSCResources", className);
      mkdirSync(target, { recursive: true });
      writeFileSync(
        join(target, `${className}.schema.mof`),
        `[ClassVersion("1.0.0.0"), FriendlyName("${resource}")]\nclass ${className} : OMI_BaseResource\n{\n};\n`,
      );
      writeFileSync(join(target, `${className}.psm1`), resourceModule(resource, properties));
    }
  }
}

function resourceModule(resource: string, contract: ClassContract): string {
  const settable = Object.entries(contract).filter(([, property]) => property.kind !== "read");
  const needed = settable.filter(([, property]) => property.kind !== "write");
  const keys = settable
    .filter(([, property]) => property.kind === "key")
    .map(([name]) => `$PSBoundParameters['${name}']`);
  const hidden = settable
    .filter(([, property]) => property.embedded === "MSFT_Credential")
    .map(([name]) => `'${name}'`);
  const ensure = contract.Ensure === undefined ? "$false" : "$true";
  return `
function Get-StatePath {
    param([object]$Bound)
    $name = '${resource}/' + (@(${keys.map((key) => key.replace("$PSBoundParameters", "$Bound")).join(", ")}) -join '/')
    $hash = [BitConverter]::ToString([System.Security.Cryptography.SHA256]::Create().ComputeHash([System.Text.Encoding]::UTF8.GetBytes($name)))
    return Join-Path $env:DSC_STATE ($hash.Replace('-', '').Substring(0, 16) + '.json')
}

function Get-TargetResource {
    [CmdletBinding()]
    [OutputType([System.Collections.Hashtable])]
    param(
${parameters(needed)}
    )
    $path = Get-StatePath -Bound $PSBoundParameters
    $stored = @{}
    if (${ensure}) { $stored['Ensure'] = 'Absent' }
    if (Test-Path -LiteralPath $path) { $stored = Get-Content -LiteralPath $path -Raw | ConvertFrom-Json -AsHashtable }
    foreach ($key in $PSBoundParameters.Keys) { if (-not $stored.ContainsKey($key)) { $stored[$key] = $PSBoundParameters[$key] } }
    return $stored
}

function Test-TargetResource {
    [CmdletBinding()]
    [OutputType([System.Boolean])]
    param(
${parameters(settable)}
    )
    $path = Get-StatePath -Bound $PSBoundParameters
    if (${ensure} -and $Ensure -eq 'Absent') { return -not (Test-Path -LiteralPath $path) }
    if (-not (Test-Path -LiteralPath $path)) { return $false }
    $stored = Get-Content -LiteralPath $path -Raw | ConvertFrom-Json -AsHashtable
    foreach ($key in $PSBoundParameters.Keys) {
        if (@(${["'Ensure'", ...hidden].join(", ")}) -contains $key) { continue }
        $wanted = ConvertTo-Json -InputObject $PSBoundParameters[$key] -Compress
        $present = ConvertTo-Json -InputObject $stored[$key] -Compress
        if ($wanted -ne $present) { return $false }
    }
    return $true
}

function Set-TargetResource {
    [CmdletBinding()]
    param(
${parameters(settable)}
    )
    $path = Get-StatePath -Bound $PSBoundParameters
    if (${ensure} -and $Ensure -eq 'Absent') { Remove-Item -LiteralPath $path -Force; return }
    $stored = @{}
    if (Test-Path -LiteralPath $path) { $stored = Get-Content -LiteralPath $path -Raw | ConvertFrom-Json -AsHashtable }
    if (${ensure}) { $stored['Ensure'] = 'Present' }
    foreach ($key in $PSBoundParameters.Keys) { if (@(${hidden.join(", ")}) -notcontains $key) { $stored[$key] = $PSBoundParameters[$key] } }
    ConvertTo-Json -InputObject $stored -Depth 5 | Set-Content -LiteralPath $path
}

Export-ModuleMember -Function *-TargetResource
`;
}

function parameters(properties: [string, PropertyContract][]): string {
  return properties
    .map(([name, property]) => {
      const mandatory = property.kind === "write" ? "" : "Mandatory = $true";
      const set =
        property.values === undefined
          ? ""
          : `[ValidateSet(${property.values.map((value) => `'${value}'`).join(", ")})]`;
      return `        [Parameter(${mandatory})]${set}[${powershellType(property)}]$${name}`;
    })
    .join(",\n");
}

function powershellType(property: PropertyContract): string {
  if (property.embedded === "MSFT_Credential") return "System.Management.Automation.PSCredential";
  if (property.embedded !== undefined) return property.type.endsWith("[]") ? "object[]" : "object";
  return `System.${property.type.replace("uint", "UInt").replace("boolean", "Boolean").replace("string", "String")}`;
}
