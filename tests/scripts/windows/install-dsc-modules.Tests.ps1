BeforeAll {
    . (Join-Path $PSScriptRoot 'ScriptFunction.ps1')
    . (Get-ScriptFunction -Name 'install-dsc-modules')
    Set-StrictMode -Version 2.0

    function New-Package {
        # What a gallery hands out: the module's files and NuGet's own.
        param([string]$Folder, [string]$Name, [string]$Version)
        $content = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        foreach ($file in "$Name.psd1", 'DSCResources/DSC_X/DSC_X.psm1', '_rels/.rels', 'package/x.psmdcp', '[Content_Types].xml') {
            $null = New-Item -ItemType Directory -Path (Split-Path -Parent (Join-Path $content $file)) -Force
            [System.IO.File]::WriteAllText((Join-Path $content $file), '')
        }
        $null = New-Item -ItemType Directory -Path $Folder -Force
        $path = Join-Path $Folder "$Name.$Version.nupkg"
        [System.IO.Compression.ZipFile]::CreateFromDirectory($content, $path)
        return $path
    }
}

Describe 'Install-DscModuleSet' {
    BeforeEach {
        $modules = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        $source = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        $published = New-Package -Folder $source -Name 'NetworkingDsc' -Version '9.1.0'
        Mock Get-ModuleFolder { $modules }
        Mock Save-GalleryPackage { Copy-Item -LiteralPath $published -Destination $Path }
        $arguments = '{"modules":[{"name":"NetworkingDsc","version":"9.1.0"}],"source":"gallery"}' | ConvertFrom-Json
        $null = $arguments
    }

    It 'installs a module from the gallery into the folder of its version, without what only NuGet needs' {
        (Install-DscModuleSet -Arguments $arguments).installed | Should -Be 'NetworkingDsc 9.1.0'
        $target = Join-Path $modules 'NetworkingDsc/9.1.0'
        (Get-ChildItem -LiteralPath $target -Force).Name | Sort-Object | Should -Be 'DSCResources', 'NetworkingDsc.psd1'
        (Get-ChildItem -LiteralPath (Join-Path $modules 'NetworkingDsc')).Name | Should -Be '9.1.0'
    }
    It 'leaves a module that is there alone' {
        $null = Install-DscModuleSet -Arguments $arguments
        $result = Install-DscModuleSet -Arguments $arguments
        $result.installed | Should -BeNullOrEmpty
        $result.present | Should -Be 'NetworkingDsc 9.1.0'
        Should -Invoke Save-GalleryPackage -Times 1 -Exactly
    }
    It 'installs from a folder without asking the gallery' {
        $arguments.source = $source
        (Install-DscModuleSet -Arguments $arguments).installed | Should -Be 'NetworkingDsc 9.1.0'
        Should -Invoke Save-GalleryPackage -Times 0
    }
    It 'takes a package with the given hash' {
        $hash = (Get-FileHash -LiteralPath $published).Hash.ToLowerInvariant()
        $arguments = "{`"modules`":[{`"name`":`"NetworkingDsc`",`"version`":`"9.1.0`",`"sha256`":`"$hash`"}],`"source`":`"gallery`"}" | ConvertFrom-Json
        (Install-DscModuleSet -Arguments $arguments).installed | Should -Be 'NetworkingDsc 9.1.0'
    }
    It 'refuses a package with another hash and leaves nothing behind' {
        $arguments = '{"modules":[{"name":"NetworkingDsc","version":"9.1.0","sha256":"00ff"}],"source":"gallery"}' | ConvertFrom-Json
        { Install-DscModuleSet -Arguments $arguments } | Should -Throw -ExpectedMessage 'the package NetworkingDsc 9.1.0 has SHA-256 *, not 00ff'
        Test-Path -LiteralPath (Join-Path $modules 'NetworkingDsc') | Should -BeFalse
    }
    It 'replaces what an interrupted run left without a manifest' {
        $null = New-Item -ItemType File -Path (Join-Path $modules 'NetworkingDsc/9.1.0/half') -Force
        (Install-DscModuleSet -Arguments $arguments).installed | Should -Be 'NetworkingDsc 9.1.0'
        Test-Path -LiteralPath (Join-Path $modules 'NetworkingDsc/9.1.0/half') | Should -BeFalse
    }
    It 'refuses a name that leads out of the folder' {
        $arguments = '{"modules":[{"name":"../../x","version":"1.0"}],"source":"gallery"}' | ConvertFrom-Json
        { Install-DscModuleSet -Arguments $arguments } | Should -Throw -ExpectedMessage "'../../x' is not a module name or version"
    }
}
