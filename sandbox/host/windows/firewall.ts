import type { FirewallRule, WindowsState } from "../state.ts";

export function newRule(facts: Partial<FirewallRule> & { displayName: string }): FirewallRule {
  return {
    group: "",
    enabled: true,
    action: "Allow",
    direction: "Inbound",
    profile: ["Any"],
    protocol: "TCP",
    localPort: ["Any"],
    remotePort: ["Any"],
    description: "",
    settings: {},
    ...facts,
  };
}

export function initialFirewall(): Record<string, FirewallRule> {
  return {
    "RemoteDesktop-UserMode-In-TCP": newRule({
      displayName: "Remote Desktop - User Mode (TCP-In)",
      group: "Remote Desktop",
      localPort: ["3389"],
    }),
  };
}

/** Inbound TCP is refused unless a rule allows it; a rule that blocks wins. */
export function allowsInbound(windows: WindowsState, port: number): boolean {
  const rules = Object.values(windows.firewall).filter(
    (rule) =>
      rule.enabled &&
      rule.direction === "Inbound" &&
      matchesProtocol(rule.protocol) &&
      matchesPort(rule.localPort, port),
  );
  return rules.some((rule) => rule.action === "Allow") && !rules.some((rule) => rule.action === "Block");
}

function matchesProtocol(protocol: string): boolean {
  return ["tcp", "6", "any"].includes(protocol.toLowerCase());
}

function matchesPort(ports: string[], port: number): boolean {
  return ports.some((entry) => {
    if (entry.toLowerCase() === "any") return true;
    const [first, last = first] = entry.split("-").map(Number);
    return first !== undefined && last !== undefined && port >= first && port <= last;
  });
}
