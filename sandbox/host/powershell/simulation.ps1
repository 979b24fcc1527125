# The agent's Windows-only functions, answered by the simulated host. Inserted in front of the agent's last line. File descriptor 3 is
# the way to the host: a line of JSON for each call, a line for its answer.
$handle = [System.Net.Sockets.SafeSocketHandle]::new([IntPtr]3, $true)
$stream = [System.Net.Sockets.NetworkStream]::new([System.Net.Sockets.Socket]::new($handle))
$global:simulation = @{ In = [System.IO.StreamReader]::new($stream); Out = [System.IO.StreamWriter]::new($stream) }
$global:simulation.Out.AutoFlush = $true

function global:Invoke-Simulation {
    param([string]$Call, [hashtable]$Arguments = @{})
    $global:simulation.Out.WriteLine((ConvertTo-Json -InputObject @{ call = $Call; arguments = $Arguments } -Compress -Depth 20))
    $answer = ConvertFrom-Json -InputObject $global:simulation.In.ReadLine() -AsHashtable -DateKind String
    if ($answer.ContainsKey('error')) {
        $exception = [System.InvalidOperationException]::new($answer.error.message)
        if ($answer.error.ContainsKey('hresult')) { $exception.HResult = $answer.error.hresult }
        throw $exception
    }
    return $answer.result
}

function global:ConvertTo-WireValue {
    # A property as the host's own DSC functions take it: the agent's conversion, backwards.
    param([object]$Value)
    if ($Value -is [System.Management.Automation.PSCredential]) {
        return @{ '$credential' = @{ userName = $Value.UserName; password = $Value.GetNetworkCredential().Password } }
    }
    if ($Value -is [System.Management.Automation.PSCustomObject] -and $Value.PSObject.TypeNames -contains 'EmbeddedInstance') {
        return @{ '$cim' = $Value.ClassName; properties = (ConvertTo-WireValue -Value $Value.Property) }
    }
    if ($Value -is [System.Collections.IDictionary]) {
        $converted = @{}
        foreach ($key in $Value.Keys) { $converted[$key] = ConvertTo-WireValue -Value $Value[$key] }
        return $converted
    }
    if ($Value -is [array]) { return , @(foreach ($element in $Value) { ConvertTo-WireValue -Value $element }) }
    return $Value
}

function global:Invoke-SimulatedResource {
    param([string]$Function, [string]$Module, [string]$Resource, [System.Collections.IDictionary]$Bound)
    $properties = @{}
    foreach ($name in $Bound.Keys) { $properties[$name] = ConvertTo-WireValue -Value $Bound[$name] }
    $arguments = @{ module = $Module; resource = $Resource; properties = $properties }
    $answer = Invoke-Simulation -Call "dsc.$Function" -Arguments $arguments
    if ($Function -ne 'set') { return $answer }
    if ($answer) { $global:DSCMachineStatus = 1 }
}

function ConvertFrom-JsonLine { param([string]$Line) ConvertFrom-Json -InputObject $Line -AsHashtable -DateKind String }
function Get-ComputerFact { Invoke-Simulation -Call facts }
function Test-PendingReboot { Invoke-Simulation -Call pendingReboot }
function Resolve-HostPath { param([string]$Path) Invoke-Simulation -Call path -Arguments @{ path = $Path } }
function Restart-Host { $null = Invoke-Simulation -Call restart }
function New-EmbeddedInstance {
    param([string]$ClassName, [hashtable]$Property)
    [pscustomobject]@{ PSTypeName = 'EmbeddedInstance'; ClassName = $ClassName; Property = $Property }
}
function Get-ConfigurationProvider {
    param([string]$Name)
    if ($Name -ne 'DataProtectionConfigurationProvider') { throw "this host has no configuration provider '$Name'" }
    $provider = [pscustomobject]@{}
    $provider | Add-Member -MemberType ScriptMethod -Name Encrypt -Value {
        param($node)
        $cipher = Invoke-Simulation -Call protect -Arguments @{ text = $node.OuterXml }
        $document = [xml]::new()
        $document.LoadXml("<EncryptedData><CipherData><CipherValue>$cipher</CipherValue></CipherData></EncryptedData>")
        , $document.DocumentElement
    }
    $provider | Add-Member -MemberType ScriptMethod -Name Decrypt -Value {
        param($node)
        $document = [xml]::new()
        $document.PreserveWhitespace = $true
        $document.LoadXml((Invoke-Simulation -Call unprotect -Arguments @{ cipher = $node.InnerText }))
        , $document.DocumentElement
    }
    $provider
}
function Get-AppPoolState { param([string]$Name) [string](Invoke-Simulation -Call poolState -Arguments @{ name = $Name }) }
function Restart-AppPool { param([string]$Name) $null = Invoke-Simulation -Call recyclePool -Arguments @{ name = $Name } }
function Export-UserRight {
    $rights = Invoke-Simulation -Call rights
    foreach ($right in $rights.Keys) { "$right = $($rights[$right] -join ',')" }
}
function Get-RightPolicyName { param([string]$Policy) '' }
