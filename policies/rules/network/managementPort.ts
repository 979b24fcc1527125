import { z } from "zod";
import { cis } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { prefixLength, reachOf } from "./addresses.ts";
import { common, describePorts, type Ports } from "./ports.ts";
import { inboundRules } from "./securityRules.ts";

interface Config {
  ports: number[];
  /** Shorter public prefixes are too wide for a management network. */
  shortestPublicPrefix: number;
}

export const managementPort: StackRule<Config> = {
  kind: "stack",
  id: "MFA-NET-002",
  family: "network",
  title: "Management ports are reachable from named networks only.",
  prerequisite: "This server will need open access to port 443 on the Internet (and to nothing else).",
  step: "Security baseline",
  rationale: "SSH, Remote Desktop and WinRM lead to full control of the server that holds everybody's second factor.",
  level: "mandatory",
  severity: "critical",
  ...cis("7.1", "Ensure that RDP access from the Internet is evaluated and restricted"),
  configuration: z.strictObject({
    ports: z
      .array(z.int().min(1).max(65535))
      .default([22, 3389, 5985, 5986])
      .describe("TCP ports by which a host is managed."),
    shortestPublicPrefix: z
      .int()
      .min(8)
      .max(32)
      .default(24)
      .describe("Length of the widest public network that may reach them."),
  }),
  check(stack, config) {
    const groups = inboundRules(stack);
    if (groups.length === 0) return { notApplicable: "no network security group" };
    const managed = config.ports.map((port): Ports => [port, port]);
    return groups.flatMap(({ group, rules, unknown }) => {
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
