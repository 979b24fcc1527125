import type { Sought } from "./designation.ts";
import { type GraphUser, licenceOf, type PremiumProducts } from "./licence.ts";
import type { LicencesOutputs } from "./schema.ts";

/** Whose licences count. */
export interface ReportOptions {
  /** DNS name of the Active Directory domain; an account name means the user of this domain. */
  domain: string | undefined;
  /** Only users who are synchronised from Active Directory count as found. */
  synchronisedOnly: boolean;
  /** `undefined`: the tenant's products may not be read. */
  products: PremiumProducts | undefined;
}

/** Counts and lists who of these people has Entra ID P1 or P2. The order of the lists depends on nothing but their content. */
export function licenceReport(
  people: readonly Sought[],
  found: readonly GraphUser[],
  options: ReportOptions,
): LicencesOutputs {
  const users = new Map(found.flatMap((user) => keysOf(user, options).map((key) => [key, user] as const)));
  const notFound: string[] = [];
  const members = new Map<string, GraphUser>();
  for (const person of people) {
    const user = users.get(keyOf(person.key, person.value));
    if (user === undefined) notFound.push(person.name);
    else members.set(user.id, user);
  }
  const judged = [...members.values()].map((user) => ({ user, licence: licenceOf(user, options.products) }));
  const licensed = judged.filter(({ licence }) => licence !== undefined);
  const unlicensed = judged.filter(({ licence }) => licence === undefined);
  return {
    counted: members.size + notFound.length,
    licensed: licensed.length,
    licensedByGroup: licensed.filter(({ licence }) => licence === "group").length,
    unlicensed: unlicensed.map(({ user }) => user.userPrincipalName).sort(compareText),
    notFound: notFound.sort(compareText),
    judgedBy: options.products === undefined ? "plans" : "assignments",
  };
}

/** Every way in which a program may have named this user. */
function keysOf(user: GraphUser, { domain, synchronisedOnly }: ReportOptions): string[] {
  if (synchronisedOnly && user.onPremisesSyncEnabled !== true) return [];
  const ofDomain = user.onPremisesDomainName?.toLowerCase() === domain?.toLowerCase();
  return [
    keyOf("userPrincipalName", user.userPrincipalName),
    ...(user.onPremisesSecurityIdentifier
      ? [keyOf("onPremisesSecurityIdentifier", user.onPremisesSecurityIdentifier)]
      : []),
    ...(user.onPremisesImmutableId ? [keyOf("onPremisesImmutableId", user.onPremisesImmutableId)] : []),
    // Account names are unique in a domain, and a tenant may have several.
    ...(user.onPremisesSamAccountName && ofDomain
      ? [keyOf("onPremisesSamAccountName", user.onPremisesSamAccountName)]
      : []),
  ];
}

/** Base64 is the one value in which case matters. */
function keyOf(property: Sought["key"], value: string): string {
  return `${property} ${property === "onPremisesImmutableId" ? value : value.toLowerCase()}`;
}

/** The same order on every machine, whatever its locale. */
function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
