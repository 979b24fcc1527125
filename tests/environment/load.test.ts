import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EnvironmentError, type Problem } from "../../environment/error.ts";
import { loadEnvironment, loadSettings } from "../../environment/load.ts";
import { plainSource } from "../../environment/sources/plain.ts";
import { yamlSource } from "../../environment/sources/yaml.ts";
import { devSecrets, devSettings, projectDirectory } from "../support/environment.ts";

const folder = mkdtempSync(join(tmpdir(), "mfakit-environment-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Values by their path; undefined removes. */
type Changes = Record<string, unknown>;

/** Values that are right, with some changes. */
function changed(values: object, changes: Changes): Record<string, unknown> {
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    const parent = names.reduce((at, name) => at[name] as Record<string, unknown>, values as Record<string, unknown>);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return values as Record<string, unknown>;
}

/** The problems of the dev environment's settings with some changes. */
function problemsAfter(changes: Changes): Problem[] {
  return problemsIn(() => loadSettings(plainSource(changed(devSettings(), changes), { directory: folder })));
}

function problemsIn(load: () => unknown): Problem[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return [...error.problems];
    throw error;
  }
}

describe("the dev environment", () => {
  it("is complete and right", () => {
    const settings = loadSettings(yamlSource(join(projectDirectory, "Pulumi.dev.yaml")));
    expect(settings.host.computerName).toBe("MFADEV01");
  });

  it("needs no setting whose default follows from another", () => {
    const settings = loadSettings(plainSource(devSettings()));
    expect(settings.azure.resourceManagerEndpoint).toBe("https://management.azure.com");
    expect(settings.azure.authorityHost).toBe("https://login.microsoftonline.com");
    expect(settings.host.management).toEqual({ address: "10.20.1.10", port: 22, user: "mfaadmin" });
    expect(settings.publicEndpoint.zone.subscriptionId).toBe(settings.azure.subscriptionId);
    expect(settings.certificate.caaIssuer).toBe("letsencrypt.org");
    expect(settings.mfaServer.mobileAppWebService).toEqual({
      applicationName: "MultiFactorAuthMobileAppWebService",
      encrypt: false,
    });
  });

  it("follows the cloud", () => {
    const settings = devSettings();
    settings.azure.cloud = "usGovernment";
    expect(loadSettings(plainSource(settings)).azure).toMatchObject({
      resourceManagerEndpoint: "https://management.usgovcloudapi.net",
      authorityHost: "https://login.microsoftonline.us",
    });
  });

  it("has no Mobile App Web Service with profile v8", () => {
    const settings = devSettings();
    settings.mfaServer.profile = "v8";
    expect(loadSettings(plainSource(settings)).mfaServer.mobileAppWebService).toBeUndefined();
  });
});

describe("mistakes", () => {
  it("are all told at once, each with path, cause, what is accepted and the command that mends it", () => {
    const problems = problemsAfter({
      "host.computerName": "mfa server dev 01",
      "network.subnetPrefix": "10.30.1.0/24",
      "azure.clod": "public",
      "azure.cloud": undefined,
      "directory.domainControllers.1": "ldap://dc2.corp.contoso.com",
      "publicEndpoint.hostName": undefined,
      "host.privateIpAddress": "10.30.1.2",
    });
    expect(problems).toEqual([
      {
        path: "mfa-server:azure.clod",
        what: "is not a setting; `cloud` is",
        accepted:
          "cloud, subscriptionId, tenantId, clientId, location, resourceGroup, resourceManagerEndpoint, authorityHost, keyVaultAudience, caCertificates",
        mend: "pulumi config rm --path 'mfa-server:azure.clod' && pulumi config set --path 'mfa-server:azure.cloud' public",
      },
      {
        path: "mfa-server:network.subnetPrefix",
        what: "is 10.30.1.0/24, outside the address space 10.20.0.0/16",
        accepted: "a network inside 10.20.0.0/16",
        mend: "pulumi config set --path 'mfa-server:network.subnetPrefix' 10.20.0.0/24",
      },
      {
        path: "mfa-server:host.computerName",
        what: 'is "mfa server dev 01": is longer than 15 characters, and does not have the accepted form',
        accepted: "1 to 15 letters, digits and hyphens; not only digits; no hyphen first or last",
        mend: "pulumi config set --path 'mfa-server:host.computerName' MFADEV01",
      },
      {
        path: "mfa-server:host.privateIpAddress",
        what: "is 10.30.1.2, one of the five addresses that Azure keeps in each subnet",
        accepted: "an address from 10.30.1.4 to 10.30.1.254",
        mend: "pulumi config set --path 'mfa-server:host.privateIpAddress' 10.30.1.4",
      },
      {
        path: "mfa-server:directory.domainControllers[1]",
        what: 'is "ldap://dc2.corp.contoso.com": is not an ldaps:// address',
        accepted: "ldaps://host or ldaps://host:port; plain ldap:// is refused because passwords travel on it",
        mend: "pulumi config set --path 'mfa-server:directory.domainControllers[1]' ldaps://dc1.corp.contoso.com",
      },
      {
        path: "mfa-server:publicEndpoint.hostName",
        what: "is missing",
        accepted: "a DNS name of two or more labels, without a dot at the end",
        mend: "pulumi config set --path 'mfa-server:publicEndpoint.hostName' mfa.dev.contoso.com",
      },
    ]);
  });

  it("read as numbered paragraphs", () => {
    const settings = devSettings();
    settings.host.size = "big";
    expect(() => loadSettings(plainSource(settings, { name: "Pulumi.dev.yaml" }))).toThrow(
      [
        "The configuration in Pulumi.dev.yaml has one problem:",
        "",
        '1. mfa-server:host.size is "big": does not have the accepted form',
        "   accepted: the name of a size, as `az vm list-sizes` prints it",
        "   mend:     pulumi config set --path 'mfa-server:host.size' Standard_D2s_v5",
      ].join("\n"),
    );
  });

  it("name every required setting when nothing is configured", () => {
    const paths = problemsIn(() => loadEnvironment(plainSource({}))).map(({ path }) => path);
    expect(paths).toContain("mfa-server:mfaServer.visualCpp.x86.sha256");
    expect(paths).toContain("mfa-server:publicEndpoint.zone.name");
    expect(paths).toContain("mfa-server:hostPrivateKey");
    expect(paths).not.toContain("mfa-server:azureClientSecret");
    expect(paths).not.toContain("mfa-server:host.image.sku");
  });

  it.each<[string, Changes, string, string]>([
    ["a section that is text", { host: "MFADEV01" }, "mfa-server:host", "text is not a group of settings"],
    [
      "a list that is text",
      { "network.dnsServers": "10.1.1.1" },
      "mfa-server:network.dnsServers",
      "text is not a list",
    ],
    ["an empty list", { "network.dnsServers": [] }, "mfa-server:network.dnsServers", "is empty"],
    ["a number for text", { "host.image.version": 2016 }, "mfa-server:host.image.version", "a number is not text"],
    [
      "text for a truth value",
      { "host.trustedLaunch": "yes" },
      "mfa-server:host.trustedLaunch",
      "text is not a truth value",
    ],
    ["nothing", { "host.size": null }, "mfa-server:host.size", "nothing is not text"],
    [
      "a number that is too large",
      { "host.management.port": 70000 },
      "mfa-server:host.management.port",
      "above the largest, 65535",
    ],
    ["a broken number", { "publicEndpoint.ttl": 0.5 }, "mfa-server:publicEndpoint.ttl", "is not a whole number"],
    [
      "a word not on the list",
      { "mfaServer.profile": "v9" },
      "mfa-server:mfaServer.profile",
      "none of the accepted values",
    ],
    [
      "host bits in a network",
      { "network.addressSpace": "10.20.0.1/16" },
      "mfa-server:network.addressSpace",
      "the network is 10.20.0.0/16",
    ],
    [
      "a network of the kit's own without an address space",
      { "network.addressSpace": undefined },
      "mfa-server:network.addressSpace",
      "is missing, but the kit makes the network",
    ],
    [
      "a network of the kit's own without the domain controllers",
      { "network.dnsServers": undefined },
      "mfa-server:network.dnsServers[0]",
      "is missing, but the kit makes the network",
    ],
    [
      "an address space for a network that is there",
      {
        "network.existing": {
          virtualNetworkId:
            "/subscriptions/2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub",
        },
      },
      "mfa-server:network.addressSpace",
      "has no meaning for a network that is there already",
    ],
    [
      "a subnet in place of a network",
      {
        "network.existing": {
          virtualNetworkId:
            "/subscriptions/2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub/subnets/servers",
        },
      },
      "mfa-server:network.existing.virtualNetworkId",
      "does not have the accepted form",
    ],
    [
      "an http address",
      { "certificate.directoryUrl": "http://ca/" },
      "mfa-server:certificate.directoryUrl",
      "not an https:// address",
    ],
    [
      "a challenge that needs port 80",
      { "certificate.challenge": "http-01" },
      "mfa-server:certificate.challenge",
      "needs port 80, which the kit keeps closed",
    ],
    [
      "a delegated zone that is none",
      { "certificate.delegatedZones": ["challenges.contoso.net"] },
      "mfa-server:certificate.delegatedZones[0]",
      "does not have the accepted form",
    ],
    ["a tag name that Azure refuses", { "tags.a/b": "x" }, 'mfa-server:tags["a/b"]', "name that Azure refuses"],
    ["a tag that is a list", { "tags.owner": ["x"] }, "mfa-server:tags.owner", "a list is not text"],
    [
      "only digits in the computer name",
      { "host.computerName": "12345" },
      "mfa-server:host.computerName",
      "has only digits",
    ],
    [
      "a reserved administrator",
      { "host.adminUsername": "Admin" },
      "mfa-server:host.adminUsername",
      "a name that Azure refuses",
    ],
    [
      "a hash that is too short",
      { "mfaServer.installer.sha256": "abc" },
      "mfa-server:mfaServer.installer.sha256",
      "accepted form",
    ],
    [
      "a relative Windows path",
      { "mfaServer.installer.path": "setup.exe" },
      "mfa-server:mfaServer.installer.path",
      "accepted form",
    ],
    [
      "a share of the lifetime above 1",
      { "certificate.renewBefore": 30 },
      "mfa-server:certificate.renewBefore",
      "above the largest, 1",
    ],
    [
      "a tenant that cannot be deployed",
      { "mfaServer.activatedBefore2019": false },
      "mfa-server:mfaServer.activatedBefore2019",
      "none of the accepted values",
    ],
    [
      "a member nobody can be",
      { "directory.mfaUsers.members": ["a@"] },
      "mfa-server:directory.mfaUsers.members[0]",
      "names nobody",
    ],
    [
      "51 tags",
      { tags: Object.fromEntries([...Array(51).keys()].map((n) => [`t${n}`, "x"])) },
      "mfa-server:tags",
      "more than 50 tags",
    ],
    [
      "two-way text messages",
      { "mfaServer.twoWaySms": true },
      "mfa-server:mfaServer.twoWaySms",
      "ended two-way text messages",
    ],
    [
      "a secret in a section",
      { "host.adminPassword": "hush-hush" },
      "mfa-server:host.adminPassword",
      "is a secret and has a configuration key of its own",
    ],
    [
      "a misspelt section",
      { netwrok: devSettings().network, network: undefined },
      "mfa-server:netwrok",
      "is not a setting; `network` is",
    ],
    [
      "a file that is not there",
      { "azure.caCertificates": "no.pem" },
      "mfa-server:azure.caCertificates",
      "the file cannot be read (ENOENT)",
    ],
  ])("tell of %s", (_, changes, path, what) => {
    const problem = problemsAfter(changes).find((each) => each.path === path);
    expect(problem?.what).toContain(what);
    expect(problem?.mend).toMatch(/^pulumi config (set|rm) /);
    expect(problem?.mend).not.toContain("undefined");
  });

  it("of one misspelt required setting is one mistake", () => {
    const problems = problemsAfter({ "host.compterName": "MFADEV01", "host.computerName": undefined });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.mend).toBe(
      "pulumi config rm --path 'mfa-server:host.compterName' && pulumi config set --path 'mfa-server:host.computerName' MFADEV01",
    );
  });

  it("of a value that is wrong by itself is no missing value as well", () => {
    expect(problemsAfter({ "network.addressSpace": "10.20.0.1/16" })).toHaveLength(1);
    expect(problemsAfter({ "network.adressSpace": "10.20.0.0/16", "network.addressSpace": undefined })).toHaveLength(1);
  });

  it("keep text text where pulumi would make a number of it", () => {
    const [problem] = problemsAfter({ "mfaServer.companyName": 2019 });
    expect(problem?.mend).toBe("pulumi config set --path 'mfa-server:mfaServer.companyName' --type string 2019");
  });

  it("show no value that may be a secret", () => {
    const problems = problemsAfter({
      "certificate.directoryUrl": "https://user:hush-hush@ca.contoso.com/",
      adminPasword: "hush-hush",
      "host.password": "hush-hush",
      "azure.clientId": "-----BEGIN PRIVATE KEY----- hush-hush",
    });
    expect(problems).toHaveLength(4);
    expect(JSON.stringify(problems)).not.toContain("hush");
  });
});

describe("certificates", () => {
  const pem = [
    "-----BEGIN CERTIFICATE-----",
    "MIIBfDCCASGgAwIBAgIUdTq9QbUZrYQ0WQd0cZ0y6eY5Y2swCgYIKoZIzj0EAwIw",
    "-----END CERTIFICATE-----",
  ].join("\n");

  it("are refused when they cannot be read, whether text or file", () => {
    writeFileSync(join(folder, "broken.pem"), pem);
    writeFileSync(join(folder, "key.pem"), "-----BEGIN EC PRIVATE KEY-----\nhush\n-----END EC PRIVATE KEY-----\n");
    const problems = problemsAfter({
      "directory.caCertificates": "broken.pem",
      "publicEndpoint.trustedRoots": pem,
      "certificate.caCertificates": "key.pem",
    });
    expect(problems.map(({ what }) => what)).toEqual([
      'is "broken.pem": it holds no certificate that can be read',
      "is the PEM text: it holds no certificate that can be read",
      'is "key.pem": it holds a private key',
    ]);
  });
});

describe("secrets", () => {
  const load = (changes: Changes) =>
    loadEnvironment(plainSource(changed({ ...devSettings(), ...devSecrets() }, changes)));

  it("come with the public halves of the SSH keys", () => {
    const secrets = devSecrets();
    const environment = loadEnvironment(plainSource({ ...devSettings(), ...secrets }));
    expect(environment.secrets).toEqual(secrets);
    expect(environment.settings.host.management.hostKey).toMatch(/^ssh-ed25519 AAAA/);
    expect(environment.managementPublicKey).toMatch(/^ssh-ed25519 AAAA/);
    expect(environment.managementPublicKey).not.toBe(environment.settings.host.management.hostKey);
  });

  it("from files end with a line end, as OpenSSH wants its keys", () => {
    const secrets = devSecrets();
    const piped = secrets.hostPrivateKey.trimEnd().replaceAll("\n", "\r\n");
    const environment = loadEnvironment(plainSource({ ...devSettings(), ...secrets, hostPrivateKey: piped }));
    expect(environment.secrets.hostPrivateKey).toBe(secrets.hostPrivateKey);
  });

  it("are sealed by the source", () => {
    const source = plainSource({ ...devSettings(), ...devSecrets() });
    const environment = loadEnvironment({ ...source, seal: (plain) => ({ length: plain.length }) });
    expect(environment.secrets.directoryPassword).toEqual({ length: 24 });
  });

  it("of the host must agree with a host key that is given", () => {
    const values = { ...devSettings(), ...devSecrets() };
    const { hostKey } = loadEnvironment(plainSource({ ...devSettings(), ...devSecrets() })).settings.host.management;
    values.host.management = { hostKey };
    expect(problemsIn(() => loadEnvironment(plainSource(values)))).toMatchObject([
      { path: "mfa-server:host.management.hostKey", what: "is another key than the public half of hostPrivateKey" },
    ]);
  });

  const dnsUpdate = { server: "127.0.0.1:5353", zone: "challenges.contoso.net", keyName: "mfakit" };

  it.each<[string, Changes, string, string]>([
    ["a short password", { adminPassword: "Aa1-hush" }, "adminPassword", "is shorter than 12 characters"],
    ["a long password", { adminPassword: `Aa1-${"hush".repeat(18)}` }, "adminPassword", "is longer than 72 characters"],
    ["a plain password", { adminPassword: "hushhushhush1" }, "adminPassword", "has fewer than three of"],
    ["a well-known password", { adminPassword: "P@ssword123" }, "adminPassword", "that Azure refuses"],
    ["a line break", { directoryPassword: "hush\n" }, "directoryPassword", "has a line break"],
    ["an empty password", { domainJoinPassword: "" }, "domainJoinPassword", "is empty"],
    [
      "a character that breaks XML",
      { serviceAccountPassword: "Aa1&hushhush" },
      "serviceAccountPassword",
      "breaks the product's",
    ],
    ["text for a key", { managementPrivateKey: "hush" }, "managementPrivateKey", "is not a private SSH key"],
    ["a missing key", { hostPrivateKey: undefined }, "hostPrivateKey", "is missing"],
    ["text for an account key", { acmeAccountKey: "hush" }, "acmeAccountKey", "is not a private key in PEM form"],
    [
      "a missing client secret",
      { azureClientSecret: undefined },
      "azureClientSecret",
      "azure.clientId names an application",
    ],
    ["a client secret for nobody", { "azure.clientId": undefined }, "azureClientSecret", "names no application"],
    [
      "an external account without its key",
      { "certificate.externalAccountKeyId": "kid-1" },
      "acmeExternalAccountKey",
      "is missing",
    ],
    [
      "an external account's key for nobody",
      { acmeExternalAccountKey: "A".repeat(32) },
      "acmeExternalAccountKey",
      "names no key",
    ],
    [
      "a short external account's key",
      { "certificate.externalAccountKeyId": "kid-1", acmeExternalAccountKey: "hush" },
      "acmeExternalAccountKey",
      "fewer than 16 bytes",
    ],
    ["DNS updates without their key", { "certificate.dnsUpdate": dnsUpdate }, "dnsUpdateKey", "is missing"],
    ["a key for DNS updates of nobody", { dnsUpdateKey: "A".repeat(32) }, "dnsUpdateKey", "names no server"],
    [
      "a key for DNS updates in another form",
      { "certificate.dnsUpdate": dnsUpdate, dnsUpdateKey: "hush hush hush hush hush" },
      "dnsUpdateKey",
      "is not Base64",
    ],
  ])("are refused with the reason: %s", (_, changes, name, what) => {
    const problems = problemsIn(() => load(changes));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ path: `mfa-server:${name}`, what: expect.stringContaining(what) });
    expect(JSON.stringify(problems)).not.toContain("hush");
  });
});
