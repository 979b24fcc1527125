import { subscription, type TestCloud } from "../../support/azureCloud.ts";

/** One valid resource of each simulated type, in an order in which they can be made. */
export interface Fixture {
  id: string;
  version: string;
  body: Record<string, unknown>;
}

export const group = `${subscription}/resourceGroups/rg-test`;
const network = `${group}/providers/Microsoft.Network`;
const compute = `${group}/providers/Microsoft.Compute`;
const location = "westeurope";
const networkVersion = "2024-05-01";
const computeVersion = "2024-11-01";
const dnsVersion = "2018-05-01";

export const ids = {
  group,
  nsg: `${network}/networkSecurityGroups/nsg-test`,
  rule: `${network}/networkSecurityGroups/nsg-test/securityRules/allow-https`,
  vnet: `${network}/virtualNetworks/vnet-test`,
  subnet: `${network}/virtualNetworks/vnet-test/subnets/snet-test`,
  publicIp: `${network}/publicIPAddresses/pip-test`,
  natIp: `${network}/publicIPAddresses/pip-nat`,
  nat: `${network}/natGateways/nat-test`,
  nic: `${network}/networkInterfaces/nic-test`,
  vm: `${compute}/virtualMachines/vm-test`,
  join: `${compute}/virtualMachines/vm-test/extensions/join`,
  runCommand: `${compute}/virtualMachines/vm-test/runCommands/bootstrap`,
  zone: `${network}/dnsZones/dev.contoso.com`,
  a: `${network}/dnsZones/dev.contoso.com/A/mfa`,
  identity: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-test`,
  assignment: `${group}/providers/Microsoft.Authorization/roleAssignments/0f5e7d3c-1c2b-4a39-8d7e-6f5a4b3c2d1e`,
  role: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/1a2b3c4d-5e6f-4a1b-9c2d-3e4f5a6b7c8d`,
  vault: `${group}/providers/Microsoft.KeyVault/vaults/kv-test`,
  secret: `${group}/providers/Microsoft.KeyVault/vaults/kv-test/secrets/password`,
} as const;

export const dnsZoneContributor = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/befefa01-2a29-4197-83a8-272ff33ce314`;

export const securityRuleBody = (changes: Record<string, unknown> = {}) => ({
  properties: {
    access: "Allow",
    direction: "Inbound",
    priority: 100,
    protocol: "Tcp",
    sourceAddressPrefix: "Internet",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "443",
    description: "User Portal",
    ...changes,
  },
});

export const interfaceBody = (changes: Record<string, unknown> = {}) => ({
  location,
  properties: {
    ipConfigurations: [
      {
        name: "primary",
        properties: {
          subnet: { id: ids.subnet },
          privateIPAllocationMethod: "Static",
          privateIPAddress: "10.20.1.10",
          publicIPAddress: { id: ids.publicIp },
          ...changes,
        },
      },
    ],
  },
});

/** `changes` replaces whole top-level properties of `properties`. */
export const machineBody = (changes: Record<string, unknown> = {}) => ({
  location,
  identity: { type: "SystemAssigned" },
  properties: {
    hardwareProfile: { vmSize: "Standard_D2s_v5" },
    osProfile: osProfile(),
    storageProfile: storageProfile(),
    securityProfile: {
      encryptionAtHost: true,
      securityType: "TrustedLaunch",
      uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
    },
    networkProfile: {
      networkInterfaces: [{ id: ids.nic, properties: { primary: true, deleteOption: "Detach" } }],
    },
    diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    ...changes,
  },
});

export const osProfile = (changes: Record<string, unknown> = {}, patching: Record<string, unknown> = {}) => ({
  computerName: "MFADEV01",
  adminUsername: "mfaadmin",
  adminPassword: "Correct-Horse-7",
  windowsConfiguration: {
    provisionVMAgent: true,
    enableAutomaticUpdates: true,
    patchSettings: { patchMode: "AutomaticByPlatform", assessmentMode: "AutomaticByPlatform" },
    ...patching,
  },
  ...changes,
});

export const storageProfile = (image: Record<string, unknown> = {}, disk: Record<string, unknown> = {}) => ({
  imageReference: {
    publisher: "MicrosoftWindowsServer",
    offer: "WindowsServer",
    sku: "2022-datacenter-g2",
    version: "latest",
    ...image,
  },
  osDisk: { name: "osdisk-test", createOption: "FromImage", caching: "ReadWrite", deleteOption: "Delete", ...disk },
});

export const joinBody = (settings: Record<string, unknown> = {}, password = "Join-Password-1") => ({
  location,
  properties: {
    publisher: "Microsoft.Compute",
    type: "JsonADDomainExtension",
    typeHandlerVersion: "1.3",
    autoUpgradeMinorVersion: true,
    settings: {
      Name: "corp.contoso.com",
      OUPath: "OU=Servers,DC=corp,DC=contoso,DC=com",
      User: "CORP\\svc-domainjoin",
      Restart: "true",
      Options: "3",
      ...settings,
    },
    protectedSettings: { Password: password },
  },
});

export const fixtures: Readonly<Record<keyof typeof ids, Fixture>> = {
  group: { id: ids.group, version: "2024-03-01", body: { location, tags: { owner: "team" } } },
  nsg: { id: ids.nsg, version: networkVersion, body: { location } },
  rule: { id: ids.rule, version: networkVersion, body: securityRuleBody() },
  vnet: {
    id: ids.vnet,
    version: networkVersion,
    body: {
      location,
      tags: { owner: "team" },
      properties: { addressSpace: { addressPrefixes: ["10.20.0.0/16"] }, dhcpOptions: { dnsServers: ["10.10.0.4"] } },
    },
  },
  natIp: {
    id: ids.natIp,
    version: networkVersion,
    body: { location, sku: { name: "Standard" }, properties: { publicIPAllocationMethod: "Static" } },
  },
  nat: {
    id: ids.nat,
    version: networkVersion,
    body: { location, sku: { name: "Standard" }, properties: { publicIpAddresses: [{ id: ids.natIp }] } },
  },
  subnet: {
    id: ids.subnet,
    version: networkVersion,
    body: {
      properties: {
        addressPrefix: "10.20.1.0/24",
        networkSecurityGroup: { id: ids.nsg },
        natGateway: { id: ids.nat },
        defaultOutboundAccess: false,
      },
    },
  },
  publicIp: {
    id: ids.publicIp,
    version: networkVersion,
    body: {
      location,
      sku: { name: "Standard", tier: "Regional" },
      properties: { publicIPAllocationMethod: "Static", dnsSettings: { domainNameLabel: "mfa-test" } },
    },
  },
  nic: { id: ids.nic, version: networkVersion, body: interfaceBody() },
  vm: { id: ids.vm, version: computeVersion, body: machineBody() },
  join: { id: ids.join, version: computeVersion, body: joinBody() },
  runCommand: {
    id: ids.runCommand,
    version: computeVersion,
    body: {
      location,
      properties: {
        source: { script: "param($Port)\nWrite-Output 'it''s $(1 + 1)'" },
        parameters: [{ name: "Port", value: "22" }],
        protectedParameters: [{ name: "HostPrivateKey", value: "a-protected-value" }],
        treatFailureAsDeploymentFailure: true,
        timeoutInSeconds: 600,
      },
    },
  },
  zone: { id: ids.zone, version: dnsVersion, body: { location: "global", tags: { owner: "team" } } },
  a: { id: ids.a, version: dnsVersion, body: { properties: { TTL: 300, ARecords: [{ ipv4Address: "203.0.113.7" }] } } },
  identity: { id: ids.identity, version: "2023-01-31", body: { location } },
  assignment: {
    id: ids.assignment,
    version: "2022-04-01",
    body: {
      properties: {
        principalId: "6a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",
        principalType: "ServicePrincipal",
        roleDefinitionId: dnsZoneContributor,
      },
    },
  },
  role: {
    id: ids.role,
    version: "2022-05-01-preview",
    body: {
      properties: {
        roleName: "Resource groups",
        description: "Makes resource groups",
        permissions: [
          { actions: ["Microsoft.Resources/subscriptions/resourceGroups/write", "Microsoft.Network/*/read"] },
        ],
        assignableScopes: [subscription],
      },
    },
  },
  vault: {
    id: ids.vault,
    version: "2024-11-01",
    body: {
      location,
      properties: {
        tenantId: "7b5a1c1e-3a52-4c39-8f0e-9d4f1a0c2b33",
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enablePurgeProtection: true,
        networkAcls: { bypass: "None", defaultAction: "Deny", ipRules: [{ value: "203.0.113.10" }] },
      },
    },
  },
  secret: {
    id: ids.secret,
    version: "2024-11-01",
    body: { properties: { value: "a-vault-secret-value", contentType: "text/plain" } },
  },
};

export const path = ({ id, version }: Fixture): string => `${id}?api-version=${version}`;

/** Makes the named fixtures and what they need, in order; answers the bodies as GET shows them. */
export async function make(cloud: TestCloud, ...names: (keyof typeof ids)[]): Promise<Record<string, unknown>[]> {
  const bodies = [];
  for (const name of names) bodies.push(await cloud.put(path(fixtures[name]), fixtures[name].body));
  return bodies;
}

export const everything = Object.keys(fixtures) as (keyof typeof ids)[];
/** Enough for a machine. */
export const machineParts = [
  "group",
  "nsg",
  "rule",
  "vnet",
  "natIp",
  "nat",
  "subnet",
  "publicIp",
  "nic",
  "vm",
] as const;
