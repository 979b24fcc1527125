import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ProviderHandlers } from "../../provider/engine/handlers.ts";
import { serveProvider } from "../../provider/engine/server.ts";
import { UNKNOWN } from "../../provider/engine/values.ts";
import { createWorkspace, type Workspace } from "../support/engine.ts";
import { projectDirectory } from "../support/environment.ts";

let workspace: Workspace;
let cloud: { port: number; close(): Promise<void> };
const pack = path.join(projectDirectory, "policies");

beforeAll(async () => {
  cloud = await serveProvider({ name: "azure-native", version: "3.28.0", handlers: shelf });
  workspace = await createWorkspace({ env: { PULUMI_DEBUG_PROVIDERS: `azure-native:${cloud.port}` } });
});
afterAll(async () => {
  await workspace.remove();
  await cloud.close();
});

/** Keeps whatever it is given, and answers with the ids and names that ARM would give. */
const shelf: ProviderHandlers<object> = {
  configure: () => ({}),
  create: ({ type, name, inputs, preview }) => ({
    id: preview ? "" : `/subscriptions/s/${type}/${name}`,
    outputs: {
      ...inputs,
      name: inputs.securityRuleName ?? inputs.networkSecurityGroupName ?? inputs.vmName ?? name,
      ...(type.endsWith(":PublicIPAddress") && { ipAddress: preview ? UNKNOWN : "203.0.113.10" }),
    },
  }),
  read: ({ id, inputs, outputs }) => ({ id, inputs: inputs ?? {}, outputs: outputs ?? {} }),
  update: ({ newInputs }) => newInputs,
  delete: () => undefined,
};

/** Another team's program: raw resources, none of the kit's components. */
const program = (settings: { port: string; source?: string; machine?: string; extra?: string }) => `
import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import { SecurityRule } from "@pulumi/azure-native/network/securityRule.js";
import { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";

const resourceGroupName = "rg";
const group = new NetworkSecurityGroup("group", { resourceGroupName, networkSecurityGroupName: "nsg-other" });
const address = new PublicIPAddress("address", { resourceGroupName });
new SecurityRule("web", {
  resourceGroupName, networkSecurityGroupName: group.name, securityRuleName: "web", priority: 100, direction: "Inbound",
  access: "Allow", protocol: "Tcp", sourceAddressPrefix: ${settings.source ?? '"Internet"'}, sourcePortRange: "*",
  destinationAddressPrefix: "*", destinationPortRange: "${settings.port}",
});
${settings.machine ?? ""}
`;

const machine = (password: string) => `
new VirtualMachine("machine", {
  resourceGroupName, vmName: "vm-other", location: "westeurope",
  osProfile: { computerName: "OTHER", adminUsername: "someone", adminPassword: "${password}", windowsConfiguration: { enableAutomaticUpdates: true } },
  securityProfile: { encryptionAtHost: true, securityType: "TrustedLaunch", uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } },
});`;

const preview = (...args: string[]) => workspace.run(["preview", "--policy-pack", pack, ...args]);

describe("the pack in the real engine", () => {
  beforeEach(() => workspace.setProgram(program({ port: "443" })));

  test("lets another team's compliant network pass", async () => {
    const { exitCode, output } = await preview();
    expect(output).not.toContain("[mandatory]");
    expect(exitCode).toBe(0);
  });

  test("blocks a preview that opens port 80, with the place and the mend", async () => {
    await workspace.setProgram(program({ port: "80" }));
    const { exitCode, output } = await preview();
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/\[mandatory\].*MFA-NET-001.*SecurityRule: web/);
    expect(output).toContain("web lets the Internet (Internet) reach tcp 80");
    expect(output).toContain("To mend it: ");
  });

  test("tells what a preview cannot know and lets it go on", async () => {
    await workspace.setProgram(program({ port: "22", source: "address.ipAddress.apply((it) => it + '/32')" }));
    const { exitCode, output } = await preview();
    expect(output).toMatch(/\[advisory\].*MFA-NET-002/);
    expect(output).toContain("cannot tell yet: the security rules of group");
    expect(exitCode).toBe(0);
  });

  test("takes levels from a configuration file", async () => {
    const config = path.join(workspace.directory, "levels.json");
    await writeFile(config, JSON.stringify({ "MFA-NET-001": "advisory" }));
    await workspace.setProgram(program({ port: "80" }));
    const { exitCode, output } = await preview("--policy-pack-config", config);
    expect(output).toMatch(/\[advisory\].*MFA-NET-001/);
    expect(exitCode).toBe(0);
  });

  test("blocks a Windows machine that joins no domain, and marks its password before anything is stored", async () => {
    const password = "Plain-Text-Password-9";
    await workspace.setProgram(program({ port: "443", machine: machine(password) }));
    const blocked = await preview();
    expect(blocked.exitCode).not.toBe(0);
    expect(blocked.output).toContain("machine has no JsonADDomainExtension");
    expect(blocked.output).toMatch(/MFA-SEC-001/);
    expect(blocked.output).toMatch(/\[remediate\]\s+MFA-HOST-009/);

    const config = path.join(workspace.directory, "levels.json");
    await writeFile(config, JSON.stringify({ "MFA-HOST-001": "advisory" }));
    const pass = ["--policy-pack", pack, "--policy-pack-config", config];
    const { output } = await workspace.succeed(["up", "--yes", ...pass]);
    expect(output).not.toContain(password);
    expect(await workspace.stateText()).not.toContain(password);
    expect(await workspace.stateText()).toMatch(/"bootDiagnostics":\s*\{\s*"enabled":\s*true/);
    await workspace.succeed(["destroy", "--yes"]);
  });
});
