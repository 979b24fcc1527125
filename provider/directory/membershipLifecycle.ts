import type { Directory } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { CONNECTION_LOST, DirectoryError } from "../connections/ldapErrors.ts";
import type { PropertyChange } from "../engine/definition.ts";
import { UserError } from "../engine/userError.ts";
import { hasUnknown, isUnknown } from "../engine/values.ts";
import { type DirectoryContext, type DirectoryLifecycle, directoryOf } from "./context.ts";
import { comparisonKey } from "./distinguishedName.ts";
import { findGroup, requireGroup } from "./groupSearch.ts";
import { guidOf } from "./managedObject.ts";
import { findMembers, peopleIn } from "./memberSearch.ts";
import { isComputer, isGroup, isPerson, type MemberIndex, spellingKey } from "./members.ts";
import { membershipChange } from "./membershipChange.ts";
import { isMarked, OWNERSHIP_ATTRIBUTE } from "./ownership.ts";
import { type Readiness, readinessOf } from "./readiness.ts";
import type { MembershipInputs, MembershipOutputs } from "./schema.ts";

/** Values in one modify request; a domain controller refuses more than 5000 (MaxValRange and request size). */
const MEMBERS_PER_REQUEST = 1000;
/** How a controller says that a member is there already (68, 20) or gone already (53, 16). */
const OVERTAKEN: ReadonlySet<number> = new Set([16, 20, 53, 68]);
const ATTEMPTS = 3;

/** The members of a group that the kit answers for: adds and removes only differences, and reports who is not ready for MFA. */
export const membershipLifecycle: DirectoryLifecycle<MembershipInputs, MembershipOutputs> = {
  async diff(id, oldInputs, old, wanted, context) {
    const changes: Record<string, PropertyChange> = {};
    if (await isOtherGroup(id, oldInputs.group, wanted.group, context)) changes.group = "update-replace";
    if (otherMembers(old.members, wanted.members)) changes.members = "update";
    if (wanted.exclusive !== old.exclusive) changes.exclusive = "update";
    if (wanted.checkReadiness !== old.checkReadiness) changes.checkReadiness = "update";
    return { changes };
  },

  async preview(wanted, old, context) {
    const { group, exclusive, checkReadiness } = wanted;
    const known: Partial<MembershipOutputs> = { group, exclusive, checkReadiness };
    if (!checkReadiness) Object.assign(known, { people: [], unready: [] });
    // Unknown members are objects of this program that do not exist yet.
    const declared = isUnknown(wanted.members) ? [] : wanted.members.filter((member) => !isUnknown(member));
    const directory = await directoryOf(context);
    const members = await findMembers(directory, declared);
    const notComputers = declared.filter((member) => !isComputer(member));
    refuseMissing(members, notComputers, group);
    if (hasUnknown(wanted.members)) return known;
    if (checkReadiness) {
      const place = old?.id ?? group;
      const entry = isUnknown(place) ? undefined : await findGroup(directory, place);
      Object.assign(known, await readinessWith(directory, entry, members.all(declared), context));
    }
    return { ...known, members: wanted.members };
  },

  async create(wanted, context) {
    const directory = await directoryOf(context);
    const group = await requireGroup(directory, wanted.group);
    return { id: guidOf(group), outputs: await apply(directory, group, wanted, [], context) };
  },

  async read(id, old, context) {
    const directory = await directoryOf(context);
    const group = await findGroup(directory, id);
    if (group === undefined) return undefined;
    const guid = guidOf(group);
    const inputs = old?.inputs ?? { group: guid, members: [], exclusive: false, checkReadiness: false };
    const present = await presentMembers(directory, group);
    const declared = await findMembers(directory, inputs.members, group.name);
    const members = inputs.members.filter((text) => declared.all([text]).some((member) => present.has(keyOf(member))));
    if (inputs.exclusive || old === undefined) {
      const expected = new Set(declared.all(inputs.members).map(keyOf));
      const others = [...present].flatMap(([key, name]) => (expected.has(key) ? [] : [name]));
      members.push(...(await accountNames(directory, others)));
    }
    const outputs = {
      ...inputs,
      members,
      addedByKit: old?.outputs.addedByKit ?? [],
      ...(await readiness(directory, group, inputs, context)),
    };
    return { id: guid, outputs, inputs: { ...inputs, members } };
  },

  async update(id, old, wanted, _oldInputs, context) {
    const directory = await directoryOf(context);
    return apply(directory, await requireGroup(directory, id), wanted, old.addedByKit, context);
  },

  async delete(id, old, inputs, context) {
    const directory = await directoryOf(context);
    const group = await findGroup(directory, id);
    if (group === undefined) return;
    // In a group that the kit created nobody was before: every declared member is the kit's, also after an interrupted create.
    const ownGroup = isMarked(group.text(OWNERSHIP_ATTRIBUTE));
    const leaving = ownGroup ? [...old.addedByKit, ...inputs.members] : old.addedByKit;
    const members = (await findMembers(directory, leaving)).all(leaving);
    await despiteOthers(async () => {
      const present = await presentMembers(directory, group);
      const names = members.flatMap((member) => present.get(keyOf(member)) ?? []);
      await changeMembers(directory, group, "delete", names, context);
    });
  },
};

/** Writes the differences and reads back what the group then has. */
async function apply(
  directory: Directory,
  group: DirectoryEntry,
  wanted: MembershipInputs,
  addedEarlier: readonly string[],
  context: DirectoryContext,
): Promise<MembershipOutputs> {
  const members = await findMembers(directory, [...wanted.members, ...addedEarlier], group.name);
  refuseMissing(members, wanted.members, wanted.group);
  const declared = new Map(members.all(wanted.members).map((member) => [keyOf(member), member]));
  const addedByKit = new Set(members.all(addedEarlier).map(keyOf));
  await despiteOthers(async () => {
    const present = await presentMembers(directory, group);
    const { exclusive } = wanted;
    const change = membershipChange({ declared: keysOf(declared), present: keysOf(present), addedByKit, exclusive });
    const named = (keys: readonly string[]) => keys.flatMap((key) => present.get(key) ?? declared.get(key)?.name ?? []);
    await changeMembers(directory, group, "delete", named(change.remove), context);
    await changeMembers(directory, group, "add", named(change.add), context, (added) => {
      for (const name of added) addedByKit.add(comparisonKey(name));
    });
  });
  const now = await presentMembers(directory, group);
  const kept = [...declared].filter(([key]) => addedByKit.has(key) && now.has(key));
  return {
    ...wanted,
    members: wanted.members.filter((text) => members.all([text]).some((member) => now.has(keyOf(member)))),
    addedByKit: kept.map(([, member]) => guidOf(member)).toSorted(),
    ...(await readiness(directory, group, wanted, context)),
  };
}

/** The members that the group has now: key to distinguished name. */
async function presentMembers(directory: Directory, group: DirectoryEntry): Promise<Map<string, string>> {
  const names = await directory.values(group.name, "member");
  return new Map(names.map((name) => [comparisonKey(name), name]));
}

async function changeMembers(
  directory: Directory,
  group: DirectoryEntry,
  change: "add" | "delete",
  names: readonly string[],
  context: DirectoryContext,
  done: (names: readonly string[]) => void = () => {},
): Promise<void> {
  for (let start = 0; start < names.length; start += MEMBERS_PER_REQUEST) {
    const values = names.slice(start, start + MEMBERS_PER_REQUEST);
    context.progress(
      `${change === "add" ? "adding" : "removing"} members: ${start + values.length} of ${names.length}`,
    );
    try {
      await directory.modify(group.name, [{ change, attribute: "member", values }]);
    } catch (error) {
      // Perhaps it was done; whoever is a member afterwards was none before.
      if (isLost(error)) done(values);
      throw error;
    }
    done(values);
  }
}

/**
 * Somebody else may add or remove the same member between reading and writing, or the controller may stop before it answers: then the
 * difference is taken again, at the next controller if need be. A member that both controllers were told to add is added once.
 */
async function despiteOthers(write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      const overtaken = error instanceof DirectoryError && OVERTAKEN.has(error.resultCode);
      if (!(overtaken || isLost(error)) || attempt === ATTEMPTS) throw error;
    }
  }
}

function isLost(error: unknown): boolean {
  return error instanceof UserError && error.code === CONNECTION_LOST;
}

function keysOf(map: ReadonlyMap<string, unknown>): Set<string> {
  return new Set(map.keys());
}

async function readiness(
  directory: Directory,
  group: DirectoryEntry,
  wanted: MembershipInputs,
  context: DirectoryContext,
): Promise<Readiness> {
  return wanted.checkReadiness ? readinessWith(directory, group, [], context) : { people: [], unready: [] };
}

/** The people of the group together with those who are going to join it. */
async function readinessWith(
  directory: Directory,
  group: DirectoryEntry | undefined,
  joining: readonly DirectoryEntry[],
  context: DirectoryContext,
): Promise<Readiness> {
  const groups = [...(group === undefined ? [] : [group]), ...joining.filter(isGroup)].map((entry) => entry.name);
  return readinessOf([...joining.filter(isPerson), ...(await peopleIn(directory, groups))], context.now());
}

/** sAMAccountNames in their order; a member of another domain keeps its distinguished name. */
async function accountNames(directory: Directory, names: readonly string[]): Promise<string[]> {
  const index = await findMembers(directory, names);
  return names.map((name) => index.find(name)?.text("sAMAccountName") ?? name).toSorted();
}

async function isOtherGroup(id: string, before: string, wanted: string, context: DirectoryContext): Promise<boolean> {
  if (isUnknown(wanted)) return true;
  if (spellingKey(wanted) === spellingKey(before) || spellingKey(wanted) === id) return false;
  const group = await findGroup(await directoryOf(context), wanted);
  return group === undefined || guidOf(group) !== id;
}

function otherMembers(present: readonly string[], wanted: readonly string[]): boolean {
  if (hasUnknown(wanted)) return true;
  const before = new Set(present.map(spellingKey));
  const after = new Set(wanted.map(spellingKey));
  return before.size !== after.size || [...after].some((member) => !before.has(member));
}

function keyOf(member: DirectoryEntry): string {
  return comparisonKey(member.name);
}

/** All missing names at once. */
function refuseMissing(members: MemberIndex, names: readonly string[], group: string): void {
  const missing = names.filter((text) => members.find(text) === undefined);
  if (missing.length === 0) return;
  throw new UserError("DIRECTORY_MEMBERS_NOT_FOUND", {
    what: `${missing.join(", ")} cannot be ${missing.length === 1 ? "a member" : "members"} of ${isUnknown(group) ? "the group" : group}`,
    why: "the directory has no such object",
    next: "Correct the name (distinguished name, sAMAccountName, userPrincipalName or objectGUID; computers as NAME$) or create the object first",
  });
}
