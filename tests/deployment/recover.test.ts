import { Resolver } from "node:dns/promises";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEndpoints } from "../../sandbox/endpoints.ts";
import { startTestSandbox, type TestSandbox } from "../support/sandbox.ts";

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox();
}, 120_000);

afterAll(() => sandbox?.down());

/** Resources of an `up` that ends, roughly; moments are drawn below it. */
const CREATIONS = 60;

test("an engine killed three times in the middle of up is recovered, and nothing is there twice", async () => {
  const moments: number[] = [];
  for (let kill = 0; kill < 3; kill += 1) {
    const moment = 1 + Math.floor((Math.random() * CREATIONS) / 2 ** kill);
    moments.push(moment);
    await killAfter(moment);
    const recovered = await sandbox.mfakit("recover");
    expect(recovered.exitCode, `moments ${moments}: ${recovered.output}`).toBe(0);
  }
  const up = await sandbox.pulumi("up", "--yes", "--skip-preview", "--policy-pack", "policies");
  expect(up.exitCode, `moments ${moments}: ${up.output}`).toBe(0);
  const idle = await sandbox.pulumi("preview", "--refresh", "--expect-no-changes");
  expect(idle.exitCode, idle.output).toBe(0);
  const verified = await sandbox.mfakit("verify");
  expect(verified.exitCode, verified.output).toBe(0);
  expect(await challengeValues()).toEqual([]);
}, 600_000);

test("a state whose attribute file the engine left empty is usable again", async () => {
  const stack = join(sandbox.layout.pulumiState, ".pulumi", "stacks", "mfa-server", "dev.json");
  writeFileSync(`${stack}.attrs`, "");
  expect((await sandbox.pulumi("stack", "export")).exitCode).not.toBe(0);
  const recovered = await sandbox.mfakit("recover");
  expect(recovered.exitCode, recovered.output).toBe(0);
  expect(recovered.output).toContain(`Removed ${stack}.attrs`);
});

test("a lock that the engine left half-written is removed, one of a living process is respected", async () => {
  const locks = join(sandbox.layout.pulumiState, ".pulumi", "locks", "organization", "mfa-server", "dev");
  const lock = join(locks, "4f1b6a52-0d3e-4c55-8f5e-1d2c3b4a5968.json");
  mkdirSync(locks, { recursive: true });
  writeFileSync(lock, JSON.stringify({ pid: process.pid, hostname: hostname(), timestamp: new Date().toISOString() }));
  const refused = await sandbox.mfakit("recover");
  expect(refused.exitCode).toBe(1);
  expect(refused.output).toContain(`process ${process.pid} on ${hostname()} holds its lock`);

  writeFileSync(lock, "");
  const recovered = await sandbox.mfakit("recover");
  expect(recovered.exitCode, recovered.output).toBe(0);
  expect(existsSync(lock)).toBe(false);
});

/** Starts an `up` and kills its engine, without asking, when it has reported so many created resources. */
async function killAfter(moment: number): Promise<void> {
  const up = sandbox.startPulumi("up", "--yes", "--skip-preview");
  up.onOutput((output) => {
    if ((output.match(/ created \(/g) ?? []).length >= moment) up.kill();
  });
  await up.ended;
  up.endLeftovers();
}

async function challengeValues(): Promise<string[][]> {
  const resolver = new Resolver();
  resolver.setServers([readEndpoints(sandbox.layout)?.network.dns ?? ""]);
  return resolver.resolveTxt("_acme-challenge.mfa.dev.contoso.com").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOTFOUND" || error.code === "ENODATA") return [];
    throw error;
  });
}
