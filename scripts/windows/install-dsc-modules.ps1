#Requires -Version 5.1

<#
.SYNOPSIS
Installs PowerShell modules in exactly the given versions, from a gallery or from a folder of packages.

.DESCRIPTION
Run through loader.ps1. The arguments line is {"modules":[{"name","version","sha256"}],"source":"gallery" or a folder}.
A package (.nupkg) is a ZIP archive. Each is fetched (gallery) or read (folder: <name>.<version>.nupkg), its hash is compared when
one is given, and it is unpacked into a folder beside the target and then renamed into place, so that an interrupted run leaves no
half module. PowerShellGet is not used: it cannot compare hashes and wants to install a package provider first.

.EXAMPLE
{"name":"install-dsc-modules",...}
{"modules":[{"name":"NetworkingDsc","version":"9.1.0"}],"source":"gallery"}
#>
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Get-ModuleFolder { Join-Path $env:ProgramFiles 'WindowsPowerShell\Modules' }

function Save-GalleryPackage {
    param([string]$Name, [string]$Version, [string]$Path)
    # Windows PowerShell 5.1 offers TLS 1.0 first on Windows Server 2016, which the gallery refuses.
    [System.Net.ServicePointManager]::SecurityProtocol = [System.Net.SecurityProtocolType]::Tls12
    Invoke-WebRequest -Uri "https://www.powershellgallery.com/api/v2/package/$Name/$Version" -OutFile $Path -UseBasicParsing
}

function Assert-SafeName {
    # Name and version become parts of paths.
    param([string]$Text)
    if ($Text -notmatch '^[A-Za-z0-9][A-Za-z0-9._-]*$') { throw "'$Text' is not a module name or version" }
}

function Expand-ModulePackage {
    param([string]$Package, [string]$Target)
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    $parent = Split-Path -Parent $Target
    $null = New-Item -ItemType Directory -Path $parent -Force
    $unpacked = "$Target.$([guid]::NewGuid().ToString('N'))"
    [System.IO.Compression.ZipFile]::ExtractToDirectory($Package, $unpacked)
    # What only NuGet needs.
    foreach ($leftover in '_rels', 'package', '[Content_Types].xml') {
        $path = Join-Path $unpacked $leftover
        if (Test-Path -LiteralPath $path) { Remove-Item -LiteralPath $path -Recurse -Force }
    }
    # Without its manifest it is no module, but a leftover in the way.
    if (Test-Path -LiteralPath $Target) { Remove-Item -LiteralPath $Target -Recurse -Force }
    Rename-Item -LiteralPath $unpacked -NewName (Split-Path -Leaf $Target)
}

function Install-DscModule {
    param([string]$Name, [string]$Version, [string]$Sha256, [string]$Source)
    Assert-SafeName -Text $Name
    Assert-SafeName -Text $Version
    # The folder has the version as PowerShell reads it: 2.10.0.0 stays, a prerelease tag does not belong.
    $target = Join-Path (Join-Path (Get-ModuleFolder) $Name) $Version
    if (Test-Path -LiteralPath (Join-Path $target "$Name.psd1")) { return $false }
    $package = Join-Path ([System.IO.Path]::GetTempPath()) "$Name.$Version.$([guid]::NewGuid().ToString('N')).zip"
    try {
        if ($Source -eq 'gallery') { Save-GalleryPackage -Name $Name -Version $Version -Path $package }
        else { Copy-Item -LiteralPath (Join-Path $Source "$Name.$Version.nupkg") -Destination $package }
        if ($Sha256 -ne '') {
            $actual = (Get-FileHash -LiteralPath $package -Algorithm SHA256).Hash
            if ($actual -ne $Sha256) { throw "the package $Name $Version has SHA-256 $($actual.ToLowerInvariant()), not $Sha256" }
        }
        Expand-ModulePackage -Package $package -Target $target
    }
    finally {
        if (Test-Path -LiteralPath $package) { Remove-Item -LiteralPath $package -Force }
    }
    return $true
}

function Install-DscModuleSet {
    param([object]$Arguments)
    $installed = @()
    $present = @()
    foreach ($module in @($Arguments.modules)) {
        $sha256 = ''
        if ($module.PSObject.Properties.Name -contains 'sha256') { $sha256 = [string]$module.sha256 }
        $label = "$($module.name) $($module.version)"
        if (Install-DscModule -Name $module.name -Version $module.version -Sha256 $sha256 -Source $Arguments.source) { $installed += $label }
        else { $present += $label }
    }
    return [pscustomobject]@{ installed = @($installed); present = @($present) }
}

$arguments = ConvertFrom-Json ([Console]::In.ReadLine())
[Console]::Out.WriteLine((ConvertTo-Json -Compress -InputObject (Install-DscModuleSet -Arguments $arguments)))
