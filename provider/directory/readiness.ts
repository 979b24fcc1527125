import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { accountFlags } from "./accountControl.ts";
import { isExpired } from "./fileTime.ts";
import { guidOf } from "./managedObject.ts";
import type { MembershipOutputs, UnreadyReason } from "./schema.ts";

export type Readiness = Pick<MembershipOutputs, "people" | "unready">;

/** One person as the directory has them, and what keeps them from MFA: nothing when `reasons` is empty. */
export interface JudgedPerson {
  /** sAMAccountName. */
  name: string;
  distinguishedName: string;
  userPrincipalName: string | undefined;
  /** The attribute `mobile` as it is, readable or not. */
  mobile: string | undefined;
  reasons: UnreadyReason[];
}

/** Who of these people lacks what MFA needs. */
export async function readinessOf(found: readonly DirectoryEntry[], now: Date): Promise<Readiness> {
  const judged = await judgePeople(found, now);
  return {
    people: judged.map(({ name }) => name),
    unready: judged.flatMap(({ name, distinguishedName, reasons }) =>
      reasons.length === 0 ? [] : [{ name, distinguishedName, reasons }],
    ),
  };
}

/** Everybody with the reasons against them, in the order of their names; somebody who was found twice counts once. */
export async function judgePeople(found: readonly DirectoryEntry[], now: Date): Promise<JudgedPerson[]> {
  const distinct = [...new Map(found.map((person) => [guidOf(person), person])).values()];
  // Loaded here because of its 80 kB of numbering plans: most operations judge nobody.
  const { parsePhoneNumberFromString } = await import("libphonenumber-js/min");
  const faultOf = (text: string): UnreadyReason | undefined => {
    const number = parsePhoneNumberFromString(text);
    if (number === undefined || !number.isPossible()) return "unreadableMobile";
    return number.ext === undefined ? undefined : "mobileWithExtension";
  };
  return distinct
    .map((person) => ({
      name: person.text("sAMAccountName") ?? person.name,
      distinguishedName: person.name,
      userPrincipalName: person.text("userPrincipalName"),
      mobile: person.text("mobile"),
      reasons: reasonsOf(person, now, faultOf),
    }))
    .toSorted((a, b) => compareText(a.name, b.name));
}

/**
 * A number without a country code is unreadable: nobody knows in which country the service should call. One with an extension
 * belongs to a switchboard, which takes no text message and no app.
 */
function reasonsOf(
  person: DirectoryEntry,
  now: Date,
  faultOf: (mobile: string) => UnreadyReason | undefined,
): UnreadyReason[] {
  const mobile = person.text("mobile")?.trim() ?? "";
  return [
    mobile === "" ? "noMobile" : faultOf(mobile),
    accountFlags(person.text("userAccountControl")).enabled ? undefined : "disabled",
    isExpired(person.text("accountExpires"), now) ? "expired" : undefined,
    person.text("userPrincipalName") === undefined ? "noUserPrincipalName" : undefined,
  ].filter((reason) => reason !== undefined) as UnreadyReason[];
}

/** The same order on every machine, whatever its locale. */
function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
