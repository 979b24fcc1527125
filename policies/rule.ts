import type { EnforcementLevel, PolicyConfigSchema, Severity } from "@pulumi/policy";
import type { Stack, StackResource } from "./stack.ts";

/** What a rule found at one place. A rule that found nothing answers an empty list. */
export interface Finding {
  /** `violation`: the prerequisite does not hold. `cannotTell`: a preview does not know yet; reported, but it blocks nothing. */
  verdict: "violation" | "cannotTell";
  /** Where. Default: the whole stack. */
  urn?: string;
  /** What is wrong, or what is not known yet, with the value that says so. */
  what: string;
  /** How to mend it: a configuration line where there is one. Left out for what is only not known yet. */
  mend?: string;
}

/** The rule has nothing to say about this stack or resource. */
export interface NotApplicable {
  notApplicable: string;
}

export type Verdict = readonly Finding[] | NotApplicable;

/** What every rule says about itself. */
interface RuleText {
  /** Never changes and is never used again: `MFA-NET-001`. */
  id: `MFA-${string}-${number}`;
  /** A short sentence that holds when the rule passes. */
  title: string;
  /** The prerequisite or note of the procedure that the rule guards. */
  prerequisite: string;
  /** What goes wrong otherwise. */
  rationale: string;
  /** Default level; the pack's configuration changes it. */
  level: EnforcementLevel;
  severity: Severity;
  /** What can be tuned besides the level. */
  configSchema?: PolicyConfigSchema;
}

/** A rule about a stack as a whole. It sees what the providers answered, so it also sees what is really there. */
export interface StackRule<C = unknown> extends RuleText {
  kind: "stack";
  check(stack: Stack, config: C, now: Date): Verdict;
}

/** A rule about each resource of some types. It sees what the program asks for, before anything is touched. */
export interface ResourceRule<C = unknown> extends RuleText {
  kind: "resource";
  types: readonly string[];
  check(resource: Pick<StackResource, "urn" | "type" | "name" | "properties">, config: C): Verdict;
}

/**
 * A rule whose safe value is unambiguous: it mends what the program asks for, before anything is touched. It works at level `remediate`
 * only.
 */
export interface SecretRule extends RuleText {
  kind: "secret";
  /** By type of resource, the properties whose values must be marked as secrets, as paths of names. */
  secrets: Readonly<Record<string, readonly (readonly string[])[]>>;
}

/** Rules of every configuration; `never` because only the rule itself knows what its configuration holds. */
export type Rule = StackRule<never> | ResourceRule<never> | SecretRule;

export function violation(urn: string | undefined, what: string, mend: string): Finding {
  return { verdict: "violation", ...(urn !== undefined && { urn }), what, mend };
}

export function cannotTell(urn: string | undefined, what: string): Finding {
  return { verdict: "cannotTell", ...(urn !== undefined && { urn }), what };
}
