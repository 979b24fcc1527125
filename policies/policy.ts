import type { Policy, ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { markSecrets } from "./markSecrets.ts";
import type { Finding, ResourceRule, Rule, SecretRule, StackRule, Verdict } from "./rule.ts";
import { stackOf, unversionedType } from "./stack.ts";
import { type Properties, plain } from "./values.ts";

/** Makes the policy SDK's policy from a rule. */
export function policyOf(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
  const text: Policy = {
    name: rule.id,
    displayName: rule.title,
    description: rule.title,
    enforcementLevel: rule.level,
    severity: rule.severity,
    tags: [rule.prerequisite],
    ...(rule.configSchema && { configSchema: rule.configSchema }),
  };
  if (rule.kind === "stack") return stackPolicy(rule, text);
  return rule.kind === "secret" ? secretPolicy(rule, text) : resourcePolicy(rule, text);
}

function secretPolicy(rule: SecretRule, text: Policy): ResourceValidationPolicy {
  return {
    ...text,
    remediateResource(args) {
      const paths = rule.secrets[unversionedType(args.type)];
      return paths === undefined
        ? args.notApplicable("has no property that must be secret")
        : markSecrets(args.props, paths);
    },
  };
}

function stackPolicy(rule: StackRule<never>, text: Policy): StackValidationPolicy {
  return {
    ...text,
    validateStack(args, report) {
      const verdict = rule.check(stackOf(args.resources), configOf(rule, args.getConfig()), new Date());
      tell(rule, verdict, report, args.notApplicable);
    },
  };
}

function resourcePolicy(rule: ResourceRule<never>, text: Policy): ResourceValidationPolicy {
  return {
    ...text,
    validateResource(args, report) {
      const type = unversionedType(args.type);
      if (!rule.types.includes(type)) args.notApplicable(`applies to ${rule.types.join(", ")}`);
      const properties = plain(args.props) as Properties;
      const verdict = rule.check(
        { urn: args.urn, type, name: args.name, properties },
        configOf(rule, args.getConfig()),
      );
      tell(rule, verdict, report, args.notApplicable);
    },
  };
}

/** The engine fills in a schema's defaults only when the pack was given a configuration; without one they are filled in here. */
function configOf(rule: StackRule<never> | ResourceRule<never>, given: object): never {
  const defaults = Object.entries(rule.configSchema?.properties ?? {}).flatMap(([name, schema]) =>
    schema.default === undefined ? [] : [[name, schema.default]],
  );
  return { ...Object.fromEntries(defaults), ...given } as never;
}

function tell(
  rule: StackRule<never> | ResourceRule<never>,
  verdict: Verdict,
  report: ReportViolation,
  notApplicable: (reason?: string) => never,
): void {
  if ("notApplicable" in verdict) {
    notApplicable(verdict.notApplicable);
  }
  for (const finding of verdict) {
    if (finding.verdict === "violation") report(messageOf(finding), finding.urn);
    else reportAdvisory(rule, finding, report);
  }
}

function messageOf({ what, mend }: Finding): string {
  return mend === undefined ? what : `${what}\nTo mend it: ${mend}`;
}

/**
 * Something that a preview cannot tell must be seen and must not block: the SDK takes an object with a level of its own in place of
 * the message (its type declarations leave that out), as it does itself for unknown values.
 */
function reportAdvisory(rule: StackRule<never> | ResourceRule<never>, finding: Finding, report: ReportViolation): void {
  const message = `${rule.title}\ncannot tell yet: ${messageOf(finding)}`;
  const advice = { message, urn: finding.urn, description: rule.title, enforcementLevel: "advisory", severity: "low" };
  report(advice as unknown as string);
}
