import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { checkout, engineDirectory } from "./setup/locations.js";

/**
 * Runs every check of the project: types, style, tests. Arguments go to the test runner, for example a folder or
 * `--sequence.shuffle`. The last line counts what passed and failed; types and style count as one check each.
 */
interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** What is used of the test runner's JSON report. */
interface TestReport {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

const programs = join(checkout, "node_modules", ".bin");
const environment = { ...process.env, PATH: [programs, engineDirectory(), process.env.PATH].join(delimiter) };

function run(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(join(programs, command), args, {
    cwd: checkout,
    env: environment,
    stdio: ["ignore", "inherit", "inherit"],
  });
  // Ctrl-C reaches the child by the terminal; it tidies up and ends, then so do we.
  const forward = (signal: NodeJS.Signals): void => void (signal === "SIGTERM" && child.kill(signal));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, forward);
      resolve(code ?? 1);
    });
  });
}

async function check(name: string, command: string, args: readonly string[]): Promise<Totals> {
  console.log(`\n${name}`);
  const passed = (await run(command, args)) === 0;
  console.log(passed ? "  passed" : `  failed: ${command} ${args.join(" ")}`);
  return { passed: Number(passed), failed: Number(!passed), skipped: 0 };
}

async function tests(args: readonly string[]): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), "mfakit-tests-"));
  try {
    const report = join(folder, "report.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const code = await run("vitest", ["run", ...reporters, ...args]);
    return totalsOf(report, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that cannot be loaded and an error outside of any test are failures although no test failed. */
function totalsOf(path: string, code: number): Totals {
  let report: TestReport;
  try {
    report = JSON.parse(readFileSync(path, "utf8")) as TestReport;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const failed = report.numFailedTests + unloaded.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

const results = [
  await check("Types", "tsc", ["--noEmit", "--project", "."]),
  await check("Style", "biome", ["check", "."]),
  await tests(process.argv.slice(2)),
];
const sum = (part: keyof Totals): number => results.reduce((total, result) => total + result[part], 0);
const skipped = sum("skipped") === 0 ? "" : `, ${sum("skipped")} skipped`;
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed${skipped}`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
