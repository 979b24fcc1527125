import { AndFilter, EqualityFilter, ExtensibleFilter, OrFilter } from "ldapts";
import type { Directory } from "../../provider/connections/ldap.ts";
import type { DirectoryEntry } from "../../provider/connections/ldapEntry.ts";
import { type Check, CheckFailed } from "./check.ts";

/** LDAP_MATCHING_RULE_IN_CHAIN: members of nested groups too (MS-ADTS 3.1.1.3.4.4.3). */
const IN_CHAIN = "1.2.840.113556.1.4.1941";

const mfaUsers: Check = {
  id: "mfa-users",
  step: "a group called “MFA Users” in Active Directory with the appropriate users",
  async run({ settings, directory }) {
    const open = await directory();
    const { name, members } = settings.directory.mfaUsers;
    const people = await membersOf(open, await group(open, name));
    const present = new Set(people.flatMap(accountNames));
    const missing = members.filter((member) => !present.has(member.toLowerCase()));
    if (missing.length > 0) throw new CheckFailed(`not in "${name}": ${missing.join(", ")}`);
    return `"${name}" has ${people.length} member(s)`;
  },
};

const phones: Check = {
  id: "phones",
  step: "all users that need to use MFA have a Mobile phone number listed in AD",
  async run({ settings, directory }) {
    const open = await directory();
    const { name } = settings.directory.mfaUsers;
    const people = await membersOf(open, await group(open, name));
    const without = people.filter((person) => (person.text("mobile") ?? "").trim() === "");
    if (without.length > 0) {
      const names = without.map((person) => person.text("sAMAccountName") ?? person.name);
      throw new CheckFailed(`without a number in "mobile": ${names.join(", ")}`);
    }
    return `each of ${people.length} has a number`;
  },
};

const serviceAccount: Check = {
  id: "phonefactor-admins",
  step: "the service account is a member of the “PhoneFactor Admins” security group",
  async run({ settings, names, directory }) {
    const open = await directory();
    const { name } = settings.directory.phoneFactorAdmins;
    const members = new Set((await membersOf(open, await group(open, name))).flatMap(accountNames));
    const expected = [settings.directory.serviceAccount.name, names.computerAccount];
    const missing = expected.filter((account) => !members.has(account.toLowerCase()));
    if (missing.length > 0) throw new CheckFailed(`not in "${name}": ${missing.join(", ")}`);
    return `"${name}" has ${expected.join(" and ")}`;
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
export const directoryChecks: readonly Check[] = [joined, mfaUsers, phones, serviceAccount];

async function group(directory: Directory, name: string): Promise<DirectoryEntry> {
  const [found] = await directory.search({
    filter: new AndFilter({
      filters: [
        new EqualityFilter({ attribute: "objectClass", value: "group" }),
        new EqualityFilter({ attribute: "sAMAccountName", value: name }),
      ],
    }),
    attributes: ["sAMAccountName"],
    atMost: 1,
  });
  if (found === undefined) throw new CheckFailed(`the domain has no group "${name}"`);
  return found;
}

/** Users and computers of a group, nested groups resolved. */
function membersOf(directory: Directory, group: DirectoryEntry): Promise<DirectoryEntry[]> {
  return directory.search({
    filter: new AndFilter({
      filters: [
        new OrFilter({
          filters: ["user", "computer"].map((value) => new EqualityFilter({ attribute: "objectClass", value })),
        }),
        new ExtensibleFilter({ rule: IN_CHAIN, matchType: "memberOf", value: group.name }),
      ],
    }),
    attributes: ["sAMAccountName", "userPrincipalName", "mobile"],
  });
}

/** Every spelling by which the settings may name a member, in lower case. */
function accountNames(entry: DirectoryEntry): string[] {
  return [entry.text("sAMAccountName"), entry.text("userPrincipalName"), entry.name]
    .filter((name) => name !== undefined)
    .map((name) => name.toLowerCase());
}
