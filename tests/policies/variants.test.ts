/** What else each of the later rules tells apart, beside its four cases: through the analyzer, with the settings of the compliant stack. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PlainResource } from "../../policies/evaluate.ts";
import { rules } from "../../policies/rules.ts";
import { type AnalyzedResource, type RunningPack, startPolicyPack } from "../support/policyPack.ts";
import { compliantSettings } from "./compliantStack.ts";
import {
  dsc,
  group,
  image,
  machine,
  mfaServer,
  notKnownYet,
  people,
  pulumiStack,
  registry,
  resource,
  securityGroup,
  securityRule,
  urnOf,
  user,
  vault,
} from "./examples/resources.ts";

let pack: RunningPack;
beforeAll(async () => {
  pack = await startPolicyPack({ settings: compliantSettings });
});
afterAll(() => pack.stop());

const membership = (properties: Record<string, unknown>, sources?: PlainResource["sources"]) =>
  resource("mfakit:directory:Membership", "membership", { members: ["MfaWebService"], ...properties }, sources);
const role = (id: string) => `/providers/Microsoft.Authorization/roleDefinitions/${id}`;
const assignment = (properties: Record<string, unknown>) =>
  resource("azure-native:authorization:RoleAssignment", "assignment", {
    principalType: "ServicePrincipal",
    roleDefinitionId: role("4633458b-17de-408a-b874-0445c86b69e6"),
    scope: "/subscriptions/s/resourceGroups/rg",
    ...properties,
  });
const logging = (logs: unknown, properties: Record<string, unknown> = {}, sources?: PlainResource["sources"]) =>
  resource(
    "azure-native:insights:DiagnosticSetting",
    "logging",
    { resourceUri: "/subscriptions/s/vaults/KV", logs, ...properties },
    sources,
  );
const vaultUrn = urnOf("azure-native:keyvault:Vault", "vault");
const installer = (properties: Record<string, unknown>) => dsc("xPackage", "installer", { Name: "n", ...properties });
const service = (properties: Record<string, unknown>) =>
  dsc("Service", "service", { Name: "MultiFactorAuth", ...properties });
const mobileApp = resource("mfa:workload:MobileAppWebService", "mobile-app");
const provider = (properties: Record<string, unknown>) =>
  resource("pulumi:providers:azure-native", "azure", properties);
const file = (properties: Record<string, unknown>) => resource("mfakit:web:ConfigFile", "file", properties);
const tagged = (tags: unknown) => resource("azure-native:keyvault:Vault", "tagged", { tags });
const windows = (sku: string) => machine({ storageProfile: image({ sku }) });
const network = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network";
const withId = (each: PlainResource, path: string, properties: Record<string, unknown> = {}): PlainResource => ({
  ...each,
  properties: { ...each.properties, id: `${network}/${path}`, ...properties },
});
const guard = withId(securityGroup, "networkSecurityGroups/nsg-mfa");
const guarded = { networkSecurityGroup: { id: `${network}/networkSecurityGroups/NSG-MFA` } };
const nic = (properties: Record<string, unknown> = {}, configuration: Record<string, unknown> = {}) =>
  resource("azure-native:network:NetworkInterface", "nic", {
    ipConfigurations: [
      { subnet: { id: `${network}/virtualNetworks/v/subnets/s` }, publicIPAddress: { id: "a" }, ...configuration },
    ],
    ...properties,
  });
const subnet = (properties: Record<string, unknown>) =>
  withId(resource("azure-native:network:Subnet", "subnet", properties), "virtualNetworks/v/subnets/S");
const virtualNetwork = (subnets: unknown) => resource("azure-native:network:VirtualNetwork", "network", { subnets });
const inner = { id: `${network}/virtualNetworks/V/subnets/s`, name: "s" };
/** As Azure answers: no name of the group in it. */
const answered = (group: string, change: Record<string, unknown> = {}) =>
  withId(
    securityRule("answered", { destinationPortRange: "22", ...change }),
    `networkSecurityGroups/${group}/securityRules/answered`,
    { networkSecurityGroupName: undefined },
  );
const address = (ipAddress: unknown, name = "address") =>
  resource("azure-native:network:PublicIPAddress", name, { ipAddress });
const record = (properties: Record<string, unknown>) =>
  resource("azure-native:dns:RecordSet", "record", { aRecords: [{ ipv4Address: "203.0.113.9" }], ...properties });
const hash = "5d0c6a1b".repeat(8);

type Expected = "pass" | "notApplicable" | `!${string}` | `?${string}`;
/** A violation begins with `!`, what cannot be told with `?`; several are in one text each. */
const cases: Record<string, [title: string, resources: PlainResource[], ...expected: Expected[]][]> = {
  "MFA-LIC-001": [
    ["nothing of the product", [people({})].slice(1), "notApplicable"],
    ["nobody checks the people", [mfaServer], "?how many people need a licence"],
    ["as many people as licences", [people({ people: Array.from({ length: 100 }, (_, n) => `p${n}`) })], "pass"],
    [
      "one person too many",
      [people({ people: Array.from({ length: 101 }, (_, n) => `p${n}`) })],
      "!101 people need a licence and there are 100",
    ],
  ],
  "MFA-LIC-002": [
    ["nothing of the product", [provider({ tenantId: "x" })], "notApplicable"],
    ["no provider", [mfaServer], "?no azure-native provider is declared"],
    ["not known yet", [mfaServer, provider({ tenantId: notKnownYet })], "?the tenant of azure"],
    ["more than a GUID", [mfaServer, provider({ tenantId: "x7b5a1c1e-3a52-4c39-8f0e-9d4f1a0c2b33" })], "!no GUID"],
  ],
  "MFA-DIR-004": [
    [
      "a password that runs out",
      [user("a", { passwordNeverExpires: false })],
      "!the password of a runs out and nothing renews it",
    ],
    ["a password that is renewed", [user("a", { passwordNeverExpires: false, rotationTrigger: "2026-11" })], "pass"],
    [
      "nothing said of the password",
      [user("a", { passwordNeverExpires: undefined })],
      "?whether the password of a runs out",
    ],
    [
      "a password of which nobody knows",
      [user("a", { passwordNeverExpires: notKnownYet })],
      "?whether the password of a runs out",
    ],
    ["nothing said of the account", [user("a", { enabled: undefined })], "?whether a is enabled"],
    ["both wrong", [user("a", { enabled: false, passwordNeverExpires: false })], "!is not enabled", "!runs out"],
  ],
  "MFA-DIR-005": [
    ["no account", [membership({ group: "Domain Admins" })], "notApplicable"],
    [
      "a distinguished name",
      [user("MfaWebService"), membership({ group: "CN=Domain Admins,CN=Users,DC=corp" })],
      "!is in Domain Admins",
    ],
    [
      "another group whose name begins so",
      [user("MfaWebService"), membership({ group: "CN=Domain Admins2,DC=corp" })],
      "pass",
    ],
    [
      "a group of the stack",
      [user("MfaWebService"), group("Backup Operators"), membership({ group: "backup operators" })],
      "!is in Backup Operators",
    ],
    [
      "a group that is made now",
      [
        user("MfaWebService"),
        group("Administrators"),
        membership({ group: notKnownYet }, { group: [urnOf("mfakit:directory:Group", "administrators")] }),
      ],
      "!is in Administrators",
    ],
    [
      "an ordinary group that is made now",
      [
        user("MfaWebService"),
        group("Others"),
        membership({ group: notKnownYet }, { group: [urnOf("mfakit:directory:Group", "others")] }),
      ],
      "pass",
    ],
    [
      "members not known yet",
      [user("MfaWebService"), membership({ group: "Domain Admins", members: notKnownYet })],
      "?who is in Domain Admins",
    ],
    ["somebody else", [user("Other"), membership({ group: "Domain Admins" })], "pass"],
    ["among the people", [user("alice"), people({})], "!alice is in the group of the people"],
    [
      "among the people by another group",
      [user("dave"), people({ people: ["dave"] })],
      "!dave is in the group of the people",
    ],
  ],
  "MFA-NET-001": [
    ["nothing that guards or is open", [nic({}, { publicIPAddress: null })], "notApplicable"],
    [
      "one address of two is public",
      [nic({ ipConfigurations: [{}, { publicIPAddress: { id: "a" } }] })],
      "?which network",
    ],
    ["a subnet of others", [nic()], "?which network security group guards nic"],
    ["a group of others", [nic(guarded), subnet({})], "?which network security group guards nic"],
    ["no group at all", [nic(), subnet({ networkSecurityGroup: null })], "!nic has a public address and no network"],
    ["no group, the subnet inside its network", [nic(), virtualNetwork([inner])], "!nic has a public address and no"],
    [
      "a group, the subnet inside its network",
      [nic(), virtualNetwork([{ ...inner, ...guarded }]), guard, securityRule("https", {})],
      "pass",
    ],
    ["another subnet inside the network", [nic(), virtualNetwork([{ ...inner, id: "x" }])], "?which network security"],
    ["a subnet inside a network that is made now", [nic(), virtualNetwork([{ name: "s" }])], "?which network security"],
    ["a group of its own", [nic(guarded), guard, securityRule("https", {})], "pass"],
    ["UDP 443 alone", [nic(guarded), guard, securityRule("r", { protocol: "Udp" })], "!udp 443", "!does not let"],
    [
      "a part of the way",
      [nic(guarded), guard, securityRule("r", { destinationPortRange: "442" })],
      "!tcp 442",
      "!does not",
    ],
    ["nobody in front of it", [guard], "pass"],
    ["a rule as Azure answers", [nic(guarded), guard, answered("nsg-MFA", { destinationPortRange: "443" })], "pass"],
    [
      "rules not known yet",
      [nic(guarded), { ...guard, properties: { ...guard.properties, securityRules: notKnownYet } }],
      "?the security rules of nsg",
    ],
    [
      "an outbound rule",
      [
        nic(guarded),
        guard,
        securityRule("out", { direction: "Outbound", destinationPortRange: "80" }),
        securityRule("r", {}),
      ],
      "pass",
    ],
    ["other protocols", [guard, securityRule("r", { protocol: "Icmp", destinationPortRange: "*" })], "!reach icmp"],
    ["a range without an end", [guard, securityRule("r", { destinationPortRange: "x" })], "!tcp 0-442, 444-65535"],
  ],
  "MFA-NET-002": [
    ["as Azure answers", [guard, answered("nsg-mfa")], "!answered opens tcp 22"],
    ["as Azure answers, of another group", [guard, answered("nsg-mfa-2")], "pass"],
    [
      "a group that is made now",
      [
        { ...securityGroup, properties: {} },
        { ...answered("nsg"), sources: { networkSecurityGroupName: [securityGroup.urn] } },
      ],
      "!answered opens tcp 22",
    ],
    [
      "an id that says more than where it comes from",
      [guard, { ...answered("other"), sources: { networkSecurityGroupName: [guard.urn] } }],
      "pass",
    ],
    ["no group", [securityRule("r", { destinationPortRange: "22" })], "notApplicable"],
    [
      "a /24 of others",
      [securityGroup, securityRule("r", { sourceAddressPrefix: "203.0.113.0/24", destinationPortRange: "22" })],
      "pass",
    ],
    [
      "a /23 of others",
      [securityGroup, securityRule("r", { sourceAddressPrefix: "203.0.112.0/23", destinationPortRange: "22" })],
      "!opens tcp 22",
    ],
    ["a deny", [securityGroup, securityRule("r", { access: "Deny", destinationPortRange: "22" })], "pass"],
    ["UDP", [securityGroup, securityRule("r", { protocol: "Udp", destinationPortRange: "22" })], "pass"],
    [
      "the virtual network",
      [securityGroup, securityRule("r", { sourceAddressPrefix: "VirtualNetwork", destinationPortRange: "*" })],
      "pass",
    ],
  ],
  "MFA-NET-003": [
    ["nothing of the product", [record({}), address("203.0.113.9")], "notApplicable"],
    ["another kind of record", [mfaServer, record({ recordType: "TXT" })], "!the stack has no A record"],
    ["another kind, as Azure answers", [mfaServer, record({ type: "Microsoft.Network/dnszones/TXT" })], "!no A record"],
    ["a record without a kind", [mfaServer, record({}), address("203.0.113.9")], "pass"],
    ["neither kind nor addresses", [mfaServer, record({ aRecords: undefined })], "!the stack has no A record"],
    ["addresses not known yet", [mfaServer, record({ aRecords: notKnownYet }), address("1.1.1.1")], "?the address in"],
    ["an address not known yet", [mfaServer, record({ aRecords: [{ ipv4Address: notKnownYet }] })], "?the address in"],
    ["a host not known yet", [mfaServer, record({}), address(notKnownYet)], "?the host's public address"],
    ["a host elsewhere", [mfaServer, record({})], "?which is not in this stack"],
    [
      "no address in it",
      [mfaServer, record({ recordType: "A", aRecords: [] }), address("203.0.113.9")],
      "!points at nothing",
    ],
    [
      "one address of two is another's",
      [
        mfaServer,
        record({ aRecords: [{ ipv4Address: "203.0.113.9" }, { ipv4Address: "1.1.1.1" }] }),
        address("203.0.113.9"),
      ],
      "!points at 203.0.113.9, 1.1.1.1; the host's",
    ],
  ],
  "MFA-NET-004": [
    ["nothing said", [resource("azure-native:network:PublicIPAddress", "a", {})], "!is not set, which is Dynamic"],
    [
      "in small letters",
      [resource("azure-native:network:PublicIPAddress", "a", { publicIPAllocationMethod: "static" })],
      "pass",
    ],
  ],
  "MFA-HOST-003": [
    [
      "a confidential machine",
      [
        machine({
          securityProfile: {
            securityType: "ConfidentialVM",
            uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
          },
        }),
      ],
      "pass",
    ],
    ["a type not known yet", [machine({ securityProfile: { securityType: notKnownYet } })], "?securityProfile of vm"],
    [
      "a setting not known yet",
      [
        machine({
          securityProfile: {
            securityType: "TrustedLaunch",
            uefiSettings: { secureBootEnabled: true, vTpmEnabled: notKnownYet },
          },
        }),
      ],
      "?securityProfile of vm",
    ],
    [
      "one wrong and one not known yet",
      [
        machine({
          securityProfile: {
            securityType: "TrustedLaunch",
            uefiSettings: { secureBootEnabled: false, vTpmEnabled: notKnownYet },
          },
        }),
      ],
      "!has secureBootEnabled off",
    ],
  ],
  "MFA-HOST-004": [
    [
      "an image of one's own",
      [machine({ storageProfile: { imageReference: { id: "/images/i/versions/1.0.0" } } })],
      "pass",
    ],
    [
      "an image that is made now",
      [machine({ storageProfile: { imageReference: { id: notKnownYet } } })],
      "?version of vm",
    ],
    ["an empty version", [machine({ storageProfile: image({ version: "" }) })], "!which is no version"],
    ["no version", [machine({ storageProfile: image({ version: undefined }) })], "!is not set, which is no version"],
  ],
  "MFA-HOST-005": [
    [
      "by Windows",
      [machine({ osProfile: { windowsConfiguration: { patchSettings: { patchMode: "AutomaticByOS" } } } })],
      "pass",
    ],
    ["automatic updates", [machine({ osProfile: { windowsConfiguration: { enableAutomaticUpdates: true } } })], "pass"],
    [
      "no updates",
      [machine({ osProfile: { windowsConfiguration: { enableAutomaticUpdates: false } } })],
      "!has patchMode Manual",
    ],
    [
      "updates not known yet",
      [machine({ osProfile: { windowsConfiguration: { enableAutomaticUpdates: notKnownYet } } })],
      "?windowsConfiguration of vm",
    ],
    [
      "a mode not known yet",
      [machine({ osProfile: { windowsConfiguration: { patchSettings: { patchMode: notKnownYet } } } })],
      "?windowsConfiguration of vm",
    ],
    [
      "another mode",
      [
        machine({
          osProfile: {
            windowsConfiguration: { enableAutomaticUpdates: true, patchSettings: { patchMode: "ImageDefault" } },
          },
        }),
      ],
      "!has patchMode ImageDefault",
    ],
  ],
  "MFA-HOST-006": [
    ["2012 R2", [windows("2012-R2-Datacenter")], "pass"],
    ["a name that only holds digits", [windows("x20160-datacenter")], "?imageReference of vm"],
    [
      "another offer",
      [machine({ storageProfile: image({ offer: "WindowsServerSemiAnnual" }) })],
      "?imageReference of vm",
    ],
  ],
  "MFA-HOST-007": [
    ["no machine", [mfaServer], "notApplicable"],
    ["nothing of the product", [windows("2019-datacenter")], "notApplicable"],
    ["Linux", [mfaServer, machine({ osProfile: { linuxConfiguration: {} }, storageProfile: {} })], "notApplicable"],
    ["2012 R2", [mfaServer, windows("2012-R2-Datacenter")], "pass"],
  ],
  "MFA-HOST-008": [
    [
      "a person",
      [assignment({ principalType: "User", roleDefinitionId: role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635") })],
      "notApplicable",
    ],
    ["a group", [assignment({ principalType: "Group", scope: "/" })], "notApplicable"],
    [
      "nobody said for whom",
      [assignment({ principalType: undefined, roleDefinitionId: role("8E3AF657-A8FF-443C-A75C-2FE8C4BCB635") })],
      "!the role Owner",
    ],
    [
      "a subscription",
      [assignment({ scope: "/subscriptions/s" })],
      "!a role on /subscriptions/s, wider than a resource group",
    ],
    [
      "a management group",
      [assignment({ scope: "/providers/Microsoft.Management/managementGroups/root" })],
      "!wider than a resource group",
    ],
    ["everything", [assignment({ scope: "/" })], "!wider than a resource group"],
    ["no scope", [assignment({ scope: undefined })], "?the scope of assignment"],
    [
      "both",
      [assignment({ scope: "/subscriptions/s", roleDefinitionId: role("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9") })],
      "!the role User Access Administrator",
      "!wider",
    ],
  ],
  "MFA-WEB-004": [
    ["nothing of the product", [machine()], "notApplicable"],
    [
      "a key not known yet",
      [mfaServer, registry("r", notKnownYet, "Enabled", ["1"])],
      ...Array<Expected>(8).fill("?whether "),
    ],
    [
      "a value that is taken away",
      [
        mfaServer,
        dsc("Registry", "r", { Key: "X\\TLS 1.2\\Server", ValueName: "ENABLED", ValueData: "1", Ensure: "Absent" }),
      ],
      ...Array<Expected>(6).fill("!nothing sets "),
      "!Enabled is taken away instead of set to 1",
      "!nothing sets ",
    ],
  ],
  "MFA-WEB-006": [
    ["TLS 1.3", [resource("azure-native:sql:Server", "s", { minimalTlsVersion: "1.3" })], "pass"],
    ["nothing said", [resource("azure-native:web:WebApp", "w", {})], "!siteConfig.minTlsVersion of w is not set"],
    ["a slot", [resource("azure-native:web:WebAppSlot", "w", { siteConfig: { minTlsVersion: "1.1" } })], "!is 1.1"],
    ["a cache", [resource("azure-native:redis:Redis", "c", { minimumTlsVersion: "1.0" })], "!is 1.0"],
  ],
  "MFA-WORK-003": [
    ["no package", [dsc("Service", "s", {})], "notApplicable"],
    [
      "what comes with the product",
      [installer({ Path: "C:\\P\\MultiFactorAuthenticationUserPortalSetup64.msi" })],
      "pass",
    ],
    ["a path not known yet", [installer({ Path: notKnownYet })], "?whether installer is verified before it runs"],
    [
      "a path not known yet, and a hash",
      [installer({ Path: notKnownYet, FileHash: hash, HashAlgorithm: "SHA256" })],
      "pass",
    ],
    [
      "an algorithm not known yet",
      [installer({ Path: "C:\\a.exe", FileHash: hash, HashAlgorithm: notKnownYet })],
      "?whether installer",
    ],
    ["SHA-1", [installer({ Path: "C:\\a.exe", FileHash: hash, HashAlgorithm: "SHA1" })], "!has the SHA1 hash"],
    ["no algorithm", [installer({ Path: "C:\\a.exe", FileHash: hash })], "!has the unnamed hash"],
    [
      "a hash with something behind it",
      [installer({ Path: "C:\\a.exe", FileHash: `${hash}0`, HashAlgorithm: "SHA256" })],
      "!no SHA-256",
    ],
  ],
  "MFA-WORK-004": [
    ["nothing of the product", [service({ State: "Stopped" })], "notApplicable"],
    ["no service", [mfaServer], "!nothing keeps the service MultiFactorAuth running"],
    ["another service", [mfaServer, service({ Name: "W3SVC" })], "!nothing keeps the service MultiFactorAuth running"],
    [
      "a name not known yet",
      [mfaServer, service({ Name: notKnownYet })],
      "?whether the service MultiFactorAuth is kept running",
    ],
    [
      "nothing said",
      [mfaServer, service({})],
      "!State of the service MultiFactorAuth is not set",
      "!StartupType of the service MultiFactorAuth is not set",
    ],
  ],
  "MFA-SEC-002": [
    [
      "no soft delete",
      [vault({ enableSoftDelete: false, enablePurgeProtection: true })],
      "!enableSoftDelete of vault is false, not true",
    ],
    ["soft delete left to Azure", [vault({ enablePurgeProtection: true })], "pass"],
  ],
  "MFA-SEC-003": [
    ["no public access", [vault({ publicNetworkAccess: "disabled" })], "pass"],
    ["access not known yet", [vault({ publicNetworkAccess: notKnownYet })], "?who reaches vault"],
    ["nothing said", [vault({})], "!vault answers every network"],
  ],
  "MFA-SEC-004": [
    ["no vault", [logging([{ category: "AuditEvent", enabled: true }])], "notApplicable"],
    ["no setting", [vault({})], "!vault does not log who reads it"],
    ["a group of categories", [vault({}), logging([{ categoryGroup: "audit", enabled: true }])], "pass"],
    ["everything", [vault({}), logging([{ categoryGroup: "allLogs", enabled: true }])], "pass"],
    ["switched off", [vault({}), logging([{ category: "AuditEvent", enabled: false }])], "!does not log"],
    [
      "another category",
      [vault({}), logging([{ category: "AzurePolicyEvaluationDetails", enabled: true }])],
      "!does not log",
    ],
    [
      "one of two",
      [
        vault({}),
        logging([
          { category: "Other", enabled: true },
          { category: "AuditEvent", enabled: true },
        ]),
      ],
      "pass",
    ],
    ["a log not known yet", [vault({}), logging([notKnownYet])], "?whether vault logs who reads it"],
    [
      "a switch not known yet",
      [vault({}), logging([{ category: "AuditEvent", enabled: notKnownYet }])],
      "?whether vault logs who reads it",
    ],
    [
      "another vault's",
      [
        vault({}),
        logging([{ category: "AuditEvent", enabled: true }], { resourceUri: "/subscriptions/s/vaults/other" }),
      ],
      "!does not log",
    ],
    [
      "of nobody knows what",
      [vault({}), logging([{ category: "AuditEvent", enabled: true }], { resourceUri: notKnownYet })],
      "?whether vault logs",
    ],
    [
      "of a vault that is made now",
      [
        vault({}),
        logging([{ category: "AuditEvent", enabled: true }], { resourceUri: notKnownYet }, { resourceUri: [vaultUrn] }),
      ],
      "pass",
    ],
    [
      "of something else that is made now",
      [vault({}), logging([], { resourceUri: notKnownYet }, { resourceUri: [urnOf("t", "x")] })],
      "!does not log",
    ],
    [
      "known and right beside not known",
      [vault({}), logging([notKnownYet, { category: "AuditEvent", enabled: true }])],
      "pass",
    ],
  ],
  "MFA-SEC-005": [
    ["no password", [file({ appSettings: { A_USERNAME: "a" } })], "notApplicable"],
    ["no settings", [file({})], "notApplicable"],
    ["nothing said", [file({ appSettings: { A_PASSWORD: "p" } })], "!in clear text"],
    [
      "not known yet",
      [file({ appSettings: { A_PASSWORD: "p" }, encrypt: notKnownYet })],
      "?whether the password in file is encrypted",
    ],
  ],
  "MFA-WORK-002": [
    [
      "settings that are hidden",
      [file({ path: "C:\\x\\web.config", appSettings: notKnownYet })],
      "?whether file uses the Web Service SDK",
    ],
    [
      "a portal that does without",
      [file({ path: "C:\\x\\web.config", appSettings: { USE_WEB_SERVICE_SDK: "False" } })],
      "notApplicable",
    ],
    [
      "a portal that does with",
      [
        file({
          path: "C:\\x",
          appSettings: { USE_WEB_SERVICE_SDK: "true", WEB_SERVICE_SDK_AUTHENTICATION_USERNAME: "C\\a" },
        }),
      ],
      "!PASSWORD is empty",
      "!_pfwssdk_PfWsSdk is empty",
    ],
    [
      "an IPv6 address",
      [
        file({
          path: "C:\\x",
          appSettings: {
            WEB_SERVICE_SDK_AUTHENTICATION_USERNAME: "C\\a",
            WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD: "p",
          },
          applicationSettings: { _pfwssdk_PfWsSdk: "https://[::1]/PfWsSdk.asmx" },
        }),
      ],
      "!names the IP address [::1]",
    ],
  ],
  "MFA-LIFE-001": [["nothing of the product", [machine()], "notApplicable"]],
  "MFA-LIFE-002": [
    ["nothing of the product", [dsc("xPackage", "p", { Name: "Other" })], "notApplicable"],
    ["the product by its package", [dsc("Package", "p", { Name: "Multi-Factor Authentication SERVER" })], "pass"],
  ],
  "MFA-LIFE-003": [
    ["nothing of the product", [pulumiStack({})], "notApplicable"],
    [
      "a package not known yet",
      [dsc("xPackage", "p", { Name: notKnownYet })],
      "?whether this stack carries the product",
    ],
    ["no stack resource", [mfaServer], "?whether the tenant was activated"],
    [
      "not known yet",
      [mfaServer, pulumiStack({ activatedBefore2019: notKnownYet })],
      "?whether the tenant was activated",
    ],
  ],
  "MFA-LIFE-005": [
    ["in other letters", [tagged({ Environment: "dev", OWNER: "me" })], "pass"],
    ["blank", [tagged({ environment: "dev", owner: " " })], "!tagged has no tag owner"],
    ["not known yet", [tagged({ environment: "dev", owner: notKnownYet })], "?the tag owner of tagged"],
    ["none", [tagged(undefined)], "!no tag environment", "!no tag owner"],
  ],
  "MFA-LIFE-006": [
    ["nothing of the product", [mobileApp, pulumiStack({ profile: "v8" })], "notApplicable"],
    ["version 8 without the service", [mfaServer, pulumiStack({ profile: "v8" })], "pass"],
    [
      "version 7 without the service",
      [mfaServer, pulumiStack({ profile: "v7" })],
      "!version 7 has no Mobile App Web Service",
    ],
    ["no stack resource", [mfaServer, mobileApp], "?which version line of the product this is"],
    ["no profile", [mfaServer, pulumiStack({})], "?which version line of the product this is"],
  ],
};

const table = Object.entries(cases).flatMap(([rule, own]) =>
  own.map(([title, resources, ...expected]) => ({ rule, title, resources, expected })),
);

test.each(table)("$rule: $title", async ({ rule, resources, expected }) => {
  const all = resources.map(
    ({ sources, ...rest }): AnalyzedResource => ({
      ...rest,
      properties: { ...rest.properties },
      ...(sources && { sources: Object.fromEntries(Object.entries(sources).map(([name, from]) => [name, [...from]])) }),
    }),
  );
  const single = rules.find(({ id }) => id === rule)?.kind === "resource";
  const answers = single ? await Promise.all(all.map((each) => pack.analyze(each))) : [await pack.analyzeStack(all)];
  const found = answers.flatMap(({ diagnostics }) => diagnostics).filter(({ policy }) => policy === rule);
  const silent = answers.every(({ notApplicable }) => notApplicable.includes(rule));
  const [first] = expected;
  if (first === "pass" || first === "notApplicable") {
    expect(found).toEqual([]);
    expect(silent).toBe(first === "notApplicable");
    return;
  }
  const told = found.map(({ message }) => message.split("\n")[1] ?? "");
  expect(told).toHaveLength(expected.length);
  for (const [index, text] of expected.entries()) {
    expect(told[index]?.startsWith("cannot tell yet: ")).toBe(text.startsWith("?"));
    expect(told[index]).toContain(text.slice(1));
  }
});
