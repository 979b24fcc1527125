# Line 1 of standard input names the script to run and carries its text and hash; the script reads on from there.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$utf8 = New-Object System.Text.UTF8Encoding $false
$writer = New-Object System.IO.StreamWriter ([Console]::OpenStandardOutput(), $utf8)
$writer.NewLine = "`n"
$writer.AutoFlush = $true
[Console]::SetOut($writer)
[Console]::SetIn((New-Object System.IO.StreamReader ([Console]::OpenStandardInput(), $utf8)))
try {
    $envelope = ConvertFrom-Json ([Console]::In.ReadLine())
    $bytes = [Convert]::FromBase64String($envelope.script)
    $sha256 = [BitConverter]::ToString([System.Security.Cryptography.SHA256]::Create().ComputeHash($bytes)).Replace('-', '')
    if ($sha256 -ne $envelope.sha256) { throw "the text of '$($envelope.name)' does not have the announced SHA-256" }
    & ([scriptblock]::Create($utf8.GetString($bytes)))
}
catch {
    [Console]::Error.WriteLine("$($_.Exception.Message) ($($_.InvocationInfo.ScriptLineNumber))")
    exit 1
}
