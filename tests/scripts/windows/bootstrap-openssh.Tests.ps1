BeforeAll {
    . (Join-Path $PSScriptRoot 'ScriptFunction.ps1')
    . (Get-ScriptFunction -Name 'bootstrap-openssh')
    Set-StrictMode -Version 2.0
    $body = 'A' * 150
    $pem = "-----BEGIN OPENSSH PRIVATE KEY-----`n$('A' * 70)`n$('A' * 70)`n$('A' * 10)`n-----END OPENSSH PRIVATE KEY-----`n"
    # Used by the tests below.
    $null = $body, $pem
}

Describe 'ConvertTo-PemText' {
    It 'gives a key that lost its line breaks its form back' {
        ConvertTo-PemText -Text "-----BEGIN OPENSSH PRIVATE KEY----- $($body.Insert(70, ' ').Insert(100, "`r`n")) -----END OPENSSH PRIVATE KEY-----" | Should -Be $pem
    }
    It 'leaves a key that is whole as it is' {
        ConvertTo-PemText -Text $pem | Should -Be $pem
    }
    It 'refuses something else without repeating it' {
        { ConvertTo-PemText -Text 'hunter2' } | Should -Throw -ExpectedMessage 'HostPrivateKey is not an OpenSSH private key in PEM form'
    }
}

Describe 'Initialize-OpenSsh' {
    BeforeEach {
        $folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        $machine = @{ Server = $false; Firewall = $null; Status = 'Stopped'; StartType = 'Manual'; Restarts = 0; Protected = @() }
        Mock Get-ConfigurationFolder { $folder }
        Mock Test-SshService { $machine.Server }
        Mock Get-ServerCapability { [pscustomobject]@{ Name = 'OpenSSH.Server~~~~0.0.1.0' } }
        Mock Install-ServerCapability { $machine.Server = $true }
        Mock Save-Package { Set-Content -LiteralPath $Path -Value 'archive' -NoNewline }
        Mock Expand-Package { $machine.Server = $true }
        Mock Protect-File { $machine.Protected += "$(Split-Path -Leaf $Path) $((Get-Item -LiteralPath $Path).Length)" }
        Mock Get-FirewallPort { $machine.Firewall }
        Mock Set-FirewallPort { $machine.Firewall = [string]$Port }
        Mock Get-SshServiceState { @{ Status = $machine.Status; StartType = $machine.StartType } }
        Mock Start-SshService { $machine.Status = 'Running'; $machine.StartType = 'Automatic' }
        Mock Restart-SshService { $machine.Restarts++; $machine.StartType = 'Automatic' }
        $arguments = @{
            HostPrivateKey = $pem
            AuthorizedKey  = 'ssh-ed25519 AAAA kit'
            Port           = 22
            PackageUri     = 'https://example.com/openssh.zip'
            PackageSha256  = '0f66a95ba0b3b0d4d2d0f1d0c0f0b1a1cd8a7a8f9b3fbd33d1e0f7e5a8a7c9d0'
        }
        $null = $arguments
    }

    It 'brings everything about on a fresh host' {
        $result = Initialize-OpenSsh @arguments
        $result.changed | Should -Be 'server', 'hostKey', 'authorizedKeys', 'configuration', 'firewall', 'service'
        [System.IO.File]::ReadAllText((Join-Path $folder 'ssh_host_ed25519_key')) | Should -Be $pem
        [System.IO.File]::ReadAllText((Join-Path $folder 'administrators_authorized_keys')) | Should -Be "ssh-ed25519 AAAA kit`n"
        $machine.Status | Should -Be 'Running'
    }
    It 'changes nothing the second time' {
        $null = Initialize-OpenSsh @arguments
        (Initialize-OpenSsh @arguments).changed | Should -BeNullOrEmpty
        $machine.Restarts | Should -Be 0
    }
    It 'protects the key file while it is still empty' {
        $null = Initialize-OpenSsh @arguments
        $machine.Protected | Should -Be 'ssh_host_ed25519_key 0', 'administrators_authorized_keys 0'
    }
    It 'restarts the server for another host key, and drops the public half of the old one' {
        $null = Initialize-OpenSsh @arguments
        Set-Content -LiteralPath (Join-Path $folder 'ssh_host_ed25519_key.pub') -Value 'old'
        $arguments.HostPrivateKey = $pem.Replace('AAAA', 'BBBB')
        (Initialize-OpenSsh @arguments).changed | Should -Be 'hostKey', 'service'
        $machine.Restarts | Should -Be 1
        Test-Path -LiteralPath (Join-Path $folder 'ssh_host_ed25519_key.pub') | Should -BeFalse
    }
    It 'does not restart the server for another administrator key: sshd reads it at each log-on' {
        $null = Initialize-OpenSsh @arguments
        $arguments.AuthorizedKey = 'ssh-ed25519 BBBB kit'
        (Initialize-OpenSsh @arguments).changed | Should -Be 'authorizedKeys'
    }
    It 'moves to another port in configuration and firewall' {
        $null = Initialize-OpenSsh @arguments
        $arguments.Port = 2222
        (Initialize-OpenSsh @arguments).changed | Should -Be 'configuration', 'firewall', 'service'
        [System.IO.File]::ReadAllText((Join-Path $folder 'sshd_config')) | Should -Match '(?m)^Port 2222$'
        $machine.Firewall | Should -Be '2222'
    }
    It 'takes no passwords' {
        $null = Initialize-OpenSsh @arguments
        [System.IO.File]::ReadAllText((Join-Path $folder 'sshd_config')) | Should -Match '(?m)^PasswordAuthentication no$'
    }
    Context 'on a Windows without the capability' {
        BeforeEach { Mock Get-ServerCapability { $null } }
        It 'installs the archive with the given hash' {
            $archive = Join-Path $TestDrive 'archive'
            Set-Content -LiteralPath $archive -Value 'archive' -NoNewline
            $arguments.PackageSha256 = (Get-FileHash -LiteralPath $archive).Hash.ToLowerInvariant()
            (Initialize-OpenSsh @arguments).changed | Should -Contain 'server'
            Should -Invoke Expand-Package -Times 1
        }
        It 'refuses an archive with another hash before anything of it is unpacked' {
            { Initialize-OpenSsh @arguments } | Should -Throw -ExpectedMessage "the archive of 'https://example.com/openssh.zip' has SHA-256 *, not 0f66*"
            Should -Invoke Expand-Package -Times 0
        }
    }
}
