import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestSandbox, type TestSandbox } from "../support/sandbox.ts";

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  const up = await sandbox.pulumi("up", "--yes", "--policy-pack", "policies");
  expect(up.exitCode, up.output).toBe(0);
}, 300_000);

afterAll(() => sandbox?.down());

describe("a deployed environment", () => {
  test("passes every check from outside", async () => {
    const { exitCode, output } = await sandbox.mfakit("verify");
    expect(exitCode, output).toBe(0);
    expect(output).toContain("checks hold");
  });

  test("has nothing to change, refreshed or not", async () => {
    const idle = await sandbox.pulumi("preview", "--expect-no-changes");
    expect(idle.exitCode, idle.output).toBe(0);
    const refreshed = await sandbox.pulumi("preview", "--refresh", "--expect-no-changes");
    expect(refreshed.exitCode, refreshed.output).toBe(0);
  });

  test("a person without a phone is refused by the policies before anything is touched", async () => {
    const members = ["mfa-server:directory", "mfaUsers", "members"];
    await sandbox.set(members, ["alice", "bob", "carol", "dave"]);
    try {
      const up = await sandbox.pulumi("up", "--yes", "--policy-pack", "policies");
      expect(up.exitCode, up.output).not.toBe(0);
      expect(up.output).toMatch(/\[mandatory\].*MFA-DIR-002/);
      expect(up.output).toContain("dave");
      // The declared member is still not in the group: nothing was touched.
      const { output } = await sandbox.mfakit("verify");
      expect(output).toMatch(/fail +mfa-users .*not in "MFA Users": dave/);
    } finally {
      await sandbox.set(members, ["alice", "bob", "carol"]);
    }
  });

  /** What was broken, and how the refreshed preview must speak of it: the resource and the property. */
  const cases: [what: string, resource: RegExp, property: RegExp][] = [
    ["web-config", /mfakit:web:ConfigFile/, /appSettings/],
    ["service-account", /mfakit:directory:User/, /password/],
    ["binding", /mfakit:dsc:Resource/, /BindingInfo/],
    ["membership", /mfakit:directory:Membership/, /members/],
    ["nsg", /azure-native:network:SecurityRule/, /access/],
    ["isapi", /mfakit:dsc:Resource/, /ItemPropertyValue/],
    ["batch-right", /mfakit:dsc:Resource/, /Identity/],
    ["record", /azure-native:dns:RecordSet/, /aRecords/],
  ];

  test.each(cases)(
    "tampering with %s is named by the refreshed preview and mended by up",
    async (what, resource, property) => {
      await sandbox.tamper(what);
      const preview = await sandbox.pulumi("preview", "--refresh", "--diff");
      expect(preview.output).toMatch(resource);
      expect(preview.output).toMatch(property);
      const unexpected = await sandbox.pulumi("preview", "--refresh", "--expect-no-changes");
      expect(unexpected.exitCode).not.toBe(0);
      const up = await sandbox.pulumi("up", "--yes", "--refresh", "--skip-preview");
      expect(up.exitCode, up.output).toBe(0);
      const verified = await sandbox.mfakit("verify");
      expect(verified.exitCode, verified.output).toBe(0);
      const clean = await sandbox.pulumi("preview", "--refresh", "--expect-no-changes");
      expect(clean.exitCode, clean.output).toBe(0);
    },
  );
});
