import { beforeAll, describe, expect, test } from "vitest";
import { dscModules } from "../../components/platform/dscModules.ts";
import { deriveNames } from "../../environment/derive.ts";
import { loadSettings } from "../../environment/load.ts";
import { plainSource } from "../../environment/sources/plain.ts";
import program from "../../index.ts";
import { loaderCommandLine } from "../../provider/connections/hostCommand.ts";
import { devSecrets, devSettings } from "../support/environment.ts";
import { configurationOf, type Graph, recordGraph } from "./recordGraph.ts";

let graph: Graph;
beforeAll(async () => {
  graph = await recordGraph(program);
});

const nameOf = (urn: string) => urn.split("::").at(-1) ?? "";
/** Every resource that must be there before this one, through any number of steps. */
function predecessors(name: string): Set<string> {
  const found = new Set<string>();
  const visit = (each: string) => {
    for (const dependency of graph.get(each).dependencies.map(nameOf)) {
      if (found.has(dependency)) continue;
      found.add(dependency);
      visit(dependency);
    }
  };
  visit(name);
  return found;
}

describe("the tree", () => {
  test("has every component under the stack", () => {
    const components = graph.resources.filter(({ custom, type }) => !custom && type.startsWith("mfa:"));
    expect(components.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "mfa:platform:Directory directory",
      "mfa:platform:EntraLicences licences",
      "mfa:platform:Network network",
      "mfa:platform:PublicEndpoint endpoint",
      "mfa:platform:WebServer web-server",
      "mfa:platform:WindowsHost host",
      "mfa:workload:MfaServer mfa-server",
      "mfa:workload:MobileAppWebService mobile-app-web-service",
      "mfa:workload:UserPortal user-portal",
      "mfa:workload:WebServiceSdk web-service-sdk",
    ]);
    for (const { parent } of components) expect(parent).toContain("pulumi:pulumi:Stack");
  });

  test("names every child from its component", () => {
    for (const resource of graph.resources) {
      if (!resource.custom || resource.type.startsWith("pulumi:")) continue;
      expect(resource.name.startsWith(`${nameOf(resource.parent)}-`), resource.urn).toBe(true);
    }
  });

  test("uses the explicit providers for everything of Azure and of the kit", () => {
    for (const { type, provider, urn } of graph.resources) {
      if (type.startsWith("azure-native:")) expect(provider, urn).toContain("pulumi:providers:azure-native::azure::");
      if (type.startsWith("mfakit:")) expect(provider, urn).toContain("pulumi:providers:mfakit::mfakit::");
    }
  });
});

describe("the network", () => {
  test("lets 443 in from the Internet, SSH from the management network, and denies the rest", () => {
    const rules = graph.ofType("azure-native:network:SecurityRule").map(({ inputs }) => inputs);
    expect(rules.sort((a, b) => a.priority - b.priority)).toMatchObject([
      {
        securityRuleName: "allow-https-internet",
        access: "Allow",
        protocol: "Tcp",
        sourceAddressPrefix: "Internet",
        destinationPortRange: "443",
      },
      {
        securityRuleName: "allow-management",
        access: "Allow",
        sourceAddressPrefix: "10.10.8.0/24",
        destinationPortRange: "22",
      },
      {
        securityRuleName: "deny-inbound",
        priority: 4096,
        access: "Deny",
        protocol: "*",
        sourceAddressPrefix: "*",
        destinationPortRange: "*",
      },
    ]);
  });

  test("keeps subnets and rules out of their parents", () => {
    expect(graph.get("network-vnet").inputs).not.toHaveProperty("subnets");
    expect(graph.get("network-nsg").inputs).not.toHaveProperty("securityRules");
  });

  test("asks the domain controllers for names and starts no host before the rules are in force", () => {
    expect(graph.get("network-vnet").inputs.dhcpOptions).toEqual({ dnsServers: ["10.10.0.4", "10.10.0.5"] });
    for (const rule of graph.ofType("azure-native:network:SecurityRule"))
      expect(predecessors("host-nic")).toContain(rule.name);
  });
});

describe("the service accounts", () => {
  test("say that they are for no person, unless the account was there and has notes of its own", async () => {
    const note = expect.stringContaining("not for people to log on with");
    for (const name of ["directory-service-account", "directory-portal-account"]) {
      expect(graph.get(name).inputs.info).toEqual(note);
    }
    const settings = devSettings();
    settings.directory.serviceAccount = { name: "MfaWebService", adopt: true };
    const adopted = await recordGraph(program, { config: configurationOf(settings) });
    expect(adopted.get("directory-service-account").inputs).not.toHaveProperty("info");
    expect(adopted.get("directory-portal-account").inputs.info).toEqual(note);
  });
});

describe("the host", () => {
  test("replaces, and says so, where Azure cannot change a machine; never for its password", () => {
    expect(graph.get("host-vm")).toMatchObject({
      replaceOnChanges: expect.arrayContaining(["osProfile.computerName", "storageProfile.imageReference", "zones"]),
      ignoreChanges: ["osProfile.adminPassword"],
      deleteBeforeReplace: true,
    });
  });

  test("is guarded against being replaced without being named", async () => {
    expect(predecessors("host-vm")).toContain("host-replacement-guard");
    const { machine, fixed, ...rest } = graph.get("host-replacement-guard").inputs;
    expect(rest).toEqual({});
    expect({ machine, fixed }).toMatchObject({
      machine: "MFADEV01",
      fixed: { "host.image": "MicrosoftWindowsServer:WindowsServer:2016-datacenter-gensecond:latest" },
    });
    const settings = devSettings();
    settings.host.replace = "MFADEV01";
    const approved = await recordGraph(program, { config: configurationOf(settings) });
    expect(approved.get("host-replacement-guard").inputs.approval).toBe("MFADEV01");
  });

  test("is patched, encrypted, started securely, and loses its disk with itself", () => {
    expect(graph.get("host-vm").inputs).toMatchObject({
      osProfile: {
        computerName: "MFADEV01",
        windowsConfiguration: { enableAutomaticUpdates: true, patchSettings: { patchMode: "AutomaticByPlatform" } },
      },
      securityProfile: {
        encryptionAtHost: true,
        securityType: "TrustedLaunch",
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
      },
      storageProfile: { osDisk: { deleteOption: "Delete", name: "osdisk-mfadev01" } },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
      identity: { type: "SystemAssigned" },
    });
  });

  test("joins once, then gets OpenSSH, then the DSC modules", () => {
    expect(graph.get("host-domain-join").ignoreChanges.sort()).toEqual(["protectedSettings", "settings"]);
    expect(graph.get("host-openssh").dependencies.map(nameOf)).toContain("host-domain-join");
    expect(graph.get("host-dsc-modules").dependencies.map(nameOf)).toContain("host-openssh");
    expect(graph.get("host-openssh").inputs.treatFailureAsDeploymentFailure).toBe(true);
  });

  test("runs one constant command line; scripts and arguments travel on standard input", () => {
    const commands = graph.ofType("command:remote:Command");
    expect(commands.map(({ name }) => name).sort()).toEqual(["host-dsc-modules", "web-server-restart-iis"]);
    for (const { inputs } of commands) {
      expect(inputs.create).toBe(loaderCommandLine);
      expect(inputs.addPreviousOutputInEnv).toBe(false);
      expect(JSON.stringify(inputs.connection)).toContain("hostKey");
    }
  });

  test("everything on the host waits for it, is made anew with it, and needs no delete when it goes", () => {
    const onHost = graph.resources.filter(({ type }) => /^(mfakit:(dsc|web):|command:)/.test(type));
    expect(onHost.length).toBeGreaterThan(40);
    for (const resource of onHost) {
      expect(nameOf(resource.deletedWith), resource.urn).toBe("host-vm");
      expect(resource.replaceWith.map(nameOf), resource.urn).toEqual(["host-vm"]);
      expect(predecessors(resource.name), resource.urn).toContain("host-openssh");
    }
  });

  test("installs every DSC module that the program uses, and no other", () => {
    const used = graph.ofType("mfakit:dsc:Resource").map(({ inputs }) => inputs.module);
    expect([...new Set(used)].sort()).toEqual(dscModules.map(({ name }) => name).sort());
  });
});

describe("the public name", () => {
  test("points at the public address and lets one authority issue", () => {
    expect(graph.get("endpoint-a-record").inputs).toMatchObject({
      zoneName: "dev.contoso.com",
      resourceGroupName: "rg-dns",
      relativeRecordSetName: "mfa",
      recordType: "A",
      aRecords: [{ ipv4Address: "203.0.113.10" }],
      ttl: 300,
    });
    expect(graph.get("endpoint-caa-record").inputs.caaRecords).toEqual([
      { flags: 0, tag: "issue", value: "letsencrypt.org" },
    ]);
  });

  test("orders the certificate only when both records are there", () => {
    const { inputs, dependencies } = graph.get("endpoint-certificate");
    expect(inputs).toMatchObject({
      dnsNames: ["mfa.dev.contoso.com"],
      dnsZoneId: expect.stringMatching(
        /\/resourceGroups\/rg-dns\/providers\/Microsoft\.Network\/dnsZones\/dev\.contoso\.com$/,
      ),
    });
    expect(dependencies.map(nameOf).sort()).toEqual(["endpoint-a-record", "endpoint-caa-record"]);
  });
});

describe("the public name, otherwise", () => {
  const zoneId =
    "/subscriptions/2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10/resourceGroups/rg-dns/providers/Microsoft.Network/dnsZones/dev.contoso.com";
  const graphWith = (change: object) => {
    const settings = devSettings();
    settings.publicEndpoint = { ...settings.publicEndpoint, ...change };
    return recordGraph(program, { config: configurationOf(settings) });
  };

  test("has IPv6 addresses, times of its own and a CAA record for one account", async () => {
    const caaAccountUri = "https://acme-v02.api.letsencrypt.org/acme/acct/1234567";
    const given = await graphWith({ ttl: 60, caaTtl: 3600, ipv6Addresses: ["2001:db8::10"], caaAccountUri });
    expect(given.get("endpoint-a-record").inputs.ttl).toBe(60);
    expect(given.get("endpoint-aaaa-record").inputs).toMatchObject({
      recordType: "AAAA",
      aaaaRecords: [{ ipv6Address: "2001:db8::10" }],
      ttl: 60,
    });
    expect(given.get("endpoint-caa-record").inputs).toMatchObject({
      caaRecords: [{ tag: "issue", value: `letsencrypt.org; accounturi=${caaAccountUri}` }],
      ttl: 3600,
    });
  });

  test("is made anew unless it is to be adopted, and what is adopted stays on destroy", async () => {
    const given = await graphWith({ adopt: ["A"] });
    expect(given.get("endpoint-a-record")).toMatchObject({ importId: `${zoneId}/A/mfa`, retainOnDelete: true });
    expect(given.get("endpoint-caa-record")).toMatchObject({ importId: "", retainOnDelete: false });
  });

  test("comes with a zone that the zone above delegates, in whichever subscription that is", async () => {
    const subscriptionId = "99999999-0000-4000-8000-000000000001";
    const { zone } = devSettings().publicEndpoint;
    const delegatedFrom = { name: "contoso.com", resourceGroup: "rg-dns-above", subscriptionId };
    const given = await graphWith({ zone: { ...zone, delegatedFrom } });
    expect(given.get("endpoint-zone").inputs).toMatchObject({ zoneName: "dev.contoso.com", location: "global" });
    expect(given.get("endpoint-delegation")).toMatchObject({
      inputs: {
        zoneName: "contoso.com",
        resourceGroupName: "rg-dns-above",
        relativeRecordSetName: "dev",
        recordType: "NS",
        nsRecords: [{ nsdname: "ns1-01.azure-dns.com." }, { nsdname: "ns2-01.azure-dns.net." }],
      },
      provider: expect.stringContaining("azure-native::azure-dns-above::"),
    });
    expect(given.get("endpoint-zone").provider).toContain("azure-native::azure::");
    expect(given.get("endpoint-certificate").dependencies.map(nameOf)).toContain("endpoint-delegation");
  });

  test("takes a provided certificate: no order, no CAA, the same import on the host", async () => {
    const settings = devSettings();
    settings.certificate = { source: "provided" };
    const secrets = { ...devSecrets(), certificatePfx: "MIIB", certificatePfxPassword: "from-the-CA" };
    const given = await recordGraph(program, { config: configurationOf(settings), secrets });
    expect(given.ofType("mfakit:acme:Certificate")).toEqual([]);
    expect(given.ofType("azure-native:dns:RecordSet").map(({ name }) => name)).toEqual(["endpoint-a-record"]);
    const { inputs, type } = given.get("endpoint-certificate");
    expect(type).toBe("mfakit:acme:ProvidedCertificate");
    expect(withoutSecrets(inputs)).toMatchObject({
      dnsNames: ["mfa.dev.contoso.com"],
      pfx: "[secret]",
      pfxPassphrase: "[secret]",
    });
    expect(given.get("web-server-certificate").inputs.properties.Thumbprint).toMatch(/^0123/);
    expect(given.outputs.certificate).toMatchObject({ source: "provided" });
  });
});

describe("the directory", () => {
  test("checks who of MFA Users is ready", () => {
    expect(graph.get("directory-mfa-users-members").inputs).toMatchObject({
      members: ["alice", "bob", "carol"],
      checkReadiness: true,
    });
    expect(graph.get("directory-mfa-users").inputs).toEqual({
      name: "MFA Users",
      organizationalUnit: "OU=MFA,DC=corp,DC=contoso,DC=com",
      adopt: true,
    });
  });

  test("puts both accounts and, after the join, the computer into PhoneFactor Admins", () => {
    const membership = graph.get("directory-phonefactor-admins-members");
    expect(membership.inputs.members).toEqual(["guid of MfaWebService", "guid of PFUP_MFADEV01", "MFADEV01$"]);
    expect(membership.dependencies.map(nameOf)).toEqual(
      expect.arrayContaining(["directory-service-account", "directory-portal-account", "host-domain-join"]),
    );
  });
});

describe("the web server", () => {
  const dsc = (name: string) => graph.get(name).inputs.properties;

  test("installs the role services that SDK, portal and app service need", () => {
    const features = graph.ofType("mfakit:dsc:Resource").filter(({ inputs }) => inputs.resource === "xWindowsFeature");
    expect(features.map(({ inputs }) => inputs.properties.Name).sort()).toEqual(
      [
        "Web-Server",
        "Web-Asp-Net45",
        "Web-Net-Ext45",
        "Web-ISAPI-Ext",
        "Web-ISAPI-Filter",
        "Web-Metabase",
        "Web-Basic-Auth",
        "Web-Default-Doc",
        "Web-Dir-Browsing",
        "Web-Http-Errors",
        "Web-Static-Content",
        "Web-Http-Logging",
        "Web-Stat-Compression",
        "Web-Filtering",
        "Web-Mgmt-Console",
      ].sort(),
    );
  });

  test("allows ASP.NET 4 in both widths, after the role services", () => {
    for (const [name, folder] of [
      ["framework64", "Framework64"],
      ["framework", "Framework"],
    ]) {
      expect(dsc(`web-server-isapi-${name}`)).toMatchObject({
        WebsitePath: "MACHINE/WEBROOT/APPHOST",
        ItemKeyValue: `C:\\Windows\\Microsoft.NET\\${folder}\\v4.0.30319\\aspnet_isapi.dll`,
        ItemPropertyName: "allowed",
        ItemPropertyValue: "True",
      });
      expect(predecessors(`web-server-isapi-${name}`)).toContain("web-server-feature-web-asp-net45");
    }
  });

  test("binds https alone, under the public name, with the imported certificate", () => {
    expect(dsc("web-server-site").BindingInfo).toEqual([
      {
        Protocol: "https",
        IPAddress: "*",
        Port: 443,
        HostName: "mfa.dev.contoso.com",
        CertificateThumbprint: "0123456789ABCDEF0123456789ABCDEF01234567",
        CertificateStoreName: "My",
        SslFlags: "0",
      },
    ]);
    expect(graph.get("web-server-site").dependencies.map(nameOf)).toContain("web-server-certificate");
    expect(dsc("web-server-certificate")).toMatchObject({ Location: "LocalMachine", Store: "My", Exportable: false });
  });

  test("removes a replaced certificate only after the new one is bound and answers outside", () => {
    expect(graph.get("web-server-certificate").inputs.onDestroy).toBe("revert");
    expect(graph.get("web-server-served-certificate").inputs).toMatchObject({
      hostName: "mfa.dev.contoso.com",
      thumbprint: "0123456789ABCDEF0123456789ABCDEF01234567",
    });
    const before = predecessors("web-server-served-certificate");
    for (const name of ["web-server-site", "web-server-certificate", "web-server-firewall-https", "endpoint-a-record"])
      expect(before).toContain(name);
  });

  test("does not look from outside where it is told not to, and tells browsers to use HTTPS alone", async () => {
    const settings = devSettings();
    settings.publicEndpoint = { ...settings.publicEndpoint, verifyServed: false, hstsMaxAge: 0 };
    const quiet = await recordGraph(program, { config: configurationOf(settings) });
    expect(quiet.ofType("mfakit:acme:ServedCertificate")).toEqual([]);
    expect(quiet.resources.map(({ name }) => name)).not.toContain("web-server-hsts");
    expect(dsc("web-server-hsts")).toMatchObject({
      ItemKeyValue: "Strict-Transport-Security",
      ItemPropertyValue: "max-age=31536000",
    });
  });

  test("restarts IIS only for role services, ISAPI and TLS settings", () => {
    const restart = graph.get("web-server-restart-iis");
    expect(JSON.stringify(restart.inputs.triggers)).not.toContain("0123456789ABCDEF");
    expect(restart.inputs.triggers).toHaveLength(3);
  });
});

describe("the product", () => {
  const dsc = (name: string) => graph.get(name).inputs.properties;

  test("runs only files whose hash is the recorded one, runtime libraries first", () => {
    const installer = devSettings().mfaServer.installer;
    expect(dsc("mfa-server-server")).toMatchObject({
      Path: installer.path,
      FileHash: installer.sha256,
      HashAlgorithm: "SHA256",
    });
    for (const architecture of ["x64", "x86"])
      expect(predecessors("mfa-server-server")).toContain(`mfa-server-visual-cpp-${architecture}`);
  });

  test("finds the web services' set-up programs in the folder that the registry names", () => {
    expect(dsc("user-portal-package").Path).toBe(
      "C:\\Program Files\\Multi-Factor Authentication Server\\MultiFactorAuthenticationUserPortalSetup64.msi",
    );
    expect(predecessors("user-portal-package")).toContain("mfa-server-install-path");
  });

  test("lets nobody into the SDK without a password", () => {
    expect(dsc("web-service-sdk-application").AuthenticationInfo).toEqual({
      Anonymous: false,
      Basic: true,
      Digest: false,
      Windows: false,
    });
  });

  test("runs the portal under its own account, which first gets the batch-logon right", () => {
    expect(dsc("user-portal-batch-logon")).toEqual({
      Policy: "Log_on_as_a_batch_job",
      Identity: ["CORP\\PFUP_MFADEV01"],
      Force: false,
      Ensure: "Present",
    });
    expect(dsc("user-portal-pool")).toMatchObject({ identityType: "SpecificUser", managedRuntimeVersion: "v4.0" });
    expect(graph.get("user-portal-pool").dependencies.map(nameOf)).toContain("user-portal-batch-logon");
  });

  test("gives the app service the SDK's address and account, after they work", () => {
    const config = graph.get("mobile-app-web-service-web-config");
    expect(config.inputs).toMatchObject({
      path: "C:\\inetpub\\wwwroot\\MultiFactorAuthMobileAppWebService\\web.config",
      applicationSettings: {
        _pfwssdk_PfWsSdk: "https://mfa.dev.contoso.com/MultiFactorAuthWebServiceSdk/PfWsSdk.asmx",
      },
      applicationPool: "MultiFactorAuthMobileAppWebService",
      encrypt: false,
    });
    expect(predecessors(config.name)).toContain("directory-phonefactor-admins-members");
    expect(predecessors(config.name)).toContain("web-service-sdk-application");
  });

  test("tells the portal on the product's own server to do without the SDK", () => {
    expect(graph.get("user-portal-web-config").inputs.appSettings).toEqual({ USE_WEB_SERVICE_SDK: "false" });
  });
});

describe("secrets", () => {
  test("are secret wherever the program hands them on", () => {
    const text = JSON.stringify(graph.resources.map(({ inputs }) => withoutSecrets(inputs)));
    for (const [name, value] of Object.entries(graph.secrets)) {
      expect(text.includes(JSON.stringify(value).slice(1, -1)), name).toBe(false);
    }
    for (const made of ["pfx-password", "password of MfaWebService", "password of PFUP_MFADEV01"])
      expect(text).not.toContain(made);
  });

  test("have the service account's password among the outputs, as a secret", () => {
    expect(graph.secretOutputs).toEqual(["serviceAccountPassword"]);
  });
});

test("the outputs are the addresses that the settings say", () => {
  const names = deriveNames(loadSettings(plainSource(devSettings())));
  expect(graph.outputs).toMatchObject({
    profile: "v7",
    publicHostName: "mfa.dev.contoso.com",
    publicIpAddress: "203.0.113.10",
    userPortalUrl: names.userPortalUrl,
    webServiceSdkUrl: names.webServiceSdkUrl,
    mobileAppWebServiceUrl: names.mobileAppWebServiceUrl,
    certificate: { notAfter: "2030-01-01T00:00:00Z" },
    people: ["alice", "bob", "carol"],
    peopleNotReady: [],
  });
  expect(graph.outputs.manualSteps.map(({ id }: { id: string }) => id)).toContain("activate");
});

test("every run says where the product stands", () => {
  expect(graph.log.join("\n")).toMatch(/warning: .*end of service for 30 September 2024/);
});

test("profile v8 has no Mobile App Web Service", async () => {
  const settings = devSettings();
  settings.mfaServer.profile = "v8";
  const v8 = await recordGraph(program, { config: configurationOf(settings) });
  expect(v8.ofType("mfa:workload:MobileAppWebService")).toEqual([]);
  expect(v8.outputs).not.toHaveProperty("mobileAppWebServiceUrl");
  expect(v8.ofType("mfa:workload:UserPortal")).toHaveLength(1);
});

test("the app service's password is encrypted on the host where the settings say so", async () => {
  const settings = devSettings();
  settings.mfaServer.mobileAppWebService = { encrypt: true };
  const encrypted = await recordGraph(program, { config: configurationOf(settings) });
  const encryptOf = (each: Graph) => each.get("mobile-app-web-service-web-config").inputs.encrypt;
  expect([encryptOf(graph), encryptOf(encrypted)]).toEqual([false, true]);
});

test("a zone in another subscription gets a provider of its own", async () => {
  const settings = devSettings();
  settings.publicEndpoint.zone = {
    ...settings.publicEndpoint.zone,
    subscriptionId: "99999999-0000-4000-8000-000000000001",
  } as never;
  const split = await recordGraph(program, { config: configurationOf(settings) });
  expect(split.get("endpoint-a-record").provider).toContain("azure-native::azure-dns::");
  expect(split.get("azure-dns").inputs.subscriptionId).toBe("99999999-0000-4000-8000-000000000001");
  expect(split.get("host-vm").provider).toContain("azure-native::azure::");
});

test("without an application azure-native takes the log-in that the machine offers", async () => {
  expect(graph.get("azure").inputs).not.toHaveProperty("useDefaultAzureCredential");
  const settings = devSettings();
  const { clientId: _, ...azure } = settings.azure;
  settings.azure = azure as never;
  const secrets = { ...devSecrets(), azureClientSecret: undefined };
  const { inputs } = (await recordGraph(program, { config: configurationOf(settings), secrets })).get("azure");
  expect(String(inputs.useDefaultAzureCredential)).toBe("true");
  expect(inputs).not.toHaveProperty("clientId");
  expect(inputs).not.toHaveProperty("clientSecret");
});

/** Inputs without what is marked as secret. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (Object.hasOwn(value, "4dabf18193072939515e22adb298388d")) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutSecrets(each)]));
}

describe("a managed domain", () => {
  const managed = async () => {
    const settings = devSettings();
    Object.assign(settings.directory, { kind: "entraDomainServices", mfaUsers: { members: ["alice@contoso.com"] } });
    return recordGraph(program, { config: configurationOf(settings) });
  };

  test("takes groups and accounts from Entra ID, and everything that needs them waits for their arrival", async () => {
    const made = await managed();
    expect(made.ofType("mfakit:directory:Group")).toEqual([]);
    expect(made.ofType("mfakit:directory:User")).toEqual([]);
    expect(
      made
        .ofType("azuread:index/group:Group")
        .map(({ inputs }) => inputs.displayName)
        .sort(),
    ).toEqual(["MFA Users", "PhoneFactor Admins"]);
    expect(
      made
        .ofType("azuread:index/user:User")
        .map(({ inputs }) => inputs.userPrincipalName)
        .sort(),
    ).toEqual(["MfaWebService@corp.contoso.com", "PFUP_MFADEV01@corp.contoso.com"]);
    const arrival = made.get("directory-arrival");
    expect(arrival.dependencies.map(nameOf)).toEqual(
      expect.arrayContaining(made.ofType("azuread:index/groupMember:GroupMember").map(({ name }) => name)),
    );
    expect(made.get("mobile-app-web-service-web-config").dependencies.map(nameOf)).toContain("directory-arrival");
    // Only reports: nobody can be put into a group of a managed domain.
    expect(made.ofType("mfakit:directory:Membership").map(({ inputs }) => inputs.members)).toEqual([[]]);
    expect(made.get("licences-people").inputs).toMatchObject({
      people: ["alice@contoso.com"],
      synchronisedOnly: false,
    });
  });

  test("says at each run what it cannot do", async () => {
    const { log } = await managed();
    expect(log.filter((line) => line.includes("managed domain"))).toHaveLength(3);
    expect(graph.log.filter((line) => line.includes("managed domain"))).toEqual([]);
  });
});

test("without the check nothing asks for licences", async () => {
  const config = configurationOf({ ...devSettings(), entra: { licences: { check: false } } });
  const made = await recordGraph(program, { config });
  expect(made.ofType("mfakit:entra:Licences")).toEqual([]);
  expect(made.outputs).not.toHaveProperty("licences");
});
