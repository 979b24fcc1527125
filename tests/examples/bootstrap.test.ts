import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestCloud, subscription, subscriptionId, type TestCloud } from "../support/azureCloud.ts";
import { createWorkspace, type Workspace } from "../support/engine.ts";

const zoneGroup = `${subscription}/resourceGroups/rg-dns`;
const zoneId = `${zoneGroup}/providers/Microsoft.Network/dnsZones/dev.contoso.com`;
const hostGroup = `${subscription}/resourceGroups/rg-mfa-dev-weu`;
const settings = {
  subscriptionId,
  zoneId,
  deploySubject: "repo:contoso/mfa:environment:dev",
  renewSubject: "repo:contoso/mfa:environment:dev-renewal",
};

describe("the bootstrap program", { timeout: 240_000, shuffle: false }, () => {
  let cloud: TestCloud;
  let workspace: Workspace;
  const configure = async (values: Record<string, string>) => {
    for (const [name, value] of Object.entries(values)) await workspace.succeed(["config", "set", name, value]);
  };
  const up = () => workspace.succeed(["up", "--yes", "--skip-preview"]);
  const stored = (type: string) =>
    (JSON.parse(readFileSync(join(cloud.stateDirectory, "cloud.json"), "utf8")).resources as Stored[]).filter(
      (resource) => resource.type === type,
    );
  interface Stored {
    id: string;
    type: string;
    body: Record<string, unknown>;
  }
  /** Role of whom on what, by names. */
  const assignments = () => {
    const principals = new Map(
      stored("Microsoft.Graph/servicePrincipals").map(({ body }) => [String(body.objectId), body.displayName]),
    );
    return stored("Microsoft.Authorization/roleAssignments")
      .map(({ body: { properties } }) => properties as Record<string, string>)
      .map(({ principalId = "", scope = "", roleDefinitionId = "" }) => [
        principals.get(principalId),
        scope,
        roleDefinitionId.split("/").at(-1),
      ])
      .sort();
  };

  beforeAll(async () => {
    cloud = await startTestCloud({
      existing: [
        { id: zoneGroup, location: "westeurope" },
        { id: zoneId, location: "global", properties: {} },
      ],
    });
    workspace = await createWorkspace({
      directory: resolve(import.meta.dirname, "../../examples/bootstrap"),
      stack: "trial",
      env: { PULUMI_DEBUG_PROVIDERS: cloud.debugProviders },
    });
  });
  afterAll(async () => {
    await workspace?.run(["stack", "rm", "--yes", "--force"]);
    await workspace?.remove();
    await cloud?.stop();
  });

  test("names every mistake of its configuration at once, and makes nothing", async () => {
    await configure({ subscriptionId: "mine", deploySubject: "repo:contoso/mfa:*" });
    const { exitCode, output } = await workspace.run(["preview"]);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/mfa-bootstrap:subscriptionId is no GUID: pulumi config set subscriptionId <value>/);
    expect(output).toMatch(/mfa-bootstrap:zoneId is missing/);
    expect(output).toMatch(/mfa-bootstrap:deploySubject has a wildcard/);
    expect(output).not.toMatch(/^\s+at .*\.ts:/m);
  });

  test("makes two applications without secrets, each with the narrowest roles", async () => {
    await configure(settings);
    await up();
    const applications = stored("Microsoft.Graph/applications").map(({ body }) => body as Record<string, unknown>);
    expect(applications.map(({ displayName }) => displayName).sort()).toEqual([
      "mfa-server-trial-deploy",
      "mfa-server-trial-renew",
    ]);
    const trusts = stored("Microsoft.Graph/federatedIdentityCredentials").map(({ body }) => body);
    const github = "https://token.actions.githubusercontent.com";
    expect(trusts.map(({ issuer, subject, audiences }) => [issuer, subject, audiences]).sort()).toEqual([
      [github, settings.deploySubject, ["api://AzureADTokenExchange"]],
      [github, settings.renewSubject, ["api://AzureADTokenExchange"]],
    ]);
    const [role] = stored("Microsoft.Authorization/roleDefinitions");
    expect(assignments()).toEqual([
      ["mfa-server-trial-deploy", subscription, role?.id.split("/").at(-1)],
      ["mfa-server-trial-deploy", zoneId, "befefa01-2a29-4197-83a8-272ff33ce314"],
      ["mfa-server-trial-renew", zoneId, "befefa01-2a29-4197-83a8-272ff33ce314"],
    ]);
    const { permissions } = (role?.body as { properties: { permissions: { actions: string[] }[] } } | undefined)
      ?.properties ?? { permissions: [] };
    // Whoever may change rights may give itself any.
    expect(permissions.flatMap(({ actions }) => actions).filter((action) => /^\*|Authorization/.test(action))).toEqual(
      [],
    );
    const [asked] = applications.filter(({ displayName }) => displayName === "mfa-server-trial-deploy");
    expect(asked?.requiredResourceAccesses).toEqual([
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccesses: [
          { id: expect.any(String), type: "Role" },
          { id: expect.any(String), type: "Role" },
        ],
      },
    ]);
    const outputs = await workspace.outputs();
    expect(outputs.adminConsent).toBe(`az ad app permission admin-consent --id ${outputs.deployClientId}`);
  });

  test("is silent the second time, refreshed or not", async () => {
    await workspace.succeed(["preview", "--expect-no-changes"]);
    await workspace.succeed(["preview", "--refresh", "--expect-no-changes"]);
  });

  test("gives the renewing identity the host once the host's resource group is there", async () => {
    await cloud.put(`${hostGroup}?api-version=2024-03-01`, { location: "westeurope" });
    await configure({ hostResourceGroup: "rg-mfa-dev-weu" });
    await up();
    expect(assignments()).toContainEqual(["mfa-server-trial-renew", hostGroup, "9980e02c-c2be-4d73-94e8-173b1dc7cf3c"]);
    expect(assignments()).toHaveLength(4);
  });

  test("refuses one subject for both, which would give the narrow identity the wide one's rights", async () => {
    await configure({ renewSubject: settings.deploySubject });
    expect((await workspace.run(["preview"])).output).toMatch(/renewSubject is the same as deploySubject/);
    await configure({ renewSubject: settings.renewSubject });
  });

  test("is destroyed without a trace", async () => {
    await workspace.succeed(["destroy", "--yes", "--skip-preview"]);
    for (const type of ["applications", "servicePrincipals", "federatedIdentityCredentials"]) {
      expect(stored(`Microsoft.Graph/${type}`), type).toEqual([]);
    }
    expect(stored("Microsoft.Authorization/roleAssignments")).toEqual([]);
    expect(stored("Microsoft.Authorization/roleDefinitions")).toEqual([]);
  });
});
