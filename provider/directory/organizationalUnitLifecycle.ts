import { PresenceFilter } from "ldapts";
import type { Directory } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { UserError } from "../engine/userError.ts";
import { isUnknown } from "../engine/values.ts";
import { type DirectoryLifecycle, directoryOf, outsideDomain } from "./context.ts";
import { inPlace, otherName } from "./difference.ts";
import { child, leafOf, parentOf, sameName } from "./distinguishedName.ts";
import * as object from "./managedObject.ts";
import { OptionalAttributes } from "./optionalAttributes.ts";
import type { OrganizationalUnitInputs, OrganizationalUnitOutputs } from "./schema.ts";

const OPTIONAL = new OptionalAttributes("description", "managedBy");

const KIND: object.ObjectKind = {
  noun: "organizational unit",
  objectClass: "organizationalUnit",
  token: "mfakit:directory:OrganizationalUnit",
  attributes: OPTIONAL.names,
};

/** An organizational unit: renamed and moved in place, deleted only when the kit created it and it is empty. */
export const organizationalUnitLifecycle: DirectoryLifecycle<OrganizationalUnitInputs, OrganizationalUnitOutputs> = {
  check: (wanted, context) => outsideDomain({ parent: wanted.parent }, context),

  diff(_id, oldInputs, old, wanted) {
    return inPlace({
      name: wanted.name !== old.name,
      parent: otherName(old.parent, wanted.parent),
      ...OPTIONAL.differ(wanted, oldInputs, old),
    });
  },

  async preview(wanted, old, context) {
    if (old !== undefined) return previewOfUpdate(wanted, old.outputs);
    const fresh = { name: wanted.name, parent: wanted.parent, ...OPTIONAL.declared(wanted), adopted: false };
    if (isUnknown(wanted.name) || isUnknown(wanted.parent)) return fresh;
    const designated = { name: wantedDistinguishedName(wanted) };
    const existing = await object.find(await directoryOf(context), KIND, designated);
    const claimant = { urn: context.urn, adopt: wanted.adopt };
    if (existing === undefined || object.claim(existing, KIND, designated, claimant) === "created") return fresh;
    return previewOfUpdate(wanted, outputsOf(existing, true, wanted.name));
  },

  async create(wanted, context) {
    const directory = await directoryOf(context);
    const designated = { name: wantedDistinguishedName(wanted) };
    const claimant = { urn: context.urn, adopt: wanted.adopt };
    const { entry, adopted } = await object.obtain(directory, KIND, designated, claimant, OPTIONAL.declared(wanted));
    const id = object.guidOf(entry);
    await apply(directory, entry, wanted, {});
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
    await apply(directory, entry, wanted, oldInputs);
    return readBack(directory, id, old.adopted, wanted.name);
  },

  async delete(id, old, _inputs, context) {
    if (old.adopted) return;
    const directory = await directoryOf(context);
    await object.removeOwn(directory, KIND, id, async (entry) => {
      const content = await directory.search({
        base: entry.name,
        scope: "one",
        filter: new PresenceFilter({ attribute: "objectClass" }),
        attributes: ["1.1"],
        atMost: 10,
      });
      if (content.length > 0) throw notEmpty(entry.name, content);
    });
  },
};

function wantedDistinguishedName(wanted: OrganizationalUnitInputs): string {
  return child("OU", wanted.name, wanted.parent);
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
    ...OPTIONAL.wanted(wanted, {}, old),
    distinguishedName: stays ? old.distinguishedName : undefined,
  };
}

async function apply(
  directory: Directory,
  entry: DirectoryEntry,
  wanted: OrganizationalUnitInputs,
  before: Partial<OrganizationalUnitInputs>,
): Promise<void> {
  const optional = OPTIONAL.wanted(wanted, before, OPTIONAL.of(entry));
  await directory.modify(entry.name, object.attributeChanges(entry, optional));
  await object.moveTo(directory, entry, wantedDistinguishedName(wanted));
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
    ...OPTIONAL.of(entry),
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
  const { name, parent } = outputs;
  const optional = OPTIONAL.inputs(outputs, old);
  if (old === undefined) return { name, parent, ...optional, adopt: outputs.adopted };
  return {
    name,
    parent: sameName(parent, old.parent) ? old.parent : parent,
    ...optional,
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
