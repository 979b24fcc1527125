import { findKey } from "../names.ts";
import type { FirewallRule } from "../state.ts";
import { newRule } from "../windows/firewall.ts";
import {
  type DscSemantics,
  type DscValue,
  list,
  type Properties,
  required,
  sameValue,
  text,
  wantsPresent,
} from "./semantics.ts";

const ensure = "Ensure";
/** Properties that decide what passes; every other one is kept, compared and shown. */
const known = new Set([
  "Name",
  ensure,
  "DisplayName",
  "Group",
  "Enabled",
  "Action",
  "Profile",
  "Direction",
  "RemotePort",
  "LocalPort",
  "Protocol",
  "Description",
]);

export const firewall: DscSemantics = {
  get({ windows }, properties) {
    const Name = required(properties, "Name");
    const rule = windows.firewall[findKey(windows.firewall, Name) ?? ""];
    return rule === undefined ? { Name, Ensure: "Absent" } : { Name, Ensure: "Present", ...show(rule) };
  },

  test({ windows }, properties) {
    const rule = windows.firewall[findKey(windows.firewall, required(properties, "Name")) ?? ""];
    if (rule === undefined || !wantsPresent(properties)) return (rule === undefined) !== wantsPresent(properties);
    const shown = show(rule);
    return Object.keys(properties).every(
      (key) => key === "Name" || key === ensure || sameValue(properties[key], shown[key]),
    );
  },

  set({ windows }, properties) {
    const name = required(properties, "Name");
    const key = findKey(windows.firewall, name);
    if (!wantsPresent(properties)) {
      if (key !== undefined) delete windows.firewall[key];
      return false;
    }
    const before = key === undefined ? newRule({ displayName: name }) : (windows.firewall[key] as FirewallRule);
    windows.firewall[key ?? name] = merge(before, properties);
    return false;
  },
};

function merge(rule: FirewallRule, properties: Properties): FirewallRule {
  const others = Object.entries(properties).filter(([key]) => !known.has(key));
  return {
    displayName: text(properties, "DisplayName") ?? rule.displayName,
    group: text(properties, "Group") ?? rule.group,
    enabled: properties.Enabled === undefined ? rule.enabled : properties.Enabled === "True",
    action: (text(properties, "Action") as FirewallRule["action"] | undefined) ?? rule.action,
    direction: (text(properties, "Direction") as FirewallRule["direction"] | undefined) ?? rule.direction,
    profile: list(properties, "Profile") ?? rule.profile,
    protocol: text(properties, "Protocol") ?? rule.protocol,
    localPort: list(properties, "LocalPort") ?? rule.localPort,
    remotePort: list(properties, "RemotePort") ?? rule.remotePort,
    description: text(properties, "Description") ?? rule.description,
    settings: { ...rule.settings, ...Object.fromEntries(others) },
  };
}

function show(rule: FirewallRule): Record<string, DscValue> {
  return {
    Authentication: "NotRequired",
    Encryption: "NotRequired",
    ...(rule.settings as Record<string, DscValue>),
    DisplayName: rule.displayName,
    Group: rule.group,
    DisplayGroup: rule.group,
    Enabled: rule.enabled ? "True" : "False",
    Action: rule.action,
    Direction: rule.direction,
    Profile: rule.profile,
    Protocol: rule.protocol,
    LocalPort: rule.localPort,
    RemotePort: rule.remotePort,
    Description: rule.description,
  };
}
