import { randomUUID } from "node:crypto";
import { badRequest, invalidParameter } from "../../arm/errors.ts";
import { asList, asObject, asText, valueAt } from "../../arm/json.ts";
import { sameId } from "../../arm/resourceId.ts";
import type { ResourceType, RuleContext } from "../../arm/resourceType.ts";
import { choice, computed, integer, list, object, reference, tags, text } from "../../arm/shape.ts";
import type { Store } from "../../arm/store.ts";
import { networkVersions } from "../versions.ts";
import { networkName } from "./names.ts";

const type = "Microsoft.Network/publicIPAddresses";

export const publicIPAddress: ResourceType = {
  type,
  token: "azure-native:network:PublicIPAddress",
  apiVersion: "2024-05-01",
  otherApiVersions: networkVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/publicIPAddresses/{publicIpAddressName}",
  autoname: "random",
  name: networkName,
  location: "regional",
  body: {
    tags: tags(),
    zones: list(choice(["1", "2", "3"]), { createOnly: true }),
    sku: object(
      {
        name: choice(["Basic", "Standard"], { createOnly: true, default: "Standard" }),
        tier: choice(["Regional", "Global"], { createOnly: true, default: "Regional" }),
      },
      { default: { name: "Standard", tier: "Regional" } },
    ),
    properties: object(
      {
        publicIPAllocationMethod: choice(["Static", "Dynamic"], { default: "Dynamic" }),
        publicIPAddressVersion: choice(["IPv4", "IPv6"], { default: "IPv4", createOnly: true }),
        idleTimeoutInMinutes: integer({ minimum: 4, maximum: 30, default: 4 }),
        dnsSettings: object({
          domainNameLabel: text(),
          domainNameLabelScope: choice(["TenantReuse", "SubscriptionReuse", "ResourceGroupReuse", "NoReuse"]),
          fqdn: computed(text()),
          reverseFqdn: text(),
        }),
        ddosSettings: object({
          protectionMode: choice(["VirtualNetworkInherited", "Enabled", "Disabled"]),
          ddosProtectionPlan: reference("Microsoft.Network/ddosProtectionPlans"),
        }),
        ipTags: list(object({ ipTagType: text(), tag: text() }), { default: [] }),
        deleteOption: choice(["Delete", "Detach"]),
        ipAddress: computed(text()),
        ipConfiguration: computed(object({ id: text() })),
        resourceGuid: computed(text()),
        provisioningState: computed(text()),
      },
      { flatten: true },
    ),
  },
  replaceOn: ["location", "publicIPAddressVersion", "publicIPPrefix", "sku"],
  longRunning: true,
  etag: true,
  hooks: {
    check(context) {
      const { body } = context;
      if (valueAt(body, "sku.name") === "Basic") {
        throw badRequest(
          "BasicSkuPublicIpNotSupported",
          "Basic public IP addresses can no longer be created since 30 September 2025; use sku Standard.",
          "sku.name",
        );
      }
      if (valueAt(body, "properties.publicIPAllocationMethod") !== "Static") {
        throw badRequest(
          "StandardSkuPublicIPAddressesMustBeStatic",
          "A public IP address of sku Standard needs publicIPAllocationMethod Static.",
          "publicIPAllocationMethod",
        );
      }
      checkLabel(context);
    },
    complete({ body, previous, store, cloud, id }) {
      const properties = asObject(body.properties);
      properties.resourceGuid = valueAt(previous?.body, "properties.resourceGuid") ?? randomUUID();
      properties.ipAddress =
        asText(valueAt(previous?.body, "properties.ipAddress")) ?? freeAddress(store, cloud.publicIpAddresses, id);
      const label = asText(valueAt(properties, "dnsSettings.domainNameLabel"));
      if (label !== undefined) {
        asObject(properties.dnsSettings).fqdn = `${label}.${asText(body.location)}.cloudapp.azure.com`;
      }
    },
    view(resource, body, { store }) {
      const configuration = attachedConfiguration(store, resource.id);
      if (configuration !== undefined) asObject(body.properties).ipConfiguration = { id: configuration };
    },
    checkDelete(resource, { store }) {
      const user = attachedConfiguration(store, resource.id) ?? natGatewayOf(store, resource.id);
      if (user !== undefined) {
        throw badRequest(
          "PublicIPAddressCannotBeDeleted",
          `Public IP address ${resource.id} can not be deleted since it is still allocated to resource ${user}.`,
        );
      }
    },
  },
};

/** The id of the interface's configuration that has the address. */
export function attachedConfiguration(store: Store, publicIpId: string): string | undefined {
  return store
    .ofType("Microsoft.Network/networkInterfaces")
    .flatMap((nic) => asList(valueAt(nic.body, "properties.ipConfigurations")))
    .filter((configuration) => sameId(asText(valueAt(configuration, "properties.publicIPAddress.id")), publicIpId))
    .map((configuration) => asText(valueAt(configuration, "id")))[0];
}

/** The NAT gateway that uses the address. */
export function natGatewayOf(store: Store, publicIpId: string): string | undefined {
  return store
    .ofType("Microsoft.Network/natGateways")
    .find((gateway) =>
      asList(valueAt(gateway.body, "properties.publicIpAddresses")).some((ip) =>
        sameId(asText(valueAt(ip, "id")), publicIpId),
      ),
    )?.id;
}

function freeAddress(store: Store, pool: readonly string[], id: string): string {
  const taken = new Set(
    store
      .ofType(type)
      .filter((address) => !sameId(address.id, id))
      .map((address) => asText(valueAt(address.body, "properties.ipAddress"))),
  );
  const free = pool.find((address) => !taken.has(address));
  if (free !== undefined) return free;
  throw badRequest(
    "PublicIPCountLimitReached",
    `Cannot create more than ${pool.length} public IP addresses for this subscription in this region.`,
  );
}

/** A DNS label is unique per region. */
function checkLabel({ body, store, id }: RuleContext): void {
  const label = asText(valueAt(body, "properties.dnsSettings.domainNameLabel"));
  if (label === undefined) return;
  if (!/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/.test(label)) {
    throw invalidParameter("dnsSettings.domainNameLabel", `The domain name label '${label}' is invalid.`);
  }
  const other = store
    .ofType(type)
    .find(
      (address) =>
        !sameId(address.id, id) &&
        address.body.location === body.location &&
        valueAt(address.body, "properties.dnsSettings.domainNameLabel") === label,
    );
  if (other !== undefined) {
    throw badRequest(
      "DnsRecordInUse",
      `DNS record ${label}.${asText(body.location)}.cloudapp.azure.com is already used.`,
    );
  }
}
