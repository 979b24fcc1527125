import { byTarget, targetsAmong } from "../../links.ts";
import { cis } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import type { StackResource } from "../../stack.ts";
import { at, elements, lower, UNKNOWN } from "../../values.ts";
import { vault } from "./vaults.ts";

const settingTypes = ["azure-native:monitor:DiagnosticSetting", "azure-native:insights:DiagnosticSetting"];

export const vaultLogged: StackRule = {
  kind: "stack",
  id: "MFA-SEC-004",
  family: "secrets",
  title: "A key vault logs who reads it.",
  prerequisite: "Baseline: diagnostics.",
  step: "Security baseline",
  rationale: "After a break-in nobody could say which secrets were read.",
  level: "mandatory",
  baselines: { dev: "advisory" },
  severity: "medium",
  ...cis("6.1.4", "Ensure that logging for Azure Key Vault is 'Enabled'"),
  check(stack) {
    const vaults = stack.ofType(vault);
    if (vaults.length === 0) return { notApplicable: "no key vault in this stack" };
    const settings = settingTypes.flatMap((type) => stack.ofType(type));
    const unread = settings.some(isUnread);
    const targets = targetsAmong(vaults);
    const byVault = byTarget(settings, (setting) =>
      targets.referred(setting, "resourceUri", at(setting.properties, "resourceUri")),
    );
    return vaults.flatMap((each) => {
      const own = byVault.get(each) ?? [];
      const states = own.map(logsReads);
      if (states.includes(true)) return [];
      if (states.includes(UNKNOWN) || unread) {
        return [cannotTell(each.urn, `whether ${each.name} logs who reads it`)];
      }
      const mend =
        'add a DiagnosticSetting with resourceUri of the vault and logs: [{ categoryGroup: "audit", enabled: true }]';
      const where = own[0]?.urn ?? each.urn;
      return [violation(where, `${each.name} does not log who reads it`, mend)];
    });
  },
};

/** True for a setting of which nobody can tell what it belongs to. */
function isUnread({ properties, sources }: StackResource): boolean {
  return at(properties, "resourceUri") === UNKNOWN && sources.resourceUri === undefined;
}

function logsReads({ properties }: StackResource): boolean | typeof UNKNOWN {
  const logs = at(properties, "logs");
  if (logs === UNKNOWN) return UNKNOWN;
  const states = elements(logs).map((log): boolean | typeof UNKNOWN => {
    const names = [lower(at(log, "category")), lower(at(log, "categoryGroup"))];
    const enabled = at(log, "enabled");
    if (log === UNKNOWN || enabled === UNKNOWN) return UNKNOWN;
    return (
      enabled === true && names.some((name) => name !== undefined && ["auditevent", "audit", "alllogs"].includes(name))
    );
  });
  if (states.includes(true)) return true;
  return states.includes(UNKNOWN) ? UNKNOWN : false;
}
