/**
 * Makes a fresh machine ready for the kit: npm packages with their Node.js, the Pulumi engine, and what the sandbox runs.
 * Plain JavaScript without dependencies, because it runs before them, on the machine's own Node.js.
 */
import { endRunning } from "./commands.js";
import { engine } from "./engine.js";
import { SetupFailure } from "./failure.js";
import { machine } from "./machine.js";
import { npmPackages } from "./npmPackages.js";
import { pebble } from "./pebble.js";
import { runPlan } from "./plan.js";
import { lineProgress, seconds } from "./progress.js";
import { systemPackages } from "./systemPackages.js";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    endRunning();
    console.error(`\nSet-up interrupted; what is done stays done. Run it again to go on.`);
    process.exit(130);
  });
}

const print = (line) => console.log(line);
let announced = false;
const progress = lineProgress((line) => {
  if (!announced) print("Set-up");
  announced = true;
  print(line);
});

const start = performance.now();
const failures = await runPlan([machine, npmPackages, engine, pebble, systemPackages], progress);
for (const { name, error } of failures) {
  const isExpected = error instanceof SetupFailure;
  console.error(`\nSet-up failed at: ${name}\n  ${isExpected ? error.message : error.stack}`);
  if (isExpected) console.error(`  ${error.next}`);
}
if (failures.length > 0) {
  console.error("\nRun the set-up again afterwards: npm run setup. What is done stays done.");
  process.exitCode = 1;
} else {
  print(`Set-up is complete (${seconds(performance.now() - start)}${announced ? "" : ", nothing to do"}).`);
}

// A connection that nobody answers would keep the process for minutes.
process.stdout.write("", () => process.exit());
