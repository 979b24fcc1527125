import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { projectDirectory } from "../../support/environment.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mfakit launcher "));
  mkdirSync(join(root, "cli"));
  cpSync(join(projectDirectory, "cli", "mfakit"), join(root, "cli", "mfakit"));
});
afterEach(() => rmSync(root, { recursive: true }));

const start = (path: string, ...args: string[]) => spawnSync(path, args, { encoding: "utf8" });

describe("cli/mfakit", () => {
  it("says which command to run in a checkout that is not set up", () => {
    const { status, stderr } = start(join(root, "cli", "mfakit"), "verify");
    expect(status).toBe(1);
    expect(stderr).toBe(`mfakit: this checkout is not set up yet. Run: npm --prefix '${root}' run setup\n`);
  });

  it("runs the command line with the kit's Node.js, through links and from anywhere", () => {
    const bin = join(root, "node_modules", ".bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "node"), '#!/bin/sh\necho "$PATH"\nfor each in "$@"; do echo "$each"; done\n');
    chmodSync(join(bin, "node"), 0o755);
    symlinkSync("cli/mfakit", join(root, "kit"));
    const { stdout } = spawnSync(join(root, "kit"), ["verify", "a b"], { encoding: "utf8", cwd: tmpdir() });
    const [path = "", ...args] = stdout.trimEnd().split("\n");
    expect(args).toEqual([join(root, "cli", "main.ts"), "verify", "a b"]);
    expect(path).toBe([bin, process.env.PATH].join(delimiter));
  });
});

/** True unless the process is gone, or has ended and only waits to be noticed by its parent. */
function isRunning(pid: string): boolean {
  const status = `/proc/${pid}/stat`;
  return existsSync(status) && !/\) Z /.test(readFileSync(status, "utf8"));
}

describe(".ci/run", () => {
  const mark = () => readFileSync(join(root, "pid"), "utf8").trim();

  /** A checkout whose tests do as `body` says. */
  function checkout(body: string): void {
    mkdirSync(join(root, ".ci"));
    mkdirSync(join(root, "bin"));
    cpSync(join(projectDirectory, ".ci", "run"), join(root, ".ci", "run"));
    writeFileSync(join(root, "bin", "npm"), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
  }
  const run = (...args: string[]) =>
    spawnSync(join(root, ".ci", "run"), args, {
      encoding: "utf8",
      input: "a line for whoever reads it\n",
      env: { ...process.env, PATH: `${join(root, "bin")}${delimiter}${process.env.PATH}` },
    });

  it("answers with the exit code of the tests and hands arguments on", () => {
    checkout('echo "$@"; exit 3');
    const { status, stdout } = run("tests/environment");
    expect(stdout).toBe("test --silent -- tests/environment\n");
    expect(status).toBe(3);
  });

  it("gives the tests no input", () => {
    checkout("read -r line && exit 5; exit 0");
    expect(run().status).toBe(0);
  });

  it("fails when a process is left behind, and ends it", () => {
    checkout(`setsid sleep 300 > /dev/null 2>&1 & echo $! > '${root}/pid'`);
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toContain(`${mark()} sleep 300`);
    expect(isRunning(mark())).toBe(false);
  });

  it("waits for what is just ending", () => {
    checkout("sleep 0.4 > /dev/null 2>&1 &");
    expect(run().status).toBe(0);
  });
});
