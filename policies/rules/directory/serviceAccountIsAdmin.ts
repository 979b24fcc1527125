import { z } from "zod";
import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { isMfaStack, type Stack, type StackResource } from "../../stack.ts";
import { at, lower, UNKNOWN } from "../../values.ts";
import {
  accountName,
  allOf,
  arrivedMembers,
  directoryUser,
  entraArrival,
  groupsNamed,
  isMember,
  membershipsOf,
} from "./groups.ts";

interface Config {
  groupName: string;
}

const webConfig = "mfakit:web:ConfigFile";
const userNameKey = "WEB_SERVICE_SDK_AUTHENTICATION_USERNAME";

export const serviceAccountIsAdmin: StackRule<Config> = {
  kind: "stack",
  id: "MFA-DIR-003",
  family: "directory",
  title: 'The service account is a member of "PhoneFactor Admins".',
  prerequisite:
    'Make sure that the account specified in the Web.config file is a member of the "PhoneFactor Admins" Security Group.',
  step: "Important Notes, 3",
  rationale: "The Web Service SDK answers 401 to everybody else, and no app can be activated.",
  level: "mandatory",
  severity: "high",
  references: [procedure],
  configuration: z.strictObject({ groupName: z.string().default("PhoneFactor Admins") }),
  check(stack, { groupName }) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const groups = groupsNamed(stack, groupName);
    const arrived = groups.length === 0 ? arrivedMembers(stack, groupName) : undefined;
    if (groups.length === 0 && arrived === undefined) {
      return [
        violation(
          undefined,
          `the stack has no group ${groupName}`,
          `pulumi config set --path mfa-server:directory.phoneFactorAdmins.name "${groupName}"`,
        ),
      ];
    }
    const memberships = groups.flatMap((group) => membershipsOf(stack, group));
    const members = arrived ?? allOf(memberships, "members");
    const where = memberships[0] ?? groups[0] ?? stack.ofType(entraArrival)[0];
    return serviceAccounts(stack).flatMap((account) => {
      if (account === UNKNOWN) return [cannotTell(where?.urn, "which account the web services use")];
      if (members === UNKNOWN) return [cannotTell(where?.urn, `who is in ${groupName}`)];
      if (isMember(members, account)) return [];
      const [unknown] = members.filter((member) => member === UNKNOWN);
      if (unknown !== undefined) return [cannotTell(where?.urn, `whether ${account.name} is in ${groupName}`)];
      return [
        violation(
          where?.urn,
          `${account.name} is not in ${groupName}`,
          `pulumi config set --path mfa-server:directory.phoneFactorAdmins.members[0] ${account.name}`,
        ),
      ];
    });
  },
};

type Account = { name: string; user?: StackResource };

/** The accounts that the web.config files name; without such a file, the service accounts that the stack makes. */
function serviceAccounts(stack: Stack): (Account | typeof UNKNOWN)[] {
  const users = stack.ofType(directoryUser);
  const named = stack.ofType(webConfig).flatMap((file): (Account | typeof UNKNOWN)[] => {
    const userName = at(file.properties, "appSettings", userNameKey);
    if (typeof userName === "string") return [withUser({ name: accountName(userName) }, users)];
    const source = users.find((user) => file.sources.appSettings?.includes(user.urn));
    if (source !== undefined) return [accountOf(source)];
    return userName === UNKNOWN ? [UNKNOWN] : [];
  });
  if (named.length > 0) return named;
  return users.filter(({ properties }) => !lower(at(properties, "name"))?.startsWith("pfup_")).map(accountOf);
}

function accountOf(user: StackResource): Account | typeof UNKNOWN {
  const name = at(user.properties, "name");
  return typeof name === "string" ? { name, user } : UNKNOWN;
}

function withUser(account: Account, users: readonly StackResource[]): Account {
  const user = users.find(({ properties }) => lower(at(properties, "name")) === account.name);
  return user === undefined ? account : { name: String(user.properties.name), user };
}
