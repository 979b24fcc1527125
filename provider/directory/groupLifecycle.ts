import type { Directory } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { UserError } from "../engine/userError.ts";
import { isUnknown } from "../engine/values.ts";
import { groupAccountName } from "./accountName.ts";
import { type DirectoryLifecycle, directoryOf, outsideDomain } from "./context.ts";
import { inPlace, otherName } from "./difference.ts";
import { child, parentOf, sameName } from "./distinguishedName.ts";
import { isSecurityGroup, scopeOf, scopeSteps, securityGroupType } from "./groupType.ts";
import { sidText } from "./identifiers.ts";
import * as object from "./managedObject.ts";
import { OptionalAttributes } from "./optionalAttributes.ts";
import type { GroupInputs, GroupOutputs, GroupScope } from "./schema.ts";

const OPTIONAL = new OptionalAttributes("description", "info", "managedBy");

const KIND: object.ObjectKind = {
  noun: "group",
  objectClass: "group",
  token: "mfakit:directory:Group",
  attributes: ["sAMAccountName", "groupType", "objectSid", ...OPTIONAL.names],
  refuse(existing) {
    if (isSecurityGroup(existing.text("groupType"))) return;
    throw new UserError("DIRECTORY_NOT_A_SECURITY_GROUP", {
      what: `the group ${existing.name} cannot be adopted`,
      why: "it is a distribution list, which cannot grant access",
      next: "Convert it to a security group, or choose another name",
    });
  },
};

/** A security group: found by its objectGUID, renamed and moved in place, kept on destroy when it was there before. */
export const groupLifecycle: DirectoryLifecycle<GroupInputs, GroupOutputs> = {
  check: (wanted, context) => outsideDomain({ organizationalUnit: wanted.organizationalUnit }, context),

  diff(_id, oldInputs, old, wanted) {
    return inPlace({
      name: wanted.name !== old.name,
      organizationalUnit: otherName(old.organizationalUnit, wanted.organizationalUnit),
      scope: wantedScope(wanted, old) !== old.scope,
      ...OPTIONAL.differ(wanted, oldInputs, old),
    });
  },

  async preview(wanted, old, context) {
    if (old !== undefined) return previewOfUpdate(wanted, old.outputs);
    const fresh: Partial<GroupOutputs> = {
      name: wanted.name,
      organizationalUnit: wanted.organizationalUnit,
      ...OPTIONAL.declared(wanted),
      scope: wanted.scope ?? "Global",
      adopted: false,
    };
    if (isUnknown(wanted.name)) return fresh;
    const designated = designatedBy(wanted);
    const existing = await object.find(await directoryOf(context), KIND, designated);
    const claimant = { urn: context.urn, adopt: wanted.adopt };
    if (existing === undefined || object.claim(existing, KIND, designated, claimant) === "created") return fresh;
    const present = outputsOf(existing, true, wanted.name);
    return { ...previewOfUpdate(wanted, present), distinguishedName: present.distinguishedName };
  },

  async create(wanted, context) {
    const directory = await directoryOf(context);
    const designated = designatedBy(wanted);
    const { entry, adopted } = await object.obtain(
      directory,
      KIND,
      { ...designated, name: wantedDistinguishedName(wanted) },
      { urn: context.urn, adopt: wanted.adopt },
      {
        sAMAccountName: designated.accountName,
        groupType: securityGroupType(wanted.scope ?? "Global"),
        ...OPTIONAL.declared(wanted),
      },
    );
    const id = object.guidOf(entry);
    const scope = wantedScope(wanted, { scope: scopeOf(entry.text("groupType")), adopted });
    await apply(directory, entry, wanted, scope, {});
    return { id, outputs: await readBack(directory, id, adopted, wanted.name) };
  },

  async read(id, old, context) {
    const directory = await directoryOf(context);
    const entry = await object.readByGuid(directory, KIND, id);
    if (entry === undefined) return undefined;
    const adopted = old?.outputs.adopted ?? object.isAdopted(entry);
    const outputs = outputsOf(entry, adopted, old?.inputs.name);
    return { id, outputs, inputs: inputsOf(outputs, old?.inputs) };
  },

  async update(id, old, wanted, oldInputs, context) {
    const directory = await directoryOf(context);
    const entry = await object.requireByGuid(directory, KIND, id);
    const scope = wantedScope(wanted, { scope: scopeOf(entry.text("groupType")), adopted: old.adopted });
    await apply(directory, entry, wanted, scope, oldInputs);
    return readBack(directory, id, old.adopted, wanted.name);
  },

  async delete(id, old, _inputs, context) {
    if (old.adopted) return;
    const directory = await directoryOf(context);
    await object.removeOwn(directory, KIND, id, async (entry) => {
      const members = await directory.values(entry.name, "member");
      if (members.length > 0) throw hasMembers(entry.name, members);
    });
  },
};

function designatedBy(wanted: GroupInputs) {
  return {
    accountName: groupAccountName(wanted.name),
    name: isUnknown(wanted.organizationalUnit) ? undefined : wantedDistinguishedName(wanted),
  };
}

function wantedDistinguishedName(wanted: GroupInputs): string {
  return child("CN", wanted.name, wanted.organizationalUnit);
}

/** A scope that the program does not name is Global for the kit's own group, and left alone for an adopted one. */
function wantedScope(wanted: GroupInputs, present: Pick<GroupOutputs, "scope" | "adopted">): GroupScope {
  return wanted.scope ?? (present.adopted ? present.scope : "Global");
}

/** The distinguished name is known ahead only when the group stays where it is: the directory may spell a new one differently. */
function previewOfUpdate(wanted: GroupInputs, old: GroupOutputs): Partial<GroupOutputs> {
  const stays = wanted.name === old.name && !otherName(old.organizationalUnit, wanted.organizationalUnit);
  return {
    ...old,
    name: wanted.name,
    organizationalUnit: wanted.organizationalUnit,
    scope: wantedScope(wanted, old),
    ...OPTIONAL.wanted(wanted, {}, old),
    distinguishedName: stays ? old.distinguishedName : undefined,
  };
}

/** Writes only what differs. The scope first: it can be refused because of the members, and then nothing else has changed. */
async function apply(
  directory: Directory,
  entry: DirectoryEntry,
  wanted: GroupInputs,
  scope: GroupScope,
  before: Partial<GroupInputs>,
): Promise<void> {
  for (const step of scopeSteps(scopeOf(entry.text("groupType")), scope)) {
    await directory.modify(entry.name, [
      { change: "replace", attribute: "groupType", values: [securityGroupType(step)] },
    ]);
  }
  const sAMAccountName = groupAccountName(wanted.name);
  const optional = OPTIONAL.wanted(wanted, before, OPTIONAL.of(entry));
  await directory.modify(entry.name, object.attributeChanges(entry, { ...optional, sAMAccountName }));
  await object.moveTo(directory, entry, wantedDistinguishedName(wanted));
}

async function readBack(directory: Directory, id: string, adopted: boolean, declared: string): Promise<GroupOutputs> {
  return outputsOf(await object.requireByGuid(directory, KIND, id), adopted, declared);
}

function outputsOf(entry: DirectoryEntry, adopted: boolean, declaredName: string | undefined): GroupOutputs {
  return {
    name: object.nameNow(entry, declaredName, declaredName && groupAccountName(declaredName)),
    organizationalUnit: parentOf(entry.name) ?? "",
    scope: scopeOf(entry.text("groupType")),
    ...OPTIONAL.of(entry),
    distinguishedName: entry.name,
    objectGuid: object.guidOf(entry),
    objectSid: sidText(entry.bytes("objectSid") ?? Buffer.alloc(0)),
    adopted,
  };
}

/** The program's inputs as the directory now has them; its own spelling stays where the meaning is the same. */
function inputsOf(outputs: GroupOutputs, old: GroupInputs | undefined): GroupInputs {
  const { name, organizationalUnit, scope } = outputs;
  const optional = OPTIONAL.inputs(outputs, old);
  if (old === undefined) return { name, organizationalUnit, scope, ...optional, adopt: outputs.adopted };
  return {
    name,
    organizationalUnit: sameName(organizationalUnit, old.organizationalUnit)
      ? old.organizationalUnit
      : organizationalUnit,
    scope: old.scope === undefined ? undefined : scope,
    ...optional,
    adopt: old.adopt,
  };
}

function hasMembers(name: string, members: readonly string[]): UserError {
  const shown = members.slice(0, 10).join("; ");
  const more = members.length > 10 ? ` and ${members.length - 10} more` : "";
  return new UserError("DIRECTORY_GROUP_HAS_MEMBERS", {
    what: `the group ${name} is not deleted`,
    why: `it has members that the kit did not add: ${shown}${more}`,
    next: "Remove them from the group and run again, or let it go with `pulumi state delete`",
  });
}
