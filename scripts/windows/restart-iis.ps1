#Requires -Version 5.1

<#
.SYNOPSIS
Restarts IIS in order, waits until its services run, and says so.

.DESCRIPTION
Run through loader.ps1. iisreset is not used: it answers before the services are up and its exit code hides which one failed.

.EXAMPLE
{"name":"restart-iis",...}
{}
#>
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# W3SVC depends on WAS: it stops first and starts last.
$serviceNames = 'WAS', 'W3SVC'

function Stop-HostService {
    param([string]$Name)
    Stop-Service -Name $Name -Force
}

function Start-HostService {
    param([string]$Name)
    Start-Service -Name $Name
    (Get-Service -Name $Name).WaitForStatus('Running', [timespan]::FromSeconds(60))
}

function Get-HostServiceStatus {
    param([string]$Name)
    return [string](Get-Service -Name $Name).Status
}

function Restart-Iis {
    param([string[]]$Name)
    $status = @{}
    for ($i = $Name.Count - 1; $i -ge 0; $i--) { Stop-HostService -Name $Name[$i] }
    foreach ($service in $Name) { Start-HostService -Name $service }
    foreach ($service in $Name) { $status[$service] = Get-HostServiceStatus -Name $service }
    return [pscustomobject]@{ restarted = $true; services = $status }
}

$null = [Console]::In.ReadLine()
[Console]::Out.WriteLine((ConvertTo-Json -Compress -InputObject (Restart-Iis -Name $serviceNames)))
