/** Where a type's objects live in ARM, and the API version to ask with. Source: the paths of the Azure REST API specifications. */
interface ArmType {
  /** `{name}` stands for the Pulumi input of that name; `{subscription}` for the subscription. */
  path: string;
  apiVersion: string;
}

const group = "/subscriptions/{subscription}/resourceGroups/{resourceGroupName}";
const network = `${group}/providers/Microsoft.Network`;
const compute = `${group}/providers/Microsoft.Compute`;

/** The azure-native types that the kit's components create, without the package name. */
const armTypes: Record<string, ArmType> = {
  "resources:ResourceGroup": { path: group, apiVersion: "2024-03-01" },
  "network:VirtualNetwork": { path: `${network}/virtualNetworks/{virtualNetworkName}`, apiVersion: "2024-05-01" },
  "network:Subnet": {
    path: `${network}/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}`,
    apiVersion: "2024-05-01",
  },
  "network:NetworkSecurityGroup": {
    path: `${network}/networkSecurityGroups/{networkSecurityGroupName}`,
    apiVersion: "2024-05-01",
  },
  "network:SecurityRule": {
    path: `${network}/networkSecurityGroups/{networkSecurityGroupName}/securityRules/{securityRuleName}`,
    apiVersion: "2024-05-01",
  },
  "network:PublicIPAddress": { path: `${network}/publicIPAddresses/{publicIpAddressName}`, apiVersion: "2024-05-01" },
  "network:NetworkInterface": { path: `${network}/networkInterfaces/{networkInterfaceName}`, apiVersion: "2024-05-01" },
  "compute:VirtualMachine": { path: `${compute}/virtualMachines/{vmName}`, apiVersion: "2024-11-01" },
  "compute:VirtualMachineExtension": {
    path: `${compute}/virtualMachines/{vmName}/extensions/{vmExtensionName}`,
    apiVersion: "2024-11-01",
  },
  "compute:VirtualMachineRunCommandByVirtualMachine": {
    path: `${compute}/virtualMachines/{vmName}/runCommands/{runCommandName}`,
    apiVersion: "2024-11-01",
  },
  "keyvault:Vault": { path: `${group}/providers/Microsoft.KeyVault/vaults/{vaultName}`, apiVersion: "2024-11-01" },
  "authorization:RoleAssignment": {
    path: "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    apiVersion: "2022-04-01",
  },
  "dns:RecordSet": {
    path: `${network}/dnsZones/{zoneName}/{recordType}/{relativeRecordSetName}`,
    apiVersion: "2018-05-01",
  },
};

/**
 * The ARM id that a create with these inputs makes, and the API version to look it up with; undefined for a type that the kit does
 * not create or when a name is missing.
 * @param type Pulumi type token, for example `azure-native:network:Subnet`
 */
export function armIdentity(
  type: string,
  inputs: Record<string, unknown>,
  subscriptionId: string,
): { id: string; apiVersion: string } | undefined {
  // `azure-native:dns/v20230701preview:RecordSet` is the same type with its version written out.
  const token = type.replace(/^azure-native:/, "").replace(/\/v\w+:/, ":");
  const known = armTypes[token];
  if (known === undefined) return undefined;
  let complete = true;
  const id = known.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = name === "subscription" ? subscriptionId : inputs[name];
    if (typeof value !== "string" || value === "") complete = false;
    return String(value);
  });
  return complete ? { id, apiVersion: known.apiVersion } : undefined;
}
