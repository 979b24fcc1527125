import type { PlainResource } from "../../../policies/evaluate.ts";
import type { Exemption } from "../../../policies/exemptions.ts";

/** A small stack, and what one rule says about it. */
export interface RuleExample {
  /** A few words: `SSH open to the Internet`. */
  title: string;
  resources: PlainResource[];
  /** The rule's own settings, where the example needs some. */
  config?: Record<string, unknown>;
  exemptions?: Exemption[];
  /** A part of what the rule says. */
  says?: string;
  /** Name of the resource that it points at; empty: the stack as a whole. */
  where?: string;
}

/** The four cases that every rule has. */
export interface RuleExamples {
  passing: RuleExample;
  failing: RuleExample;
  /** A value that nobody can know yet, or from here. */
  unknown: RuleExample;
  /** Properties of the wrong kind: the rule neither stops nor lets the stack pass. */
  malformed: RuleExample;
}
