import { type ModuleContract, moduleContracts } from "../../provider/dsc/contract.ts";
import { type ResourceText, writeDscModule } from "../../sandbox/host/powershell/dscModule.ts";

/**
 * Writes PowerShell modules with the names, versions and schemas of the real DSC modules, whose state is a folder of JSON files
 * (environment variable DSC_STATE) instead of a Windows. Their Get takes keys and required properties, like the real ones.
 */
export function writeDscModules(folder: string, modules: Record<string, ModuleContract> = moduleContracts): void {
  for (const [module, contract] of Object.entries(modules)) writeDscModule(folder, module, contract, resourceModule);
}

const resourceModule: ResourceText = ({ name: resource, contract, settable: taken, needed }) => {
  const settable = Object.entries(contract).filter(([, property]) => property.kind !== "read");
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
${needed}
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
${taken}
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
${taken}
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
};
