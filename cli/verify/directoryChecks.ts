import { EqualityFilter, ExtensibleFilter } from "ldapts";
import type { Directory } from "../../provider/connections/ldap.ts";
import type { DirectoryEntry } from "../../provider/connections/ldapEntry.ts";
import { findGroup } from "../../provider/directory/groupSearch.ts";
import { peopleIn } from "../../provider/directory/memberSearch.ts";
import { MemberIndex } from "../../provider/directory/members.ts";
import { readinessOf } from "../../provider/directory/readiness.ts";
import { type Check, CheckFailed } from "./check.ts";
import { reasonText } from "./reasonText.ts";

/** LDAP_MATCHING_RULE_IN_CHAIN: members of nested groups too (MS-ADTS 3.1.1.3.4.4.3). */
const IN_CHAIN = "1.2.840.113556.1.4.1941";
/** What {@link MemberIndex} compares the declared names with. */
const NAME_ATTRIBUTES = ["objectGUID", "sAMAccountName", "userPrincipalName"];

const mfaUsers: Check = {
  id: "mfa-users",
  step: "a group called “MFA Users” in Active Directory with the appropriate users",
  async run({ settings, directory }) {
    const open = await directory();
    const { name, members } = settings.directory.mfaUsers;
    const found = await requireGroup(open, name);
    const [people] = await Promise.all([peopleIn(open, [found.name]), requireMembers(open, found, name, members)]);
    return `"${name}" has ${people.length} people`;
  },
};

const phones: Check = {
  id: "phones",
  step: "all users that need to use MFA have a Mobile phone number listed in AD",
  async run({ settings, directory }) {
    const open = await directory();
    const { name } = settings.directory.mfaUsers;
    const { people, unready } = await readinessOf(
      await peopleIn(open, [(await requireGroup(open, name)).name]),
      new Date(),
    );
    // Nobody without a number is no proof where nobody is.
    if (people.length === 0) throw new CheckFailed(`"${name}" has no people`);
    if (unready.length > 0) {
      const list = unready.map((person) => `${person.name} (${person.reasons.map(reasonText).join(", ")})`);
      throw new CheckFailed(`not ready for MFA: ${list.join("; ")}`);
    }
    return `each of ${people.length} has a number that can be called`;
  },
};

const administrators: Check = {
  id: "phonefactor-admins",
  step: "the service account is a member of the “PhoneFactor Admins” security group",
  async run({ settings, names, portalAccount, directory }) {
    const open = await directory();
    const { name, members } = settings.directory.phoneFactorAdmins;
    const accounts = [settings.directory.serviceAccount.name, accountName(portalAccount)];
    // A managed domain's groups come from Entra ID, which has no computer accounts.
    const host = settings.directory.kind === "entraDomainServices" ? [] : [names.computerAccount];
    const expected = [...accounts, ...host, ...members];
    await requireMembers(open, await requireGroup(open, name), name, expected);
    return `"${name}" has ${expected.join(", ")}`;
  },
};

const joined: Check = {
  id: "domain-join",
  step: "the server is domain-joined",
  async run({ names, directory }) {
    const open = await directory();
    const [computer] = await open.search({
      filter: new EqualityFilter({ attribute: "sAMAccountName", value: names.computerAccount }),
      attributes: ["dNSHostName"],
      atMost: 1,
    });
    if (computer === undefined) throw new CheckFailed(`the domain has no computer account ${names.computerAccount}`);
    return `${computer.name}`;
  },
};

/** What the directory shows to the account that the kit binds as. */
export const directoryChecks: readonly Check[] = [joined, mfaUsers, phones, administrators];

async function requireGroup(directory: Directory, name: string): Promise<DirectoryEntry> {
  const found = await findGroup(directory, name);
  if (found === undefined) throw new CheckFailed(`the domain has no group "${name}"`);
  return found;
}

/** Fails unless everybody is in the group, directly or through others; named in any way that the settings allow. */
async function requireMembers(
  directory: Directory,
  group: DirectoryEntry,
  groupName: string,
  names: readonly string[],
): Promise<void> {
  const entries = await directory.search({
    filter: new ExtensibleFilter({ rule: IN_CHAIN, matchType: "memberOf", value: group.name }),
    attributes: NAME_ATTRIBUTES,
  });
  const present = new MemberIndex(entries, directory.domain);
  const missing = names.filter((name) => present.find(name) === undefined);
  if (missing.length > 0) throw new CheckFailed(`not in "${groupName}": ${missing.join(", ")}`);
}

/** `name` of `DOMAIN\name`. */
function accountName(qualified: string): string {
  return qualified.slice(qualified.indexOf("\\") + 1);
}
