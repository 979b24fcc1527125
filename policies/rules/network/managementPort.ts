import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { prefixLength, reachOf } from "./addresses.ts";
import { common, describePorts, type Ports } from "./ports.ts";
import { inboundRulesOf, networkSecurityGroup } from "./securityRules.ts";

interface Config {
  ports: number[];
  /** Shorter public prefixes are too wide for a management network. */
  shortestPublicPrefix: number;
}

export const managementPort: StackRule<Config> = {
  kind: "stack",
  id: "MFA-NET-002",
  title: "Management ports are reachable from named networks only.",
  prerequisite: "This server will need open access to port 443 on the Internet (and to nothing else).",
  rationale: "SSH, Remote Desktop and WinRM lead to full control of the server that holds everybody's second factor.",
  level: "mandatory",
  severity: "critical",
  configSchema: {
    properties: {
      ports: { type: "array", items: { type: "integer" }, default: [22, 3389, 5985, 5986] },
      shortestPublicPrefix: { type: "integer", minimum: 8, maximum: 32, default: 24 },
    },
  },
  check(stack, config) {
    const groups = stack.ofType(networkSecurityGroup);
    if (groups.length === 0) return { notApplicable: "no network security group" };
    const managed = config.ports.map((port): Ports => [port, port]);
    return groups.flatMap((group) => {
      const { rules, unknown } = inboundRulesOf(group, stack);
      const wide = rules
        .filter((rule) => rule.access === "allow" && rule.protocols.includes("tcp"))
        .map((rule) => ({ rule, ports: common(managed, rule.ports), sources: rule.sources.filter(tooWide) }))
        .filter(({ ports, sources }) => ports.length > 0 && sources.length > 0);
      return [
        ...wide.map(({ rule, ports, sources }) =>
          violation(
            rule.urn,
            `${rule.name} opens tcp ${describePorts(ports)} to ${sources.join(", ")}`,
            "name the networks from which Pulumi runs: pulumi config set --path mfa-server:network.allowManagementFrom[0] <network>",
          ),
        ),
        ...unknown.map((urn) => cannotTell(urn, `the security rules of ${group.name}`)),
      ];
    });

    function tooWide(source: string): boolean {
      const reach = reachOf(source);
      if (reach !== "public") return reach === "internet";
      return (prefixLength(source) ?? 0) < config.shortestPublicPrefix;
    }
  },
};
