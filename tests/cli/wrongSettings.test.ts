import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseDocument } from "yaml";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "mfakit-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mistakes: [path: string[], value: unknown, named: string][] = [
  [["mfa-server:azure", "location"], "West Europe", "mfa-server:azure.location"],
  [["mfa-server:host", "computerName"], "MFADEV01-TOO-LONG", "mfa-server:host.computerName"],
  [["mfa-server:network", "alowHttpsFrom"], ["Internet"], "mfa-server:network.alowHttpsFrom"],
  [["mfa-server:publicEndpoint", "ttl"], 0, "mfa-server:publicEndpoint.ttl"],
  [["mfa-server:mfaServer", "profile"], "v9", "mfa-server:mfaServer.profile"],
];

test.each(["config", "pulumi up"])("five mistakes: `mfakit %s` names all five and exits 1", (command) => {
  const settings = parseDocument(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8"));
  for (const [path, value] of mistakes) settings.setIn(["config", ...path], value);
  writeFileSync(join(folder, "wrong.yaml"), settings.toString());
  const context = join(folder, "context.json");
  writeFileSync(context, JSON.stringify({ name: "wrong", stack: "dev", configFile: "wrong.yaml" }));

  const { status, stderr } = spawnSync(process.execPath, [join(root, "cli/main.ts"), ...command.split(" ")], {
    encoding: "utf8",
    env: { ...process.env, MFAKIT_CONTEXT: context },
  });
  expect(status).toBe(1);
  expect(stderr).toContain("has 5 problems");
  for (const [, , named] of mistakes) expect(stderr).toContain(named);
  expect(stderr.match(/ {3}mend: {5}pulumi config /g)).toHaveLength(5);
  expect(stderr).not.toMatch(/^\s+at /m);
});
