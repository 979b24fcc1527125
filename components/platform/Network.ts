import { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import { SecurityRule } from "@pulumi/azure-native/network/securityRule.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import * as pulumi from "@pulumi/pulumi";
import type { AzureNames } from "../naming.ts";
import { inboundRules } from "./securityRules.ts";
import { type ExistingVirtualNetwork, hostSubnet, type NewVirtualNetwork } from "./virtualNetwork.ts";

/** Arguments of {@link Network}. */
export interface NetworkArgs {
  /** Name of the resource group for everything of this environment. */
  resourceGroupName: string;
  /** Azure region, for example `westeurope`. */
  location: string;
  names: Pick<AzureNames, "virtualNetwork" | "subnet" | "networkSecurityGroup" | "publicIpAddress">;
  /** A network that is made, or one that is there. */
  virtualNetwork: NewVirtualNetwork | ExistingVirtualNetwork;
  /** Prefix of the host's subnet inside the address space, CIDR; Azure keeps five of its addresses. */
  subnetPrefix: string;
  /** Who may reach 443: service tags (`Internet`), addresses or prefixes. */
  allowHttpsFrom: string[];
  /** Who may reach the management port: addresses or prefixes. Default: nobody. */
  allowManagementFrom?: string[];
  /** Port of the host's SSH server. Default 22. */
  managementPort?: number;
  /** Tags of every resource that takes tags. Default: none. */
  tags?: Record<string, string>;
}

/**
 * The network of one host: resource group, virtual network that asks the domain controllers for names, security group that lets 443
 * in and nothing else, subnet, and the static public address that serves 443 and all outbound traffic. Subnet and rules are
 * resources of their own and never inline, because an inline list replaces what else is in the collection. In a network that is
 * there already only a subnet is added; a subnet that is there is not touched, and the group then guards the host's interface.
 */
export class Network extends pulumi.ComponentResource {
  /** Name of the resource group, known once the group is there. */
  readonly resourceGroupName: pulumi.Output<string>;
  /** ARM id of the subnet. Where it is made here, it is known only after the security rules are in force, so no host starts unprotected. */
  readonly subnetId: pulumi.Output<string>;
  /** ARM id of the security group for the host's interface, known as late; undefined where the subnet has the group. */
  readonly interfaceSecurityGroupId: pulumi.Output<string> | undefined;
  readonly publicIpAddressId: pulumi.Output<string>;
  /** The static public address. */
  readonly publicIpAddress: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:platform:Network", name, {}, opts);
    const child = { parent: this };
    this.resourceGroupName = resourceGroupOf(name, args, child);
    const common = {
      resourceGroupName: this.resourceGroupName,
      location: args.location,
      ...(args.tags && { tags: args.tags }),
    };

    const group = new NetworkSecurityGroup(
      `${name}-nsg`,
      { ...common, networkSecurityGroupName: args.names.networkSecurityGroup },
      child,
    );
    const rules = securityRules(name, args, this.resourceGroupName, group, child);
    this.subnetId = hostSubnet(name, { ...args, common, securityGroup: group, rules }, child);
    this.interfaceSecurityGroupId = sharesSubnet(args) ? afterRules(group.id, rules) : undefined;
    const address = new PublicIPAddress(
      `${name}-public-ip`,
      {
        ...common,
        publicIpAddressName: args.names.publicIpAddress,
        sku: { name: "Standard" },
        publicIPAllocationMethod: "Static",
        publicIPAddressVersion: "IPv4",
      },
      child,
    );

    this.publicIpAddressId = address.id;
    this.publicIpAddress = address.ipAddress.apply((value) => value ?? "");
    this.registerOutputs({
      resourceGroupName: this.resourceGroupName,
      subnetId: this.subnetId,
      publicIpAddressId: this.publicIpAddressId,
      publicIpAddress: this.publicIpAddress,
    });
  }
}

function sharesSubnet({ virtualNetwork }: NetworkArgs): boolean {
  return "id" in virtualNetwork && virtualNetwork.subnetName !== undefined;
}

/** Known only after the security rules are in force. */
function afterRules(id: pulumi.Output<string>, rules: SecurityRule[]): pulumi.Output<string> {
  return pulumi.all([id, ...rules.map((rule) => rule.id)]).apply(([known]) => known as string);
}

function resourceGroupOf(name: string, args: NetworkArgs, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  return new ResourceGroup(
    `${name}-resource-group`,
    { resourceGroupName: args.resourceGroupName, location: args.location, ...(args.tags && { tags: args.tags }) },
    opts,
  ).name;
}

function securityRules(
  name: string,
  args: NetworkArgs,
  resourceGroupName: pulumi.Output<string>,
  group: NetworkSecurityGroup,
  opts: pulumi.CustomResourceOptions,
): SecurityRule[] {
  const rules = inboundRules({
    allowHttpsFrom: args.allowHttpsFrom,
    allowManagementFrom: args.allowManagementFrom ?? [],
    managementPort: args.managementPort ?? 22,
  });
  return rules.map(
    ({ name: ruleName, ...rule }) =>
      new SecurityRule(
        `${name}-${ruleName}`,
        {
          resourceGroupName,
          networkSecurityGroupName: group.name,
          securityRuleName: ruleName,
          direction: "Inbound",
          sourcePortRange: "*",
          destinationAddressPrefix: "*",
          ...rule,
        },
        // A replaced rule keeps its name and priority, which must be free first.
        { ...opts, deleteBeforeReplace: true },
      ),
  );
}
