# What the agent's Windows-only functions answer in tests. Inserted in front of the agent's last line.
$env:COMPUTERNAME = 'MFADEV01'
function ConvertFrom-JsonLine { param([string]$Line) ConvertFrom-Json -InputObject $Line -AsHashtable -DateKind String }
function Get-ComputerFact {
    @{
        computerName = 'MFADEV01'
        osCaption    = 'Microsoft Windows Server 2016 Datacenter'
        osBuild      = '14393'
        domain       = 'corp.contoso.com'
        partOfDomain = $true
        bootId       = '2026-01-02T03:04:05.0000000Z'
        hotfixes     = @('KB5012170')
    }
}
function Test-PendingReboot { $false }
function Restart-Host { Set-Content -LiteralPath (Join-Path $env:DSC_STATE 'restarted') -Value 'yes' }
function New-EmbeddedInstance { param([string]$ClassName, [hashtable]$Property) [pscustomobject]$Property }
function Get-ConfigurationProvider {
    # Reverses base64 text: enough to tell plain from encrypted.
    param([string]$Name)
    $provider = [pscustomobject]@{}
    $provider | Add-Member -MemberType ScriptMethod -Name Encrypt -Value {
        param($node)
        $document = New-Object System.Xml.XmlDocument
        $text = [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($node.OuterXml))
        $document.LoadXml("<EncryptedData><CipherData><CipherValue>$text</CipherValue></CipherData></EncryptedData>")
        , $document.DocumentElement
    }
    $provider | Add-Member -MemberType ScriptMethod -Name Decrypt -Value {
        param($node)
        $document = New-Object System.Xml.XmlDocument
        $document.LoadXml([System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($node.InnerText)))
        , $document.DocumentElement
    }
    $provider
}
function Get-AppPoolState { param([string]$Name) [string]@{ DefaultAppPool = 'Started'; Idle = 'Stopped' }[$Name] }
function Restart-AppPool { param([string]$Name) if ($Name -ne 'DefaultAppPool') { throw 'no such pool' } }
function Export-UserRight { 'SeNetworkLogonRight = *S-1-1-0', 'SeBatchLogonRight = *S-1-5-32-544,CORP\PFUP_MFADEV01' }
function ConvertTo-AccountName { param([string]$Sid) @{ 'S-1-5-32-544' = 'BUILTIN\Administrators'; 'S-1-1-0' = 'Everyone' }[$Sid] }
function Get-RightPolicyName { param([string]$Policy) if ($Policy -eq 'SeNetworkLogonRight') { 'Default Domain Policy' } else { '' } }
