import { getGroupOutput } from "@pulumi/azuread/getGroup.js";
import { getUserOutput } from "@pulumi/azuread/getUser.js";
import { Group } from "@pulumi/azuread/group.js";
import { GroupMember } from "@pulumi/azuread/groupMember.js";
import { User } from "@pulumi/azuread/user.js";
import * as pulumi from "@pulumi/pulumi";
import { Password } from "../../provider/entra/resource.ts";
import type { GroupSettings } from "./Directory.ts";

/** Where an account's password comes from: given, or generated anew with each change of the trigger. */
export type GivenPassword = { password?: pulumi.Input<string>; rotationTrigger?: string };

/** An account whose password the program knows: the domain takes it over with the account. */
export function serviceUser(
  name: string,
  accountName: string,
  userDomain: string,
  description: string,
  given: GivenPassword | undefined,
  opts: pulumi.CustomResourceOptions,
): { user: User; password: pulumi.Output<string> } {
  const { rotationTrigger } = given ?? {};
  const password =
    given?.password === undefined
      ? new Password(
          `${name}-password`,
          { accountName, ...(rotationTrigger !== undefined && { rotationTrigger }) },
          opts,
        ).password
      : pulumi.secret(given.password);
  const user = new User(
    name,
    {
      userPrincipalName: `${accountName}@${userDomain}`,
      displayName: accountName,
      // The domain makes its sAMAccountName of it.
      mailNickname: accountName,
      jobTitle: description,
      password,
      disablePasswordExpiration: true,
    },
    opts,
  );
  return { user, password };
}

/** Makes the group, or takes over the one of this name when `adopt` says so; answers its object id. */
export function securityGroup(
  name: string,
  settings: GroupSettings,
  description: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  // Entra ID takes two groups of one name without a word; the domain would then have two.
  if (settings.adopt) return getGroupOutput({ displayName: settings.name, securityEnabled: true }, opts).objectId;
  const group = new Group(
    name,
    { displayName: settings.name, description, securityEnabled: true, preventDuplicateNames: true },
    // Members are declared one by one, also those that others add: the list in the group itself would take them out.
    { ...opts, ignoreChanges: ["members", "owners"] },
  );
  return group.objectId;
}

/** Puts people into the group, each by userPrincipalName. */
export function members(
  name: string,
  group: pulumi.Output<string>,
  principals: readonly string[],
  opts: pulumi.CustomResourceOptions,
): GroupMember[] {
  return principals.map((userPrincipalName) =>
    member(`${name}-${userPrincipalName}`, group, getUserOutput({ userPrincipalName }, opts).objectId, opts),
  );
}

/** Puts one object into the group, both by object id; others that are in it stay. */
export function member(
  name: string,
  groupObjectId: pulumi.Output<string>,
  memberObjectId: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): GroupMember {
  return new GroupMember(name, { groupObjectId, memberObjectId }, opts);
}
