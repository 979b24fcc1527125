import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCertificateAuthority } from "../../sandbox/pki/index.ts";
import type { AnalyzedResource } from "../support/policyPack.ts";

export const hostName = "mfa.dev.contoso.com";
const group = "/subscriptions/s/resourceGroups/rg-mfa/providers/Microsoft.Network";
const nsgId = `${group}/networkSecurityGroups/nsg-mfa`;
const isapi = (framework: string) => `C:\\Windows\\Microsoft.NET\\${framework}\\v4.0.30319\\aspnet_isapi.dll`;

/** URN of the resource of this name. */
export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::mfa-server::${type}::${name}`;
}

/** A certificate for these names, valid from now until then. */
export async function certificateFor(dnsNames: string[]): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "mfakit-policies-"));
  try {
    const authority = await openCertificateAuthority(directory);
    return (await authority.issueCertificate({ dnsNames })).certPem;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * A stack to which no rule objects, as the engine describes it after `up`. Tests change one thing of it.
 *
 * @param certificatePem The issued certificate.
 * @param now The certificate's dates lie around it.
 */
export function compliantStack(certificatePem: string, now = new Date()): AnalyzedResource[] {
  const days = (count: number) => new Date(now.getTime() + count * 86_400_000).toISOString();
  const declared: [string, string, Record<string, unknown>, Record<string, string[]>?][] = [
    ["mfa:workload:UserPortal", "portal", {}],
    ["azure-native:network:NetworkSecurityGroup", "nsg", { id: nsgId, name: "nsg-mfa" }],
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
      { id: `${group}/publicIPAddresses/pip`, ipAddress: "203.0.113.10" },
    ],
    [
      "azure-native:network:NetworkInterface",
      "nic",
      {
        id: `${group}/networkInterfaces/nic`,
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
      { dnsNames: [hostName], certificatePem, notBefore: days(-10), notAfter: days(80), thumbprint: "AB".repeat(20) },
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
    ["mfakit:directory:User", "service", { name: "MfaWebService", qualifiedName: "CORP\\MfaWebService" }],
    ["mfakit:directory:User", "portal-account", { name: "PFUP_MFADEV01", qualifiedName: "CORP\\PFUP_MFADEV01" }],
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
