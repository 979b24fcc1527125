import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const main = resolve(import.meta.dirname, "../../cli/main.ts");
const folder = mkdtempSync(join(tmpdir(), "mfakit-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function mfakit(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: "utf8",
    env: { ...process.env, MFAKIT_CONTEXT: undefined },
  });
  return { status, stdout, stderr };
}

describe("the command line", () => {
  test("--help lists every command and exits 0", () => {
    const { status, stdout } = mfakit("--help");
    expect(status).toBe(0);
    for (const command of ["start", "verify", "review", "rules", "people", "recover", "config", "pulumi", "sandbox"])
      expect(stdout).toContain(`  ${command} `);
  });

  test("an unknown command is exit code 2 with a hint", () => {
    const { status, stderr } = mfakit("verfy");
    expect(status).toBe(2);
    expect(stderr).toContain("Did you mean verify?");
  });

  test("an unknown tampering names what there is", () => {
    const { status, stderr } = mfakit("sandbox", "tamper", "everything");
    expect(status).toBe(1);
    expect(stderr).toContain(
      "web-config, binding, isapi, batch-right, old-tls, service-account, membership, nsg, record",
    );
    expect(stderr).not.toContain("    at ");
  });
});

describe("the context of a command", () => {
  test("a file that is no context is refused with its path and the wrong keys", () => {
    const file = join(folder, "context.json");
    writeFileSync(file, JSON.stringify({ name: "x", stak: "dev" }));
    const { status, stderr } = mfakit("config", "--context", file);
    expect(status).toBe(1);
    expect(stderr).toContain("BAD_CONTEXT");
    expect(stderr).toContain(file);
    expect(stderr).toContain("stak");
  });

  test("a stack without a settings file says which file is missing", () => {
    const { status, stderr } = mfakit("config", "--stack", "nowhere");
    expect(status).toBe(1);
    expect(stderr).toContain("Pulumi.nowhere.yaml");
    expect(stderr).not.toContain("    at ");
  });

  test("the settings of dev are right", () => {
    const { status, stdout } = mfakit("config", "--stack", "dev");
    expect(stdout).toContain("right. mfa.dev.contoso.com on MFADEV01.");
    expect(status).toBe(0);
  });
});
