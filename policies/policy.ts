import type {
  Policy,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";
import { exemptionFindings } from "./exemptionFindings.ts";
import { exemptionFor } from "./exemptions.ts";
import { configurationOf, judgeResource, judgeStack, messageOf } from "./judge.ts";
import { markSecrets } from "./markSecrets.ts";
import type { DeclaredResource, Finding, ResourceRule, Rule, SecretRule, Verdict } from "./rule.ts";
import { rules } from "./rules.ts";
import type { PolicySettings } from "./settings.ts";
import { type Stack, stackOfSdk, unversionedType } from "./stack.ts";
import { beneath, type Properties, plain } from "./values.ts";

/** The procedure as a framework: what a rule belongs to when no published benchmark asks for it. */
const procedure = { name: "Setting Up Azure MFA Server", version: "2016-12-01" };

/** Makes the policy SDK's policy from a rule. */
export function policyOf(rule: Rule, settings: PolicySettings): ResourceValidationPolicy | StackValidationPolicy {
  const text: Policy = {
    name: rule.id,
    displayName: rule.title,
    description: rule.title,
    enforcementLevel: settings.level(rule),
    severity: rule.severity,
    framework: rule.framework ?? { ...procedure, reference: rule.step, specification: rule.prerequisite },
    tags: [rule.family],
    ...(rule.configuration && { configSchema: configSchemaOf(rule, settings) }),
  };
  switch (rule.kind) {
    case "secret":
      return secretPolicy(rule, text, settings);
    case "resource":
      return resourcePolicy(rule, text, settings);
    case "stack":
      return stackPolicy(rule, text, settings, (stack, config, now) => judgeStack(rule, stack, config, now));
    case "exemption":
      return stackPolicy(rule, text, settings, (stack, _, now) => exemptionFindings(rules, stack, settings, now));
  }
}

/** The engine fills in a schema's defaults when it is given a configuration, so the pack's own settings are the defaults. */
function configSchemaOf(rule: Rule, settings: PolicySettings): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(rule.configuration ?? z.object(), { io: "input" });
  const own = settings.configuration(rule.id);
  const withDefaults = Object.entries(properties).map(([name, schema]) => [
    name,
    name in own && typeof schema === "object" ? { ...schema, default: own[name] } : schema,
  ]);
  return { properties: Object.fromEntries(withDefaults) };
}

function secretPolicy(rule: SecretRule, text: Policy, settings: PolicySettings): ResourceValidationPolicy {
  return {
    ...text,
    remediateResource(args) {
      const paths = rule.secrets[unversionedType(args.type)];
      if (paths === undefined) throw otherType(args);
      const finding: Finding = { verdict: "violation", urn: args.urn, what: "is not marked" };
      if (exemptionFor(settings.exemptions, rule.id, finding, new Date()) !== undefined) return undefined;
      return markSecrets(args.props, paths);
    },
  };
}

function stackPolicy(
  rule: Rule,
  text: Policy,
  settings: PolicySettings,
  judge: (stack: Stack, config: never, now: Date) => Verdict,
): StackValidationPolicy {
  return {
    ...text,
    validateStack(args, report) {
      const now = new Date();
      const verdict = judge(stackOfSdk(args.resources), configurationOf(rule, settings, args.getConfig()), now);
      if ("notApplicable" in verdict) return args.notApplicable(verdict.notApplicable);
      tell(rule, verdict, settings, now, report);
    },
  };
}

function resourcePolicy(rule: ResourceRule<never>, text: Policy, settings: PolicySettings): ResourceValidationPolicy {
  const judge = (resource: DeclaredResource, given: object) =>
    judgeResource(rule, resource, configurationOf(rule, settings, given));
  const { repair } = rule;
  return {
    ...text,
    validateResource(args, report) {
      const type = unversionedType(args.type);
      if (!rule.types.includes(type)) throw otherType(args);
      const resource = { urn: args.urn, type, name: args.name, properties: plain(args.props) as Properties };
      const verdict = judge(resource, args.getConfig());
      if ("notApplicable" in verdict) return args.notApplicable(verdict.notApplicable);
      tell(rule, verdict, settings, new Date(), report);
    },
    ...(repair && {
      remediateResource(args) {
        const type = unversionedType(args.type);
        if (!rule.types.includes(type)) throw otherType(args);
        const raw = beneath(args.props) as Record<string, unknown>;
        const resource = { urn: args.urn, type, name: args.name, properties: plain(raw) as Properties };
        const verdict = judge(resource, args.getConfig());
        if ("notApplicable" in verdict) return args.notApplicable(verdict.notApplicable);
        const now = new Date();
        const wrong = verdict.filter(
          (finding) =>
            finding.verdict === "violation" && exemptionFor(settings.exemptions, rule.id, finding, now) === undefined,
        );
        if (wrong.length === 0) return undefined;
        repair(raw, type);
        return args.props;
      },
    }),
  };
}

/**
 * The error by which the SDK is told "not applicable". That happens for most rules at each resource, and making the error takes longer than
 * the rules do, so it is made once.
 */
function otherType(args: { notApplicable(reason?: string): never }): unknown {
  try {
    errorForOtherType ??= args.notApplicable("another type of resource");
  } catch (error) {
    errorForOtherType = error;
  }
  return errorForOtherType;
}

let errorForOtherType: unknown;

function tell(
  rule: Rule,
  findings: readonly Finding[],
  settings: PolicySettings,
  now: Date,
  report: ReportViolation,
): void {
  for (const finding of findings) {
    const exemption = exemptionFor(settings.exemptions, rule.id, finding, now);
    if (exemption !== undefined) {
      const { owner, reason, expires } = exemption;
      advise(rule, finding.urn, `exempt until ${expires} (${owner}: ${reason}): ${finding.what}`, report);
    } else if (finding.verdict === "violation") report(messageOf(finding), finding.urn);
    else advise(rule, finding.urn, `cannot tell yet: ${messageOf(finding)}`, report);
  }
}

/**
 * Something that a preview cannot tell, or that somebody answers for, must be seen and must not block: the SDK takes an object with a level
 * of its own in place of the message (its type declarations leave that out), as it does itself for unknown values.
 */
function advise(rule: Rule, urn: string | undefined, text: string, report: ReportViolation): void {
  const advice = {
    message: `${rule.title}\n${text}`,
    urn,
    description: rule.title,
    enforcementLevel: "advisory",
    severity: "low",
  };
  report(advice as unknown as string);
}
