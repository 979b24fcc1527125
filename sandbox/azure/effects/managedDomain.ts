import { AlreadyExistsError, Attribute, Change, type Client } from "ldapts";
import { asText } from "../arm/json.ts";
import type { StoredResource } from "../arm/store.ts";
import { USERS } from "../graph/users.ts";

/** What one run of the synchronisation brings; the real one brings things in an order and at a time of its own. */
export interface Synchronised {
  users?: boolean;
  groups?: boolean;
  memberships?: boolean;
}

/**
 * One run of the one-way synchronisation of Entra Domain Services: users and groups of the tenant become objects of the domain's
 * "AADDC Users", by the documented mapping of names. Simulated: everything but passwords (nobody keeps them here) and deletions.
 *
 * @param resources The tenant's objects, as the cloud's store has them.
 * @param domain Bound as somebody who may write there; in Azure that is Microsoft alone.
 */
export async function synchroniseManagedDomain(
  resources: readonly StoredResource[],
  domain: { client: Client; baseDn: string },
  { users = true, groups = true, memberships = true }: Synchronised = {},
): Promise<void> {
  const unit = `OU=AADDC Users,${domain.baseDn}`;
  const add = async (name: string, attributes: Record<string, string>) => {
    const list = Object.entries(attributes).map(([type, value]) => new Attribute({ type, values: [value] }));
    await domain.client.add(name, list).catch((error: unknown) => {
      if (!(error instanceof AlreadyExistsError)) throw error;
    });
  };
  const nameOf = (resource: StoredResource) =>
    `CN=${asText(resource.body[resource.type === USERS ? "mailNickname" : "displayName"])},${unit}`;
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);

  await add(unit, { objectClass: "organizationalUnit" });
  for (const user of users ? ofType(USERS) : []) {
    const { userPrincipalName, displayName, mailNickname, mobilePhone } = user.body;
    await add(nameOf(user), {
      objectClass: "user",
      userPrincipalName: asText(userPrincipalName) ?? "",
      displayName: asText(displayName) ?? "",
      sAMAccountName: asText(mailNickname)?.slice(0, 20) ?? "",
      // Enabled, and no password asked for: none is synchronised here.
      userAccountControl: "544",
      ...(mobilePhone !== undefined && { mobile: asText(mobilePhone) ?? "" }),
    });
  }
  for (const group of groups ? ofType("Microsoft.Graph/groups") : []) {
    const displayName = asText(group.body.displayName) ?? "";
    await add(nameOf(group), {
      objectClass: "group",
      displayName,
      sAMAccountName: displayName,
      groupType: "-2147483646",
    });
    if (!memberships) continue;
    const members = ofType("Microsoft.Graph/groupMembers")
      .filter(({ body }) => body.groupObjectId === group.internal.objectId)
      .flatMap(({ body }) => resources.filter(({ internal }) => internal.objectId === body.memberObjectId));
    const modification = new Attribute({ type: "member", values: members.map(nameOf) });
    await domain.client.modify(nameOf(group), new Change({ operation: "replace", modification }));
  }
}
