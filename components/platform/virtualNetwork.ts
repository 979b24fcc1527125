import type { NetworkSecurityGroup } from "@pulumi/azure-native/network/networkSecurityGroup.js";
import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import * as pulumi from "@pulumi/pulumi";

/** A virtual network of the environment's own. */
export interface NewVirtualNetwork {
  /** CIDR. */
  addressSpace: string;
  /** Addresses of the domain controllers: the domain join cannot find the domain through any other DNS server. */
  dnsServers: string[];
}

/** A virtual network that somebody else keeps; nothing but a subnet is added to it. */
export interface ExistingVirtualNetwork {
  /** ARM id. */
  id: string;
  /** A subnet that is there and is left alone. Default: a subnet is added. */
  subnetName?: string;
  /** Provider for the network's subscription. Default: the component's. */
  provider?: pulumi.ProviderResource;
}

/** A virtual network and the subnet in it that the host lives in. */
export interface HostSubnetArgs {
  virtualNetwork: NewVirtualNetwork | ExistingVirtualNetwork;
  /** CIDR. */
  subnetPrefix: string;
  names: { virtualNetwork: string; subnet: string };
  /** Resource group, region and tags of what is made for the environment. */
  common: { resourceGroupName: pulumi.Input<string>; location: string; tags?: Record<string, string> };
  /** Guards a subnet that is made here. */
  securityGroup: NetworkSecurityGroup;
  /** What must be in force before a host may start in the subnet. */
  rules: pulumi.Resource[];
}

/** Makes what is not there yet, and answers the subnet's ARM id. */
export function hostSubnet(
  name: string,
  args: HostSubnetArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { virtualNetwork } = args;
  if (!("id" in virtualNetwork)) {
    const made = newNetwork(name, virtualNetwork, args, opts);
    const place = { resourceGroupName: args.common.resourceGroupName, virtualNetworkName: made.name };
    return newSubnet(name, args, place, opts);
  }
  const { id, subnetName, provider } = virtualNetwork;
  if (subnetName !== undefined) return pulumi.output(`${id}/subnets/${subnetName}`);
  return newSubnet(name, args, placeOf(id), { ...opts, ...(provider && { provider }) });
}

function newNetwork(
  name: string,
  network: NewVirtualNetwork,
  { names, common }: HostSubnetArgs,
  opts: pulumi.CustomResourceOptions,
): VirtualNetwork {
  return new VirtualNetwork(
    `${name}-vnet`,
    {
      ...common,
      virtualNetworkName: names.virtualNetwork,
      addressSpace: { addressPrefixes: [network.addressSpace] },
      dhcpOptions: { dnsServers: network.dnsServers },
    },
    opts,
  );
}

interface Place {
  resourceGroupName: pulumi.Input<string>;
  virtualNetworkName: pulumi.Input<string>;
}

function newSubnet(
  name: string,
  { names, subnetPrefix, securityGroup, rules }: HostSubnetArgs,
  place: Place,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return new Subnet(
    `${name}-subnet`,
    {
      ...place,
      subnetName: names.subnet,
      addressPrefix: subnetPrefix,
      networkSecurityGroup: { id: securityGroup.id },
      // Azure retires its implicit way out; the public address is the explicit one.
      defaultOutboundAccess: false,
    },
    { ...opts, dependsOn: rules },
  ).id;
}

/** Resource group and name out of a virtual network's ARM id. */
function placeOf(id: string): { resourceGroupName: string; virtualNetworkName: string } {
  const [, , , , resourceGroupName = "", , , , virtualNetworkName = ""] = id.split("/");
  return { resourceGroupName, virtualNetworkName };
}
