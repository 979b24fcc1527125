import { randomUUID } from "node:crypto";
import { badRequest } from "../../arm/errors.ts";
import { asList, asObject, texts, valueAt } from "../../arm/json.ts";
import type { ResourceType, RuleContext } from "../../arm/resourceType.ts";
import { any, choice, computed, flag, integer, list, object, reference, tags, text } from "../../arm/shape.ts";
import { childrenOf } from "../../arm/view.ts";
import { networkVersions } from "../versions.ts";
import { contains, overlaps, type Prefix, parsePrefix } from "./addresses.ts";

export const virtualNetwork: ResourceType = {
  type: "Microsoft.Network/virtualNetworks",
  token: "azure-native:network:VirtualNetwork",
  apiVersion: "2024-05-01",
  otherApiVersions: networkVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}",
  autoname: "random",
  name: {
    minLength: 2,
    maxLength: 64,
    pattern: /^[A-Za-z0-9][-.\w]*\w$/,
    meaning: "2 to 64 letters, digits, '_', '-' or '.', starting with a letter or digit and ending with one or '_'",
  },
  location: "regional",
  body: {
    tags: tags(),
    properties: object(
      {
        addressSpace: object({ addressPrefixes: list(text(), { required: "service" }) }, { required: "service" }),
        dhcpOptions: object({ dnsServers: list(text()) }),
        subnets: list(any(), { children: "Microsoft.Network/virtualNetworks/subnets" }),
        enableDdosProtection: flag({ default: false }),
        enableVmProtection: flag(),
        ddosProtectionPlan: reference("Microsoft.Network/ddosProtectionPlans"),
        encryption: object({
          enabled: flag({ required: true }),
          enforcement: choice(["AllowUnencrypted", "DropUnencrypted"]),
        }),
        flowTimeoutInMinutes: integer({ minimum: 4, maximum: 30 }),
        privateEndpointVNetPolicies: choice(["Disabled", "Basic"], { default: "Disabled" }),
        virtualNetworkPeerings: computed(list(any())),
        resourceGuid: computed(text()),
        provisioningState: computed(text()),
      },
      { flatten: true, required: true },
    ),
  },
  replaceOn: ["location"],
  longRunning: true,
  etag: true,
  hooks: {
    check(context) {
      const space = addressSpace(context);
      if (valueAt(context.body, "properties.enableDdosProtection") === true) {
        if (valueAt(context.body, "properties.ddosProtectionPlan.id") === undefined) {
          throw badRequest(
            "DdosProtectionPlanNotSet",
            "enableDdosProtection needs ddosProtectionPlan.",
            "enableDdosProtection",
          );
        }
      }
      keepsSubnets(context, space);
    },
    complete({ body, previous }) {
      const properties = asObject(body.properties);
      properties.resourceGuid = valueAt(previous?.body, "properties.resourceGuid") ?? randomUUID();
      properties.virtualNetworkPeerings = [];
    },
    checkDelete(resource, { store }) {
      for (const subnet of childrenOf(store, resource.id, "Microsoft.Network/virtualNetworks/subnets")) {
        const users = store
          .ofType("Microsoft.Network/networkInterfaces")
          .filter((nic) => usesSubnet(nic.body, subnet.id));
        if (users.length > 0) {
          throw badRequest(
            "InUseVirtualNetworkCannotBeDeleted",
            `Virtual network ${resource.id} is in use by ${users.map((nic) => nic.id).join(", ")}.`,
          );
        }
      }
    },
  },
};

/** True when an interface has an address in the subnet. */
export function usesSubnet(interfaceBody: Parameters<typeof valueAt>[0], subnetId: string): boolean {
  return asList(valueAt(interfaceBody, "properties.ipConfigurations")).some((configuration) => {
    const id = valueAt(configuration, "properties.subnet.id");
    return typeof id === "string" && id.toLowerCase() === subnetId.toLowerCase();
  });
}

function addressSpace({ body }: RuleContext): Prefix[] {
  const written = texts(valueAt(body, "properties.addressSpace.addressPrefixes"));
  if (written.length === 0) {
    throw badRequest("InvalidAddressPrefixFormat", "At least one address prefix is required.", "addressSpace");
  }
  const prefixes = written.map((text) => {
    const prefix = parsePrefix(text);
    if (prefix !== undefined) return prefix;
    throw badRequest("InvalidCIDRNotation", `The address prefix '${text}' is not a CIDR block.`, "addressSpace");
  });
  prefixes.forEach((prefix, i) => {
    const other = prefixes.slice(0, i).find((p) => overlaps(p, prefix));
    if (other !== undefined) {
      throw badRequest(
        "NetcfgInvalidVirtualNetworkAddressSpace",
        `The address prefixes ${other.address}/${other.bits} and ${prefix.address}/${prefix.bits} overlap.`,
        "addressSpace",
      );
    }
  });
  return prefixes;
}

/** A network cannot give up space that a subnet has. Subnets that the request brings are checked one by one afterwards. */
function keepsSubnets({ store, id }: RuleContext, space: readonly Prefix[]): void {
  for (const subnet of childrenOf(store, id, "Microsoft.Network/virtualNetworks/subnets")) {
    const written = texts(
      valueAt(subnet.body, "properties.addressPrefix"),
      valueAt(subnet.body, "properties.addressPrefixes"),
    );
    for (const text of written) {
      const prefix = parsePrefix(text);
      if (prefix !== undefined && !space.some((outer) => contains(outer, prefix))) {
        throw badRequest(
          "InUsePrefixCannotBeDeleted",
          `The address space still needs ${text}, because subnet ${subnet.name} uses it.`,
          "addressSpace",
        );
      }
    }
  }
}
