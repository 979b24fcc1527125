import type { ResourceType } from "../arm/resourceType.ts";
import { roleAssignment } from "./authorization/roleAssignment.ts";
import { roleDefinition } from "./authorization/roleDefinition.ts";
import { runCommand } from "./compute/runCommand.ts";
import { virtualMachine } from "./compute/virtualMachine.ts";
import { virtualMachineExtension } from "./compute/virtualMachineExtension.ts";
import { recordSet } from "./dns/recordSet.ts";
import { zone } from "./dns/zone.ts";
import { secret } from "./keyvault/secret.ts";
import { vault } from "./keyvault/vault.ts";
import { userAssignedIdentity } from "./managedidentity/userAssignedIdentity.ts";
import { natGateway } from "./network/natGateway.ts";
import { networkInterface } from "./network/networkInterface.ts";
import { networkSecurityGroup } from "./network/networkSecurityGroup.ts";
import { publicIPAddress } from "./network/publicIPAddress.ts";
import { securityRule } from "./network/securityRule.ts";
import { subnet } from "./network/subnet.ts";
import { virtualNetwork } from "./network/virtualNetwork.ts";
import { resourceGroup } from "./resources/resourceGroup.ts";

/** Every ARM type of the simulated cloud. */
export const resourceTypes: readonly ResourceType[] = [
  resourceGroup,
  virtualNetwork,
  subnet,
  networkSecurityGroup,
  securityRule,
  publicIPAddress,
  networkInterface,
  natGateway,
  virtualMachine,
  virtualMachineExtension,
  runCommand,
  zone,
  recordSet,
  roleDefinition,
  roleAssignment,
  userAssignedIdentity,
  vault,
  secret,
];
