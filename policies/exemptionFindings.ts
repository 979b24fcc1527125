import { concerns, covers, type Exemption, isInForce } from "./exemptions.ts";
import { configurationOf, judgeEach, judgeStack } from "./judge.ts";
import {
  cannotTell,
  type Finding,
  type ResourceRule,
  type Rule,
  type StackRule,
  type Verdict,
  violation,
} from "./rule.ts";
import type { PolicySettings } from "./settings.ts";
import type { Stack } from "./stack.ts";
import { UNKNOWN } from "./values.ts";

/**
 * What is wrong with the exemptions themselves: one that is past its day, and one that excuses nothing in this stack. Whether one is used
 * is found by asking its rule again; one whose rule cannot tell yet may still be needed.
 */
export function exemptionFindings(rules: readonly Rule[], stack: Stack, settings: PolicySettings, now: Date): Verdict {
  const own = settings.exemptions.filter((exemption) => concerns(exemption, stack.urns));
  if (own.length === 0) return { notApplicable: "no exemption speaks of this stack" };
  return own.flatMap((exemption): Finding[] => {
    const who = `${exemption.rule} at ${exemption.urn} (${exemption.owner}: ${exemption.reason})`;
    if (!isInForce(exemption, now)) {
      return [
        violation(
          undefined,
          `the exemption from ${who} ended on ${exemption.expires}`,
          "mend what it excused and take it out of policies/config.json, or let its owner set another expires",
        ),
      ];
    }
    const needed = isNeeded(exemption, rules, stack, settings, now);
    if (needed === true) return [];
    if (needed === UNKNOWN) return [cannotTell(undefined, `whether the exemption from ${who} is still needed`)];
    return [violation(undefined, `the exemption from ${who} excuses nothing`, "take it out of policies/config.json")];
  });
}

function isNeeded(
  exemption: Exemption,
  rules: readonly Rule[],
  stack: Stack,
  settings: PolicySettings,
  now: Date,
): boolean | typeof UNKNOWN {
  const rule = rules.find(({ id }) => id === exemption.rule);
  if (rule === undefined || settings.level(rule) === "disabled") return false;
  // Which values are marked the engine tells only while it mends them.
  if (rule.kind === "secret") return UNKNOWN;
  // A finding about exemptions has no place that another exemption could name.
  if (rule.kind === "exemption") return false;
  const covered = findingsOf(rule, stack, settings, now).filter(({ urn }) => covers(exemption, urn));
  if (covered.some(({ verdict }) => verdict === "violation")) return true;
  return covered.length > 0 ? UNKNOWN : false;
}

function findingsOf(
  rule: StackRule<never> | ResourceRule<never>,
  stack: Stack,
  settings: PolicySettings,
  now: Date,
): readonly Finding[] {
  const config = configurationOf(rule, settings);
  const verdict = rule.kind === "stack" ? judgeStack(rule, stack, config, now) : judgeEach(rule, stack, config);
  return "notApplicable" in verdict ? [] : verdict;
}
