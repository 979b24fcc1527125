/** What a start of the pack costs: what it loads, and what is kept for the next start. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { startPolicyPack } from "../support/policyPack.ts";

/** Loads the pack as the SDK does, and says which compilers it loaded. */
const REPORT = `const { prototype } = require("node:module");
  const compile = prototype._compile;
  const compiled = [];
  prototype._compile = function (text, file, ...rest) {
    compiled.push(file);
    return compile.call(this, text, file, ...rest);
  };
  require("@pulumi/pulumi/cmd/run-policy-pack/run")
    .run({ argv: { _: ["."] }, programStarted() {}, reportLoggedError() {}, typeScript: true })
    .then(() => {
      const loaded = (name) => compiled.some((file) => file.includes(name));
      console.log(JSON.stringify({ typescript: loaded("/typescript.js"), tsNode: loaded("/ts-node@") }));
      process.exit(0);
    });`;

async function compilers(...flags: string[]): Promise<unknown> {
  const cwd = join(import.meta.dirname, "../../policies");
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, "--eval", REPORT], { cwd });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

afterEach(() => vi.unstubAllEnvs());

test("the SDK by itself loads a compiler, which the pack has no use for", async () => {
  expect(await compilers()).toEqual({ typescript: true, tsNode: true });
});

test("with the options of the pack it loads none", async () => {
  expect(await compilers("--require=../scripts/lazySdk.cjs")).toEqual({ typescript: false, tsNode: false });
});

test("what was compiled is kept, though the engine ends a pack by a signal", async () => {
  const cache = mkdtempSync(join(tmpdir(), "mfakit-compiled-"));
  try {
    vi.stubEnv("NODE_COMPILE_CACHE", cache);
    await (await startPolicyPack()).stop();
    const kept = readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    // The rules alone are more files than that.
    expect(kept.length).toBeGreaterThan(44);
  } finally {
    rmSync(cache, { recursive: true });
  }
});
