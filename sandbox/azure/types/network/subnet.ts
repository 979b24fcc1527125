import { badRequest, invalidParameter } from "../../arm/errors.ts";
import { asList, asObject, asText, texts, valueAt } from "../../arm/json.ts";
import { parentOf } from "../../arm/resourceId.ts";
import type { ResourceType, RuleContext } from "../../arm/resourceType.ts";
import { any, choice, computed, flag, list, object, reference, text } from "../../arm/shape.ts";
import { childrenOf } from "../../arm/view.ts";
import { networkVersions } from "../versions.ts";
import { contains, overlaps, type Prefix, parsePrefix } from "./addresses.ts";
import { networkName } from "./names.ts";
import { usesSubnet } from "./virtualNetwork.ts";

const type = "Microsoft.Network/virtualNetworks/subnets";

/** Subnets that belong to a service, with the smallest size that it needs. */
const reservedNames: Record<string, { service: string; bits: number }> = {
  azurebastionsubnet: { service: "Azure Bastion", bits: 26 },
  gatewaysubnet: { service: "virtual network gateways", bits: 29 },
  azurefirewallsubnet: { service: "Azure Firewall", bits: 26 },
};

export const subnet: ResourceType = {
  type,
  token: "azure-native:network:Subnet",
  apiVersion: "2024-05-01",
  otherApiVersions: networkVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}",
  autoname: "random",
  name: networkName,
  location: "none",
  body: {
    properties: object(
      {
        addressPrefix: text(),
        addressPrefixes: list(text()),
        networkSecurityGroup: reference("Microsoft.Network/networkSecurityGroups"),
        natGateway: reference("Microsoft.Network/natGateways"),
        defaultOutboundAccess: flag(),
        serviceEndpoints: list(object({ service: text({ required: "service" }), locations: list(text()) })),
        delegations: list(
          object({
            name: text({ required: "service" }),
            properties: object({ serviceName: text() }, { flatten: true }),
          }),
        ),
        privateEndpointNetworkPolicies: choice(
          ["Enabled", "Disabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"],
          { default: "Disabled" },
        ),
        privateLinkServiceNetworkPolicies: choice(["Enabled", "Disabled"], { default: "Enabled" }),
        sharingScope: choice(["Tenant", "DelegatedServices"]),
        ipConfigurations: computed(list(object({ id: text() }))),
        privateEndpoints: computed(list(any())),
        purpose: computed(text()),
        provisioningState: computed(text()),
      },
      { flatten: true },
    ),
  },
  replaceOn: [],
  longRunning: true,
  locksParent: true,
  etag: true,
  hooks: {
    check(context) {
      const prefixes = subnetPrefixes(context);
      insideNetwork(context, prefixes);
      apartFromSiblings(context, prefixes);
      reservedForService(context, prefixes);
    },
    view(resource, body, { store }) {
      const users = store.ofType("Microsoft.Network/networkInterfaces").flatMap((nic) => {
        if (!usesSubnet(nic.body, resource.id)) return [];
        return asList(valueAt(nic.body, "properties.ipConfigurations")).filter(
          (c) => asText(valueAt(c, "properties.subnet.id"))?.toLowerCase() === resource.id.toLowerCase(),
        );
      });
      if (users.length > 0) {
        asObject(body.properties).ipConfigurations = users.map((c) => ({ id: asText(valueAt(c, "id")) ?? "" }));
      }
    },
    checkDelete(resource, { store }) {
      const users = store
        .ofType("Microsoft.Network/networkInterfaces")
        .filter((nic) => usesSubnet(nic.body, resource.id));
      if (users.length > 0) {
        throw badRequest(
          "InUseSubnetCannotBeDeleted",
          `Subnet ${resource.name} is in use by ${users.map((nic) => nic.id).join(", ")} and cannot be deleted.`,
        );
      }
    },
  },
};

/** The address blocks of a subnet, whichever of the two properties holds them. */
export function prefixesOf(body: Parameters<typeof valueAt>[0]): string[] {
  return texts(valueAt(body, "properties.addressPrefix"), valueAt(body, "properties.addressPrefixes"));
}

function subnetPrefixes({ body }: RuleContext): Prefix[] {
  if (
    valueAt(body, "properties.addressPrefix") !== undefined &&
    valueAt(body, "properties.addressPrefixes") !== undefined
  ) {
    throw invalidParameter("addressPrefix", "addressPrefix and addressPrefixes exclude each other.");
  }
  const written = prefixesOf(body);
  if (written.length === 0) {
    throw badRequest("InvalidAddressPrefixFormat", "addressPrefix or addressPrefixes is required.", "addressPrefix");
  }
  return written.map((text) => {
    const prefix = parsePrefix(text);
    if (prefix === undefined) {
      throw badRequest("InvalidCIDRNotation", `The address prefix '${text}' is not a CIDR block.`, "addressPrefix");
    }
    if (prefix.family === 4 && prefix.bits > 29) {
      throw badRequest("NetcfgInvalidSubnet", `The subnet ${text} is too small: /29 is the smallest.`, "addressPrefix");
    }
    return prefix;
  });
}

function insideNetwork({ id, store, parsed }: RuleContext, prefixes: readonly Prefix[]): void {
  const network = store.get(parentOf(id) ?? "");
  const space = texts(valueAt(network?.body, "properties.addressSpace.addressPrefixes")).map(parsePrefix);
  for (const prefix of prefixes) {
    if (!space.some((outer) => outer !== undefined && contains(outer, prefix))) {
      throw badRequest(
        "NetcfgInvalidSubnet",
        `Subnet '${parsed.names.at(-1)}' (${prefix.address}/${prefix.bits}) is not inside the address space of ` +
          `virtual network '${network?.name}'.`,
        "addressPrefix",
      );
    }
  }
}

function apartFromSiblings({ id, store }: RuleContext, prefixes: readonly Prefix[]): void {
  for (const sibling of childrenOf(store, parentOf(id) ?? "", type)) {
    if (sibling.id.toLowerCase() === id.toLowerCase()) continue;
    for (const written of prefixesOf(sibling.body)) {
      const other = parsePrefix(written);
      if (other !== undefined && prefixes.some((prefix) => overlaps(prefix, other))) {
        throw badRequest(
          "NetcfgSubnetRangesOverlap",
          `The subnet overlaps ${written} of subnet '${sibling.name}'.`,
          "addressPrefix",
        );
      }
    }
  }
}

function reservedForService({ body, parsed }: RuleContext, prefixes: readonly Prefix[]): void {
  const name = parsed.names.at(-1) ?? "";
  const reserved = reservedNames[name.toLowerCase()];
  if (reserved === undefined) return;
  if (prefixes.some((prefix) => prefix.family === 4 && prefix.bits > reserved.bits)) {
    throw badRequest(
      "NetcfgInvalidSubnet",
      `The subnet of ${reserved.service} must be /${reserved.bits} or larger.`,
      "addressPrefix",
    );
  }
  if (asList(valueAt(body, "properties.delegations")).length > 0) {
    throw invalidParameter("delegations", `The subnet of ${reserved.service} cannot be delegated.`);
  }
}
