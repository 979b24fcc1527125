# The functions of a script, without running it: dot-source what this returns.
function Get-ScriptFunction {
    param([string]$Name)
    $path = Join-Path $PSScriptRoot "../../../scripts/windows/$Name.ps1"
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($path, [ref]$null, [ref]$null)
    $functions = $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $false)
    return [scriptblock]::Create(($functions | ForEach-Object { $_.Extent.Text }) -join "`n")
}
