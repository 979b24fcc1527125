function Get-TargetResource {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory = $true)][string]$Name)
    Write-Output 'chatter'
    Write-Host 'on the screen'
    Write-Warning 'careful'
    Write-Verbose 'details' -Verbose
    @{ Name = $Name }
}

function Test-TargetResource {
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory = $true)][string]$Name, [Parameter()][object]$Value)
    Write-Host 'on the screen'
    'chatter'
    $true
}

function Set-TargetResource {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name, [Parameter()][object]$Value)
    Write-Host 'on the screen'
}

Export-ModuleMember -Function *-TargetResource
