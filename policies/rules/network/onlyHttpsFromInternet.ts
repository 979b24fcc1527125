import { cannotTell, type Finding, type StackRule, violation } from "../../rule.ts";
import type { StackResource } from "../../stack.ts";
import { publicFrontDoors } from "./frontDoors.ts";
import { describePorts, type Ports, without } from "./ports.ts";
import { inboundRulesOf, networkSecurityGroup, type OpenPorts, openToInternet } from "./securityRules.ts";

interface Config {
  /** False where a proxy or gateway stands in front and 443 is open for it alone. */
  httpsFromInternet: boolean;
}

const https: Ports = [443, 443];

export const onlyHttpsFromInternet: StackRule<Config> = {
  kind: "stack",
  id: "MFA-NET-001",
  title: "The Internet reaches port 443 of the host and nothing else.",
  prerequisite: "This server will need open access to port 443 on the Internet.",
  rationale:
    "People and their phones reach the portal and the app service on 443; every other open port is an attack surface.",
  level: "mandatory",
  severity: "critical",
  configSchema: { properties: { httpsFromInternet: { type: "boolean", default: true } } },
  check(stack, config) {
    const groups = stack.ofType(networkSecurityGroup);
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
      ...groups.flatMap((group) => {
        const { rules, unknown: unread } = inboundRulesOf(group, stack);
        const open = openToInternet(rules);
        return [
          ...tooOpen(open),
          ...(config.httpsFromInternet && doors.includes(group.urn) ? closedHttps(group, open, unread) : []),
          ...unread.map((urn) => cannotTell(urn, `the security rules of ${group.name}`)),
        ];
      }),
    ];
  },
};

function tooOpen(open: readonly OpenPorts[]): Finding[] {
  return open.flatMap(({ rule, protocol, ports }) => {
    const others = protocol === "tcp" ? without(ports, [https]) : ports;
    if (others.length === 0) return [];
    return [
      violation(
        rule.urn,
        `${rule.name} lets the Internet (${rule.sources.join(", ")}) reach ${protocol} ${describePorts(others)}`,
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
