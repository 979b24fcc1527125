import type { PolicySettingsFile } from "../../policies/settings.ts";
import type { AnalyzedResource } from "../support/policyPack.ts";
import { goodCertificate } from "./examples/certificates.ts";
import { hostName } from "./examples/resources.ts";

export { hostName };

const group = "/subscriptions/s/resourceGroups/rg-mfa/providers/Microsoft.Network";
const nsgId = `${group}/networkSecurityGroups/nsg-mfa`;
const isapi = (framework: string) => `C:\\Windows\\Microsoft.NET\\${framework}\\v4.0.30319\\aspnet_isapi.dll`;

/** URN of the resource of this name. */
export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::mfa-server::${type}::${name}`;
}

/**
 * A stack to which no rule objects, as the engine describes it after `up`. Tests change one thing of it.
 *
 * @param now The certificate's dates lie around it.
 */
export function compliantStack(now = new Date()): AnalyzedResource[] {
  const days = (count: number) => new Date(now.getTime() + count * 86_400_000).toISOString();
  const declared: [string, string, Record<string, unknown>, Record<string, string[]>?][] = [
    ["pulumi:pulumi:Stack", "mfa-server-dev", { profile: "v7", activatedBefore2019: true }],
    ["pulumi:providers:azure-native", "azure", { tenantId: "7b5a1c1e-3a52-4c39-8f0e-9d4f1a0c2b33" }],
    ["mfa:workload:MfaServer", "server", {}],
    ["mfa:workload:MobileAppWebService", "mobile-app", {}],
    ["mfa:workload:UserPortal", "portal", {}],
    ["azure-native:network:NetworkSecurityGroup", "nsg", { id: nsgId, name: "nsg-mfa", tags }],
    ["azure-native:network:SecurityRule", "https", rule("allow-https", 100, "Allow", "Internet", "443")],
    ["azure-native:network:SecurityRule", "management", rule("allow-management", 300, "Allow", "10.10.8.0/24", "22")],
    ["azure-native:network:SecurityRule", "deny", rule("deny-inbound", 4096, "Deny", "*", "*", "*")],
    [
      "azure-native:network:Subnet",
      "subnet",
      { id: `${group}/virtualNetworks/v/subnets/s`, networkSecurityGroup: { id: nsgId } },
    ],
    [
      "azure-native:network:PublicIPAddress",
      "address",
      { id: `${group}/publicIPAddresses/pip`, ipAddress: "203.0.113.10", publicIPAllocationMethod: "Static", tags },
    ],
    [
      "azure-native:network:NetworkInterface",
      "nic",
      {
        id: `${group}/networkInterfaces/nic`,
        tags,
        ipConfigurations: [
          {
            name: "primary",
            subnet: { id: `${group}/virtualNetworks/v/subnets/s` },
            publicIPAddress: { id: `${group}/publicIPAddresses/pip` },
          },
        ],
      },
    ],
    ["azure-native:compute:VirtualMachine", "vm", machine()],
    [
      "azure-native:compute:VirtualMachineExtension",
      "join",
      {
        vmName: "vm-mfadev01",
        publisher: "Microsoft.Compute",
        type: "JsonADDomainExtension",
        settings: { Name: "corp.contoso.com", OUPath: "OU=Servers", Options: "3" },
      },
    ],
    [
      "azure-native:dns:RecordSet",
      "record",
      { recordType: "A", type: "Microsoft.Network/dnszones/A", aRecords: [{ ipv4Address: "203.0.113.10" }] },
    ],
    [
      "mfakit:acme:Certificate",
      "certificate",
      {
        dnsNames: [hostName],
        certificatePem: goodCertificate,
        notBefore: days(-10),
        notAfter: days(80),
        thumbprint: "AB".repeat(20),
      },
    ],
    ["mfakit:directory:Group", "mfa-users", { name: "MFA Users", objectGuid: "11111111-0000-0000-0000-000000000001" }],
    [
      "mfakit:directory:Membership",
      "people",
      {
        group: "11111111-0000-0000-0000-000000000001",
        members: ["alice", "bob"],
        checkReadiness: true,
        people: ["alice", "bob"],
        unready: [],
      },
    ],
    [
      "mfakit:directory:Group",
      "admins",
      { name: "PhoneFactor Admins", objectGuid: "11111111-0000-0000-0000-000000000002" },
    ],
    [
      "mfakit:directory:User",
      "service",
      { name: "MfaWebService", qualifiedName: "CORP\\MfaWebService", enabled: true, passwordNeverExpires: true },
    ],
    [
      "mfakit:directory:User",
      "portal-account",
      { name: "PFUP_MFADEV01", qualifiedName: "CORP\\PFUP_MFADEV01", enabled: true, passwordNeverExpires: true },
    ],
    [
      "mfakit:directory:Membership",
      "administrators",
      {
        group: "11111111-0000-0000-0000-000000000002",
        members: ["MfaWebService", "PFUP_MFADEV01", "MFADEV01$"],
        people: [],
        unready: [],
      },
    ],
    ...["Web-Server", "Web-Asp-Net45", "Web-ISAPI-Ext", "Web-ISAPI-Filter", "Web-Metabase"].map(
      (feature): [string, string, Record<string, unknown>] => [
        "mfakit:dsc:Resource",
        `feature-${feature}`,
        dsc("xWindowsFeature", { Name: feature, Ensure: "Present" }),
      ],
    ),
    ...["Framework64", "Framework"].map((framework): [string, string, Record<string, unknown>] => [
      "mfakit:dsc:Resource",
      `isapi-${framework}`,
      dsc("WebConfigPropertyCollection", {
        CollectionName: "isapiCgiRestriction",
        ItemKeyValue: isapi(framework),
        ItemPropertyName: "allowed",
        ItemPropertyValue: "True",
      }),
    ]),
    ...registrySettings().map(([name, key, valueName, value]): [string, string, Record<string, unknown>] => [
      "mfakit:dsc:Resource",
      name,
      dsc("xRegistry", { Key: key, ValueName: valueName, ValueData: [value], Ensure: "Present" }),
    ]),
    [
      "mfakit:dsc:Resource",
      "installer",
      dsc("xPackage", {
        Name: "Multi-Factor Authentication Server",
        Path: "C:\\Install\\MultiFactorAuthenticationServerSetup.exe",
        FileHash: "5d0c6a1b".repeat(8),
        HashAlgorithm: "SHA256",
      }),
    ],
    [
      "mfakit:dsc:Resource",
      "service-running",
      dsc("Service", { Name: "MultiFactorAuth", State: "Running", StartupType: "Automatic" }),
    ],
    [
      "mfakit:dsc:Resource",
      "site",
      dsc("WebSite", {
        Name: "Default Web Site",
        BindingInfo: [{ Protocol: "https", Port: 443, HostName: hostName, CertificateThumbprint: "AB".repeat(20) }],
      }),
    ],
    [
      "mfakit:dsc:Resource",
      "batch-logon",
      dsc("UserRightsAssignment", { Policy: "Log_on_as_a_batch_job", Identity: ["CORP\\PFUP_MFADEV01"], Force: false }),
    ],
    [
      "mfakit:web:ConfigFile",
      "app-config",
      {
        path: "C:\\inetpub\\wwwroot\\MultiFactorAuthMobileAppWebService\\web.config",
        appSettings: {
          WEB_SERVICE_SDK_AUTHENTICATION_USERNAME: "CORP\\MfaWebService",
          WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD: "a password of the test",
        },
        encrypt: true,
        applicationSettings: { _pfwssdk_PfWsSdk: `https://${hostName}/MultiFactorAuthWebServiceSdk/PfWsSdk.asmx` },
      },
    ],
    [
      "mfakit:web:ConfigFile",
      "portal-config",
      { path: "C:\\inetpub\\wwwroot\\MultiFactorAuth\\web.config", appSettings: { USE_WEB_SERVICE_SDK: "false" } },
    ],
  ];
  return declared.map(([type, name, properties]) => ({ type, name, properties, urn: urnOf(type, name) }));
}

const tags = { environment: "dev", owner: "identity-team" };

/** What a pack has to be told for the compliant stack: what no program knows. */
export const compliantSettings: PolicySettingsFile = {
  baseline: "production",
  rules: {
    "MFA-LIC-001": { licences: 100 },
    "MFA-LIFE-001": { defaultMethod: "mobileApp" },
    "MFA-LIFE-002": { replacedBy: "2099-12-31" },
  },
};

function registrySettings(): [name: string, key: string, valueName: string, value: string][] {
  const schannel = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols";
  const dotNet = {
    net64: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319",
    net32: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Microsoft\\.NETFramework\\v4.0.30319",
  };
  return [
    ...Object.entries(dotNet).flatMap(([id, key]): [string, string, string, string][] => [
      [`${id}-crypto`, key, "SchUseStrongCrypto", "1"],
      [`${id}-default`, key, "SystemDefaultTlsVersions", "1"],
    ]),
    ...["Client", "Server"].flatMap((side): [string, string, string, string][] => [
      [`${side}-enabled`, `${schannel}\\TLS 1.2\\${side}`, "Enabled", "1"],
      [`${side}-default`, `${schannel}\\TLS 1.2\\${side}`, "DisabledByDefault", "0"],
    ]),
    ["tls10", `${schannel}\\TLS 1.0\\Server`, "Enabled", "0"],
    ["tls11", `${schannel}\\TLS 1.1\\Server`, "Enabled", "0"],
  ];
}

function rule(name: string, priority: number, access: string, source: string, port: string, protocol = "Tcp") {
  return {
    id: `${nsgId}/securityRules/${name}`,
    name,
    networkSecurityGroupName: "nsg-mfa",
    direction: "Inbound",
    protocol,
    priority,
    access,
    sourceAddressPrefix: source,
    destinationPortRange: port,
  };
}

function dsc(resource: string, properties: Record<string, unknown>) {
  return { module: "m", resource, properties, current: {}, inDesiredState: true };
}

function machine() {
  return {
    id: "/subscriptions/s/resourceGroups/rg-mfa/providers/Microsoft.Compute/virtualMachines/vm-mfadev01",
    name: "vm-mfadev01",
    tags,
    diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    osProfile: {
      computerName: "MFADEV01",
      windowsConfiguration: { enableAutomaticUpdates: true, patchSettings: { patchMode: "AutomaticByPlatform" } },
    },
    storageProfile: {
      imageReference: {
        publisher: "MicrosoftWindowsServer",
        offer: "WindowsServer",
        sku: "2016-datacenter-gensecond",
        version: "14393.7876.250306",
      },
    },
    securityProfile: {
      encryptionAtHost: true,
      securityType: "TrustedLaunch",
      uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
    },
  };
}

type Path = readonly (string | number)[];
type Container = Record<string | number, unknown>;

/** The stack with one property of one resource changed; `undefined` takes the property away. */
export function changed(
  stack: readonly AnalyzedResource[],
  name: string,
  path: Path,
  value: unknown,
): AnalyzedResource[] {
  return stack.map((resource) => {
    if (resource.name !== name) return resource;
    const copy = structuredClone(resource);
    let parent: Container = copy.properties;
    for (const step of path.slice(0, -1)) parent = parent[step] as Container;
    const last = path.at(-1) as string;
    if (value === undefined) delete parent[last];
    else parent[last] = value;
    return copy;
  });
}

/** The stack without the resources of these names. */
export function without(stack: readonly AnalyzedResource[], ...names: string[]): AnalyzedResource[] {
  return stack.filter(({ name }) => !names.includes(name));
}

/** The stack with one more resource. */
export function added(
  stack: readonly AnalyzedResource[],
  type: string,
  name: string,
  properties: Record<string, unknown>,
): AnalyzedResource[] {
  return [...stack, { type, name, properties, urn: urnOf(type, name) }];
}
