#Requires -Version 5.1

<#
.SYNOPSIS
Makes this host reachable by SSH with a host key and an administrator's key that are given, and by nothing else.

.DESCRIPTION
Installs the OpenSSH server, writes the host key, the administrators' authorized key and sshd_config, opens the port in the host
firewall and starts the service. Every step first looks whether its result is there already; a second run changes nothing.
Runs as SYSTEM through Azure's Run Command, which hands HostPrivateKey over as a protected parameter.

.PARAMETER HostPrivateKey
The host's ed25519 key as OpenSSH PEM. Run Command may turn its line breaks into spaces; both forms are taken.

.PARAMETER AuthorizedKey
The public key that may log on as an administrator, one line in authorized_keys form.

.PARAMETER Port
TCP port of the server.

.PARAMETER PackageUri
Where the OpenSSH server comes from when Windows does not bring it (Windows Server 2016).

.PARAMETER PackageSha256
SHA-256 of that archive.

.EXAMPLE
.\bootstrap-openssh.ps1 -HostPrivateKey $key -AuthorizedKey 'ssh-ed25519 AAAA... kit' -Port 22
#>
param(
    [Parameter(Mandatory = $true)][string]$HostPrivateKey,
    [Parameter(Mandatory = $true)][string]$AuthorizedKey,
    [int]$Port = 22,
    [string]$PackageUri = 'https://github.com/PowerShell/Win32-OpenSSH/releases/download/v9.8.3.0p2-Preview/OpenSSH-Win64.zip',
    [string]$PackageSha256 = '0ca131f3a78f404dc819a6336606caec0db1663a692ccc3af1e90232706ada54'
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# --- Windows itself: each call that a test has to replace stands alone in a function ---

function Get-ConfigurationFolder { Join-Path $env:ProgramData 'ssh' }

function Test-SshService { $null -ne (Get-Service -Name sshd -ErrorAction SilentlyContinue) }

function Get-ServerCapability { Get-WindowsCapability -Online -Name 'OpenSSH.Server*' | Select-Object -First 1 }

function Install-ServerCapability {
    param([string]$Name)
    $null = Add-WindowsCapability -Online -Name $Name
}

function Save-Package {
    param([string]$Uri, [string]$Path)
    # Windows PowerShell 5.1 offers TLS 1.0 first on Windows Server 2016.
    [System.Net.ServicePointManager]::SecurityProtocol = [System.Net.SecurityProtocolType]::Tls12
    Invoke-WebRequest -Uri $Uri -OutFile $Path -UseBasicParsing
}

function Expand-Package {
    param([string]$Path)
    $target = Join-Path $env:ProgramFiles 'OpenSSH'
    $unpacked = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid().ToString('N'))
    Expand-Archive -LiteralPath $Path -DestinationPath $unpacked
    $null = New-Item -ItemType Directory -Path $target -Force
    Copy-Item -Path (Join-Path $unpacked 'OpenSSH-Win64\*') -Destination $target -Recurse -Force
    Remove-Item -LiteralPath $unpacked -Recurse -Force
    $null = & (Join-Path $target 'install-sshd.ps1')
}

function Protect-File {
    param([string]$Path)
    # SYSTEM and Administrators by SID: their names are translated on a localised Windows. sshd refuses keys that others can read.
    $null = & icacls.exe $Path /inheritance:r /grant:r '*S-1-5-18:F' /grant:r '*S-1-5-32-544:F'
    if ($LASTEXITCODE -ne 0) { throw "icacls could not protect '$Path' (exit code $LASTEXITCODE)" }
}

function Get-FirewallPort {
    $rule = Get-NetFirewallRule -Name 'mfakit-sshd' -ErrorAction SilentlyContinue
    if ($null -eq $rule) { return $null }
    return [string]($rule | Get-NetFirewallPortFilter).LocalPort
}

function Set-FirewallPort {
    param([int]$Port, [bool]$Exists)
    if ($Exists) { Set-NetFirewallRule -Name 'mfakit-sshd' -LocalPort $Port -Enabled True; return }
    $rule = @{
        Name        = 'mfakit-sshd'
        DisplayName = 'OpenSSH server (management)'
        Direction   = 'Inbound'
        Protocol    = 'TCP'
        LocalPort   = $Port
        Action      = 'Allow'
        Profile     = 'Any'
    }
    $null = New-NetFirewallRule @rule
}

function Get-SshServiceState {
    $service = Get-Service -Name sshd
    return @{ Status = [string]$service.Status; StartType = [string]$service.StartType }
}

function Start-SshService { Set-Service -Name sshd -StartupType Automatic; Start-Service -Name sshd }

function Restart-SshService { Set-Service -Name sshd -StartupType Automatic; Restart-Service -Name sshd -Force }

# --- the steps: each answers true when it changed something ---

function ConvertTo-PemText {
    # Run Command hands parameters over on one line; OpenSSH wants the header, 70 characters a line, and the footer.
    param([string]$Text)
    $match = [regex]::Match($Text, '-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----')
    if (-not $match.Success) { throw 'HostPrivateKey is not an OpenSSH private key in PEM form' }
    $body = $match.Groups[1].Value -replace '\s', ''
    $lines = [regex]::Matches($body, '.{1,70}') | ForEach-Object { $_.Value }
    return (@('-----BEGIN OPENSSH PRIVATE KEY-----') + @($lines) + @('-----END OPENSSH PRIVATE KEY-----', '')) -join "`n"
}

function Install-Server {
    param([string]$Uri, [string]$Sha256)
    if (Test-SshService) { return $false }
    $capability = Get-ServerCapability
    if ($null -ne $capability) {
        Install-ServerCapability -Name $capability.Name
        return $true
    }
    $archive = Join-Path ([System.IO.Path]::GetTempPath()) ('openssh-' + [guid]::NewGuid().ToString('N') + '.zip')
    try {
        Save-Package -Uri $Uri -Path $archive
        $actual = (Get-FileHash -LiteralPath $archive -Algorithm SHA256).Hash
        if ($actual -ne $Sha256) { throw "the archive of '$Uri' has SHA-256 $actual, not $Sha256" }
        Expand-Package -Path $archive
    }
    finally {
        if (Test-Path -LiteralPath $archive) { Remove-Item -LiteralPath $archive -Force }
    }
    return $true
}

function Set-ProtectedText {
    param([string]$Path, [string]$Text)
    if ((Test-Path -LiteralPath $Path) -and [System.IO.File]::ReadAllText($Path) -ceq $Text) { return $false }
    # Empty and protected first, so that the secret is never readable by others.
    [System.IO.File]::WriteAllText($Path, '')
    Protect-File -Path $Path
    [System.IO.File]::WriteAllText($Path, $Text)
    return $true
}

function Get-ServerConfiguration {
    param([int]$Port)
    return @(
        '# Written by the MFA server kit; changes here are overwritten.'
        "Port $Port"
        'HostKey __PROGRAMDATA__/ssh/ssh_host_ed25519_key'
        'PubkeyAuthentication yes'
        'PasswordAuthentication no'
        'KbdInteractiveAuthentication no'
        'AllowGroups administrators'
        'Subsystem sftp sftp-server.exe'
        'Match Group administrators'
        '  AuthorizedKeysFile __PROGRAMDATA__/ssh/administrators_authorized_keys'
        ''
    ) -join "`n"
}

function Set-ServerConfiguration {
    param([string]$Path, [int]$Port)
    $text = Get-ServerConfiguration -Port $Port
    if ((Test-Path -LiteralPath $Path) -and [System.IO.File]::ReadAllText($Path) -ceq $text) { return $false }
    [System.IO.File]::WriteAllText($Path, $text)
    return $true
}

function Set-FirewallRule {
    param([int]$Port)
    $present = Get-FirewallPort
    if ($present -eq [string]$Port) { return $false }
    Set-FirewallPort -Port $Port -Exists ($null -ne $present)
    return $true
}

function Set-SshService {
    param([bool]$Restart)
    $state = Get-SshServiceState
    if ($state.Status -ne 'Running') { Start-SshService; return $true }
    if ($Restart -or $state.StartType -ne 'Automatic') { Restart-SshService; return $true }
    return $false
}

function Initialize-OpenSsh {
    param([string]$HostPrivateKey, [string]$AuthorizedKey, [int]$Port, [string]$PackageUri, [string]$PackageSha256)
    $changed = @()
    if (Install-Server -Uri $PackageUri -Sha256 $PackageSha256) { $changed += 'server' }
    $folder = Get-ConfigurationFolder
    $null = New-Item -ItemType Directory -Path $folder -Force
    $hostKeyPath = Join-Path $folder 'ssh_host_ed25519_key'
    if (Set-ProtectedText -Path $hostKeyPath -Text (ConvertTo-PemText -Text $HostPrivateKey)) {
        # The public half that the installation made belongs to another key.
        if (Test-Path -LiteralPath "$hostKeyPath.pub") { Remove-Item -LiteralPath "$hostKeyPath.pub" -Force }
        $changed += 'hostKey'
    }
    $authorizedKeys = $AuthorizedKey.Trim() + "`n"
    if (Set-ProtectedText -Path (Join-Path $folder 'administrators_authorized_keys') -Text $authorizedKeys) { $changed += 'authorizedKeys' }
    if (Set-ServerConfiguration -Path (Join-Path $folder 'sshd_config') -Port $Port) { $changed += 'configuration' }
    if (Set-FirewallRule -Port $Port) { $changed += 'firewall' }
    $restart = ($changed -contains 'hostKey') -or ($changed -contains 'configuration')
    if (Set-SshService -Restart $restart) { $changed += 'service' }
    return [pscustomobject]@{ changed = @($changed); port = $Port }
}

ConvertTo-Json -Compress -InputObject (Initialize-OpenSsh -HostPrivateKey $HostPrivateKey -AuthorizedKey $AuthorizedKey -Port $Port -PackageUri $PackageUri -PackageSha256 $PackageSha256)
