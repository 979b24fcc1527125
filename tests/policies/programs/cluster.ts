/** A Kubernetes cluster with an identity of its own, which may change the whole resource group, and a workspace for analyses. */
import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { listManagedClusterAdminCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterAdminCredentials.js";
import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import { IpFirewallRule } from "@pulumi/azure-native/synapse/ipFirewallRule.js";
import { Workspace } from "@pulumi/azure-native/synapse/workspace.js";
import { interpolate, secret } from "@pulumi/pulumi";

const group = new ResourceGroup("cluster");
const resourceGroupName = group.name;
const identity = new UserAssignedIdentity("identity", { resourceGroupName });
const cluster = new ManagedCluster("cluster", {
  resourceGroupName,
  dnsPrefix: "cluster",
  enableRBAC: true,
  identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
  agentPoolProfiles: [{ name: "pool", mode: "System", count: 1, vmSize: "Standard_D2s_v5", osType: "Linux" }],
  linuxProfile: { adminUsername: "operator", ssh: { publicKeys: [{ keyData: "ssh-ed25519 AAAA" }] } },
});
new RoleAssignment("contributor", {
  principalId: identity.principalId,
  principalType: "ServicePrincipal",
  roleDefinitionId: "/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c",
  scope: group.id,
});
const lake = new StorageAccount("lake", {
  resourceGroupName,
  kind: "StorageV2",
  sku: { name: "Standard_RAGRS" },
  isHnsEnabled: true,
  enableHttpsTrafficOnly: true,
  minimumTlsVersion: "TLS1_2",
});
const workspace = new Workspace("analyses", {
  resourceGroupName,
  identity: { type: "SystemAssigned" },
  defaultDataLakeStorage: { accountUrl: interpolate`https://${lake.name}.dfs.core.windows.net`, filesystem: "users" },
  sqlAdministratorLogin: "operator",
  sqlAdministratorLoginPassword: secret("Workspace-Password-1"),
});
new IpFirewallRule("everybody", {
  resourceGroupName,
  workspaceName: workspace.name,
  startIpAddress: "0.0.0.0",
  endIpAddress: "255.255.255.255",
});
const reader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const roleDefinitionId = interpolate`${group.id}/providers/Microsoft.Authorization/roleDefinitions/${reader}`;
new RoleAssignment("of-workspace", {
  scope: lake.id,
  principalId: workspace.identity.apply((own) => own?.principalId ?? ""),
  principalType: "ServicePrincipal",
  roleDefinitionId,
});
new RoleAssignment("of-deployer", {
  scope: lake.id,
  principalId: getClientConfigOutput().objectId,
  principalType: "User",
  roleDefinitionId,
});
export const kubeconfig = listManagedClusterAdminCredentialsOutput({
  resourceGroupName,
  resourceName: cluster.name,
}).apply(({ kubeconfigs }) => Buffer.from(kubeconfigs[0]?.value ?? "", "base64").toString());
