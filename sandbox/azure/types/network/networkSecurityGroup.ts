import { randomUUID } from "node:crypto";
import { badRequest } from "../../arm/errors.ts";
import { asObject, asText, type JsonObject, valueAt } from "../../arm/json.ts";
import type { ResourceType } from "../../arm/resourceType.ts";
import { any, computed, flag, list, object, tags, text } from "../../arm/shape.ts";
import type { Store, StoredResource } from "../../arm/store.ts";
import { networkVersions } from "../versions.ts";
import { networkName } from "./names.ts";
import { securityRuleFields } from "./securityRuleFields.ts";

export const networkSecurityGroup: ResourceType = {
  type: "Microsoft.Network/networkSecurityGroups",
  token: "azure-native:network:NetworkSecurityGroup",
  apiVersion: "2024-05-01",
  otherApiVersions: networkVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}",
  autoname: "random",
  name: networkName,
  location: "regional",
  body: {
    tags: tags(),
    properties: object(
      {
        flushConnection: flag(),
        securityRules: list(any(), { children: "Microsoft.Network/networkSecurityGroups/securityRules" }),
        defaultSecurityRules: computed(
          list(
            object({
              id: text(),
              name: text(),
              type: text(),
              properties: object(securityRuleFields, { flatten: true }),
            }),
          ),
        ),
        networkInterfaces: computed(list(object({ id: text() }))),
        subnets: computed(list(object({ id: text() }))),
        resourceGuid: computed(text()),
        provisioningState: computed(text()),
      },
      { flatten: true },
    ),
  },
  replaceOn: ["location"],
  longRunning: true,
  etag: true,
  hooks: {
    complete({ id, body, previous }) {
      const properties = asObject(body.properties);
      body.properties = properties;
      properties.resourceGuid = valueAt(previous?.body, "properties.resourceGuid") ?? randomUUID();
      properties.defaultSecurityRules = defaultRules(id);
    },
    view(resource, body, { store }) {
      const properties = asObject(body.properties);
      const [interfaces, subnets] = guarded(resource.id, store);
      if (interfaces.length > 0) properties.networkInterfaces = interfaces.map(({ id }) => ({ id }));
      if (subnets.length > 0) properties.subnets = subnets.map(({ id }) => ({ id }));
    },
    checkDelete(resource, { store }) {
      const users = guarded(resource.id, store).flat();
      if (users.length > 0) {
        throw badRequest(
          "InUseNetworkSecurityGroupCannotBeDeleted",
          `Network security group ${resource.id} cannot be deleted, because it is in use by: ${users.map((u) => u.id).join(", ")}.`,
        );
      }
    },
  },
};

/** The interfaces and subnets that a security group guards. */
function guarded(id: string, store: Store): [StoredResource[], StoredResource[]] {
  const uses = (resource: StoredResource): boolean =>
    asText(valueAt(resource.body, "properties.networkSecurityGroup.id"))?.toLowerCase() === id.toLowerCase();
  return [
    store.ofType("Microsoft.Network/networkInterfaces").filter(uses),
    store.ofType("Microsoft.Network/virtualNetworks/subnets").filter(uses),
  ];
}

/** What every security group holds beside its own rules; the numbers are Azure's. */
function defaultRules(id: string): JsonObject[] {
  const rule = (
    name: string,
    direction: string,
    priority: number,
    access: string,
    from: string,
    to: string,
  ): JsonObject => ({
    id: `${id}/defaultSecurityRules/${name}`,
    name,
    type: "Microsoft.Network/networkSecurityGroups/defaultSecurityRules",
    properties: {
      description: name.replace(/(?<=[a-z])(?=[A-Z])/g, " "),
      protocol: "*",
      sourcePortRange: "*",
      destinationPortRange: "*",
      sourceAddressPrefix: from,
      destinationAddressPrefix: to,
      access,
      priority,
      direction,
      provisioningState: "Succeeded",
    },
  });
  return [
    rule("AllowVnetInBound", "Inbound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork"),
    rule("AllowAzureLoadBalancerInBound", "Inbound", 65001, "Allow", "AzureLoadBalancer", "*"),
    rule("DenyAllInBound", "Inbound", 65500, "Deny", "*", "*"),
    rule("AllowVnetOutBound", "Outbound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork"),
    rule("AllowInternetOutBound", "Outbound", 65001, "Allow", "*", "Internet"),
    rule("DenyAllOutBound", "Outbound", 65500, "Deny", "*", "*"),
  ];
}
