import type { DeclaredResource, Finding, ResourceRule, Rule, StackRule, Verdict } from "./rule.ts";
import type { PolicySettings } from "./settings.ts";
import type { Stack } from "./stack.ts";

/** What a rule that can be tuned is given: its defaults, then the pack's settings, then what the engine was told. */
export function configurationOf(rule: Rule, settings: PolicySettings, given: object = {}): never {
  if (rule.configuration === undefined) return given as never;
  let own = defaults.get(rule);
  if (own === undefined) {
    own = rule.configuration.parse({});
    defaults.set(rule, own);
  }
  return { ...own, ...settings.configuration(rule.id), ...given } as never;
}

const defaults = new Map<Rule, object>();

/** Judges one resource. The engine's pack and the review both come through here, so that they cannot disagree. */
export function judgeResource(rule: ResourceRule<never>, resource: DeclaredResource, config: never): Verdict {
  if (!rule.types.includes(resource.type)) return { notApplicable: `applies to ${rule.types.join(", ")}` };
  return rule.check(resource, config);
}

/** A rule about single resources, over all of a stack. */
export function judgeEach(rule: ResourceRule<never>, stack: Stack, config: never): Verdict {
  const verdicts = rule.types
    .flatMap((type) => stack.ofType(type))
    // What the program asks for is all there, whatever the provider will answer.
    .map((resource) => judgeResource(rule, { ...resource, properties: { ...resource.properties } }, config));
  const findings = verdicts.filter((verdict) => !("notApplicable" in verdict)) as (readonly Finding[])[];
  if (findings.length > 0) return findings.flat();
  return verdicts[0] ?? { notApplicable: `no ${rule.types.join(", ")} in this stack` };
}

/** Judges a stack, for the engine's pack and for the review. */
export function judgeStack(rule: StackRule<never>, stack: Stack, config: never, now: Date): Verdict {
  return rule.check(stack, config, now);
}

/** The text of a finding for people. */
export function messageOf({ verdict, what, mend }: Finding): string {
  if (mend === undefined) return what;
  return `${what}\n${verdict === "violation" ? "To mend it" : "To find out"}: ${mend}`;
}
