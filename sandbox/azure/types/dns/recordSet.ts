import { isIP } from "node:net";
import { ArmError, badRequest } from "../../arm/errors.ts";
import { asList, asObject, asText, type Json, type JsonObject, valueAt } from "../../arm/json.ts";
import { parentOf, sameId } from "../../arm/resourceId.ts";
import type { ResourceType, RuleContext } from "../../arm/resourceType.ts";
import { any, choice, computed, type Field, integer, list, map, object, reference, text } from "../../arm/shape.ts";
import { dnsVersions } from "../versions.ts";
import { recordSetsOf } from "./zone.ts";

/** ARM's record types, with the property that holds the records of each. */
const recordProperties = {
  A: "ARecords",
  AAAA: "AAAARecords",
  CAA: "caaRecords",
  CNAME: "CNAMERecord",
  MX: "MXRecords",
  NS: "NSRecords",
  PTR: "PTRRecords",
  SOA: "SOARecord",
  SRV: "SRVRecords",
  TXT: "TXTRecords",
} as const;

type RecordType = keyof typeof recordProperties;

const portNumber = () => integer({ minimum: 0, maximum: 65535 });
const seconds = () => integer({ minimum: 0, maximum: 2147483647 });

/** Fields of the record properties; `sdkName` is what azure-native calls them. */
const recordFields: Record<(typeof recordProperties)[RecordType], Field> = {
  ARecords: list(object({ ipv4Address: text() }), { sdkName: "aRecords" }),
  AAAARecords: list(object({ ipv6Address: text() }), { sdkName: "aaaaRecords" }),
  caaRecords: list(
    object({
      flags: integer({ minimum: 0, maximum: 255 }),
      tag: choice(["issue", "issuewild", "iodef"]),
      value: text({ maxLength: 1024 }),
    }),
  ),
  CNAMERecord: object({ cname: text() }, { sdkName: "cnameRecord" }),
  MXRecords: list(object({ preference: portNumber(), exchange: text() }), { sdkName: "mxRecords" }),
  NSRecords: list(object({ nsdname: text() }), { sdkName: "nsRecords" }),
  PTRRecords: list(object({ ptrdname: text() }), { sdkName: "ptrRecords" }),
  SOARecord: object(
    {
      host: text(),
      email: text(),
      serialNumber: integer({ minimum: 0 }),
      refreshTime: seconds(),
      retryTime: seconds(),
      expireTime: seconds(),
      minimumTTL: integer({ minimum: 0, maximum: 2147483647, sdkName: "minimumTtl" }),
    },
    { sdkName: "soaRecord" },
  ),
  SRVRecords: list(object({ priority: portNumber(), weight: portNumber(), port: portNumber(), target: text() }), {
    sdkName: "srvRecords",
  }),
  TXTRecords: list(object({ value: list(text({ maxLength: 255 })) }), { sdkName: "txtRecords" }),
};

export const recordSet: ResourceType = {
  type: "Microsoft.Network/dnsZones/recordSets",
  variants: Object.keys(recordProperties).map((type) => `Microsoft.Network/dnsZones/${type}`),
  token: "azure-native:dns:RecordSet",
  apiVersion: "2023-07-01-preview",
  otherApiVersions: dnsVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/dnsZones/{zoneName}/{recordType}/{relativeRecordSetName}",
  autoname: "random",
  name: {
    minLength: 1,
    maxLength: 253,
    pattern: /^(@|(\*|[A-Za-z0-9_-]{1,63})(\.[A-Za-z0-9_-]{1,63})*)$/,
    meaning: "'@', or labels of letters, digits, '_' or '-' joined by '.', with '*' only as the left-most label",
  },
  location: "none",
  body: {
    properties: object(
      {
        metadata: map(text()),
        TTL: integer({ minimum: 1, maximum: 2147483647, sdkName: "ttl" }),
        ...recordFields,
        targetResource: reference(["Microsoft.Network/publicIPAddresses"]),
        fqdn: computed(text()),
        provisioningState: computed(text()),
      },
      { flatten: true, required: true },
    ),
    systemData: computed(any()),
  },
  replaceOn: [],
  longRunning: false,
  etag: true,
  hooks: {
    check(context) {
      checkApex(context);
      checkRecords(context);
      checkNeighbours(context);
      checkQuota(context);
    },
    complete({ body, parameters }) {
      const name = parameters.relativeRecordSetName;
      const zone = parameters.zoneName as string;
      asObject(body.properties).fqdn = name === "@" ? `${zone}.` : `${name}.${zone}.`;
    },
    view(resource, body) {
      const properties = asObject(body.properties);
      if (properties.fqdn === undefined) {
        const zone = resource.id.split("/").at(-3) as string;
        properties.fqdn = `${zone}.`;
      }
    },
    checkDelete(resource) {
      const type = resource.type.split("/").at(-1)?.toUpperCase();
      if (resource.name === "@" && (type === "SOA" || type === "NS")) {
        throw badRequest("BadRequest", `The record set '@' of type ${type} is part of its zone and cannot be deleted.`);
      }
    },
  },
};

function typeOf({ parsed }: RuleContext): RecordType {
  return parsed.type.split("/").at(-1)?.toUpperCase() as RecordType;
}

/** The records of a set, one element for CNAME and SOA. */
export function recordsOf(type: string, body: JsonObject): Json[] {
  const records = valueAt(body, `properties.${recordProperties[type.toUpperCase() as RecordType]}`);
  return Array.isArray(records) ? records : records === undefined ? [] : [records];
}

function checkApex(context: RuleContext): void {
  const type = typeOf(context);
  const isApex = context.parameters.relativeRecordSetName === "@";
  if (type === "CNAME" && isApex) {
    throw badRequest("BadRequest", "A CNAME record set cannot be at the zone's apex, beside NS and SOA.");
  }
  if (type === "SOA" && (!isApex || context.previous === undefined)) {
    throw badRequest("BadRequest", "A SOA record set exists at the zone's apex only; it can be changed, not created.");
  }
}

function checkRecords(context: RuleContext): void {
  const type = typeOf(context);
  const properties = asObject(context.body.properties);
  const property = recordProperties[type];
  for (const other of Object.values(recordProperties)) {
    if (other !== property && properties[other] !== undefined) {
      throw badRequest("BadRequest", `The record set is of type ${type}; '${other}' does not belong to it.`, other);
    }
  }
  if (properties.targetResource !== undefined) {
    if (!["A", "AAAA", "CNAME"].includes(type) || properties[property] !== undefined) {
      throw badRequest(
        "BadRequest",
        "targetResource stands instead of the records of an A, AAAA or CNAME set.",
        "targetResource",
      );
    }
    return;
  }
  if (properties.TTL === undefined)
    throw badRequest("BadRequest", "The TTL of a record set is required: 1 to 2147483647.", "TTL");
  const records = recordsOf(type, context.body);
  if (records.length === 0) {
    throw badRequest("BadRequest", `The record set has no ${property}; delete a set that is empty.`, property);
  }
  if (records.length > 20) {
    throw badRequest("BadRequest", `The record set has ${records.length} records; at most 20 are allowed.`, property);
  }
  const written = records.map((record) => JSON.stringify(record));
  if (new Set(written).size < written.length) {
    throw badRequest("BadRequest", "The record set has the same record twice.", property);
  }
  for (const record of records) checkRecord(type, record, property);
  if (type === "TXT") checkTextLength(records);
}

function checkRecord(type: RecordType, record: Json, property: string): void {
  const needed: Record<RecordType, readonly string[]> = {
    A: ["ipv4Address"],
    AAAA: ["ipv6Address"],
    CAA: ["flags", "tag", "value"],
    CNAME: ["cname"],
    MX: ["preference", "exchange"],
    NS: ["nsdname"],
    PTR: ["ptrdname"],
    SOA: ["email"],
    SRV: ["priority", "weight", "port", "target"],
    TXT: ["value"],
  };
  for (const key of needed[type]) {
    if (valueAt(record, key) === undefined)
      throw badRequest("BadRequest", `A record of '${property}' has no ${key}.`, property);
  }
  const address = asText(valueAt(record, "ipv4Address")) ?? asText(valueAt(record, "ipv6Address"));
  if (address !== undefined && isIP(address) !== (type === "A" ? 4 : 6)) {
    throw badRequest("BadRequest", `'${address}' is not an address of a record of type ${type}.`, property);
  }
}

/** A whole TXT set holds at most 4096 characters. */
function checkTextLength(records: readonly Json[]): void {
  const length = records
    .flatMap((record) => asList(valueAt(record, "value")))
    .reduce((n: number, s) => n + String(s).length, 0);
  if (length > 4096) {
    throw badRequest(
      "BadRequest",
      `The TXT record set has ${length} characters; at most 4096 are allowed.`,
      "TXTRecords",
    );
  }
}

/** No CNAME beside any other type of the same name. */
function checkNeighbours({ id, store, parsed, parameters }: RuleContext): void {
  const zoneId = parentOf(id) ?? "";
  const name = (parameters.relativeRecordSetName as string).toLowerCase();
  const isAlias = parsed.type.toUpperCase().endsWith("/CNAME");
  for (const other of recordSetsOf(store, zoneId)) {
    if (sameId(other.id, id) || other.name.toLowerCase() !== name) continue;
    if (isAlias || other.type.toUpperCase().endsWith("/CNAME")) {
      throw badRequest(
        "CnameRecordSetConflict",
        `The record set '${name}' conflicts with ${other.type.split("/").at(-1)} '${other.name}': a CNAME stands alone.`,
      );
    }
  }
}

function checkQuota({ id, store, previous }: RuleContext): void {
  if (previous === undefined && recordSetsOf(store, parentOf(id) ?? "").length >= 10000) {
    throw new ArmError(409, "QuotaExceeded", "The zone has 10000 record sets, the maximum.");
  }
}
