function Get-TargetResource {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory = $true)][string]$Name)
    @{ Name = $Name }
}

function Test-TargetResource {
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory = $true)][string]$Name, [Parameter()][object]$Value)
    if ($undefinedVariable) { $false }
    $object = [pscustomobject]@{}
    if ($object.NoSuchProperty) { $false }
    Get-Item -LiteralPath '/no/such/path' -ErrorAction SilentlyContinue
    $true
}

function Set-TargetResource {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name, [Parameter()][object]$Value)
    $null
}

Export-ModuleMember -Function *-TargetResource
