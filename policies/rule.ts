import type { EnforcementLevel, PolicyComplianceFramework, Severity } from "@pulumi/policy";
import type { z } from "zod";
import type { Stack, StackResource } from "./stack.ts";

/** What rules are about; each family is a folder of `rules/`. */
export const families = [
  "licensing",
  "directory",
  "network",
  "host",
  "certificate",
  "web-server",
  "workload",
  "secrets",
  "lifecycle",
] as const;
export type Family = (typeof families)[number];

/** How strict the pack is by default: for trying out, for what people depend on, and as the benchmarks of CIS and Microsoft ask. */
export const baselines = ["dev", "production", "cis"] as const;
export type Baseline = (typeof baselines)[number];

/** What a rule found at one place. A rule that found nothing answers an empty list. */
export interface Finding {
  /** `violation`: the prerequisite does not hold. `cannotTell`: nobody can know yet, or from here; reported, but it blocks nothing. */
  verdict: "violation" | "cannotTell";
  /** Where. Default: the whole stack. */
  urn?: string;
  /** Path of the property inside that resource: `securityProfile.encryptionAtHost`, `aRecords[0].ipv4Address`. */
  property?: string;
  /** The value there in words, as evidence. Never that of a secret. */
  value?: string;
  /** What is wrong, or what is not known, with the value that says so. */
  what: string;
  /** How to mend it, or how to find out: a configuration line where there is one. */
  mend?: string;
}

/** The rule has nothing to say about this stack or resource. */
export interface NotApplicable {
  notApplicable: string;
}

export type Verdict = readonly Finding[] | NotApplicable;

/** Where a requirement comes from. */
export interface Reference {
  title: string;
  url?: string;
}

/** What every rule says about itself. */
export interface RuleText {
  /** Never changes and is never used again: `MFA-NET-001`. */
  id: `MFA-${string}-${number}`;
  family: Family;
  /** A short sentence that holds when the rule passes. */
  title: string;
  /** The prerequisite or note of the procedure that the rule guards, in the procedure's words; or the line of the baseline. */
  prerequisite: string;
  /** Where that stands: `Prerequisites`, `Install Web Portal, step 2`, `Important Notes, 3`, `Security baseline`. */
  step: string;
  /** What goes wrong otherwise. */
  rationale: string;
  /** Level in the baseline `production`; the pack's configuration changes it. */
  level: EnforcementLevel;
  /** Levels of the other baselines, where they differ. */
  baselines?: Readonly<Partial<Record<Baseline, EnforcementLevel>>>;
  severity: Severity;
  references: readonly Reference[];
  /** The control of a published benchmark that the rule checks. Default: the procedure itself. */
  framework?: PolicyComplianceFramework;
  /** What can be tuned besides the level: every property has a default or is optional. */
  configuration?: z.ZodObject;
}

/** A rule about a stack as a whole. It sees what the providers answered, so it also sees what is really there. */
export interface StackRule<C = unknown> extends RuleText {
  kind: "stack";
  check(stack: Stack, config: C, now: Date): Verdict;
}

/** What a rule about one resource sees of it. */
export type DeclaredResource = Pick<StackResource, "urn" | "type" | "name" | "properties">;

/** A rule about each resource of some types. It sees what the program asks for, before anything is touched. */
export interface ResourceRule<C = unknown> extends RuleText {
  kind: "resource";
  types: readonly string[];
  check(resource: DeclaredResource, config: C): Verdict;
  /**
   * Writes the safe value into what the program asks for, at level `remediate`. Only rules with one unambiguous safe value have it; it is
   * called when `check` found a violation.
   */
  repair?(properties: Record<string, unknown>, type: string): void;
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

/** The rule about the exemptions themselves. It judges the pack's settings beside the stack. */
export interface ExemptionRule extends RuleText {
  kind: "exemption";
}

/** Rules of every configuration; `never` because only the rule itself knows what its configuration holds. */
export type Rule = StackRule<never> | ResourceRule<never> | SecretRule | ExemptionRule;

/** The place of a finding: a resource, and the property in it that says so. */
export interface Evidence {
  property?: string;
  value?: unknown;
}

export function violation(urn: string | undefined, what: string, mend: string, evidence: Evidence = {}): Finding {
  return { verdict: "violation", ...(urn !== undefined && { urn }), ...printable(evidence), what, mend };
}

/** @param mend How to find out, where waiting for the deployment is not enough. */
export function cannotTell(urn: string | undefined, what: string, mend?: string, property?: string): Finding {
  return {
    verdict: "cannotTell",
    ...(urn !== undefined && { urn }),
    ...(property !== undefined && { property }),
    what,
    ...(mend !== undefined && { mend }),
  };
}

function printable({ property, value }: Evidence): Pick<Finding, "property" | "value"> {
  return property === undefined ? {} : { property, value: inWords(value) };
}

/** A value as evidence shows it. */
export function inWords(value: unknown): string {
  if (value === undefined) return "not set";
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
