import { afterAll, beforeAll, expect, test } from "vitest";
import { devSettings } from "../support/environment.ts";
import { type ProjectWorkspace, projectWorkspace } from "./projectWorkspace.ts";

let workspace: ProjectWorkspace;
beforeAll(async () => {
  workspace = await projectWorkspace();
});
afterAll(() => workspace.remove());

test("five mistakes give five messages and a failure; nothing is registered and nobody sees a stack", async () => {
  const settings = devSettings();
  settings.azure.location = "West Europe";
  settings.host.computerName = "MFADEV01-TOO-LONG";
  settings.domain.joinUser = "svc-domainjoin";
  settings.publicEndpoint.hostName = "mfa.example.org";
  Object.assign(settings.network, { alowHttpsFrom: ["Internet"] });
  await workspace.configure(settings);

  const began = performance.now();
  const { exitCode, output } = await workspace.run(["up", "--yes"]);
  expect(exitCode).not.toBe(0);
  for (const problem of [
    "azure.location",
    "host.computerName",
    "domain.joinUser",
    "publicEndpoint.hostName",
    "network.alowHttpsFrom",
  ]) {
    expect(output).toContain(`mfa-server:${problem}`);
  }
  expect(output).toContain("has 5 problems");
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(await workspace.resources()).toEqual([]);
  // The promise is 3 seconds on an idle machine; tests share theirs.
  expect(performance.now() - began).toBeLessThan(15_000);
});
