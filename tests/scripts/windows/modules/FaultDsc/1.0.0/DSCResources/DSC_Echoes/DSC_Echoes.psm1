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
    $global:faultReceived = $PSBoundParameters
    $false
}

function Set-TargetResource {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name, [Parameter()][object]$Value)
    throw (ConvertTo-Json -InputObject $global:faultReceived -Compress -Depth 5)
}

Export-ModuleMember -Function *-TargetResource
