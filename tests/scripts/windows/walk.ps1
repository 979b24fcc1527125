# Walks the syntax trees of scripts and answers, by path, what a reader of Windows PowerShell 5.1 has to know, as JSON.
param([Parameter(ValueFromRemainingArguments = $true)][string[]]$Paths)
$walks = @{}
foreach ($path in $Paths) {
    $tokens = $null
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($path, [ref]$tokens, [ref]$errors)
    $all = $tree.FindAll({ $true }, $true)
    $newSyntax = foreach ($node in $all) {
        $found = switch ($node.GetType().Name) {
            'TernaryExpressionAst' { 'ternary operator' }
            'PipelineChainAst' { '&& or ||' }
            'BinaryExpressionAst' { if ($node.Operator -eq 'QuestionQuestion') { '??' } }
            'AssignmentStatementAst' { if ($node.Operator -eq 'QuestionQuestionEquals') { '??=' } }
            'MemberExpressionAst' { if ($node.NullConditional) { '?.' } }
            'InvokeMemberExpressionAst' { if ($node.NullConditional) { '?.' } }
            'IndexExpressionAst' { if ($node.NullConditional) { '?[]' } }
            'PipelineAst' { if ($node.Background) { '& at the end' } }
            'ScriptBlockAst' { if ($node.CleanBlock) { 'clean block' } }
        }
        if ($found) { "$found (line $($node.Extent.StartLineNumber))" }
    }
    $commands = $all | Where-Object { $_ -is [System.Management.Automation.Language.CommandAst] }
    $functions = $all | Where-Object { $_ -is [System.Management.Automation.Language.FunctionDefinitionAst] }
    $members = $all | Where-Object { $_ -is [System.Management.Automation.Language.MemberExpressionAst] -and $_.Static }
    $help = $tree.GetHelpContent()
    $walks[$path] = [pscustomobject]@{
        errors    = @($errors | ForEach-Object { $_.Message })
        newSyntax = @($newSyntax)
        functions = @($functions | ForEach-Object { $_.Name } | Sort-Object -Unique)
        commands  = @($commands | ForEach-Object { $_.GetCommandName() } | Where-Object { $_ } | Sort-Object -Unique)
        # Each parameter with the command that it is given to.
        options   = @($commands | ForEach-Object {
                $name = $_.GetCommandName()
                $_.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] } | ForEach-Object { "$name -$($_.ParameterName)" }
            } | Sort-Object -Unique)
        members   = @($members | ForEach-Object { "[$($_.Expression.TypeName.FullName)]::$($_.Member.Extent.Text)" } | Sort-Object -Unique)
        verbs     = @($functions | ForEach-Object { $_.Name.Split('-')[0] } | Sort-Object -Unique | Where-Object { (Get-Verb).Verb -notcontains $_ })
        synopsis  = if ($help) { $help.Synopsis.Trim() } else { '' }
        examples  = if ($help) { @($help.Examples).Count } else { 0 }
    }
}
ConvertTo-Json -InputObject $walks -Depth 6
