import { randomBytes, randomUUID } from "node:crypto";
import { isIP } from "node:net";
import { badRequest, invalidParameter } from "../../arm/errors.ts";
import { asList, asObject, asText, isObject, type JsonObject, texts, valueAt } from "../../arm/json.ts";
import { parentOf, sameId } from "../../arm/resourceId.ts";
import type { ResourceType, RuleContext } from "../../arm/resourceType.ts";
import { any, choice, computed, flag, list, object, reference, tags, text } from "../../arm/shape.ts";
import type { Store, StoredResource } from "../../arm/store.ts";
import { networkVersions } from "../versions.ts";
import { addressAt, includesAddress, isReserved, parsePrefix } from "./addresses.ts";
import { networkName } from "./names.ts";
import { attachedConfiguration } from "./publicIPAddress.ts";
import { prefixesOf } from "./subnet.ts";

const type = "Microsoft.Network/networkInterfaces";

export const networkInterface: ResourceType = {
  type,
  token: "azure-native:network:NetworkInterface",
  apiVersion: "2024-05-01",
  otherApiVersions: networkVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/networkInterfaces/{networkInterfaceName}",
  autoname: "random",
  name: networkName,
  location: "regional",
  body: {
    tags: tags(),
    properties: object(
      {
        ipConfigurations: list(
          object({
            id: computed(text()),
            name: text({ required: "service" }),
            etag: computed(text()),
            type: computed(text()),
            properties: object(
              {
                privateIPAddress: text(),
                privateIPAllocationMethod: choice(["Static", "Dynamic"], { default: "Dynamic" }),
                privateIPAddressVersion: choice(["IPv4", "IPv6"], { default: "IPv4" }),
                primary: flag(),
                subnet: reference("Microsoft.Network/virtualNetworks/subnets", { required: "service" }),
                publicIPAddress: reference("Microsoft.Network/publicIPAddresses"),
                provisioningState: computed(text()),
              },
              { flatten: true, required: true },
            ),
          }),
          { required: "service" },
        ),
        networkSecurityGroup: reference("Microsoft.Network/networkSecurityGroups"),
        dnsSettings: object(
          {
            dnsServers: list(text(), { default: [] }),
            appliedDnsServers: computed(list(text())),
            internalDnsNameLabel: text(),
            internalDomainNameSuffix: computed(text()),
            internalFqdn: computed(text()),
          },
          { default: { dnsServers: [], appliedDnsServers: [] } },
        ),
        enableAcceleratedNetworking: flag({ default: false }),
        enableIPForwarding: flag({ default: false }),
        disableTcpStateTracking: flag({ default: false }),
        auxiliaryMode: choice(["None", "MaxConnections", "Floating", "AcceleratedConnections"], { default: "None" }),
        auxiliarySku: choice(["None", "A1", "A2", "A4", "A8"], { default: "None" }),
        nicType: choice(["Standard", "Elastic"], { default: "Standard" }),
        workloadType: text(),
        macAddress: computed(text()),
        primary: computed(flag()),
        virtualMachine: computed(object({ id: text() })),
        hostedWorkloads: computed(list(text())),
        tapConfigurations: computed(list(any())),
        vnetEncryptionSupported: computed(flag()),
        defaultOutboundConnectivityEnabled: computed(flag()),
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
      const configurations = configurationsOf(context.body);
      if (configurations.length === 0) {
        throw invalidParameter("ipConfigurations", "A network interface needs at least one ipConfiguration.");
      }
      if (
        configurations.length > 1 &&
        configurations.filter((c) => valueAt(c, "properties.primary") === true).length !== 1
      ) {
        throw badRequest(
          "InvalidPrimaryIpConfiguration",
          "Exactly one ipConfiguration must be primary.",
          "ipConfigurations",
        );
      }
      for (const configuration of configurations) checkConfiguration(context, configuration);
    },
    complete(context) {
      const { id, body, previous } = context;
      const properties = asObject(body.properties);
      const configurations = configurationsOf(body);
      for (const [i, configuration] of configurations.entries()) {
        configuration.id = `${id}/ipConfigurations/${asText(configuration.name)}`;
        configuration.etag = `W/"${randomUUID()}"`;
        configuration.type = "Microsoft.Network/networkInterfaces/ipConfigurations";
        const own = asObject(configuration.properties);
        own.provisioningState = "Succeeded";
        own.primary ??= configurations.length === 1 || i === 0;
        if (own.privateIPAllocationMethod === "Dynamic") own.privateIPAddress = dynamicAddress(context, configuration);
      }
      properties.macAddress = valueAt(previous?.body, "properties.macAddress") ?? macAddress();
      properties.resourceGuid = valueAt(previous?.body, "properties.resourceGuid") ?? randomUUID();
      properties.hostedWorkloads = [];
      properties.tapConfigurations = [];
      properties.vnetEncryptionSupported = false;
      properties.defaultOutboundConnectivityEnabled = false;
    },
    view(resource, body, { store }) {
      const machine = machineOf(store, resource.id);
      if (machine === undefined) return;
      const properties = asObject(body.properties);
      properties.virtualMachine = { id: machine.id };
      properties.primary = true;
    },
    checkDelete(resource, { store }) {
      const machine = machineOf(store, resource.id);
      if (machine !== undefined) {
        throw badRequest(
          "NicInUse",
          `Network interface ${resource.id} is used by existing resource ${machine.id} and cannot be deleted.`,
        );
      }
    },
  },
};

/** The virtual machine that an interface is attached to. */
export function machineOf(store: Store, interfaceId: string): StoredResource | undefined {
  return store
    .ofType("Microsoft.Compute/virtualMachines")
    .find((machine) =>
      asList(valueAt(machine.body, "properties.networkProfile.networkInterfaces")).some((nic) =>
        sameId(asText(valueAt(nic, "id")), interfaceId),
      ),
    );
}

export function configurationsOf(interfaceBody: JsonObject): JsonObject[] {
  return asList(valueAt(interfaceBody, "properties.ipConfigurations")).filter(isObject);
}

function checkConfiguration({ id, body, store }: RuleContext, configuration: JsonObject): void {
  const subnet = store.get(asText(valueAt(configuration, "properties.subnet.id")) ?? "");
  const network = store.get(parentOf(subnet?.id ?? "") ?? "");
  if (network !== undefined && network.body.location !== body.location) {
    throw badRequest(
      "InvalidResourceReference",
      `The interface is in ${asText(body.location)}, but subnet ${subnet?.id} is in ${asText(network.body.location)}.`,
      "ipConfigurations",
    );
  }
  for (const other of configurationsOf(body)) {
    const otherSubnet = asText(valueAt(other, "properties.subnet.id")) ?? "";
    if (!sameId(parentOf(otherSubnet), network?.id)) {
      throw badRequest("SubnetsNotInSameVnet", "The subnets of an interface must be in one virtual network.");
    }
  }
  checkPrivateAddress(id, configuration, subnet, store);
  const publicIp = asText(valueAt(configuration, "properties.publicIPAddress.id"));
  if (publicIp === undefined) return;
  const user = attachedConfiguration(store, publicIp);
  if (user !== undefined && !user.toLowerCase().startsWith(`${id.toLowerCase()}/`)) {
    throw badRequest(
      "PublicIPAddressInUse",
      `Public IP address ${publicIp} is already in use by ${user}.`,
      "publicIPAddress",
    );
  }
}

function checkPrivateAddress(
  id: string,
  configuration: JsonObject,
  subnet: StoredResource | undefined,
  store: Store,
): void {
  const address = asText(valueAt(configuration, "properties.privateIPAddress"));
  const isStatic = valueAt(configuration, "properties.privateIPAllocationMethod") === "Static";
  if (address === undefined) {
    if (isStatic) throw invalidParameter("privateIPAddress", "A static allocation needs privateIPAddress.");
    return;
  }
  if (isIP(address) === 0) throw invalidParameter("privateIPAddress", `'${address}' is not an IP address.`);
  const prefixes = prefixesOf(subnet?.body).map(parsePrefix);
  const inside = prefixes.find((prefix) => prefix !== undefined && includesAddress(prefix, address));
  if (inside === undefined) {
    throw badRequest(
      "PrivateIPAddressNotInSubnet",
      `Private static IP address ${address} does not belong to the range of subnet prefix ${prefixesOf(subnet?.body).join(", ")}.`,
      "privateIPAddress",
    );
  }
  if (isReserved(inside, address)) {
    throw badRequest(
      "PrivateIPAddressInReservedRange",
      `Private static IP address ${address} falls within the reserved range of subnet ${subnet?.name}.`,
      "privateIPAddress",
    );
  }
  if (takenAddresses(store, subnet?.id, id).has(address)) {
    throw badRequest("PrivateIPAddressIsAllocated", `IP address ${address} is already allocated.`, "privateIPAddress");
  }
}

function takenAddresses(store: Store, subnetId: string | undefined, except: string): Set<string> {
  return new Set(
    store
      .ofType(type)
      .filter((nic) => !sameId(nic.id, except))
      .flatMap((nic) => configurationsOf(nic.body))
      .filter((c) => sameId(asText(valueAt(c, "properties.subnet.id")), subnetId))
      .flatMap((c) => texts(valueAt(c, "properties.privateIPAddress"))),
  );
}

/** Keeps the address it has; a new one is the first free one behind the four that Azure keeps. */
function dynamicAddress({ store, id, previous }: RuleContext, configuration: JsonObject): string {
  const subnetId = asText(valueAt(configuration, "properties.subnet.id"));
  const before = previous && configurationsOf(previous.body).find((c) => c.name === configuration.name);
  const kept = asText(valueAt(before, "properties.privateIPAddress"));
  if (kept !== undefined && sameId(asText(valueAt(before, "properties.subnet.id")), subnetId)) return kept;
  const subnet = store.get(subnetId ?? "");
  const taken = takenAddresses(store, subnetId, id);
  for (const text of prefixesOf(subnet?.body)) {
    const prefix = parsePrefix(text);
    if (prefix === undefined || prefix.family !== 4) continue;
    for (let offset = 4n; offset < prefix.size - 1n; offset++) {
      const address = addressAt(prefix, offset);
      if (!taken.has(address)) return address;
    }
  }
  throw badRequest("SubnetIsFull", `Subnet ${subnet?.name} with address prefix ${prefixesOf(subnet?.body)} is full.`);
}

/** Microsoft's block for virtual interfaces. */
function macAddress(): string {
  return [
    "00",
    "0D",
    "3A",
    ...[...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()),
  ].join("-");
}
