/**
 * Takes the place of vitest's `describe`, `test` and hooks, so that a test can be run again and again in one process. Each run of a test
 * runs the hooks around it. `expect` is vitest's own.
 */
export { expect } from "vitest";

type Act = (...args: never[]) => unknown;

interface Hooks {
  before: Act[];
  after: Act[];
  each: Act[];
  parent?: Hooks;
}

/** A test with the hooks of everything around it. */
export interface RunnableTest {
  name: string;
  run(): Promise<void>;
}

export const tests: RunnableTest[] = [];
let current: Hooks = { before: [], after: [], each: [] };

/** Forgets the hooks of the file before. */
export function beginFile(): void {
  current = { before: [], after: [], each: [] };
}

export const beforeAll = (act: Act) => current.before.push(act);
export const afterAll = (act: Act) => current.after.push(act);
export const beforeEach = (act: Act) => current.each.push(act);

export function describe(_name: string, act: () => void): void {
  const parent = current;
  current = { before: [], after: [], each: [], parent };
  act();
  current = parent;
}
describe.each = eachOf((name, act) => describe(name, act as () => void));

export function test(name: string, act: Act): void {
  const own = current;
  tests.push({ name, run: () => runOnce(own, act) });
}
test.each = eachOf((name, act) => test(name, act));

async function runOnce(hooks: Hooks, act: Act): Promise<void> {
  const around: Hooks[] = [];
  for (let level: Hooks | undefined = hooks; level !== undefined; level = level.parent) around.unshift(level);
  try {
    for (const { before } of around) for (const hook of before) await hook();
    for (const { each } of around) for (const hook of each) await hook();
    await act();
  } finally {
    for (const { after } of around.reverse()) for (const hook of after) await hook();
  }
}

function eachOf(define: (name: string, act: Act) => void) {
  return (cases: readonly unknown[]) => (name: string, act: Act) => {
    for (const [index, given] of cases.entries()) {
      const args = Array.isArray(given) ? given : [given];
      define(`${name} ${index}`, () => act(...(args as never[])));
    }
  };
}
