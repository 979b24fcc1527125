import { describe, expect, it } from "vitest";
import { connectionsOf } from "../../environment/connections.ts";
import { EnvironmentError, type Problem } from "../../environment/error.ts";
import { loadEnvironment, loadSettings } from "../../environment/load.ts";
import type { SettingsInput } from "../../environment/schema.ts";
import { plainSource } from "../../environment/sources/plain.ts";
import { devSecrets, devSettings } from "../support/environment.ts";

/** The dev environment's settings with some changes of two sections. */
function settingsWith(change: { entra?: SettingsInput["entra"]; directory?: object; azure?: object }): SettingsInput {
  const settings = devSettings();
  Object.assign(settings.azure, change.azure);
  Object.assign(settings.directory, change.directory);
  return { ...settings, ...(change.entra && { entra: change.entra }) };
}

function problemsOf(settings: SettingsInput): Problem[] {
  try {
    loadSettings(plainSource(settings));
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return [...error.problems];
    throw error;
  }
}

describe("Entra ID", () => {
  it("is asked for licences unless somebody says no", () => {
    expect(loadSettings(plainSource(devSettings())).entra).toEqual({
      graphEndpoint: "https://graph.microsoft.com",
      userDomain: "corp.contoso.com",
      licences: { check: true },
      arrivalTimeoutMinutes: 60,
    });
    const without = settingsWith({ entra: { licences: { check: false } } });
    expect(loadSettings(plainSource(without)).entra.licences.check).toBe(false);
  });

  it.each([
    ["public", "https://graph.microsoft.com"],
    ["usGovernment", "https://graph.microsoft.us"],
    ["china", "https://microsoftgraph.chinacloudapi.cn"],
  ])("is reached where the cloud %s has it", (cloud, graphEndpoint) => {
    const source = { ...settingsWith({ azure: { cloud } }), ...devSecrets() };
    const { settings, secrets } = loadEnvironment(plainSource(source as never));
    expect(connectionsOf(settings, secrets).azure.graphEndpoint).toBe(graphEndpoint);
  });

  it("is reached where the settings say, without a slash at the end", () => {
    const settings = settingsWith({ entra: { graphEndpoint: "https://dod-graph.microsoft.us/" } });
    expect(loadSettings(plainSource(settings)).entra.graphEndpoint).toBe("https://dod-graph.microsoft.us");
  });

  it("wants part numbers of products, and a bounded wait", () => {
    const problems = problemsOf(
      settingsWith({ entra: { licences: { skus: ["Entra ID P1"] }, arrivalTimeoutMinutes: 0 } }),
    );
    expect(problems.map(({ path }) => path)).toEqual([
      "mfa-server:entra.licences.skus[0]",
      "mfa-server:entra.arrivalTimeoutMinutes",
    ]);
  });
});

describe("a managed domain", () => {
  it("wants people by their principal names, and takes over no account", () => {
    const directory = {
      kind: "entraDomainServices",
      mfaUsers: { members: ["alice", "bob@contoso.com", "CN=Carol,OU=People,DC=corp,DC=contoso,DC=com"] },
      serviceAccount: { name: "MfaWebService", adopt: true },
    };
    expect(problemsOf(settingsWith({ directory }))).toEqual([
      {
        path: "mfa-server:directory.mfaUsers.members[0]",
        what: 'is "alice", but Entra ID knows people by their principal name',
        accepted: "name@domain",
        mend: "pulumi config set --path 'mfa-server:directory.mfaUsers.members[0]' alice@corp.contoso.com",
      },
      expect.objectContaining({
        path: "mfa-server:directory.mfaUsers.members[2]",
        mend: "pulumi config set --path 'mfa-server:directory.mfaUsers.members[2]' name@corp.contoso.com",
      }),
      {
        path: "mfa-server:directory.serviceAccount.adopt",
        what: "is true, but of an account that is already in Entra ID the kit does not know the password",
        accepted: "false with `kind: entraDomainServices`",
        mend: "pulumi config rm --path 'mfa-server:directory.serviceAccount.adopt'",
      },
    ]);
    expect(problemsOf(settingsWith({ directory: { ...directory, kind: "activeDirectory" } }))).toEqual([]);
  });
});
