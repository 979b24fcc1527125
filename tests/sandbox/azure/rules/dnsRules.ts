import { group, ids } from "../fixtures.ts";
import type { Case } from "./case.ts";

const dns = "2018-05-01";
const under = (type: string, name: string) => `${group}/providers/${type}/${name}`;
const record = (type: string, name: string) => `${ids.zone}/${type}/${name}`;
const txt = (...value: string[]) => ({ properties: { TTL: 60, TXTRecords: [{ value }] } });

/** Zones and record sets. */
export const dnsRules: Case[] = [
  [
    "a zone that is not global",
    `${ids.zone}.org`,
    dns,
    { location: "westeurope" },
    400,
    "LocationNotAvailableForResourceType",
  ],
  [
    "a zone of one label",
    under("Microsoft.Network/dnsZones", "local"),
    dns,
    { location: "global" },
    400,
    "InvalidResourceName",
  ],
  [
    "a TTL of 0",
    record("A", "x"),
    dns,
    { properties: { TTL: 0, ARecords: [{ ipv4Address: "192.0.2.1" }] } },
    400,
    "InvalidParameter",
  ],
  [
    "a record set without TTL",
    record("A", "x"),
    dns,
    { properties: { ARecords: [{ ipv4Address: "192.0.2.1" }] } },
    400,
    "BadRequest",
  ],
  [
    "an A record set without records",
    record("A", "x"),
    dns,
    { properties: { TTL: 60, ARecords: [] } },
    400,
    "BadRequest",
  ],
  ["records of another type", record("A", "x"), dns, txt("a"), 400, "BadRequest"],
  [
    "an A record that is no address",
    record("A", "x"),
    dns,
    { properties: { TTL: 60, ARecords: [{ ipv4Address: "::1" }] } },
    400,
    "BadRequest",
  ],
  [
    "21 records in a set",
    record("A", "x"),
    dns,
    { properties: { TTL: 60, ARecords: Array.from({ length: 21 }, (_, i) => ({ ipv4Address: `192.0.2.${i}` })) } },
    400,
    "BadRequest",
  ],
  ["a TXT text of 256 characters", record("TXT", "x"), dns, txt("x".repeat(256)), 400, "InvalidParameter"],
  [
    "a TXT set of 4097 characters",
    record("TXT", "x"),
    dns,
    txt(...Array.from({ length: 16 }, () => "x".repeat(255)), "x".repeat(17)),
    400,
    "BadRequest",
  ],
  [
    "CAA flags above 255",
    record("CAA", "x"),
    dns,
    { properties: { TTL: 60, caaRecords: [{ flags: 256, tag: "issue", value: "ca" }] } },
    400,
    "InvalidParameter",
  ],
  [
    "an unknown CAA tag",
    record("CAA", "x"),
    dns,
    { properties: { TTL: 60, caaRecords: [{ flags: 0, tag: "emit", value: "ca" }] } },
    400,
    "InvalidParameter",
  ],
  [
    "a CNAME at the apex",
    record("CNAME", "@"),
    dns,
    { properties: { TTL: 60, CNAMERecord: { cname: "a.example" } } },
    400,
    "BadRequest",
  ],
  [
    "a CNAME beside another type",
    record("CNAME", "mfa"),
    dns,
    { properties: { TTL: 60, CNAMERecord: { cname: "a.example" } } },
    400,
    "CnameRecordSetConflict",
  ],
  [
    "a wildcard that is not left-most",
    record("A", "a.*"),
    dns,
    { properties: { TTL: 60, ARecords: [{ ipv4Address: "192.0.2.1" }] } },
    400,
    "InvalidResourceName",
  ],
  [
    "a second SOA",
    record("SOA", "sub"),
    dns,
    { properties: { TTL: 60, SOARecord: { email: "a.b" } } },
    400,
    "BadRequest",
  ],
];
