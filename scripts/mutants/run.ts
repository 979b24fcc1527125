/** Runs the tests named on the command line against each mutant whose id is in the list on standard input. */
import { registerHooks } from "node:module";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { type MutantEntry, type Outcome, RESTART } from "./outcome.ts";
import { beginFile, type RunnableTest, tests } from "./suite.ts";

/** The switchboard that Stryker's instrumenter builds into the code. */
interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

/** Left out: they only ask whether anything stops, for thousands of stacks. */
const tooMany = /wrong kind|any kind/;
/** A mutant that is passed so often has made an endless loop; then the instrumented code throws. */
const HIT_LIMIT = 200_000;

const board: Switchboard = {};
Object.assign(globalThis, { __stryker__: board });
const suite = new URL("./suite.ts", import.meta.url).href;
registerHooks({
  resolve(specifier, context, next) {
    const replaced = specifier === "vitest" && context.parentURL !== suite;
    return replaced ? { url: suite, format: "module-typescript", shortCircuit: true } : next(specifier, context);
  },
});

/** By the rules that run: tests that fail with only those, mutant or not, because they are about all; and tests that passed. */
const unfit = new Map<string, Set<RunnableTest>>();
const fit = new Map<string, Set<RunnableTest>>();

const mutants = JSON.parse(await text(process.stdin)) as MutantEntry[];
for (const file of process.argv.slice(2)) {
  beginFile();
  await import(pathToFileURL(resolve(file)).href);
}
process.exitCode = await judgeAll();
process.disconnect();

async function judgeAll(): Promise<number> {
  const runnable = tests.filter(({ name }) => !tooMany.test(name));
  const timed = [...runnable.entries()].map(([index, test]) => ({ id: String(index), test, milliseconds: 0 }));
  for (const each of timed) {
    board.currentTestId = each.id;
    const began = performance.now();
    await each.test.run();
    each.milliseconds = performance.now() - began;
  }
  board.currentTestId = undefined;
  const coverage = board.mutantCoverage ?? { static: {}, perTest: {} };
  timed.sort((one, other) => one.milliseconds - other.milliseconds);
  for (const { id, rules } of mutants) {
    const covering = timed.filter((each) => coverage.perTest[each.id]?.[id] !== undefined).map(({ test }) => test);
    if (covering.length === 0) {
      tell(id, coverage.static[id] === undefined ? "notCovered" : "static");
      continue;
    }
    Object.assign(globalThis, { rulesUnderTest: rules });
    const { killed, poisoned } = await judge(id, rules, covering);
    tell(id, killed ? "killed" : "survived");
    if (poisoned) return RESTART;
  }
  return 0;
}

async function judge(id: string, rules: readonly string[] | undefined, covering: readonly RunnableTest[]) {
  const [without, within] = [unfit, fit].map((map) => setOf(map, String(rules)));
  for (const test of covering) {
    if (without?.has(test) || !(await fails(test, id))) continue;
    if (!(await fails(test, undefined))) {
      within?.add(test);
      return { killed: true, poisoned: false };
    }
    // It passed without a mutant before: something that this mutant left behind makes it fail.
    if (within?.has(test)) return { killed: true, poisoned: true };
    without?.add(test);
  }
  return { killed: false, poisoned: false };
}

function setOf<T>(map: Map<string, Set<T>>, key: string): Set<T> {
  const set = map.get(key) ?? new Set();
  map.set(key, set);
  return set;
}

async function fails(test: RunnableTest, mutant: string | undefined): Promise<boolean> {
  Object.assign(board, { activeMutant: mutant, hitCount: 0, hitLimit: HIT_LIMIT });
  try {
    await test.run();
    return false;
  } catch {
    return true;
  } finally {
    Object.assign(board, { activeMutant: undefined, hitCount: undefined });
  }
}

function tell(id: string, outcome: Outcome): void {
  process.send?.([id, outcome]);
}
