import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder } from "./cache.js";
import { findCommand, run } from "./commands.js";
import { SetupFailure } from "./failure.js";

/**
 * Builds a program from Go modules.
 * @param {{ module: string, requires: string[], package: string, output: string, linkerFlags?: string }} program
 *   `module` is a folder to work in; `requires` are lines such as `example.com/module v1.2.3`; `output` is the program's path.
 * @param {import("./plan.js").Tools} tools
 */
export async function buildFromGoModules(
  { module, requires, package: path, output, linkerFlags = "" },
  { report, log },
) {
  const go = findCommand("go");
  if (go === undefined) {
    throw new SetupFailure(
      `Go is missing, and ${path} must be built with it`,
      "Install Go 1.24 or newer (https://go.dev/dl) and run the set-up again.",
    );
  }
  await mkdir(module, { recursive: true });
  await writeFile(
    join(module, "go.mod"),
    `module build\n\ngo 1.24\n\nrequire (\n${requires.map((line) => `\t${line}\n`).join("")})\n`,
  );
  let compiled = 0;
  await run(go, ["build", "-v", "-trimpath", "-ldflags", `-s -w ${linkerFlags}`.trim(), "-o", output, path], {
    cwd: module,
    env: { GOFLAGS: "-mod=mod -buildvcs=false", GOWORK: "off", CGO_ENABLED: "0" },
    log,
    onLine(line) {
      if (line.startsWith("go: downloading ")) report(`fetching ${line.split(" ")[2]}`);
      else report(`compiled ${++compiled} packages`);
    },
    next: "Check that Go is 1.24 or newer and that its module proxy can be reached (go env GOPROXY), then run the set-up again.",
  });
}

/**
 * Builds a program that has a folder of the cache to itself: `<folder>/bin/<name>`.
 * @param {string} binary the program's path there
 * @param {{ requires: string[], package: string }} program as for {@link buildFromGoModules}
 * @param {import("./plan.js").Tools} tools
 */
export async function installFromGoModules(binary, program, tools) {
  await makeFolder(dirname(dirname(binary)), (draft) =>
    buildFromGoModules(
      { ...program, module: join(draft, "module"), output: join(draft, "bin", basename(binary)) },
      tools,
    ),
  );
}
