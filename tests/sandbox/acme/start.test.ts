import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openssl, startPebble } from "../../support/pebble.ts";

const DNS = "127.0.0.1:9";

describe("the sandbox's certificate authority", { timeout: 60_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mfakit-acme-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("answers when it says so, with a root of its own, and is gone after stop", async () => {
    const pebble = await startPebble(DNS);
    const directory = JSON.parse(await pebble.request("GET", pebble.directoryUrl)) as Record<string, unknown>;
    expect(directory).toHaveProperty("newOrder");
    expect(directory).toHaveProperty("renewalInfo");
    expect(openssl(["x509", "-noout", "-subject"], await pebble.rootPem())).toContain("Pebble Root CA");
    expect(isRunning(pebble.pid)).toBe(true);
    await pebble.stop();
    await pebble.ended;
    expect(isRunning(pebble.pid)).toBe(false);
  });

  test("comes back at the same address with another root", async () => {
    const first = await startPebble(DNS, { directory: folder });
    const root = await first.rootPem();
    await first.stop();
    const second = await startPebble(DNS, { directory: folder });
    expect(second.directoryUrl).toBe(first.directoryUrl);
    expect(second.managementUrl).toBe(first.managementUrl);
    expect(await second.rootPem()).not.toBe(root);
    await second.stop();
  });

  test("takes other ports when its own are taken", async () => {
    const first = await startPebble(DNS, { directory: folder });
    const second = await startPebble(DNS, { directory: folder });
    expect(second.directoryUrl).not.toBe(first.directoryUrl);
    await Promise.all([first.stop(), second.stop()]);
  });

  test("says where to look when Pebble does not start", async () => {
    await expect(startPebble(DNS, { pebbleBinary: "/nowhere/pebble" })).rejects.toThrow(
      /Pebble ended with .*pebble\.log/,
    );
  });

  test("dies with the process that started it, however that ends", async () => {
    const starter = join(folder, "starter.ts");
    const support = join(import.meta.dirname, "../../support/pebble.ts");
    await writeFile(
      starter,
      `import { startPebble } from ${JSON.stringify(support)};
       const pebble = await startPebble(${JSON.stringify(DNS)}, { directory: ${JSON.stringify(folder)} });
       console.log(pebble.pid);
       setInterval(() => {}, 1000);`,
    );
    const process_ = spawn(process.execPath, [starter], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(process_.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    expect(isRunning(pid)).toBe(true);
    process_.kill("SIGKILL");
    await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
