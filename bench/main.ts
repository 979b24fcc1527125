import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type BenchmarkResult, line } from "./result.ts";

/** A scenario brings up what it needs, measures, and takes it down again. */
export interface Scenario {
  /** Names that select it on the command line. */
  names: readonly string[];
  /** Those of {@link names} that take so long that they run only when they are named. */
  long?: readonly string[];
  run(selected: ReadonlySet<string>, say: (line: string) => void): Promise<BenchmarkResult[]>;
}

const scenarios: readonly (() => Promise<Scenario>)[] = [
  async () => (await import("./scenarios/deployment.ts")).deployment,
  async () => (await import("./scenarios/certificates.ts")).certificates,
  async () => (await import("./scenarios/policies.ts")).policies,
  async () => (await import("./scenarios/directory.ts")).directory,
  async () => (await import("./scenarios/host.ts")).host,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, help: { type: "boolean", short: "h" } },
});
process.exitCode = await main();

async function main(): Promise<number> {
  const known = await Promise.all(scenarios.map((load) => load()));
  const names = known.flatMap((scenario) => scenario.names);
  const long = new Set(known.flatMap((scenario) => scenario.long ?? []));
  if (values.help === true) {
    process.stdout.write(
      `npm run bench -- [NAME...] [--json FILE]\nnames: ${names.join(", ")}\nonly when named: ${[...long].join(", ")}\n`,
    );
    return 0;
  }
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`no benchmark is called ${unknown.join(", ")}; there are ${names.join(", ")}\n`);
    return 2;
  }
  const selected = new Set(positionals.length === 0 ? names.filter((name) => !long.has(name)) : positionals);
  const results: BenchmarkResult[] = [];
  for (const scenario of known) {
    if (!scenario.names.some((name) => selected.has(name))) continue;
    results.push(...(await scenario.run(selected, (text) => process.stderr.write(`${text}\n`))));
  }
  for (const result of results) process.stdout.write(`${line(result)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
  return 0;
}
