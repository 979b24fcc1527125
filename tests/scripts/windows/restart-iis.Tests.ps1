BeforeAll {
    . (Join-Path $PSScriptRoot 'ScriptFunction.ps1')
    . (Get-ScriptFunction -Name 'restart-iis')
    Set-StrictMode -Version 2.0
}

Describe 'Restart-Iis' {
    It 'stops what depends first, starts it last, and reports both' {
        $steps = [System.Collections.ArrayList]@()
        Mock Stop-HostService { $null = $steps.Add("stop $Name") }
        Mock Start-HostService { $null = $steps.Add("start $Name") }
        Mock Get-HostServiceStatus { 'Running' }
        $result = Restart-Iis -Name 'WAS', 'W3SVC'
        $steps | Should -Be 'stop W3SVC', 'stop WAS', 'start WAS', 'start W3SVC'
        ConvertTo-Json -Compress -InputObject $result | ConvertFrom-Json | ForEach-Object { $_.services.W3SVC } | Should -Be 'Running'
    }
}
