import { spawnSync } from "node:child_process";
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { network, recorded } from "./documents.ts";
import { Folder, reportOf, ruleIn } from "./mfakit.ts";

const main = resolve(import.meta.dirname, "../../../cli/main.ts");
const MEGABYTES = 200;

describe(`a state of ${MEGABYTES} MB`, () => {
  const folder = new Folder();
  const state = join(folder.path, "state.json");
  beforeAll(() => writeState(state));
  afterAll(() => folder.remove());

  const review = (heapMegabytes: number) => {
    const args = [`--max-old-space-size=${heapMegabytes}`, main, "review", "--state", state, "--format", "json"];
    const { status, stdout, stderr, signal } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    return { status, stdout, stderr, signal };
  };

  test("is reviewed with a heap of three quarters of a gigabyte", () => {
    expect(statSync(state).size).toBeGreaterThan(MEGABYTES * 1e6);
    const ran = review(768);
    expect(ran).toMatchObject({ status: 1, signal: null });
    expect(ruleIn(reportOf(ran), "MFA-NET-001").status).toBe("fail");
  });

  test("is refused in words where memory is short, and does not end in a crash", () => {
    const { status, stdout, stderr, signal } = review(128);
    expect({ status, stdout, signal }).toEqual({ status: 2, stdout: "", signal: null });
    expect(stderr).toMatch(/is too large: the memory of \d+ MB is full after \d+ resources/);
    expect(stderr).toMatch(/next: Give the review more: NODE_OPTIONS=--max-old-space-size=\d+/);
  });
});

/** As the engine writes states: each property on a line of its own, inputs and outputs alike. */
function writeState(file: string): void {
  const descriptor = openSync(file, "w");
  let written = writeSync(descriptor, '{"version": 3, "deployment": {"manifest": {}, "resources": [\n');
  written += writeSync(
    descriptor,
    network()
      .map((each) => JSON.stringify(each, undefined, 4))
      .join(",\n"),
  );
  for (let index = 0; written < MEGABYTES * 1e6; index += 1) {
    const tags = Object.fromEntries(
      Array.from({ length: 60 }, (_, tag) => [`tag-${tag}`, `value ${tag} of account ${index}`]),
    );
    const account = {
      name: `account${index}`,
      minimumTlsVersion: "TLS1_2",
      tags: { ...tags, owner: "us", environment: "dev" },
    };
    const resource = recorded("azure-native:storage:StorageAccount", `account-${index}`, account, { inputs: account });
    written += writeSync(descriptor, `,\n${JSON.stringify(resource, undefined, 4)}`);
  }
  writeSync(descriptor, "\n]}}\n");
  closeSync(descriptor);
}
