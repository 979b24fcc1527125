#Requires -Version 5.1

<#
.SYNOPSIS
Answers the kit's requests about this host: one JSON object a line on standard input, one or more on standard output.

.DESCRIPTION
Run through loader.ps1, which hands over standard input and output as UTF-8. The protocol is docs/agent-protocol.md. DSC resources
are called directly (Get-, Test- and Set-TargetResource of the resource's own module), because Invoke-DscResource takes about a
second a call to discover what is known here already. What only Windows has stands in functions of its own, in the first part.

.EXAMPLE
{"id":1,"method":"dsc.get","params":{"module":"NetworkingDsc","version":"9.1.0","resource":"Firewall","properties":{"Name":"x"}}}
#>
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
# DSC modules expect the shell's default; their errors are collected where they are called.
$global:ErrorActionPreference = 'Continue'
# Windows PowerShell 5.1 gives arrays a second Count, and ConvertTo-Json then writes {"value":[...],"Count":n} for some of them.
Remove-TypeData -TypeName System.Array -ErrorAction SilentlyContinue

# --- 1. What only Windows has -------------------------------------------------------------------------------------------------

function ConvertFrom-JsonLine {
    # Not ConvertFrom-Json: in Windows PowerShell 5.1 it refuses more than 2 MB, and gives objects whose missing members are errors.
    param([string]$Line)
    Add-Type -AssemblyName System.Web.Extensions
    $serializer = New-Object System.Web.Script.Serialization.JavaScriptSerializer
    $serializer.MaxJsonLength = [int]::MaxValue
    return $serializer.DeserializeObject($Line)
}

function Get-ComputerFact {
    $system = Get-CimInstance -ClassName Win32_OperatingSystem
    $computer = Get-CimInstance -ClassName Win32_ComputerSystem
    # The start of wininit is written down once; LastBootUpTime is computed and moves when the clock is set.
    $boot = Get-CimInstance -ClassName Win32_Process -Filter "Name = 'wininit.exe'" | Select-Object -First 1
    return @{
        computerName = [string]$computer.Name
        osCaption    = [string]$system.Caption
        osBuild      = [string]$system.BuildNumber
        domain       = [string]$computer.Domain
        partOfDomain = [bool]$computer.PartOfDomain
        bootId       = $boot.CreationDate.ToUniversalTime().ToString('o')
        hotfixes     = @(Get-CimInstance -ClassName Win32_QuickFixEngineering | ForEach-Object { [string]$_.HotFixID })
    }
}

function Test-PendingReboot {
    $servicing = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending'
    $update = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired'
    if ((Test-Path -LiteralPath $servicing) -or (Test-Path -LiteralPath $update)) { return $true }
    $manager = Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager'
    return $null -ne $manager.GetValue('PendingFileRenameOperations')
}

function Resolve-HostPath {
    # A path in full: a relative one would depend on the folder that SSH starts programs in.
    param([string]$Path)
    if ($Path -notmatch '^([A-Za-z]:|\\\\[^\\]+\\[^\\]+)\\') { throw "'$Path' is not an absolute path on a drive or a share" }
    return $Path
}

function Restart-Host {
    # A few seconds, so that the answer leaves first.
    $null = & shutdown.exe /r /t 3 /d p:4:1 /c 'MFA server kit'
    if ($LASTEXITCODE -ne 0) { throw "shutdown.exe ended with exit code $LASTEXITCODE" }
}

function New-EmbeddedInstance {
    param([string]$ClassName, [hashtable]$Property)
    $instance = @{
        ClassName  = $ClassName
        Namespace  = 'root/microsoft/Windows/DesiredStateConfiguration'
        Property   = $Property
        ClientOnly = $true
    }
    return New-CimInstance @instance
}

function Get-ConfigurationProvider {
    param([string]$Name)
    Add-Type -AssemblyName System.Configuration
    $provider = [System.Configuration.ProtectedConfiguration]::Providers[$Name]
    if ($null -eq $provider) { throw "this host has no configuration provider '$Name'" }
    return $provider
}

function Get-AppPoolState {
    # Empty when there is no such pool.
    param([string]$Name)
    Import-Module WebAdministration
    if (-not (Test-Path -LiteralPath (Join-Path 'IIS:\AppPools' $Name))) { return '' }
    return [string](Get-WebAppPoolState -Name $Name).Value
}

function Restart-AppPool {
    param([string]$Name)
    Restart-WebAppPool -Name $Name
}

function Export-UserRight {
    $path = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid().ToString('N') + '.inf')
    try {
        $null = & secedit.exe /export /areas USER_RIGHTS /cfg $path /quiet
        if ($LASTEXITCODE -ne 0) { throw "secedit.exe ended with exit code $LASTEXITCODE" }
        return [System.IO.File]::ReadAllLines($path)
    }
    finally {
        if (Test-Path -LiteralPath $path) { Remove-Item -LiteralPath $path -Force }
    }
}

function ConvertTo-AccountName {
    # The name as DOMAIN\name; the SID itself when its account cannot be found any more.
    param([string]$Sid)
    try { return (New-Object System.Security.Principal.SecurityIdentifier $Sid).Translate([System.Security.Principal.NTAccount]).Value }
    catch [System.Security.Principal.IdentityNotMappedException] { return $Sid }
}

function Get-RightPolicyName {
    # The group policy that defines a right on this computer, as the last policy run recorded it; empty when none does.
    param([string]$Policy)
    $namespace = 'root\rsop\computer'
    $filter = "UserRight = '$Policy' AND precedence = 1"
    $setting = Get-CimInstance -Namespace $namespace -ClassName RSOP_UserPrivilegeRight -Filter $filter | Select-Object -First 1
    if ($null -eq $setting) { return '' }
    $gpo = Get-CimInstance -Namespace $namespace -ClassName RSOP_GPO | Where-Object { $_.id -eq $setting.GPOID } | Select-Object -First 1
    if ($null -eq $gpo) { return [string]$setting.GPOID }
    return [string]$gpo.name
}

# --- 2. Errors and lines ------------------------------------------------------------------------------------------------------

function New-AgentError {
    # An exception with the protocol's code; throw it.
    param([string]$Code, [string]$Message, [System.Exception]$Cause, [string]$Resource)
    $exception = New-Object System.InvalidOperationException $Message, $Cause
    $exception.Data['code'] = $Code
    if ($Resource -ne '') { $exception.Data['resource'] = $Resource }
    return $exception
}

function Get-RootCause {
    param([System.Exception]$Exception)
    while ($null -ne $Exception.InnerException) { $Exception = $Exception.InnerException }
    return $Exception
}

function ConvertTo-ErrorBody {
    param([System.Exception]$Exception)
    $coded = $Exception
    while ($null -ne $coded -and -not $coded.Data.Contains('code')) { $coded = $coded.InnerException }
    $root = Get-RootCause -Exception $Exception
    if ($null -eq $coded) { return [ordered]@{ code = 'INTERNAL'; message = $root.Message; hresult = $root.HResult } }
    $body = [ordered]@{ code = $coded.Data['code']; message = $coded.Message }
    if ($null -ne $coded.InnerException) { $body.hresult = $root.HResult }
    if ($coded.Data.Contains('resource')) { $body.resource = $coded.Data['resource'] }
    return $body
}

function Write-Line {
    param([object]$Message)
    [Console]::Out.WriteLine((ConvertTo-Json -InputObject $Message -Compress -Depth 20))
}

function Write-RequestProgress {
    param([object]$Id, [string]$Text)
    Write-Line ([ordered]@{ id = $Id; progress = $Text })
}

function Assert-Parameter {
    param([System.Collections.IDictionary]$Parameters, [string[]]$Required, [string[]]$Optional)
    foreach ($name in $Required) {
        if (-not $Parameters.Contains($name)) { throw (New-AgentError -Code BAD_REQUEST -Message "the parameter '$name' is missing") }
    }
    foreach ($name in $Parameters.Keys) {
        if ($Required -cnotcontains $name -and $Optional -cnotcontains $name) {
            throw (New-AgentError -Code BAD_REQUEST -Message "there is no parameter '$name'")
        }
    }
}

# --- 3. DSC -------------------------------------------------------------------------------------------------------------------

$script:resourceModules = @{}

function Get-ModuleBase {
    param([string]$Module, [string]$Version)
    foreach ($folder in $env:PSModulePath.Split([System.IO.Path]::PathSeparator)) {
        if ($folder -eq '') { continue }
        $base = Join-Path (Join-Path $folder $Module) $Version
        if (Test-Path -LiteralPath (Join-Path $base "$Module.psd1")) { return $base }
    }
    throw (New-AgentError -Code MODULE_NOT_FOUND -Message "the module $Module is not installed here in version $Version")
}

function Find-ResourceFile {
    # A resource's folder carries its class name; the name that people use stands in its schema.
    param([string]$ModuleBase, [string]$Module, [string]$Resource)
    $folder = Join-Path $ModuleBase 'DSCResources'
    if (Test-Path -LiteralPath $folder) {
        foreach ($candidate in Get-ChildItem -LiteralPath $folder -Directory) {
            $schema = Join-Path $candidate.FullName "$($candidate.Name).schema.mof"
            if (-not (Test-Path -LiteralPath $schema)) { continue }
            $match = [regex]::Match([System.IO.File]::ReadAllText($schema), 'FriendlyName\s*\(\s*"([^"]+)"\s*\)')
            $name = $candidate.Name
            if ($match.Success) { $name = $match.Groups[1].Value }
            if ($name -eq $Resource) { return Join-Path $candidate.FullName "$($candidate.Name).psm1" }
        }
    }
    throw (New-AgentError -Code RESOURCE_NOT_FOUND -Message "the module $Module has no DSC resource $Resource")
}

function Get-ResourceModule {
    param([string]$Module, [string]$Version, [string]$Resource)
    $key = "$Module/$Version/$Resource"
    if (-not $script:resourceModules.ContainsKey($key)) {
        $base = Get-ModuleBase -Module $Module -Version $Version
        $file = Find-ResourceFile -ModuleBase $base -Module $Module -Resource $Resource
        $script:resourceModules[$key] = Import-Module -Name $file -PassThru -DisableNameChecking 3>$null
    }
    return $script:resourceModules[$key]
}

function ConvertTo-DscValue {
    # A value of the wire as a DSC module takes it.
    param([object]$Value)
    if ($Value -is [System.Collections.IDictionary]) {
        if ($Value.Contains('$credential')) {
            $credential = $Value['$credential']
            $password = ConvertTo-SecureString -String $credential['password'] -AsPlainText -Force
            return New-Object System.Management.Automation.PSCredential $credential['userName'], $password
        }
        if ($Value.Contains('$cim')) {
            return New-EmbeddedInstance -ClassName $Value['$cim'] -Property (ConvertTo-DscProperty -Property $Value['properties'])
        }
        return ConvertTo-DscProperty -Property $Value
    }
    if ($Value -is [array]) {
        $list = @(foreach ($element in $Value) { ConvertTo-DscValue -Value $element })
        # A CIM property takes a list of text only when it is typed so.
        if (@($list | Where-Object { $_ -isnot [string] }).Count -eq 0) { return , [string[]]$list }
        return , $list
    }
    return $Value
}

function ConvertTo-DscProperty {
    param([System.Collections.IDictionary]$Property)
    $converted = @{}
    foreach ($name in $Property.Keys) { $converted[$name] = ConvertTo-DscValue -Value $Property[$name] }
    return $converted
}

function Test-Credential {
    param([object]$Value)
    if ($Value -is [System.Management.Automation.PSCredential] -or $Value -is [System.Security.SecureString]) { return $true }
    return $Value -is [Microsoft.Management.Infrastructure.CimInstance] -and $Value.CimSystemProperties.ClassName -eq 'MSFT_Credential'
}

function ConvertTo-PlainValue {
    # What a module answered as values that JSON has. The caller leaves credentials out.
    param([object]$Value)
    if ($null -eq $Value) { return $null }
    # A copy: text that came from a cmdlet can drag members along, which Windows PowerShell 5.1 would write out too.
    if ($Value -is [string]) { return New-Object string (, $Value.ToCharArray()) }
    if ($Value -is [enum]) { return $Value.ToString() }
    if ($Value -is [bool] -or ($Value -is [System.ValueType] -and $Value.GetType().IsPrimitive -and $Value -isnot [char])) { return $Value }
    if ($Value -is [datetime]) { return $Value.ToUniversalTime().ToString('o') }
    if ($Value -is [System.Collections.IDictionary]) {
        $plain = @{}
        foreach ($name in $Value.Keys) {
            if (-not (Test-Credential -Value $Value[$name])) { $plain[[string]$name] = ConvertTo-PlainValue -Value $Value[$name] }
        }
        return $plain
    }
    if ($Value -is [Microsoft.Management.Infrastructure.CimInstance]) {
        $members = @{}
        foreach ($member in $Value.CimInstanceProperties) { $members[$member.Name] = $member.Value }
        return ConvertTo-PlainValue -Value $members
    }
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        $members = @{}
        foreach ($member in $Value.PSObject.Properties) { $members[$member.Name] = $member.Value }
        return ConvertTo-PlainValue -Value $members
    }
    if ($Value -is [System.Collections.IEnumerable]) { return , @(foreach ($element in $Value) { ConvertTo-PlainValue -Value $element }) }
    return $Value.ToString()
}

function Invoke-ResourceFunction {
    # Calls one function of a resource with those properties that it takes; the first error that it reports is thrown.
    param([object]$Target, [string]$Name, [string]$Code)
    $command = $Target.Module.ExportedCommands[$Name]
    $arguments = @{}
    foreach ($key in $Target.Properties.Keys) {
        if ($command.Parameters.ContainsKey($key)) { $arguments[$key] = $Target.Properties[$key] }
    }
    try {
        $output = @(& $command @arguments 2>&1 3>$null 4>$null 5>$null 6>$null)
    }
    catch {
        throw (New-AgentError -Code $Code -Message $_.Exception.Message -Cause $_.Exception -Resource $Target.Label)
    }
    foreach ($item in $output) {
        if ($item -is [System.Management.Automation.ErrorRecord]) {
            throw (New-AgentError -Code $Code -Message $item.Exception.Message -Cause $item.Exception -Resource $Target.Label)
        }
    }
    return , $output
}

function Get-DscTarget {
    # Everything that the three functions of one request share.
    param([System.Collections.IDictionary]$Parameters)
    $properties = ConvertTo-DscProperty -Property $Parameters['properties']
    $module = Get-ResourceModule -Module $Parameters['module'] -Version $Parameters['version'] -Resource $Parameters['resource']
    $taken = $module.ExportedCommands['Get-TargetResource'].Parameters.Keys
    # DSC names an instance by its first key; Get takes the keys and little else, so its first parameter that was given is it.
    $key = @($taken | Where-Object { $properties.ContainsKey($_) }) | Select-Object -First 1
    $label = "[$($Parameters['resource'])]"
    if ($null -ne $key) { $label = "$label$($properties[$key])" }
    return @{ Module = $module; Properties = $properties; Label = $label }
}

function Get-DscCurrent {
    param([object]$Target)
    $output = Invoke-ResourceFunction -Target $Target -Name 'Get-TargetResource' -Code DSC_GET_FAILED
    $state = $output | Where-Object { $_ -is [System.Collections.IDictionary] } | Select-Object -Last 1
    if ($null -eq $state) {
        throw (New-AgentError -Code DSC_GET_FAILED -Message 'Get-TargetResource answered no hashtable' -Resource $Target.Label)
    }
    return ConvertTo-PlainValue -Value $state
}

function Test-DscDesiredState {
    param([object]$Target)
    $output = Invoke-ResourceFunction -Target $Target -Name 'Test-TargetResource' -Code DSC_TEST_FAILED
    $answer = $output | Where-Object { $_ -is [bool] } | Select-Object -Last 1
    if ($null -eq $answer) {
        throw (New-AgentError -Code DSC_TEST_FAILED -Message 'Test-TargetResource answered neither true nor false' -Resource $Target.Label)
    }
    return $answer
}

function Invoke-DscGet {
    param([System.Collections.IDictionary]$Parameters)
    $target = Get-DscTarget -Parameters $Parameters
    return @{ current = (Get-DscCurrent -Target $target); inDesiredState = (Test-DscDesiredState -Target $target) }
}

function Invoke-DscApply {
    param([System.Collections.IDictionary]$Parameters, [object]$Id)
    $target = Get-DscTarget -Parameters $Parameters
    $force = $Parameters.Contains('force') -and $Parameters['force']
    $inDesiredState = Test-DscDesiredState -Target $target
    $change = $force -or -not $inDesiredState
    $global:DSCMachineStatus = 0
    if ($change) {
        # The last moment: half a Set cannot be taken back.
        Assert-NotCancelled -Id $Id
        Write-RequestProgress -Id $Id -Text "$($target.Label): changing"
        $null = Invoke-ResourceFunction -Target $target -Name 'Set-TargetResource' -Code DSC_SET_FAILED
        $inDesiredState = Test-DscDesiredState -Target $target
    }
    return @{
        changed        = $change
        current        = (Get-DscCurrent -Target $target)
        inDesiredState = $inDesiredState
        rebootRequired = ($global:DSCMachineStatus -eq 1)
    }
}

# --- 4. Files -----------------------------------------------------------------------------------------------------------------

function Get-Sha256 {
    param([byte[]]$Bytes)
    $algorithm = [System.Security.Cryptography.SHA256]::Create()
    try { return [BitConverter]::ToString($algorithm.ComputeHash($Bytes)).Replace('-', '').ToLowerInvariant() }
    finally { $algorithm.Dispose() }
}

function Read-HostFile {
    param([System.Collections.IDictionary]$Parameters)
    $name = $Parameters['path']
    try {
        $path = Resolve-HostPath -Path $name
        if (-not [System.IO.File]::Exists($path)) { return @{ exists = $false } }
        $length = (New-Object System.IO.FileInfo $path).Length
        if ($Parameters.Contains('maxBytes') -and $length -gt $Parameters['maxBytes']) {
            throw (New-AgentError -Code FILE_TOO_LARGE -Message "'$name' has $length bytes, more than $($Parameters['maxBytes'])")
        }
        $bytes = [System.IO.File]::ReadAllBytes($path)
    }
    catch {
        if ($_.Exception.Data.Contains('code')) { throw }
        throw (New-AgentError -Code FILE_READ_FAILED -Message "'$name' could not be read" -Cause (Get-RootCause -Exception $_.Exception))
    }
    return @{ exists = $true; contentBase64 = [Convert]::ToBase64String($bytes); sha256 = (Get-Sha256 -Bytes $bytes) }
}

function Get-FileSha256 {
    # Empty when there is no such file.
    param([string]$Path)
    if (-not [System.IO.File]::Exists($Path)) { return '' }
    return Get-Sha256 -Bytes ([System.IO.File]::ReadAllBytes($Path))
}

function Write-FlushedFile {
    param([string]$Path, [byte[]]$Bytes)
    $stream = New-Object System.IO.FileStream $Path, ([System.IO.FileMode]::CreateNew)
    try {
        $stream.Write($Bytes, 0, $Bytes.Length)
        $stream.Flush($true)
    }
    finally { $stream.Dispose() }
}

function Switch-File {
    # Puts $New in the place of $Path in one step; ACL and attributes of $Path stay. The old file is at $Backup afterwards.
    param([string]$New, [string]$Path, [string]$Backup)
    [System.IO.File]::Replace($New, $Path, $Backup)
}

function Write-HostFile {
    param([System.Collections.IDictionary]$Parameters)
    $name = $Parameters['path']
    $expected = [string]$Parameters['expectedSha256']
    $changed = New-AgentError -Code FILE_CHANGED -Message "'$name' is not the file that was read: somebody changed it in between"
    $temporary = $null
    try {
        $path = Resolve-HostPath -Path $name
        $temporary = "$path.$([guid]::NewGuid().ToString('N')).mfakit.tmp"
        $bytes = [Convert]::FromBase64String($Parameters['contentBase64'])
        if ((Get-FileSha256 -Path $path) -ne $expected) { throw $changed }
        $result = @{ sha256 = (Get-Sha256 -Bytes $bytes) }
        Write-FlushedFile -Path $temporary -Bytes $bytes
        if ($expected -eq '') {
            [System.IO.File]::Move($temporary, $path)
            return $result
        }
        # The extension .config keeps IIS from ever serving the backup: it may hold an old password.
        $suffix = ".$([datetime]::UtcNow.ToString('yyyyMMddHHmmssfff')).backup.config"
        $backup = "$path$suffix"
        Switch-File -New $temporary -Path $path -Backup $backup
        if ((Get-FileSha256 -Path $backup) -ne $expected) {
            # Written by somebody between the look and the switch: theirs goes back into place.
            Switch-File -New $backup -Path $path -Backup $temporary
            throw $changed
        }
        if ($Parameters['backup']) { $result.backupPath = "$name$suffix" }
        else { [System.IO.File]::Delete($backup) }
        return $result
    }
    catch {
        if ($_.Exception.Data.Contains('code')) { throw }
        throw (New-AgentError -Code FILE_WRITE_FAILED -Message "'$name' could not be written" -Cause (Get-RootCause -Exception $_.Exception))
    }
    finally {
        if ($null -ne $temporary -and [System.IO.File]::Exists($temporary)) { [System.IO.File]::Delete($temporary) }
    }
}

# --- 5. Sections of web.config ------------------------------------------------------------------------------------------------

function ConvertTo-SectionElement {
    param([System.Collections.IDictionary]$Parameters)
    $document = New-Object System.Xml.XmlDocument
    $document.XmlResolver = $null
    $document.PreserveWhitespace = $true
    try { $document.LoadXml($Parameters['xml']) }
    catch { throw (New-AgentError -Code BAD_REQUEST -Message 'the section is not well-formed XML') }
    if ($document.DocumentElement.LocalName -ne $Parameters['section']) {
        throw (New-AgentError -Code BAD_REQUEST -Message "the XML is not the section '$($Parameters['section'])'")
    }
    return , $document.DocumentElement
}

function Protect-Section {
    param([System.Collections.IDictionary]$Parameters)
    # DPAPI with the machine's key: no key container whose ACL would have to name the identity of each application pool.
    $providerName = 'DataProtectionConfigurationProvider'
    $element = ConvertTo-SectionElement -Parameters $Parameters
    try { $encrypted = (Get-ConfigurationProvider -Name $providerName).Encrypt($element) }
    catch {
        $cause = Get-RootCause -Exception $_.Exception
        throw (New-AgentError -Code PROTECTION_FAILED -Message 'the section could not be encrypted' -Cause $cause)
    }
    $name = $element.LocalName
    return @{ xml = "<$name configProtectionProvider=`"$providerName`">$($encrypted.OuterXml)</$name>" }
}

function Unprotect-Section {
    param([System.Collections.IDictionary]$Parameters)
    $element = ConvertTo-SectionElement -Parameters $Parameters
    $providerName = $element.GetAttribute('configProtectionProvider')
    $encrypted = $element.SelectSingleNode("*[local-name() = 'EncryptedData']")
    if ($providerName -eq '' -or $null -eq $encrypted) { throw (New-AgentError -Code BAD_REQUEST -Message 'the section is not encrypted') }
    try { $plain = (Get-ConfigurationProvider -Name $providerName).Decrypt($encrypted) }
    catch {
        $cause = Get-RootCause -Exception $_.Exception
        throw (New-AgentError -Code PROTECTION_FAILED -Message 'the section could not be decrypted on this host' -Cause $cause)
    }
    return @{ xml = $plain.OuterXml }
}

# --- 6. Host ------------------------------------------------------------------------------------------------------------------

function Get-InstalledModule {
    # Version folders below each module; reading every manifest (Get-Module -ListAvailable) takes seconds.
    $modules = @{}
    foreach ($folder in $env:PSModulePath.Split([System.IO.Path]::PathSeparator)) {
        if ($folder -eq '' -or -not (Test-Path -LiteralPath $folder)) { continue }
        foreach ($module in Get-ChildItem -LiteralPath $folder -Directory) {
            $versions = @(Get-ChildItem -LiteralPath $module.FullName -Directory | Where-Object { $_.Name -match '^\d+(\.\d+)+$' })
            if ($versions.Count -gt 0) { $modules[$module.Name] = @($versions | ForEach-Object { $_.Name }) }
        }
    }
    return $modules
}

function Get-HostFact {
    $facts = Get-ComputerFact
    $facts.powershell = $PSVersionTable.PSVersion.ToString()
    $facts.pendingReboot = Test-PendingReboot
    $facts.modules = Get-InstalledModule
    return $facts
}

function Invoke-AppPoolRecycle {
    param([System.Collections.IDictionary]$Parameters)
    $name = $Parameters['name']
    try {
        $state = Get-AppPoolState -Name $name
        if ($state -eq '') { throw (New-AgentError -Code APP_POOL_NOT_FOUND -Message "there is no application pool '$name'") }
        if ($state -ne 'Started') { return @{ recycled = $false; state = $state } }
        Restart-AppPool -Name $name
        return @{ recycled = $true; state = (Get-AppPoolState -Name $name) }
    }
    catch {
        if ($_.Exception.Data.Contains('code')) { throw }
        throw (New-AgentError -Code APP_POOL_FAILED -Message "the application pool '$name' could not be recycled" -Cause $_.Exception)
    }
}

function Get-UserRight {
    param([System.Collections.IDictionary]$Parameters)
    $policy = $Parameters['policy']
    if ($policy -notmatch '^Se[A-Za-z]+$') { throw (New-AgentError -Code BAD_REQUEST -Message "'$policy' is not the constant of a user right") }
    try {
        $line = Export-UserRight | Where-Object { $_ -match "^\s*$policy\s*=" } | Select-Object -First 1
        $holders = @()
        if ($null -ne $line) { $holders = @($line.Split('=')[1].Split(',') | ForEach-Object { $_.Trim() } | Where-Object { $_ -ne '' }) }
        $identities = @(foreach ($holder in $holders) {
                # secedit writes SIDs behind an asterisk, and names only for accounts that it knows by name.
                if ($holder.StartsWith('*')) { ConvertTo-AccountName -Sid $holder.Substring(1) } else { $holder }
            })
        $source = Get-RightPolicyName -Policy $policy
        if ($source -eq '') { $source = 'local' }
        return @{ identities = $identities; source = $source }
    }
    catch {
        throw (New-AgentError -Code RIGHTS_FAILED -Message "the user right $policy could not be read" -Cause $_.Exception)
    }
}

function Invoke-Reboot {
    try { Restart-Host }
    catch { throw (New-AgentError -Code REBOOT_FAILED -Message 'Windows refused to restart' -Cause $_.Exception) }
    return @{}
}

# --- 7. Requests --------------------------------------------------------------------------------------------------------------

function Invoke-Method {
    param([string]$Method, [System.Collections.IDictionary]$Parameters, [object]$Id)
    switch -CaseSensitive ($Method) {
        'facts' {
            Assert-Parameter -Parameters $Parameters
            return Get-HostFact
        }
        'dsc.get' {
            Assert-Parameter -Parameters $Parameters -Required module, version, resource, properties
            return Invoke-DscGet -Parameters $Parameters
        }
        'dsc.apply' {
            Assert-Parameter -Parameters $Parameters -Required module, version, resource, properties -Optional force
            return Invoke-DscApply -Parameters $Parameters -Id $Id
        }
        'file.read' {
            Assert-Parameter -Parameters $Parameters -Required path -Optional maxBytes
            return Read-HostFile -Parameters $Parameters
        }
        'file.write' {
            Assert-Parameter -Parameters $Parameters -Required path, contentBase64, expectedSha256, backup
            return Write-HostFile -Parameters $Parameters
        }
        'webconfig.encrypt' {
            Assert-Parameter -Parameters $Parameters -Required section, xml
            return Protect-Section -Parameters $Parameters
        }
        'webconfig.decrypt' {
            Assert-Parameter -Parameters $Parameters -Required section, xml
            return Unprotect-Section -Parameters $Parameters
        }
        'appPool.recycle' {
            Assert-Parameter -Parameters $Parameters -Required name
            return Invoke-AppPoolRecycle -Parameters $Parameters
        }
        'rights.get' {
            Assert-Parameter -Parameters $Parameters -Required policy
            return Get-UserRight -Parameters $Parameters
        }
        'reboot' {
            Assert-Parameter -Parameters $Parameters
            return Invoke-Reboot
        }
        'cancel' {
            Assert-Parameter -Parameters $Parameters -Required id
            return @{}
        }
        default { throw (New-AgentError -Code UNKNOWN_METHOD -Message "there is no method '$Method'") }
    }
}

function ConvertTo-Hashtable {
    # The generic dictionaries of the JSON reader hide the members of IDictionary.
    param([object]$Value)
    if ($Value -is [System.Collections.IDictionary]) {
        $table = @{}
        foreach ($pair in $Value.GetEnumerator()) { $table[$pair.Key] = ConvertTo-Hashtable -Value $pair.Value }
        return $table
    }
    if ($Value -is [array]) { return , @(foreach ($element in $Value) { ConvertTo-Hashtable -Value $element }) }
    return $Value
}

function Read-Request {
    param([string]$Line)
    try { $request = ConvertTo-Hashtable -Value (ConvertFrom-JsonLine -Line $Line) }
    catch { throw (New-AgentError -Code BAD_REQUEST -Message 'the line is not JSON') }
    if ($request -isnot [hashtable]) { throw (New-AgentError -Code BAD_REQUEST -Message 'the line is not a JSON object') }
    return $request
}

function Assert-Request {
    param([hashtable]$Request)
    foreach ($name in 'id', 'method', 'params') {
        if (-not $Request.Contains($name)) { throw (New-AgentError -Code BAD_REQUEST -Message "the request has no '$name'") }
    }
    if ($Request['params'] -isnot [hashtable]) { throw (New-AgentError -Code BAD_REQUEST -Message "the request's params are not an object") }
}

function Invoke-RequestLine {
    param([string]$Line)
    $id = $null
    try {
        $request = Read-Request -Line $Line
        # From here on a refusal has the id, so that whoever asked can tell what was refused.
        $id = $request['id']
        Assert-Request -Request $request
        Assert-NotCancelled -Id $id
        $result = Invoke-Method -Method $request['method'] -Parameters $request['params'] -Id $id
        Write-Line ([ordered]@{ id = $id; ok = $true; result = $result })
    }
    catch {
        Write-Line ([ordered]@{ id = $id; ok = $false; error = (ConvertTo-ErrorBody -Exception $_.Exception) })
    }
}

# The ids of cancelled requests, shared with the reader of lines.
$script:cancelled = [hashtable]::Synchronized(@{})

function Assert-NotCancelled {
    param([object]$Id)
    if ($null -ne $Id -and $script:cancelled.ContainsKey([string]$Id)) {
        throw (New-AgentError -Code CANCELLED -Message 'the request was given up before it changed anything')
    }
}

function Start-LineReader {
    # Reads ahead beside the requests, so that a cancellation is seen, and answered, while another request is under way.
    param([System.Collections.Concurrent.BlockingCollection[string]]$Queue)
    $reader = [powershell]::Create().AddScript({
            param($In, $Out, $Queue, $Cancelled)
            try {
                while ($null -ne ($line = $In.ReadLine())) {
                    $match = [regex]::Match($line, '^\{"id":(\d+),"method":"cancel","params":\{"id":(\d+)\}\}$')
                    if ($match.Success) {
                        $Cancelled[$match.Groups[2].Value] = $true
                        $Out.WriteLine('{"id":' + $match.Groups[1].Value + ',"ok":true,"result":{}}')
                    }
                    elseif ($line.Trim() -ne '') { $Queue.Add($line) }
                }
            }
            finally { $Queue.CompleteAdding() }
        })
    $null = $reader.AddArgument([Console]::In).AddArgument([Console]::Out).AddArgument($Queue).AddArgument($script:cancelled)
    $null = $reader.BeginInvoke()
}

function Start-Agent {
    $queue = New-Object 'System.Collections.Concurrent.BlockingCollection[string]'
    Start-LineReader -Queue $queue
    Write-Line ([ordered]@{
            agent        = 'mfakit'
            protocol     = 1
            powershell   = $PSVersionTable.PSVersion.ToString()
            computerName = [string]$env:COMPUTERNAME
        })
    foreach ($line in $queue.GetConsumingEnumerable()) { Invoke-RequestLine -Line $line }
}

Start-Agent
