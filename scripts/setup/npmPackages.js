import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findCommand, run } from "./commands.js";
import { SetupFailure } from "./failure.js";
import { cacheDirectory, checkout, kitNode } from "./locations.js";

const modules = join(checkout, "node_modules");

/** @type {import("./plan.js").Step} */
export const npmPackages = {
  name: "npm packages",
  after: ["machine"],
  lock: join(cacheDirectory(), `checkout-${createHash("sha256").update(checkout).digest("hex").slice(0, 16)}.lock`),
  isDone: () => agreesWithLockFile() && existsSync(kitNode()),
  async work({ report, log }) {
    if (!agreesWithLockFile()) {
      report("npm ci");
      await run(findCommand("npm") ?? "npm", ["ci", "--no-audit", "--no-fund"], {
        cwd: checkout,
        log,
        next: "Check that the npm registry can be reached (npm ping), then run the set-up again.",
      });
    }
    if (!existsSync(kitNode())) await fetchNode(report, log);
  },
};

/**
 * The `node` package brings its program by an install script, which npm may be told not to run; the script then runs here.
 */
async function fetchNode(report, log) {
  const folder = join(modules, "node");
  report("Node.js for the kit");
  await run(process.execPath, ["installArchSpecificPackage.js"], {
    cwd: folder,
    log,
    next: "Check that the npm registry can be reached (npm ping), then run the set-up again.",
  });
  if (!existsSync(kitNode())) {
    throw new SetupFailure(
      `the package node left no program at ${kitNode()}`,
      "Delete node_modules and run the set-up again.",
    );
  }
}

/** npm notes what it installed when it is through, so a broken or old installation never agrees with package-lock.json. */
function agreesWithLockFile() {
  const wanted = readPackages(join(checkout, "package-lock.json"));
  const installed = readPackages(join(modules, ".package-lock.json"));
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional, link }]) => {
    if (path === "" || link) return true;
    const found = installed[path];
    if (found === undefined) return optional === true || devOptional === true;
    return found.version === version && (integrity === undefined || found.integrity === integrity);
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}
