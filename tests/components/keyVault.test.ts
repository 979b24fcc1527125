import { describe, expect, test } from "vitest";
import program from "../../index.ts";
import { devSettings } from "../support/environment.ts";
import { configurationOf, recordGraph } from "./recordGraph.ts";

const subscriptionId = "2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10";
const machineIdentity = "7a0c0f3e-6f6d-4f7e-9d7e-000000000002";
const deployer = "11111111-2222-4333-8444-555555555555";
const nameOf = (urn: string) => urn.split("::").at(-1);
const role = (id: string, subscription = subscriptionId) =>
  `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${id}`;

function graphWith(keyVault: object, functions: Record<string, object> = {}) {
  const settings = devSettings();
  settings.certificate = { ...settings.certificate, keyVault };
  const all = { "azure-native:authorization:getClientConfig": { objectId: deployer }, ...functions };
  return recordGraph(program, { config: configurationOf(settings), functions: all });
}

describe("a vault of the kit", () => {
  test("gives rights by roles, can be recovered and lets in the host and whom the settings name", async () => {
    const graph = await graphWith({ name: "kv-mfa-test", allowedNetworks: ["198.51.100.0/24"], retentionDays: 7 });
    expect(graph.get("key-vault-vault").inputs).toMatchObject({
      resourceGroupName: "rg-mfa-dev-weu",
      vaultName: "kv-mfa-test",
      properties: {
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        enablePurgeProtection: true,
        softDeleteRetentionInDays: 7,
        networkAcls: { defaultAction: "Deny", ipRules: [{ value: "198.51.100.0/24" }, { value: "203.0.113.10" }] },
      },
    });
    expect(graph.get("key-vault-vault").inputs.properties).not.toHaveProperty("createMode");
  });

  test("is open to every network unless somebody says otherwise, and comes back when told so", async () => {
    const graph = await graphWith({ name: "kv-mfa-test", recover: true });
    const { properties } = graph.get("key-vault-vault").inputs;
    expect(properties).not.toHaveProperty("networkAcls");
    expect(properties).toMatchObject({ createMode: "recover" });
  });

  test("lets the machine read and whoever deploys write, each by one role on the vault", async () => {
    const graph = await graphWith({ name: "kv-mfa-test" });
    expect(graph.get("key-vault-host").inputs).toMatchObject({
      scope: "key-vault-vault-id",
      principalId: machineIdentity,
      principalType: "ServicePrincipal",
      roleDefinitionId: role("4633458b-17de-408a-b874-0445c86b69e6"),
      roleAssignmentName: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
    });
    expect(graph.get("key-vault-deployer").inputs).toMatchObject({
      principalId: deployer,
      principalType: "ServicePrincipal",
      roleDefinitionId: role("a4417e6f-fecd-4de8-b567-7b0420556985"),
    });
    const user = await graphWith({ name: "kv-mfa-test", deployer: "user" });
    expect(user.get("key-vault-deployer").inputs.principalType).toBe("User");
    const none = await graphWith({ name: "kv-mfa-test", deployer: "none" });
    expect(none.resources.filter(({ name }) => name === "key-vault-deployer")).toEqual([]);
  });
});

describe("the way of the certificate", () => {
  test("goes through vault, extension and store before the binding; nothing is imported on the host", async () => {
    const graph = await graphWith({ name: "kv-mfa-test" });
    const dependenciesOf = (name: string) => graph.get(name).dependencies.map(nameOf);
    const { thumbprint } = graph.get("key-vault-delivery").inputs;
    expect(graph.get("key-vault-certificate").inputs).toMatchObject({ name: "mfa-dev-contoso-com", thumbprint });
    expect(dependenciesOf("key-vault-certificate")).toContain("key-vault-deployer");
    expect(graph.get("key-vault-extension").inputs).toMatchObject({
      publisher: "Microsoft.Azure.KeyVault",
      type: "KeyVaultForWindows",
      typeHandlerVersion: "3.0",
      forceUpdateTag: thumbprint,
      settings: {
        secretsManagementSettings: {
          linkOnRenewal: false,
          requireInitialSync: true,
          observedCertificates: [
            {
              url: "https://kv-mfa-test.vault.azure.net/secrets/mfa-dev-contoso-com",
              certificateStoreName: "MY",
              certificateStoreLocation: "LocalMachine",
            },
          ],
        },
      },
    });
    expect(dependenciesOf("key-vault-extension")).toEqual(
      expect.arrayContaining(["key-vault-host", "key-vault-certificate"]),
    );
    expect(dependenciesOf("key-vault-delivery")).toContain("key-vault-extension");
    expect(dependenciesOf("web-server-certificate")).toContain("key-vault-delivery");
    expect(dependenciesOf("web-server-site")).toContain("web-server-certificate");
    const { properties, onDestroy } = graph.get("web-server-certificate").inputs;
    expect(properties).toEqual({ Thumbprint: thumbprint, Location: "LocalMachine", Store: "My", Ensure: "Present" });
    expect(onDestroy).toBe("remove");
  });

  test("begins in a vault that was there before, in whichever subscription, with one role and no other change", async () => {
    const other = "99999999-0000-4000-8000-000000000001";
    const id = `/subscriptions/${other}/resourceGroups/rg-vaults/providers/Microsoft.KeyVault/vaults/kv-theirs`;
    const found = { properties: { vaultUri: "https://kv-theirs.vault.azure.net/", enableRbacAuthorization: true } };
    const graph = await graphWith({ id, certificateName: "portal" }, { "azure-native:keyvault:getVault": found });
    expect(graph.ofType("azure-native:keyvault:Vault")).toEqual([]);
    expect(graph.ofType("azure-native:authorization:RoleAssignment").map(({ inputs }) => inputs)).toMatchObject([
      { scope: id, roleDefinitionId: role("4633458b-17de-408a-b874-0445c86b69e6", other) },
    ]);
    expect(graph.get("key-vault-certificate").inputs).toMatchObject({
      vaultUri: "https://kv-theirs.vault.azure.net/",
      name: "portal",
    });
    expect(graph.get("azure-key-vault").inputs.subscriptionId).toBe(other);
  });
});
