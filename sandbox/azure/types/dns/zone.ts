import { randomUUID } from "node:crypto";
import { asObject, valueAt } from "../../arm/json.ts";
import type { ResourceType } from "../../arm/resourceType.ts";
import { any, choice, computed, integer, list, object, tags, text } from "../../arm/shape.ts";
import type { Store, StoredResource } from "../../arm/store.ts";
import { dnsVersions } from "../versions.ts";

export const zone: ResourceType = {
  type: "Microsoft.Network/dnsZones",
  token: "azure-native:dns:Zone",
  apiVersion: "2023-07-01-preview",
  otherApiVersions: dnsVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/dnsZones/{zoneName}",
  autoname: "random",
  name: {
    minLength: 1,
    maxLength: 253,
    pattern: /^(?=.{1,253}$)([A-Za-z0-9_-]{1,63}\.){1,33}[A-Za-z0-9_-]{1,63}$/,
    meaning: "2 to 34 labels of letters, digits, '_' or '-', joined by '.'",
  },
  location: "global",
  body: {
    tags: tags(),
    properties: object(
      {
        zoneType: choice(["Public"], { default: "Public" }),
        nameServers: computed(list(text())),
        numberOfRecordSets: computed(integer()),
        maxNumberOfRecordSets: computed(integer()),
        maxNumberOfRecordsPerRecordSet: computed(any()),
        signingKeys: computed(list(any())),
      },
      { flatten: true },
    ),
    systemData: computed(any()),
  },
  replaceOn: ["location"],
  longRunning: false,
  longDelete: true,
  etag: true,
  hooks: {
    complete({ body, previous, id, store }) {
      const properties = asObject(body.properties);
      body.properties = properties;
      properties.nameServers = valueAt(previous?.body, "properties.nameServers") ?? nameServers();
      properties.maxNumberOfRecordSets = 10000;
      properties.maxNumberOfRecordsPerRecordSet = null;
      properties.signingKeys = [];
      if (previous === undefined)
        for (const apex of apexRecords(id, properties.nameServers as string[])) store.put(apex);
    },
    view(resource, body, { store }) {
      asObject(body.properties).numberOfRecordSets = recordSetsOf(store, resource.id).length;
    },
  },
};

/** Every record set of a zone, of any type. */
export function recordSetsOf(store: Store, zoneId: string): StoredResource[] {
  return store
    .below(zoneId)
    .filter((resource) => resource.type.toLowerCase().startsWith("microsoft.network/dnszones/"));
}

function nameServers(): string[] {
  return ["com", "net", "org", "info"].map((top, i) => `ns${i + 1}-04.azure-dns.${top}.`);
}

/** NS and SOA of the apex are there from the start. */
function apexRecords(zoneId: string, servers: string[]): StoredResource[] {
  const now = new Date().toISOString();
  const record = (type: "NS" | "SOA", properties: StoredResource["body"]): StoredResource => ({
    id: `${zoneId}/${type}/@`,
    type: `Microsoft.Network/dnsZones/${type}`,
    name: "@",
    body: { properties },
    etag: randomUUID(),
    createdAt: now,
    changedAt: now,
    internal: {},
  });
  return [
    record("NS", { TTL: 172800, NSRecords: servers.map((nsdname) => ({ nsdname })), provisioningState: "Succeeded" }),
    record("SOA", {
      TTL: 3600,
      SOARecord: {
        host: servers[0] as string,
        email: "azuredns-hostmaster.microsoft.com",
        serialNumber: 1,
        refreshTime: 3600,
        retryTime: 300,
        expireTime: 2419200,
        minimumTTL: 300,
      },
      provisioningState: "Succeeded",
    }),
  ];
}
