/**
 * Builds programs that only measurements and tests use: `node scripts/setup/judges.js lego step-ca zlint`. The
 * first two take some ten minutes each, because they come with the SDKs of many services.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { installFromGoModules } from "./goModules.js";
import { cacheDirectory, legoBinary, stepCaBinary, zlintBinary } from "./locations.js";
import { runPlan } from "./plan.js";
import { lineProgress } from "./progress.js";
import { legoVersion, stepCaVersion, zlintVersion } from "./versions.js";

const judges = {
  lego: {
    binary: legoBinary(),
    requires: `github.com/go-acme/lego/v4 v${legoVersion}`,
    package: "github.com/go-acme/lego/v4/cmd/lego",
  },
  "step-ca": {
    binary: stepCaBinary(),
    requires: `github.com/smallstep/certificates v${stepCaVersion}`,
    package: "github.com/smallstep/certificates/cmd/step-ca",
  },
  zlint: {
    binary: zlintBinary(),
    requires: `github.com/zmap/zlint/v3 v${zlintVersion}`,
    package: "github.com/zmap/zlint/v3/cmd/zlint",
  },
};

/** @returns {import("./plan.js").Step} */
function step(name) {
  const { binary, requires, package: path } = judges[name];
  return {
    name,
    after: [],
    lock: join(cacheDirectory(), `${name}.lock`),
    isDone: () => existsSync(binary),
    async work(tools) {
      await installFromGoModules(binary, { requires: [requires], package: path }, tools);
    },
  };
}

const wanted = process.argv.slice(2).filter((name) => Object.hasOwn(judges, name));
const failures = await runPlan(
  wanted.map(step),
  lineProgress((line) => console.log(line)),
);
for (const { name, error } of failures) console.error(`${name} could not be built: ${error.message}`);
process.exitCode = failures.length > 0 ? 1 : 0;
