import { z } from "zod";
import { procedure } from "../../references.ts";
import { cannotTell, type Finding, type StackRule, violation } from "../../rule.ts";
import type { StackResource } from "../../stack.ts";
import { publicFrontDoors } from "./frontDoors.ts";
import { describePorts, type Ports, without } from "./ports.ts";
import { inboundRules, type OpenPorts, openToInternet } from "./securityRules.ts";

interface Config {
  /** False where a proxy or gateway stands in front and 443 is open for it alone. */
  httpsFromInternet: boolean;
}

const https: Ports = [443, 443];
const protocolsWithPorts: ReadonlySet<string> = new Set(["tcp", "udp"]);

export const onlyHttpsFromInternet: StackRule<Config> = {
  kind: "stack",
  id: "MFA-NET-001",
  family: "network",
  title: "The Internet reaches port 443 of the host and nothing else.",
  prerequisite: "This server will need open access to port 443 on the Internet.",
  step: "Prerequisites",
  rationale:
    "People and their phones reach the portal and the app service on 443; every other open port is an attack surface.",
  level: "mandatory",
  severity: "critical",
  references: [procedure],
  configuration: z.strictObject({
    httpsFromInternet: z
      .boolean()
      .default(true)
      .describe("False where a proxy or gateway stands in front and 443 is open for it alone."),
  }),
  check(stack, config) {
    const groups = inboundRules(stack);
    const { doors, unguarded, unknown } = publicFrontDoors(stack);
    if (groups.length === 0 && unguarded.length === 0 && unknown.length === 0) {
      return { notApplicable: "no network security group and no public address on a network interface" };
    }
    return [
      ...unguarded.map((nic) =>
        violation(
          nic.urn,
          `${nic.name} has a public address and no network security group, neither its own nor its subnet's`,
          "give its subnet a NetworkSecurityGroup; the kit's Network component does",
        ),
      ),
      ...unknown.map((nic) => cannotTell(nic.urn, `which network security group guards ${nic.name}`)),
      ...groups.flatMap(({ group, rules, unknown: unread }) => {
        const open = openToInternet(rules);
        return [
          ...tooOpen(open),
          ...(config.httpsFromInternet && doors.has(group.urn) ? closedHttps(group, open, unread) : []),
          ...unread.map((urn) => cannotTell(urn, `the security rules of ${group.name}`)),
        ];
      }),
    ];
  },
};

/** One finding for each rule, with everything that it opens. */
function tooOpen(open: readonly OpenPorts[]): Finding[] {
  const byRule = Map.groupBy(open, ({ rule }) => rule);
  return [...byRule].flatMap(([rule, entries]) => {
    const others = entries.flatMap(({ protocol, ports }) => {
      const left = protocol === "tcp" ? without(ports, [https]) : ports;
      return left.length === 0
        ? []
        : [protocolsWithPorts.has(protocol) ? `${protocol} ${describePorts(left)}` : protocol];
    });
    if (others.length === 0) return [];
    return [
      violation(
        rule.urn,
        `${rule.name} lets the Internet (${rule.sources.join(", ")}) reach ${others.join("; ")}`,
        "remove the rule, or name the networks that need it in place of the Internet",
      ),
    ];
  });
}

function closedHttps(group: StackResource, open: readonly OpenPorts[], unread: readonly string[]): Finding[] {
  const reached = open.some(({ protocol, ports }) => protocol === "tcp" && without([https], ports).length === 0);
  // A rule that is not known yet may open it.
  if (reached || unread.length > 0) return [];
  return [
    violation(
      group.urn,
      `${group.name} does not let the Internet reach tcp 443`,
      "pulumi config set --path mfa-server:network.allowHttpsFrom[0] Internet",
    ),
  ];
}
