import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { accountFlags } from "./accountControl.ts";
import { isExpired } from "./fileTime.ts";
import { guidOf } from "./managedObject.ts";
import type { MembershipOutputs, UnreadyReason } from "./schema.ts";

export type Readiness = Pick<MembershipOutputs, "people" | "unready">;

/** Who of these people lacks what MFA needs, in the order of their names; somebody who was found twice counts once. */
export async function readinessOf(found: readonly DirectoryEntry[], now: Date): Promise<Readiness> {
  const distinct = [...new Map(found.map((person) => [guidOf(person), person])).values()];
  const people = distinct.toSorted((a, b) => compareText(nameOf(a), nameOf(b)));
  // Loaded here because of its 80 kB of numbering plans: most operations judge nobody.
  const { parsePhoneNumberFromString } = await import("libphonenumber-js/min");
  const isReadable = (text: string) => parsePhoneNumberFromString(text)?.isPossible() ?? false;
  const unready = people.flatMap((person) => {
    const reasons = reasonsOf(person, now, isReadable);
    return reasons.length === 0 ? [] : [{ name: nameOf(person), distinguishedName: person.name, reasons }];
  });
  return { people: people.map(nameOf), unready };
}

/** A number without a country code is unreadable: nobody knows in which country the service should call. */
function reasonsOf(person: DirectoryEntry, now: Date, isReadable: (text: string) => boolean): UnreadyReason[] {
  const mobile = person.text("mobile")?.trim() ?? "";
  const reasons: [UnreadyReason, boolean][] = [
    ["noMobile", mobile === ""],
    ["unreadableMobile", mobile !== "" && !isReadable(mobile)],
    ["disabled", !accountFlags(person.text("userAccountControl")).enabled],
    ["expired", isExpired(person.text("accountExpires"), now)],
    ["noUserPrincipalName", person.text("userPrincipalName") === undefined],
  ];
  return reasons.flatMap(([reason, applies]) => (applies ? [reason] : []));
}

function nameOf(person: DirectoryEntry): string {
  return person.text("sAMAccountName") ?? person.name;
}

/** The same order on every machine, whatever its locale. */
function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
