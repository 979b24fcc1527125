import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { JudgedPerson } from "../../provider/directory/readiness.ts";
import type { UnreadyReason } from "../../provider/directory/schema.ts";
import { reasonText } from "../verify/reasonText.ts";
import { printable } from "./formats.ts";
import { type LdifChange, modifyRecord } from "./ldif.ts";
import type { PeopleReport } from "./readPeople.ts";

/** What the plan may assume. */
export interface PlanRules {
  /** DNS name of the domain: the suffix of the proposed principal names. */
  domain: string;
  /** ISO 3166 code of the country whose numbers are written without a country code. */
  country: CountryCode | undefined;
}

/**
 * LDIF that would make people ready, for somebody to review and apply. Only what follows from the directory itself is a change: a
 * number in another spelling, a principal name from the account name. What a person must decide is a comment. A number is replaced by
 * naming the old one, so that the record fails when somebody has changed it since.
 */
export function fixPlan({ group, people }: PeopleReport, rules: PlanRules): string {
  const notReady = people.filter(({ reasons }) => reasons.length > 0);
  const lines = [
    "version: 1",
    "",
    `# Proposed changes for the people of ${printable(group)} who are not ready for MFA.`,
    "# Nothing has been changed. Read it, complete it, then apply it yourself with one of:",
    "#   ldifde -i -f FILE",
    "#   ldapmodify -c -H ldaps://CONTROLLER -f FILE",
    ...notReady.flatMap((person) => ["", ...proposal(person, rules)]),
  ];
  return `${lines.join("\n")}\n`;
}

function proposal(person: JudgedPerson, rules: PlanRules): string[] {
  const changes = [...numberChanges(person, rules.country), ...principalChanges(person, rules.domain)];
  const remarks = [
    `# ${printable(person.name)}: ${person.reasons.map(reasonText).join("; ")}`,
    ...undecided(person, changes).map((text) => `#   ${text}`),
  ];
  return changes.length === 0 ? remarks : [...remarks, ...modifyRecord(person.distinguishedName, changes)];
}

function numberChanges({ mobile, reasons }: JudgedPerson, country: CountryCode | undefined): LdifChange[] {
  if (mobile === undefined || !reasons.some((reason) => /^unreadableMobile|^mobileWith/.test(reason))) return [];
  const number = parsePhoneNumberFromString(mobile.trim(), country);
  if (number === undefined || !number.isPossible()) return [];
  // Parsed again from its bare form: the extension stays behind.
  const usable = parsePhoneNumberFromString(number.number)?.formatInternational();
  if (usable === undefined) return [];
  return [
    { change: "delete", attribute: "mobile", value: mobile },
    { change: "add", attribute: "mobile", value: usable },
  ];
}

/** The name by which the directory already lets the account log on; the directory refuses it when somebody else has it. */
function principalChanges({ name, reasons }: JudgedPerson, domain: string): LdifChange[] {
  const value = `${name}@${domain}`;
  if (!reasons.includes("noUserPrincipalName") || /[\s@]/.test(name)) return [];
  return [{ change: "add", attribute: "userPrincipalName", value }];
}

/** What no change of the plan mends. */
function undecided({ reasons }: JudgedPerson, changes: readonly LdifChange[]): string[] {
  const mended = new Set(changes.map(({ attribute }) => attribute));
  return reasons.flatMap((reason) => (mended.has(mendedBy[reason] ?? "") ? [] : advice[reason]));
}

const mendedBy: Partial<Record<UnreadyReason, string>> = {
  unreadableMobile: "mobile",
  noUserPrincipalName: "userPrincipalName",
};

const advice: Record<UnreadyReason, string> = {
  noMobile: "Ask for the number: nothing in the directory tells it.",
  unreadableMobile: "Ask for the number: this one cannot be read.",
  mobileWithExtension: "Ask whether the number without its extension is a mobile telephone.",
  disabled: "Let the account's owner decide: open it again, or take it out of the group.",
  expired: "Let the account's owner decide: extend it, or take it out of the group.",
  noUserPrincipalName: "Choose a userPrincipalName: the account name cannot be the front of one.",
};
