import type { Directory } from "../../provider/connections/ldap.ts";
import { findGroup } from "../../provider/directory/groupSearch.ts";
import { peopleIn } from "../../provider/directory/memberSearch.ts";
import { type JudgedPerson, judgePeople } from "../../provider/directory/readiness.ts";
import { UserError } from "../../provider/engine/userError.ts";

/** The people of one group at one moment. */
export interface PeopleReport {
  /** Distinguished name of the group. */
  group: string;
  /** Nested groups resolved, in the order of their names. */
  people: JudgedPerson[];
}

/** @throws UserError `PEOPLE_NO_GROUP` when the directory does not have the group. */
export async function readPeople(directory: Directory, groupName: string, now: Date): Promise<PeopleReport> {
  const group = await findGroup(directory, groupName);
  if (group === undefined) {
    throw new UserError("PEOPLE_NO_GROUP", {
      what: `the people of "${groupName}" cannot be listed`,
      why: `the domain ${directory.domain} has no such group that the account may see`,
      next: "Deploy first (`pulumi up` creates the group), or correct directory.mfaUsers.name.",
    });
  }
  return { group: group.name, people: await judgePeople(await peopleIn(directory, [group.name]), now) };
}
