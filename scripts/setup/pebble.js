import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "./cache.js";
import { buildFromGoModules } from "./goModules.js";
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
    await makeFolder(dirname(dirname(pebbleBinary())), (draft) =>
      buildFromGoModules(
        {
          module: join(draft, "module"),
          requires: [`github.com/letsencrypt/pebble/v2 v${pebbleVersion}`],
          package: "github.com/letsencrypt/pebble/v2/cmd/pebble",
          output: join(draft, "bin", "pebble"),
        },
        tools,
      ),
    );
  },
};
