import type { EnforcementLevel } from "@pulumi/policy";
import { exemptionFindings } from "./exemptionFindings.ts";
import { type Exemption, exemptionFor } from "./exemptions.ts";
import { configurationOf, judgeEach, judgeStack } from "./judge.ts";
import type { Finding, Rule, SecretRule, Verdict } from "./rule.ts";
import { rules } from "./rules.ts";
import { unmarkedSecrets } from "./secretPaths.ts";
import type { PolicySettings } from "./settings.ts";
import { type Stack, stackOf } from "./stack.ts";
import { eachSecret, open, type Properties, plain } from "./values.ts";

/** A resource as a saved preview, a state or a test describes it. */
export interface PlainResource {
  urn: string;
  type: string;
  name: string;
  /** As the engine writes them: unknown values and secrets in its own notation. */
  properties: Readonly<Record<string, unknown>>;
  /** By property, the URNs of the resources that its value comes from. Default: not told. */
  sources?: Readonly<Record<string, readonly string[]>>;
  /** What the provider will answer is not in the properties; nobody knows it yet. Default: they are whole. */
  incomplete?: boolean;
}

/**
 * `fail`: at least one violation that nobody answers for. `exempt`: violations, and somebody answers for each. `cannotTell`: no violation,
 * and something that nobody can know yet.
 */
export type RuleStatus = "pass" | "fail" | "cannotTell" | "notApplicable" | "exempt" | "disabled";

/** A finding, and who answers for it when somebody does. */
export interface JudgedFinding extends Finding {
  exemption?: Exemption;
}

/** What a rule says about a stack. */
export interface RuleResult {
  rule: Rule;
  status: RuleStatus;
  /** The level in force. */
  level: EnforcementLevel;
  findings: readonly JudgedFinding[];
  /** Why it is not applicable. */
  reason?: string;
}

/**
 * Judges resources by every rule, without an engine: the rules are those of the pack, and so is the way in which they judge.
 *
 * @param settings Levels, configuration and exemptions.
 * @param now The moment for which dates are judged.
 * @returns One result for each rule, in the order of the pack. Values of secrets are in none of them.
 */
export function evaluate(resources: readonly PlainResource[], settings: PolicySettings, now: Date): RuleResult[] {
  const stack = stackOfPlain(resources);
  const mask = maskFor(resources);
  return rules.map((rule): RuleResult => {
    const level = settings.level(rule);
    if (level === "disabled") return { rule, status: "disabled", level, findings: [] };
    const verdict = judge(rule, resources, stack, settings, now);
    if ("notApplicable" in verdict) {
      return { rule, status: "notApplicable", level, findings: [], reason: verdict.notApplicable };
    }
    const findings = verdict.map((finding): JudgedFinding => {
      const exemption = exemptionFor(settings.exemptions, rule.id, finding, now);
      return { ...mask(finding), ...(exemption && { exemption }) };
    });
    return { rule, status: statusOf(findings), level, findings };
  });
}

/** The stack that plain resources make. */
export function stackOfPlain(resources: readonly PlainResource[]): Stack {
  return stackOf(resources, ({ properties, sources = {}, incomplete = false }) => {
    const copy = plain(properties) as Properties;
    return { properties: incomplete ? open(copy) : copy, sources };
  });
}

function judge(
  rule: Rule,
  resources: readonly PlainResource[],
  stack: Stack,
  settings: PolicySettings,
  now: Date,
): Verdict {
  switch (rule.kind) {
    case "stack":
      return judgeStack(rule, stack, configurationOf(rule, settings), now);
    case "resource":
      return judgeEach(rule, stack, configurationOf(rule, settings));
    case "secret":
      return judgeSecrets(rule, resources);
    case "exemption":
      return exemptionFindings(rules, stack, settings, now);
  }
}

function judgeSecrets(rule: SecretRule, resources: readonly PlainResource[]): Verdict {
  const findings = resources.map((resource) => unmarkedSecrets(rule, resource));
  const applicable = findings.filter((each) => each !== undefined);
  return applicable.length === 0 ? { notApplicable: "nothing that must be secret" } : applicable.flat();
}

function statusOf(findings: readonly JudgedFinding[]): RuleStatus {
  const violations = findings.filter(({ verdict }) => verdict === "violation");
  if (violations.some(({ exemption }) => exemption === undefined)) return "fail";
  if (findings.length > violations.length) return "cannotTell";
  return violations.length > 0 ? "exempt" : "pass";
}

/** Takes the readable values of secrets out of what is said about a resource. */
function maskFor(resources: readonly PlainResource[]): (finding: Finding) => Finding {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return (finding) => {
    const resource = finding.urn === undefined ? undefined : byUrn.get(finding.urn);
    if (resource === undefined) return finding;
    let masked = finding;
    eachSecret(resource.properties, (path, value) => {
      const { property } = masked;
      if (
        property !== undefined &&
        (property === path || property.startsWith(`${path}.`) || property.startsWith(`${path}[`))
      ) {
        masked = { ...masked, value: hidden };
      }
      for (const text of textsOf(value)) masked = { ...masked, what: masked.what.replaceAll(text, hidden) };
    });
    return masked;
  };
}

const hidden = "[secret]";
/** A shorter text is in every sentence by chance. */
const shortestSecret = 4;

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return value.length < shortestSecret ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
