import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { pwsh, pwshOptions, withoutPowerShell } from "../../support/powershell.ts";

const folder = new URL(".", import.meta.url).pathname;

interface PesterTest {
  name: string;
  result: string;
  message: string;
}

/** Runs every *.Tests.ps1 of this folder in one PowerShell; `undefined` when it has no Pester. */
function runPester(executable: string): PesterTest[] | undefined {
  const script = `
    if ($null -eq (Get-Module -ListAvailable Pester | Where-Object Version -ge '5.0')) { '[]'; exit 3 }
    $configuration = New-PesterConfiguration
    $configuration.Run.Path = '${folder}'
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'None'
    $run = Invoke-Pester -Configuration $configuration
    $tests = foreach ($test in $run.Tests) {
      @{ name = $test.ExpandedPath; result = [string]$test.Result; message = (@($test.ErrorRecord | ForEach-Object { $_.Exception.Message }) -join [Environment]::NewLine) }
    }
    $blocked = foreach ($container in $run.Containers) { foreach ($record in $container.ErrorRecord) { @{ name = [string]$container; result = 'Failed'; message = $record.Exception.Message } } }
    ConvertTo-Json -InputObject @(@($tests) + @($blocked) | Where-Object { $_ })`;
  const run = spawnSync(executable, [...pwshOptions, "-Command", script], { encoding: "utf8", timeout: 240_000 });
  if (run.status === 3) return undefined;
  if (run.status !== 0 || run.stdout === "") throw new Error(run.stderr || run.stdout);
  return JSON.parse(run.stdout.slice(run.stdout.indexOf("["))) as PesterTest[];
}

describe("Pester", () => {
  const tests = pwsh === undefined ? undefined : runPester(pwsh);
  if (pwsh === undefined) test.skip(withoutPowerShell, () => undefined);
  else if (tests === undefined) test.skip("this PowerShell has no Pester 5 or later", () => undefined);
  else {
    test("ran", () => expect(tests.length).toBeGreaterThan(15));
    test.each(tests)("$name", ({ result, message }) => {
      expect(`${result} ${message}`.trim()).toBe("Passed");
    });
  }
});
