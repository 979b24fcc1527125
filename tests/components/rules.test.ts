import { describe, expect, test } from "vitest";
import { azureNames } from "../../components/naming.ts";
import { portalAccountName } from "../../components/platform/portalAccount.ts";
import { roleServices } from "../../components/platform/roleServices.ts";
import { inboundRules } from "../../components/platform/securityRules.ts";
import { oldTlsSettings, tls12Settings } from "../../components/platform/tls12.ts";
import { installFolder } from "../../components/workload/installFolder.ts";
import { type ManualStepsArgs, manualSteps } from "../../components/workload/manualSteps.ts";

describe("names in Azure", () => {
  const names = (change: object = {}) =>
    azureNames({ workload: "mfa", environment: "dev", location: "westeurope", computerName: "MFADEV01", ...change });

  test("carry the abbreviation of their type, workload, environment and region", () => {
    expect(names()).toEqual({
      virtualNetwork: "vnet-mfa-dev-westeurope",
      subnet: "snet-mfa-dev-westeurope",
      networkSecurityGroup: "nsg-mfa-dev-westeurope",
      publicIpAddress: "pip-mfa-dev-westeurope",
      networkInterface: "nic-mfadev01",
      virtualMachine: "vm-mfadev01",
      osDisk: "osdisk-mfadev01",
    });
  });

  test("take only what Azure takes, whatever the stack is called", () => {
    for (const name of Object.values(names({ environment: "Team_A/blue.1-" }))) {
      expect(name).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
    }
  });
});

describe("inbound rules", () => {
  const rules = (change: object) =>
    inboundRules({ allowHttpsFrom: ["Internet"], allowManagementFrom: [], managementPort: 22, ...change });

  test("open 443 and nothing else when nobody may manage", () => {
    expect(rules({}).map(({ name, access }) => [name, access])).toEqual([
      ["allow-https-internet", "Allow"],
      ["deny-inbound", "Deny"],
    ]);
  });

  test("put prefixes into one rule and each service tag into its own", () => {
    const given = rules({ allowHttpsFrom: ["203.0.113.0/24", "AzureFrontDoor.Backend", "198.51.100.7"] });
    expect(given).toMatchObject([
      { name: "allow-https-azurefrontdoor.backend", sourceAddressPrefix: "AzureFrontDoor.Backend", priority: 100 },
      { name: "allow-https", sourceAddressPrefixes: ["198.51.100.7", "203.0.113.0/24"], priority: 101 },
      { name: "deny-inbound", priority: 4096 },
    ]);
    for (const rule of given)
      expect(rule.sourceAddressPrefix === undefined).toBe(rule.sourceAddressPrefixes !== undefined);
  });

  test("do not change when prefixes are listed in another order", () => {
    const sources = ["10.2.0.0/16", "10.1.0.0/16"];
    expect(rules({ allowManagementFrom: sources })).toEqual(rules({ allowManagementFrom: [...sources].reverse() }));
  });

  test("have priorities that are unique", () => {
    const priorities = rules({ allowHttpsFrom: ["A", "B", "10.0.0.1"], allowManagementFrom: ["C", "10.0.0.2"] }).map(
      ({ priority }) => priority,
    );
    expect(new Set(priorities).size).toBe(priorities.length);
  });

  test("open the management port that the host really uses", () => {
    const [, management] = rules({ allowManagementFrom: ["10.0.0.0/8"], managementPort: 2222 });
    expect(management).toMatchObject({
      name: "allow-management",
      destinationPortRange: "2222",
      sourceAddressPrefix: "10.0.0.0/8",
    });
  });
});

describe("role services", () => {
  test("come with Basic Authentication only for the Web Service SDK", () => {
    expect(roleServices(["webServiceSdk"])).toContain("Web-Basic-Auth");
    expect(roleServices(["userPortal", "mobileAppWebService"])).not.toContain("Web-Basic-Auth");
  });

  test("are named once, however many roles need them", () => {
    const all = roleServices(["webServiceSdk", "userPortal", "mobileAppWebService"]);
    expect(new Set(all).size).toBe(all.length);
  });

  test("never pull in all of IIS 6 compatibility", () => {
    expect(roleServices(["webServiceSdk", "userPortal"])).not.toContain("Web-Mgmt-Compat");
  });
});

test("TLS 1.2 is on for .NET of both widths and for Windows as client and server", () => {
  expect(
    tls12Settings.map(({ key, valueName, value }) => `${key.split("\\").slice(-2).join("\\")} ${valueName}=${value}`),
  ).toEqual([
    ".NETFramework\\v4.0.30319 SchUseStrongCrypto=1",
    ".NETFramework\\v4.0.30319 SystemDefaultTlsVersions=1",
    ".NETFramework\\v4.0.30319 SchUseStrongCrypto=1",
    ".NETFramework\\v4.0.30319 SystemDefaultTlsVersions=1",
    "TLS 1.2\\Client Enabled=1",
    "TLS 1.2\\Client DisabledByDefault=0",
    "TLS 1.2\\Server Enabled=1",
    "TLS 1.2\\Server DisabledByDefault=0",
  ]);
  expect(tls12Settings.filter(({ key }) => key.includes("Wow6432Node"))).toHaveLength(2);
});

test("what is older than TLS 1.2 is off for clients that come to the host, not for the host as a client", () => {
  expect(
    oldTlsSettings.map(({ key, valueName, value }) => `${key.split("\\").slice(-2).join("\\")} ${valueName}=${value}`),
  ).toEqual([
    "TLS 1.0\\Server Enabled=0",
    "TLS 1.0\\Server DisabledByDefault=1",
    "TLS 1.1\\Server Enabled=0",
    "TLS 1.1\\Server DisabledByDefault=1",
    "Ciphers\\Triple DES 168 Enabled=0",
  ]);
});

describe("the portal's account", () => {
  test("fits Active Directory for the longest Windows name", () => {
    expect(portalAccountName("MFADEV01")).toBe("PFUP_MFADEV01");
    expect(portalAccountName("A".repeat(15))).toHaveLength(20);
  });

  test("is refused when it would not", () => {
    expect(() => portalAccountName("A".repeat(16))).toThrow(
      "PFUP_AAAAAAAAAAAAAAAA is longer than the 20 characters that Active Directory takes for an account",
    );
  });
});

describe("the product's folder", () => {
  test.each([
    [
      ["C:\\Program Files\\Multi-Factor Authentication Server\\"],
      "C:\\Program Files\\Multi-Factor Authentication Server\\",
    ],
    [["D:\\MFA"], "D:\\MFA\\"],
    ["D:\\MFA", "D:\\MFA\\"],
  ])("is read from %j", (data, folder) => {
    expect(installFolder(data)).toBe(folder);
  });

  test.each([[undefined], [[]], [[""]], [["  "]], [[7]]])("is refused when the registry has %j", (data) => {
    expect(() => installFolder(data)).toThrow(
      /InstallPath in HKEY_LOCAL_MACHINE.* is empty: .*Install Azure MFA Server/,
    );
  });
});

describe("what is left to do by hand", () => {
  const args: ManualStepsArgs = {
    profile: "v7",
    mfaUsersGroup: "MFA Users",
    userPortalUrl: "https://mfa.example.org/MultiFactorAuth/",
    mobileAppWebServiceUrl: "https://mfa.example.org/PA/PfPaWs.asmx",
    installerPath: "C:\\Install\\Setup.exe",
    computerName: "MFADEV01",
  };
  const text = (change: Partial<ManualStepsArgs> = {}) => JSON.stringify(manualSteps({ ...args, ...change }));

  test("names this environment's own addresses and groups", () => {
    for (const word of [
      "MFA Users",
      "https://mfa.example.org/MultiFactorAuth/",
      "MFADEV01",
      "C:\\\\Install\\\\Setup.exe",
    ]) {
      expect(text()).toContain(word);
    }
  });

  test("gives the console the app service's folder and not its page", () => {
    expect(text()).toContain("URL to https://mfa.example.org/PA.");
    expect(text()).not.toContain("PfPaWs.asmx");
  });

  test("leaves out what version 8 does not have", () => {
    const v8 = text({ profile: "v8", mobileAppWebServiceUrl: undefined as never });
    expect(v8).not.toContain("Configuration Wizard");
    expect(v8).not.toContain("Mobile App Web Service URL");
  });

  test("asks for the organisation's name when it is known, and says how else to choose it", () => {
    expect(text({ companyName: "Contoso" })).toContain("Account Name in Mobile App to Contoso.");
    expect(text()).toContain("your company's name");
  });

  test("is told with an end that can be seen, step by step", () => {
    for (const step of manualSteps(args)) {
      expect(step.instructions.length).toBeGreaterThan(0);
      expect(step.doneWhen).not.toBe("");
    }
  });
});
