import type { Finding } from "./rule.ts";

/** Somebody answers for it that a rule is not kept somewhere, until a day. */
export interface Exemption {
  /** Id of the rule. */
  rule: string;
  /** URNs that it covers; `*` stands for any text and `?` for one character. */
  urn: string;
  /** Who answers for it. */
  owner: string;
  reason: string;
  /** Last day on which it counts, `YYYY-MM-DD`, in UTC. */
  expires: string;
}

const day = 24 * 60 * 60 * 1000;

/** True until the end of the exemption's last day (UTC). */
export function isInForce({ expires }: Exemption, now: Date): boolean {
  return now.getTime() < Date.parse(expires) + day;
}

/** True when the exemption covers a finding; one about the whole stack has no URN and is covered by `*` alone. */
export function covers(exemption: Exemption, urn: string | undefined): boolean {
  return globOf(exemption.urn).test(urn ?? "");
}

/** The exemption that excuses a violation, when there is one in force. */
export function exemptionFor(
  exemptions: readonly Exemption[],
  rule: string,
  finding: Finding,
  now: Date,
): Exemption | undefined {
  if (finding.verdict !== "violation") return undefined;
  return exemptions.find((each) => each.rule === rule && isInForce(each, now) && covers(each, finding.urn));
}

/**
 * True when an exemption may speak of this stack: the stack and project in its pattern (`urn:pulumi:<stack>::<project>::...`) are those of
 * the resources. One settings file serves several stacks.
 */
export function concerns(exemption: Exemption, urns: readonly string[]): boolean {
  const [stack, project] = exemption.urn.split("::");
  // A leading `*` runs over stack and project too.
  if (project === undefined || exemption.urn.startsWith("*")) return true;
  const own = globOf(`${stack}::${project}`);
  return urns.some((urn) => own.test(urn.split("::").slice(0, 2).join("::")));
}

function globOf(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${text}$`);
}
