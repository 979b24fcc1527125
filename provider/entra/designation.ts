import type { GraphRead } from "../connections/graphBatch.ts";
import { guidBytes } from "../directory/identifiers.ts";

/** The property of a Graph user by which somebody is looked for. */
export type UserKey =
  | "userPrincipalName"
  | "onPremisesSecurityIdentifier"
  | "onPremisesImmutableId"
  | "onPremisesSamAccountName";

/** Somebody as the program names them, and what Graph is asked for. */
export interface Sought {
  /** As the program spells it. */
  name: string;
  key: UserKey;
  value: string;
}

/**
 * How somebody is found in Entra ID: by userPrincipalName (`name@domain`), by the SID of the account in Active Directory (`S-1-...`),
 * by its objectGUID (whose 16 bytes in base64 are Entra Connect's source anchor unless the organisation chose another one), and else
 * by sAMAccountName.
 */
export function soughtBy(name: string): Sought {
  const bytes = guidBytes(name);
  if (bytes !== undefined) return { name, key: "onPremisesImmutableId", value: bytes.toString("base64") };
  if (/^S-1-(\d+-)*\d+$/i.test(name)) return { name, key: "onPremisesSecurityIdentifier", value: name.toUpperCase() };
  if (name.includes("@")) return { name, key: "userPrincipalName", value: name };
  return { name, key: "onPremisesSamAccountName", value: name };
}

/** Graph takes no more expressions in one filter ("Use the $filter query parameter", operator `in`). */
const NAMES_PER_FILTER = 15;

/** What the reads show of each user, and no more. */
const SELECTED = [
  "id",
  "userPrincipalName",
  "onPremisesSyncEnabled",
  "onPremisesSecurityIdentifier",
  "onPremisesImmutableId",
  "onPremisesSamAccountName",
  "onPremisesDomainName",
  "licenseAssignmentStates",
  "assignedPlans",
];

/** The reads that find everybody, as few as Graph allows. */
export function readsFor(people: readonly Sought[]): GraphRead[] {
  const byKey = new Map<UserKey, string[]>();
  for (const { key, value } of people) byKey.set(key, [...(byKey.get(key) ?? []), value]);
  return [...byKey].flatMap(([key, values]) => chunks(values).map((chunk) => readOf(key, chunk)));
}

function readOf(key: UserKey, values: readonly string[]): GraphRead {
  const query = { $select: SELECTED.join(","), $filter: filterOf(key, values) };
  // Graph finds users by their account name only through its index ("Advanced query capabilities on directory objects").
  if (key !== "onPremisesSamAccountName") return { path: "/users", query };
  return { path: "/users", query: { ...query, $count: "true" }, headers: { ConsistencyLevel: "eventual" } };
}

/** The SID is documented for `eq` alone; the others for `in`. */
function filterOf(key: UserKey, values: readonly string[]): string {
  const literals = values.map((value) => `'${value.replaceAll("'", "''")}'`);
  if (key === "onPremisesSecurityIdentifier") return literals.map((literal) => `${key} eq ${literal}`).join(" or ");
  return `${key} in (${literals.join(",")})`;
}

function chunks(values: readonly string[]): string[][] {
  const distinct = [...new Set(values)];
  const count = Math.ceil(distinct.length / NAMES_PER_FILTER);
  return Array.from({ length: count }, (_, index) =>
    distinct.slice(index * NAMES_PER_FILTER, (index + 1) * NAMES_PER_FILTER),
  );
}
