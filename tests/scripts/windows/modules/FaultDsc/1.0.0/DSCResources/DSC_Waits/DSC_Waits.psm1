# Test begins by making the file NAME.begun and ends, with false, when there is a file NAME.go; Set makes the file NAME.done.
function Get-TargetResource {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory = $true)][string]$Name)
    @{ Name = $Name }
}

function Test-TargetResource {
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory = $true)][string]$Name)
    $path = Join-Path $env:DSC_STATE $Name
    if (Test-Path -LiteralPath "$path.done") { return $true }
    Set-Content -LiteralPath "$path.begun" -Value ''
    while (-not (Test-Path -LiteralPath "$path.go")) { Start-Sleep -Milliseconds 20 }
    return $false
}

function Set-TargetResource {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name)
    Set-Content -LiteralPath (Join-Path $env:DSC_STATE "$Name.done") -Value ''
}

Export-ModuleMember -Function *-TargetResource
