import { describe, expect, it } from "vitest";
import { connectionsOf } from "../../environment/connections.ts";
import { EnvironmentError, type Problem } from "../../environment/error.ts";
import { loadEnvironment, loadSettings } from "../../environment/load.ts";
import type { SettingsInput } from "../../environment/schema.ts";
import { plainSource } from "../../environment/sources/plain.ts";
import { devSecrets, devSettings } from "../support/environment.ts";

const id =
  "/subscriptions/2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10/resourceGroups/rg-vaults/providers/Microsoft.KeyVault/vaults/kv-theirs";

function settingsWith(keyVault: object, azure: Partial<SettingsInput["azure"]> = {}): SettingsInput {
  const settings = devSettings();
  Object.assign(settings.azure, azure);
  return { ...settings, certificate: { ...settings.certificate, keyVault } };
}

function problemsOf(keyVault: object): Problem[] {
  try {
    loadSettings(plainSource(settingsWith(keyVault)));
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return [...error.problems];
    throw error;
  }
}

describe("the certificate's key vault", () => {
  it("is not there unless somebody asks for it", () => {
    expect(loadSettings(plainSource(devSettings())).certificate.keyVault).toBeUndefined();
  });

  it("names the certificate after the host, and knows who deploys", () => {
    const { keyVault } = loadSettings(plainSource(settingsWith({ name: "kv-mfa" }))).certificate;
    expect(keyVault).toEqual({
      name: "kv-mfa",
      certificateName: "mfa-dev-contoso-com",
      deployer: "servicePrincipal",
      retentionDays: 90,
      recover: false,
    });
    const byHand = settingsWith({ name: "kv-mfa", certificateName: "portal" }, { clientId: undefined });
    expect(loadSettings(plainSource(byHand)).certificate.keyVault).toMatchObject({
      certificateName: "portal",
      deployer: "user",
    });
  });

  it.each([
    ["public", "https://vault.azure.net"],
    ["usGovernment", "https://vault.usgovcloudapi.net"],
    ["china", "https://vault.azure.cn"],
  ] as const)("takes tokens of the cloud %s", (cloud, audience) => {
    const source = { ...settingsWith({ name: "kv-mfa" }, { cloud }), ...devSecrets() };
    const { settings, secrets } = loadEnvironment(plainSource(source as never));
    expect(connectionsOf(settings, secrets).azure.keyVaultAudience).toBe(audience);
  });

  it("is the kit's own or somebody else's, never both or neither", () => {
    expect(problemsOf({})).toEqual([
      expect.objectContaining({
        path: "mfa-server:certificate.keyVault.name",
        what: "is missing",
        mend: "pulumi config set --path 'mfa-server:certificate.keyVault.name' kv-mfa-dev-weu",
      }),
    ]);
    expect(problemsOf({ name: "kv-mfa", id }).map(({ what }) => what)).toEqual(["is set together with `id`"]);
    expect(problemsOf({ id })).toEqual([]);
  });

  it("is set up only where the kit makes it", () => {
    const problems = problemsOf({ id, allowedNetworks: ["203.0.113.10"], deployer: "none", recover: true });
    expect(problems.map(({ path }) => path)).toEqual([
      "mfa-server:certificate.keyVault.allowedNetworks",
      "mfa-server:certificate.keyVault.deployer",
      "mfa-server:certificate.keyVault.recover",
    ]);
  });

  it.each([
    [{ name: "kv--mfa" }, "name"],
    [{ name: "a-vault-whose-name-is-too-long" }, "name"],
    [{ id: "kv-theirs" }, "id"],
    [{ name: "kv-mfa", certificateName: "mfa.contoso.com" }, "certificateName"],
    [{ name: "kv-mfa", allowedNetworks: ["Internet"] }, "allowedNetworks[0]"],
    [{ name: "kv-mfa", retentionDays: 6 }, "retentionDays"],
  ])("refuses %j and says what it takes", (keyVault, at) => {
    const [problem, ...others] = problemsOf(keyVault);
    expect(problem?.path).toBe(`mfa-server:certificate.keyVault.${at}`);
    expect(problem?.accepted).toBeTruthy();
    expect(others).toEqual([]);
  });
});
