function Get-TargetResource {
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory = $true)][string]$Name)
    @{
        Name       = $Name
        Nothing    = $null
        Flag       = $false
        Zero       = 0
        Big        = [uint64]18446744073709551615
        Day        = [System.DayOfWeek]::Friday
        When       = New-Object System.DateTime (2026, 1, 2, 3, 4, 5, ([System.DateTimeKind]::Utc))
        Span       = [timespan]'01:00:00'
        One        = @('a')
        Empty      = @()
        Nested     = @(@{ Deep = @{ Deeper = @(1, 2) } })
        Object     = [pscustomobject]@{ A = 1 }
        Text       = ('text' | Add-Member -NotePropertyName Extra -NotePropertyValue 1 -PassThru)
        Credential = New-Object System.Management.Automation.PSCredential ('u', (ConvertTo-SecureString 'hunter2' -AsPlainText -Force))
        Secure     = ConvertTo-SecureString 'hunter2' -AsPlainText -Force
    }
}

function Test-TargetResource {
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory = $true)][string]$Name, [Parameter()][object]$Value)
    $true
}

function Set-TargetResource {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)][string]$Name, [Parameter()][object]$Value)
    $null
}

Export-ModuleMember -Function *-TargetResource
