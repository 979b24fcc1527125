import { byTarget, targetsAmong } from "../../links.ts";
import type { Stack, StackResource } from "../../stack.ts";
import { at, elements, lower, UNKNOWN, type Value } from "../../values.ts";
import { type Reach, reachOf } from "./addresses.ts";
import { allPorts, common, type Ports, portsOf, without } from "./ports.ts";

export const networkSecurityGroup = "azure-native:network:NetworkSecurityGroup";
export const securityRule = "azure-native:network:SecurityRule";

/** One inbound rule of a network security group. */
export interface InboundRule {
  /** The resource that declares it. */
  urn: string;
  name: string;
  priority: number;
  access: "allow" | "deny";
  protocols: readonly Protocol[];
  sources: readonly string[];
  ports: readonly Ports[];
}

const protocols = ["tcp", "udp", "icmp", "esp", "ah"] as const;
export type Protocol = (typeof protocols)[number];

/** The inbound rules of a group, and those that a preview cannot know yet. */
export interface InboundRules {
  group: StackResource;
  rules: InboundRule[];
  /** URNs of resources whose rules are not known. */
  unknown: string[];
}

/** Every inbound rule of each group: those inside it, and the separate `SecurityRule` resources that name it. */
export function inboundRules(stack: Stack): InboundRules[] {
  const groups = stack.ofType(networkSecurityGroup);
  const targets = targetsAmong(groups);
  const separate = byTarget(stack.ofType(securityRule), (rule) => targets.owners(rule, "networkSecurityGroupName"));
  return groups.map((group) => inboundRulesOf(group, separate.get(group) ?? []));
}

function inboundRulesOf(group: StackResource, separate: readonly StackResource[]): InboundRules {
  const inline = at(group.properties, "securityRules");
  const declared: [string, Value][] = [
    ...elements(inline).map((rule): [string, Value] => [group.urn, rule]),
    ...separate.map((rule): [string, Value] => [rule.urn, rule.properties]),
  ];
  const unread = inline === UNKNOWN && separate.length === 0;
  const result: InboundRules = { group, rules: [], unknown: unread ? [group.urn] : [] };
  const seen = new Set<string>();
  for (const [urn, properties] of declared) {
    const read = readRule(urn, properties);
    if (read === "unknown") result.unknown.push(urn);
    else if (read !== undefined && !seen.has(`${read.priority}`)) {
      // Azure shows a separate rule in the group's own list too; priorities are unique in a group.
      seen.add(`${read.priority}`);
      result.rules.push(read);
    }
  }
  return result;
}

function readRule(urn: string, properties: Value): InboundRule | "unknown" | undefined {
  const [direction, access, priority] = ["direction", "access", "priority"].map((name) => at(properties, name));
  if (lower(direction) === "outbound") return undefined;
  const sources = both(properties, "sourceAddressPrefix", "sourceAddressPrefixes");
  const ranges = both(properties, "destinationPortRange", "destinationPortRanges");
  const protocol = at(properties, "protocol");
  if ([direction, access, priority, protocol].includes(UNKNOWN) || sources === "unknown" || ranges === "unknown") {
    return "unknown";
  }
  const own = protocols.find((name) => name === lower(protocol));
  return {
    urn,
    name: String(at(properties, "name") ?? at(properties, "securityRuleName") ?? urn.split("::").at(-1)),
    priority: Number(priority),
    access: lower(access) === "allow" ? "allow" : "deny",
    protocols: own === undefined ? protocols : [own],
    sources,
    ports: ranges.map((range) => portsOf(range) ?? allPorts),
  };
}

/** The singular and the plural of a field together; one of them is set. */
function both(properties: Value, singular: string, plural: string): string[] | "unknown" {
  const given: Value[] = [at(properties, singular), at(properties, plural)];
  const values = given.flatMap((value): Value[] => (Array.isArray(value) ? value : [value])).filter(isGiven);
  return values.includes(UNKNOWN) ? "unknown" : values.map(String);
}

/** A rule that lets somebody in, with the ports that no rule before it has decided. */
export interface OpenPorts {
  rule: InboundRule;
  protocol: Protocol;
  ports: Ports[];
}

/** The furthest reach of a rule's sources. */
export function reachOfRule(rule: InboundRule): Reach {
  const reaches = rule.sources.map(reachOf);
  return reaches.includes("internet") ? "internet" : reaches.includes("public") ? "public" : "private";
}

/**
 * What the whole Internet can reach, as Azure decides it: the rule with the smallest priority that matches wins, and what no rule
 * matches is denied. A deny for a part of the Internet closes nothing for the rest.
 */
export function openToInternet(rules: readonly InboundRule[]): OpenPorts[] {
  const undecided = new Map<Protocol, readonly Ports[]>(protocols.map((protocol) => [protocol, [allPorts]]));
  const open: OpenPorts[] = [];
  for (const rule of [...rules].sort((a, b) => a.priority - b.priority)) {
    if (reachOfRule(rule) !== "internet") continue;
    for (const protocol of rule.protocols) {
      const left = undecided.get(protocol) ?? [];
      const ports = common(left, rule.ports);
      if (rule.access === "allow" && ports.length > 0) open.push({ rule, protocol, ports });
      undecided.set(protocol, without(left, rule.ports));
    }
  }
  return open;
}

function isGiven(value: Value): boolean {
  return value !== undefined && value !== null && value !== "";
}
