import { PresenceFilter } from "ldapts";
import type { Directory } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { UserError } from "../engine/userError.ts";
import { isUnknown } from "../engine/values.ts";
import { type DirectoryContext, type DirectoryLifecycle, directoryOf } from "./context.ts";
import { inPlace, optionalValue, otherName } from "./difference.ts";
import { child, leafOf, parentOf, sameName } from "./distinguishedName.ts";
import * as object from "./managedObject.ts";
import { isMarked, OWNERSHIP_ATTRIBUTE, ownershipMark } from "./ownership.ts";
import type { OrganizationalUnitInputs, OrganizationalUnitOutputs } from "./schema.ts";

const KIND: object.ObjectKind = {
  noun: "organizational unit",
  objectClass: "organizationalUnit",
  token: "mfakit:directory:OrganizationalUnit",
  attributes: [],
};

/** An organizational unit: renamed and moved in place, deleted only when the kit created it and it is empty. */
export const organizationalUnitLifecycle: DirectoryLifecycle<OrganizationalUnitInputs, OrganizationalUnitOutputs> = {
  diff(_id, oldInputs, old, wanted) {
    return inPlace({
      name: wanted.name !== old.name,
      parent: otherName(old.parent, wanted.parent),
      description: optionalValue(wanted.description, oldInputs.description, old.description) !== old.description,
    });
  },

  async preview(wanted, old, context) {
    if (old !== undefined) return previewOfUpdate(wanted, old.outputs);
    const fresh = { name: wanted.name, parent: wanted.parent, description: wanted.description, adopted: false };
    if (isUnknown(wanted.name) || isUnknown(wanted.parent)) return fresh;
    const existing = await findExisting(await directoryOf(context), wanted);
    if (existing === undefined || claimUnit(existing, wanted, context) === "created") return fresh;
    return previewOfUpdate(wanted, outputsOf(existing, true, wanted.name));
  },

  async create(wanted, context) {
    const directory = await directoryOf(context);
    const existing = await findExisting(directory, wanted);
    if (existing !== undefined) {
      const adopted = claimUnit(existing, wanted, context) === "adopted";
      const id = object.guidOf(existing);
      await apply(directory, existing, wanted, wanted.description ?? existing.text("description"));
      return { id, outputs: await readBack(directory, id, adopted, wanted.name) };
    }
    const name = child("OU", wanted.name, wanted.parent);
    await directory.add(name, {
      objectClass: "organizationalUnit",
      description: wanted.description,
      [OWNERSHIP_ATTRIBUTE]: ownershipMark(context.urn),
    });
    const created = await object.readByName(directory, KIND, name);
    if (created === undefined) throw new Error(`${name} was created but cannot be read`);
    return { id: object.guidOf(created), outputs: outputsOf(created, false, wanted.name) };
  },

  async read(id, old, context) {
    const directory = await directoryOf(context);
    const entry = await object.readByGuid(directory, KIND, id);
    if (entry === undefined) return undefined;
    const adopted = old?.outputs.adopted ?? !isMarked(entry.text(OWNERSHIP_ATTRIBUTE));
    const outputs = outputsOf(entry, adopted, old?.inputs.name);
    return { id, outputs, inputs: inputsOf(outputs, old?.inputs) };
  },

  async update(id, old, wanted, oldInputs, context) {
    const directory = await directoryOf(context);
    const entry = await object.requireByGuid(directory, KIND, id);
    await apply(
      directory,
      entry,
      wanted,
      optionalValue(wanted.description, oldInputs.description, entry.text("description")),
    );
    return readBack(directory, id, old.adopted, wanted.name);
  },

  async delete(id, old, _inputs, context) {
    if (old.adopted) return;
    const directory = await directoryOf(context);
    const entry = await object.readByGuid(directory, KIND, id);
    if (entry === undefined) return;
    const content = await directory.search({
      base: entry.name,
      scope: "one",
      filter: new PresenceFilter({ attribute: "objectClass" }),
      attributes: ["1.1"],
      atMost: 10,
    });
    if (content.length > 0) throw notEmpty(entry.name, content);
    await directory.remove(entry.name);
  },
};

function findExisting(directory: Directory, wanted: OrganizationalUnitInputs): Promise<DirectoryEntry | undefined> {
  return object.readByName(directory, KIND, child("OU", wanted.name, wanted.parent));
}

function claimUnit(existing: DirectoryEntry, wanted: OrganizationalUnitInputs, context: DirectoryContext) {
  const name = child("OU", wanted.name, wanted.parent);
  return object.claim(existing, KIND, { urn: context.urn, adopt: wanted.adopt, wanted: name });
}

/** The distinguished name is known ahead only when the unit stays where it is: the directory may spell a new one differently. */
function previewOfUpdate(
  wanted: OrganizationalUnitInputs,
  old: OrganizationalUnitOutputs,
): Partial<OrganizationalUnitOutputs> {
  const stays = wanted.name === old.name && !otherName(old.parent, wanted.parent);
  return {
    ...old,
    name: wanted.name,
    parent: wanted.parent,
    description: wanted.description ?? old.description,
    distinguishedName: stays ? old.distinguishedName : undefined,
  };
}

async function apply(
  directory: Directory,
  entry: DirectoryEntry,
  wanted: OrganizationalUnitInputs,
  description: string | undefined,
): Promise<void> {
  await directory.modify(entry.name, object.attributeChanges(entry, { description }));
  await object.moveTo(directory, entry, child("OU", wanted.name, wanted.parent));
}

async function readBack(
  directory: Directory,
  id: string,
  adopted: boolean,
  declared: string,
): Promise<OrganizationalUnitOutputs> {
  return outputsOf(await object.requireByGuid(directory, KIND, id), adopted, declared);
}

function outputsOf(
  entry: DirectoryEntry,
  adopted: boolean,
  declaredName: string | undefined,
): OrganizationalUnitOutputs {
  const name = leafOf(entry.name) ?? entry.name;
  return {
    name: declaredName?.toLowerCase() === name.toLowerCase() ? declaredName : name,
    parent: parentOf(entry.name) ?? "",
    description: entry.text("description"),
    distinguishedName: entry.name,
    objectGuid: object.guidOf(entry),
    adopted,
  };
}

/** The program's inputs as the directory now has them; its own spelling stays where the meaning is the same. */
function inputsOf(
  outputs: OrganizationalUnitOutputs,
  old: OrganizationalUnitInputs | undefined,
): OrganizationalUnitInputs {
  const { name, parent, description } = outputs;
  if (old === undefined) return { name, parent, description, adopt: outputs.adopted };
  return {
    name,
    parent: sameName(parent, old.parent) ? old.parent : parent,
    description: old.description === undefined ? undefined : description,
    adopt: old.adopt,
  };
}

function notEmpty(name: string, content: readonly DirectoryEntry[]): UserError {
  return new UserError("DIRECTORY_UNIT_NOT_EMPTY", {
    what: `the organizational unit ${name} is not deleted`,
    why: `it holds ${content.map((entry) => entry.name).join("; ")}`,
    next: "Move or delete what is in it and run again, or let it go with `pulumi state delete`",
  });
}
