import { randomUUID } from "node:crypto";
import { badRequest } from "../../arm/errors.ts";
import { asList, asObject, asText, valueAt } from "../../arm/json.ts";
import { sameId } from "../../arm/resourceId.ts";
import type { ResourceType } from "../../arm/resourceType.ts";
import { choice, computed, integer, list, object, reference, tags, text } from "../../arm/shape.ts";
import type { Store } from "../../arm/store.ts";
import { networkVersions } from "../versions.ts";
import { networkName } from "./names.ts";
import { attachedConfiguration, natGatewayOf } from "./publicIPAddress.ts";

export const natGateway: ResourceType = {
  type: "Microsoft.Network/natGateways",
  token: "azure-native:network:NatGateway",
  apiVersion: "2024-05-01",
  otherApiVersions: networkVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/natGateways/{natGatewayName}",
  autoname: "random",
  name: networkName,
  location: "regional",
  body: {
    tags: tags(),
    zones: list(choice(["1", "2", "3"]), { createOnly: true }),
    sku: object({ name: choice(["Standard"], { default: "Standard" }) }, { default: { name: "Standard" } }),
    properties: object(
      {
        idleTimeoutInMinutes: integer({ minimum: 4, maximum: 120, default: 4 }),
        publicIpAddresses: list(reference("Microsoft.Network/publicIPAddresses")),
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
    check({ body, store, id }) {
      for (const address of asList(valueAt(body, "properties.publicIpAddresses"))) {
        const addressId = asText(valueAt(address, "id")) ?? "";
        const user = attachedConfiguration(store, addressId) ?? natGatewayOf(store, addressId);
        if (user !== undefined && !sameId(user, id)) {
          throw badRequest("PublicIPAddressInUse", `Public IP address ${addressId} is already in use by ${user}.`);
        }
      }
    },
    complete({ body, previous }) {
      asObject(body.properties).resourceGuid = valueAt(previous?.body, "properties.resourceGuid") ?? randomUUID();
    },
    view(resource, body, { store }) {
      const subnets = subnetsOf(store, resource.id);
      if (subnets.length > 0) asObject(body.properties).subnets = subnets.map((id) => ({ id }));
    },
    checkDelete(resource, { store }) {
      const [user] = subnetsOf(store, resource.id);
      if (user !== undefined) {
        throw badRequest("InUseNatGatewayCannotBeDeleted", `NAT gateway ${resource.id} is in use by ${user}.`);
      }
    },
  },
};

function subnetsOf(store: Store, gatewayId: string): string[] {
  return store
    .ofType("Microsoft.Network/virtualNetworks/subnets")
    .filter((subnet) => sameId(asText(valueAt(subnet.body, "properties.natGateway.id")), gatewayId))
    .map((subnet) => subnet.id);
}
