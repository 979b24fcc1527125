import { rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "./locations.js";
import { withLock } from "./lock.js";

/**
 * What a step works with.
 * @typedef {object} Tools
 * @property {(text: string) => void} report Says what the step is doing; shown now and then.
 * @property {(text: string) => void} say Says something that must be seen.
 * @property {string} log The step's log file.
 */

/**
 * One step of the set-up.
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} after Names of the steps that come before.
 * @property {string} [lock] Lock file, where two set-ups at once would meet.
 * @property {() => boolean} isDone Takes milliseconds.
 * @property {(tools: Tools) => Promise<void>} work Does what is not done; may be interrupted and run again.
 */

/**
 * Runs all steps, each as soon as those before it are through. A failed step stops those after it, not its neighbours.
 * @param {Step[]} steps
 * @param {import("./progress.js").Progress} progress
 * @returns {Promise<{ name: string, error: Error }[]>} The failures.
 */
export async function runPlan(steps, progress) {
  const failures = [];
  const ends = new Map();
  for (const step of steps) {
    const before = step.after.map((name) => ends.get(name));
    ends.set(
      step.name,
      Promise.all(before).then((results) => results.every(Boolean) && runStep(step, progress, failures)),
    );
  }
  await Promise.all(ends.values());
  return failures;
}

/** @returns {Promise<boolean>} True when the step is done. */
async function runStep(step, progress, failures) {
  if (isDone(step)) return true;
  const shown = progress.begin(step.name);
  const log = join(cacheDirectory(), "logs", `${step.name.toLowerCase().replaceAll(" ", "-")}.log`);
  const work = async () => {
    // Another set-up may have done it while this one waited for the lock.
    if (isDone(step)) return;
    rmSync(log, { force: true });
    await step.work({ report: shown.report, say: shown.say, log });
  };
  try {
    if (step.lock === undefined) await work();
    else await withLock(step.lock, work, (pid) => shown.say(`another set-up (process ${pid}) is at it; waiting`));
    shown.done();
    return true;
  } catch (error) {
    shown.failed();
    failures.push({ name: step.name, error });
    return false;
  }
}

/** What cannot be looked at is not done. */
function isDone(step) {
  try {
    return step.isDone();
  } catch {
    return false;
  }
}
