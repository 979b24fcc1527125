import { asList, asText, type Json, type JsonObject, texts, valueAt } from "../arm/json.ts";
import type { Store } from "../arm/store.ts";
import { childrenOf } from "../arm/view.ts";
import { matchesAddress } from "../types/network/addresses.ts";

/** A connection that knocks at a public address. */
export interface Knock {
  /** Where it comes from: always the Internet, as Azure sees it. */
  sourceAddress: string;
  destinationAddress: string;
  port: number;
}

/** Inbound decision of one security group: the first rule by priority that matches. */
export function allowsInbound(store: Store, groupId: string, knock: Knock): boolean {
  const group = store.get(groupId);
  const own = childrenOf(store, groupId, "Microsoft.Network/networkSecurityGroups/securityRules").map(
    ({ body }) => body,
  );
  const rules: Json[] = [...own, ...asList(valueAt(group?.body, "properties.defaultSecurityRules"))];
  const inbound = rules
    .map((rule) => valueAt(rule, "properties") as JsonObject)
    .filter((rule) => rule?.direction === "Inbound")
    .sort((a, b) => Number(a.priority) - Number(b.priority));
  return inbound.find((rule) => matches(rule, knock))?.access === "Allow";
}

function matches(rule: JsonObject, knock: Knock): boolean {
  const protocol = asText(rule.protocol)?.toLowerCase();
  if (protocol !== "tcp" && protocol !== "*") return false;
  const ports = texts(rule.destinationPortRange, rule.destinationPortRanges);
  if (!ports.some((range) => includesPort(range, knock.port))) return false;
  const sources = texts(rule.sourceAddressPrefix, rule.sourceAddressPrefixes);
  if (!sources.some((source) => isFromInternet(source) || matchesAddress(source, knock.sourceAddress))) return false;
  const destinations = texts(rule.destinationAddressPrefix, rule.destinationAddressPrefixes);
  return destinations.some(
    (destination) =>
      ["*", "VirtualNetwork"].includes(destination) || matchesAddress(destination, knock.destinationAddress),
  );
}

const isFromInternet = (source: string): boolean => ["*", "internet", "0.0.0.0/0"].includes(source.toLowerCase());

function includesPort(range: string, port: number): boolean {
  if (range === "*") return true;
  const [from = 0, to = from] = range.split("-").map(Number);
  return port >= from && port <= to;
}
