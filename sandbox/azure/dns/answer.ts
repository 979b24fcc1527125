import type { Answer, RecordType } from "dns-packet";
import { asList, asText, type Json, valueAt } from "../arm/json.ts";
import type { Store, StoredResource } from "../arm/store.ts";
import { recordsOf } from "../types/dns/recordSet.ts";
import { recordSetsOf } from "../types/dns/zone.ts";

/** What the zone server says to one question. */
export interface Reply {
  rcode: "NOERROR" | "NXDOMAIN" | "REFUSED";
  authoritative: boolean;
  answers: Answer[];
  authorities: Answer[];
}

/** Answers from the record sets as they are now (RFC 1034 4.3.2, wildcards RFC 4592). */
export function answer(store: Store, name: string, type: string): Reply {
  const wanted = name.toLowerCase().replace(/\.$/, "");
  const zone = zoneOf(store, wanted);
  if (zone === undefined) return { rcode: "REFUSED", authoritative: false, answers: [], authorities: [] };
  const sets = recordSetsOf(store, zone.id);
  const answers: Answer[] = [];
  let current = wanted;
  // A chain of aliases inside the zone is followed; eight links are more than any sane zone has.
  for (let links = 0; links < 8; links++) {
    const found = setsAt(sets, zone.name, current);
    if (found === undefined) {
      return negative(answers.length > 0 ? "NOERROR" : "NXDOMAIN", zone, sets, answers);
    }
    const direct = found.filter((set) => typeOf(set) === type.toUpperCase() || type.toUpperCase() === "ANY");
    answers.push(...direct.flatMap((set) => toAnswers(set, current, store)));
    const alias = found.find((set) => typeOf(set) === "CNAME");
    if (direct.length > 0 || alias === undefined) {
      return direct.length > 0
        ? { rcode: "NOERROR", authoritative: true, answers, authorities: [] }
        : negative("NOERROR", zone, sets, answers);
    }
    answers.push(...toAnswers(alias, current, store));
    const target = asText(valueAt(alias.body, "properties.CNAMERecord.cname"))?.toLowerCase().replace(/\.$/, "") ?? "";
    if (zoneOf(store, target)?.id !== zone.id)
      return { rcode: "NOERROR", authoritative: true, answers, authorities: [] };
    current = target;
  }
  return { rcode: "NOERROR", authoritative: true, answers, authorities: [] };
}

/** The zone with the longest name that the question is inside of. */
function zoneOf(store: Store, name: string): StoredResource | undefined {
  return store
    .ofType("Microsoft.Network/dnsZones")
    .filter((zone) => name === zone.name.toLowerCase() || name.endsWith(`.${zone.name.toLowerCase()}`))
    .sort((a, b) => b.name.length - a.name.length)[0];
}

/** The record sets of a name; empty for a name that has only names below it; `undefined` for one that does not exist. */
function setsAt(sets: readonly StoredResource[], zone: string, name: string): StoredResource[] | undefined {
  const relative = name === zone.toLowerCase() ? "@" : name.slice(0, -zone.length - 1);
  const named = (wanted: string) => sets.filter((set) => set.name.toLowerCase() === wanted);
  const exact = named(relative);
  if (exact.length > 0) return exact;
  const exists = (wanted: string) =>
    sets.some((set) => set.name.toLowerCase() === wanted || set.name.toLowerCase().endsWith(`.${wanted}`));
  if (relative === "@" || exists(relative)) return [];
  // The closest ancestor that exists decides: only its own wildcard counts.
  const labels = relative.split(".");
  for (let i = 1; i <= labels.length; i++) {
    const ancestor = labels.slice(i).join(".");
    if (ancestor !== "" && !exists(ancestor)) continue;
    const wildcard = named(ancestor === "" ? "*" : `*.${ancestor}`);
    return wildcard.length > 0 ? wildcard : undefined;
  }
  return undefined;
}

/** NODATA and NXDOMAIN carry the SOA, with the time that the answer may be kept (RFC 2308). */
function negative(
  rcode: "NOERROR" | "NXDOMAIN",
  zone: StoredResource,
  sets: readonly StoredResource[],
  answers: Answer[],
): Reply {
  const soa = sets.find((set) => set.name === "@" && typeOf(set) === "SOA");
  const authorities = soa === undefined ? [] : toAnswers(soa, zone.name, undefined);
  for (const authority of authorities) {
    if (authority.type === "SOA") authority.ttl = Math.min(authority.ttl ?? 0, authority.data.minimum ?? 0);
  }
  return { rcode, authoritative: true, answers, authorities };
}

const typeOf = (set: StoredResource): string => set.type.split("/").at(-1)?.toUpperCase() ?? "";

function toAnswers(set: StoredResource, name: string, store: Store | undefined): Answer[] {
  const ttl = Number(valueAt(set.body, "properties.TTL") ?? 300);
  const target = asText(valueAt(set.body, "properties.targetResource.id"));
  if (target !== undefined) {
    const address = asText(valueAt(store?.get(target)?.body, "properties.ipAddress"));
    return address === undefined ? [] : [{ name, type: "A", ttl, data: address }];
  }
  return recordsOf(typeOf(set), set.body).map((record) => toAnswer(typeOf(set) as RecordType, name, ttl, record));
}

function toAnswer(type: RecordType, name: string, ttl: number, record: Json): Answer {
  const text = (key: string): string => asText(valueAt(record, key)) ?? "";
  const number = (key: string): number => Number(valueAt(record, key) ?? 0);
  const dotless = (key: string): string => text(key).replace(/\.$/, "");
  switch (type) {
    case "A":
      return { name, type, ttl, data: text("ipv4Address") };
    case "AAAA":
      return { name, type, ttl, data: text("ipv6Address") };
    case "CAA":
      return { name, type, ttl, data: { flags: number("flags"), tag: text("tag") as "issue", value: text("value") } };
    case "CNAME":
      return { name, type, ttl, data: dotless("cname") };
    case "MX":
      return { name, type, ttl, data: { preference: number("preference"), exchange: dotless("exchange") } };
    case "NS":
      return { name, type, ttl, data: dotless("nsdname") };
    case "PTR":
      return { name, type, ttl, data: dotless("ptrdname") };
    case "SRV":
      return {
        name,
        type,
        ttl,
        data: {
          priority: number("priority"),
          weight: number("weight"),
          port: number("port"),
          target: dotless("target"),
        },
      };
    case "TXT":
      return { name, type, ttl, data: asList(valueAt(record, "value")).map(String) };
    case "SOA":
      return {
        name,
        type,
        ttl,
        data: {
          mname: dotless("host"),
          rname: dotless("email"),
          serial: number("serialNumber"),
          refresh: number("refreshTime"),
          retry: number("retryTime"),
          expire: number("expireTime"),
          minimum: number("minimumTTL"),
        },
      };
    default:
      throw new Error(`a record of type ${type} cannot be answered`);
  }
}
