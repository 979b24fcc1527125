import { existsSync } from "node:fs";
import { join } from "node:path";
import { installFromGoModules } from "./goModules.js";
import { cacheDirectory, pebbleBinary } from "./locations.js";
import { pebbleVersion } from "./versions.js";

/** @type {import("./plan.js").Step} */
export const pebble = {
  name: "certificate authority",
  // Both would use every core; the engine takes longer and others wait for it.
  after: ["machine", "Pulumi engine"],
  lock: join(cacheDirectory(), `pebble-v${pebbleVersion}.lock`),
  isDone: () => existsSync(pebbleBinary()),
  async work(tools) {
    await installFromGoModules(
      pebbleBinary(),
      {
        requires: [`github.com/letsencrypt/pebble/v2 v${pebbleVersion}`],
        package: "github.com/letsencrypt/pebble/v2/cmd/pebble",
      },
      tools,
    );
  },
};
