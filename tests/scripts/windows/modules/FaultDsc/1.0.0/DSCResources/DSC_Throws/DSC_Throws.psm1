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
    $false
}

function Set-TargetResource {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name, [Parameter()][object]$Value)
    throw (New-Object System.UnauthorizedAccessException 'Access is denied.')
}

Export-ModuleMember -Function *-TargetResource
