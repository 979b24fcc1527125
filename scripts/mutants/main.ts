/**
 * Mutation test of the policy pack, `npm run mutants [-- FILE...]`: Stryker's instrumenter writes every mutant of `policies/` into a copy of
 * the project, and one process runs the pack's own tests against each of them (`run.ts`). A process for each mutant would take a day.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type File, Instrumenter } from "@stryker-mutator/instrumenter";
import { type MutantEntry, type Outcome, RESTART } from "./outcome.ts";

/** Share of the mutants that the tests must kill. */
const REQUIRED = 0.85;
const root = resolve(import.meta.dirname, "../..");
const folder = join(root, ".cache/mutants");
/** What the pack and its tests import, directly or not. */
const copied = [
  "policies",
  "environment",
  "provider",
  "tests/policies",
  "tests/support",
  "scripts/setup",
  "package.json",
];
/** What starts the pack or writes files, and is no judgement. */
const notMutated = ["policies/generate.ts", "policies/pack.ts", "policies/documentation.ts", "policies/references.ts"];
/** Tests of the pack's own process and of the engine: a mutant acts in this process alone. */
const withProcesses = ["engine", "programs", "start"].map((name) => `tests/policies/${name}.test.ts`);
/** Texts are for people; those that rules look for are proved by the cases all the same. */
const excludedMutations = ["StringLiteral"];

process.exitCode = await main(process.argv.slice(2));

async function main(only: readonly string[]): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
    const mutants = await instrument(only);
    process.stdout.write(`${mutants.length} mutants\n`);
    return report(mutants, await runAll(mutants));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function instrument(only: readonly string[]): Promise<MutantEntry[]> {
  const names = globSync("policies/**/*.ts", { cwd: root })
    .filter((name) => !notMutated.includes(name) && (only.length === 0 || only.includes(name)))
    .sort();
  const files = names.map((name): File => ({ name, content: readFileSync(join(root, name), "utf8"), mutate: true }));
  const quiet = new Proxy({}, { get: () => () => undefined });
  const instrumenter = new Instrumenter(quiet as ConstructorParameters<typeof Instrumenter>[0]);
  const result = await instrumenter.instrument(files, { plugins: null, ignorers: [], excludedMutations });
  for (const file of result.files) writeFileSync(join(folder, file.name), file.content);
  return result.mutants
    .filter(({ status }) => status !== "Ignored")
    .map(({ id, fileName, mutatorName, replacement, location }) => ({
      id,
      fileName,
      mutatorName,
      replacement: replacement ?? "",
      line: location.start.line + 1,
      ...ruleIn(join(root, fileName)),
    }));
}

function ruleIn(file: string): Pick<MutantEntry, "rules"> {
  const [, id] = /\bid: "(MFA-[A-Z]+-\d+)"/.exec(readFileSync(file, "utf8")) ?? [];
  return id === undefined ? {} : { rules: [id] };
}

/** A mutant can leave something behind that fails every later test; then the rest is run in a process of its own. */
async function runAll(mutants: readonly MutantEntry[]): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const files = globSync("tests/policies/*.test.ts", { cwd: folder }).filter((name) => !withProcesses.includes(name));
  for (;;) {
    const rest = mutants.filter(({ id }) => !outcomes.has(id));
    const child = spawn(process.execPath, [join(import.meta.dirname, "run.ts"), ...files], {
      cwd: folder,
      stdio: ["pipe", "inherit", "inherit", "ipc"],
      env: { ...process.env, POLICY_PACK_IN_PROCESS: "1" },
    });
    child.on("message", ([id, outcome]: [string, Outcome]) => outcomes.set(id, outcome));
    child.stdin?.end(JSON.stringify(rest));
    const [code] = (await once(child, "close")) as [number];
    if (code === 0) return outcomes;
    if (code !== RESTART) throw new Error(`the tests ended with ${code}`);
  }
}

function report(mutants: readonly MutantEntry[], outcomes: ReadonlyMap<string, Outcome>): number {
  const of = (outcome: Outcome) => mutants.filter(({ id }) => outcomes.get(id) === outcome);
  for (const { fileName, line, mutatorName, replacement, id } of [...of("survived"), ...of("notCovered")]) {
    const change = replacement.replace(/\s+/g, " ").slice(0, 60);
    process.stdout.write(`${outcomes.get(id)}  ${fileName}:${line}  ${mutatorName}: ${change}\n`);
  }
  const left = of("static").length;
  const judged = mutants.filter(({ id }) => outcomes.get(id) !== "static");
  const share = (some: readonly MutantEntry[]) => {
    const killed = some.filter(({ id }) => outcomes.get(id) === "killed").length;
    return { part: killed / some.length, text: `killed ${killed} of ${some.length} mutants` };
  };
  const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
  for (const [fileName, own] of Map.groupBy(judged, (mutant) => mutant.fileName)) {
    const { text, part } = share(own);
    process.stdout.write(`${fileName}: ${text} (${percent(part)})\n`);
  }
  const { text, part } = share(judged);
  process.stdout.write(
    `${text} (${percent(part)}, required ${percent(REQUIRED)}); ${left} act only while a file is loaded and were left out\n`,
  );
  return part >= REQUIRED ? 0 : 1;
}
