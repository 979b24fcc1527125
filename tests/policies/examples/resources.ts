import type { PlainResource } from "../../../policies/evaluate.ts";

/** What a preview sends in place of a value that it does not know yet. */
export const notKnownYet = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const hostName = "mfa.dev.contoso.com";

const stackUrn = "urn:pulumi:dev::mfa-server";

export function resource(
  type: string,
  name: string,
  properties: Record<string, unknown> = {},
  sources?: PlainResource["sources"],
): PlainResource {
  return { urn: urnOf(type, name), type, name, properties, ...(sources && { sources }) };
}

export function urnOf(type: string, name: string): string {
  return `${stackUrn}::${type}::${name}`;
}

/** The value as the engine writes it when it is marked as a secret. */
export function secret(value: unknown): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** The component that makes a stack one of the product. */
export const mfaServer = resource("mfa:workload:MfaServer", "mfa-server");

export const people = (properties: Record<string, unknown>) =>
  resource("mfakit:directory:Membership", "people", {
    group: "MFA Users",
    members: ["alice", "bob"],
    checkReadiness: true,
    people: ["alice", "bob"],
    unready: [],
    ...properties,
  });

export const group = (name: string) =>
  resource("mfakit:directory:Group", name.replaceAll(" ", "-").toLowerCase(), { name });

export const user = (name: string, properties: Record<string, unknown> = {}) =>
  resource("mfakit:directory:User", name, { name, enabled: true, passwordNeverExpires: true, ...properties });

export const dsc = (kind: string, name: string, properties: unknown) =>
  resource("mfakit:dsc:Resource", name, { module: "m", resource: kind, properties });

export const certificate = (properties: Record<string, unknown>) =>
  resource("mfakit:acme:Certificate", "certificate", { dnsNames: [hostName], ...properties });

export const site = (bindings: unknown) => dsc("WebSite", "site", { Name: "Default Web Site", BindingInfo: bindings });

/** A Windows machine to which no rule objects. */
export function machine(properties: Record<string, unknown> = {}): PlainResource {
  return resource("azure-native:compute:VirtualMachine", "vm", {
    name: "vm-mfadev01",
    osProfile: {
      computerName: "MFADEV01",
      windowsConfiguration: { enableAutomaticUpdates: true, patchSettings: { patchMode: "AutomaticByPlatform" } },
    },
    storageProfile: image({}),
    securityProfile: {
      encryptionAtHost: true,
      securityType: "TrustedLaunch",
      uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
    },
    diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    ...properties,
  });
}

export function image(properties: Record<string, unknown>) {
  return {
    imageReference: {
      publisher: "MicrosoftWindowsServer",
      offer: "WindowsServer",
      sku: "2016-datacenter-gensecond",
      version: "14393.7876.250306",
      ...properties,
    },
  };
}

export const securityGroup = resource("azure-native:network:NetworkSecurityGroup", "nsg", { name: "nsg-mfa" });

export const securityRule = (name: string, properties: Record<string, unknown>) =>
  resource("azure-native:network:SecurityRule", name, {
    name,
    networkSecurityGroupName: "nsg-mfa",
    direction: "Inbound",
    protocol: "Tcp",
    priority: 100,
    access: "Allow",
    sourceAddressPrefix: "Internet",
    destinationPortRange: "443",
    ...properties,
  });

export const vault = (properties: unknown) =>
  resource("azure-native:keyvault:Vault", "vault", { id: "/subscriptions/s/vaults/kv", properties });

export const registry = (name: string, key: string, valueName: string, data: unknown) =>
  dsc("xRegistry", name, { Key: key, ValueName: valueName, ValueData: data, Ensure: "Present" });

export const pulumiStack = (outputs: Record<string, unknown>) =>
  resource("pulumi:pulumi:Stack", "mfa-server-dev", outputs);
