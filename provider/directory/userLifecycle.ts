import type { Directory } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { isUnknown } from "../engine/values.ts";
import { accountFlags, withAccountFlags } from "./accountControl.ts";
import { type DirectoryContext, type DirectoryLifecycle, directoryOf, domainOf, outsideDomain } from "./context.ts";
import { inPlace, optionalValue, otherName } from "./difference.ts";
import { child, parentOf, sameName } from "./distinguishedName.ts";
import { isoOfFileTime } from "./fileTime.ts";
import { sidText } from "./identifiers.ts";
import * as object from "./managedObject.ts";
import { generatePassword, unicodePwd } from "./password.ts";
import { passwordPlan } from "./passwordPlan.ts";
import type { UserInputs, UserOutputs } from "./schema.ts";

const KIND: object.ObjectKind = {
  noun: "account",
  objectClass: "user",
  token: "mfakit:directory:User",
  attributes: ["sAMAccountName", "userPrincipalName", "userAccountControl", "pwdLastSet", "objectSid"],
};

/** What the state knows and the directory does not tell. */
interface Recorded {
  adopted: boolean;
  password: string;
  /** `undefined`: the kit has just set the password, so what the directory says now is its own. */
  passwordSetByKit: string | undefined;
  rotationTrigger?: string | undefined;
  declaredName: string | undefined;
}

/** A user account: found by its objectGUID; its password is kept as the kit set it, and every other change of it is drift. */
export const userLifecycle: DirectoryLifecycle<UserInputs, UserOutputs> = {
  check: (wanted, context) => outsideDomain({ organizationalUnit: wanted.organizationalUnit }, context),

  diff(_id, oldInputs, old, wanted, context) {
    const plan = passwordPlan(old, wanted);
    return inPlace({
      name: wanted.name !== old.name,
      userPrincipalName: otherText(old.userPrincipalName, wantedPrincipalName(wanted, context)),
      organizationalUnit: otherName(old.organizationalUnit, wanted.organizationalUnit),
      description: optionalValue(wanted.description, oldInputs.description, old.description) !== old.description,
      passwordNeverExpires: wanted.passwordNeverExpires !== old.passwordNeverExpires,
      enabled: wanted.enabled !== old.enabled,
      ...(plan.action !== "keep" && { [plan.because]: true }),
    });
  },

  async preview(wanted, old, context) {
    if (old !== undefined) return previewOfUpdate(wanted, old.outputs, context);
    const { name, organizationalUnit, description, password, passwordNeverExpires, enabled } = wanted;
    const fresh: Partial<UserOutputs> = {
      ...{ name, organizationalUnit, description, password, passwordNeverExpires, enabled, adopted: false },
      userPrincipalName: isUnknown(name) ? wanted.userPrincipalName : wantedPrincipalName(wanted, context),
    };
    if (isUnknown(name)) return fresh;
    const directory = await directoryOf(context);
    fresh.qualifiedName = qualifiedName(directory, name);
    const designated = designatedBy(wanted);
    const existing = await object.find(directory, KIND, designated);
    const claimant = { urn: context.urn, adopt: wanted.adopt };
    if (existing === undefined || object.claim(existing, KIND, designated, claimant) === "created") return fresh;
    const { distinguishedName, objectGuid, objectSid } = outputsOf(directory, existing, unknownPassword(true));
    return { ...fresh, distinguishedName, objectGuid, objectSid, adopted: true };
  },

  async create(wanted, context) {
    const directory = await directoryOf(context);
    const password = wanted.password ?? generatePassword(wanted.name);
    const { entry, adopted, isNew } = await object.obtain(
      directory,
      KIND,
      { ...designatedBy(wanted), name: wantedDistinguishedName(wanted) },
      { urn: context.urn, adopt: wanted.adopt },
      {
        sAMAccountName: wanted.name,
        userPrincipalName: wantedPrincipalName(wanted, context),
        userAccountControl: withAccountFlags(undefined, wanted),
        unicodePwd: unicodePwd(password),
        description: wanted.description,
      },
    );
    const id = object.guidOf(entry);
    const description = wanted.description ?? entry.text("description");
    await apply(directory, entry, wanted, { description, password: isNew ? undefined : password }, context);
    return { id, outputs: await readBack(directory, id, justSet(wanted, adopted, password)) };
  },

  async read(id, old, context) {
    const directory = await directoryOf(context);
    const entry = await object.readByGuid(directory, KIND, id);
    if (entry === undefined) return undefined;
    const recorded =
      old === undefined ? unknownPassword(object.isAdopted(entry)) : { ...old.outputs, declaredName: old.inputs.name };
    const outputs = outputsOf(directory, entry, recorded);
    return { id, outputs, inputs: inputsOf(outputs, old?.inputs, context) };
  },

  async update(id, old, wanted, oldInputs, context) {
    const directory = await directoryOf(context);
    const entry = await object.requireByGuid(directory, KIND, id);
    const description = optionalValue(wanted.description, oldInputs.description, entry.text("description"));
    const password = newPassword(old, wanted);
    await apply(directory, entry, wanted, { description, password }, context);
    const recorded =
      password === undefined
        ? { ...old, rotationTrigger: wanted.rotationTrigger, declaredName: wanted.name }
        : justSet(wanted, old.adopted, password);
    return readBack(directory, id, recorded);
  },

  async delete(id, old, _inputs, context) {
    if (!old.adopted) await object.removeOwn(await directoryOf(context), KIND, id);
  },
};

function designatedBy(wanted: UserInputs) {
  return {
    accountName: wanted.name,
    name: isUnknown(wanted.organizationalUnit) ? undefined : wantedDistinguishedName(wanted),
  };
}

function wantedDistinguishedName(wanted: UserInputs): string {
  return child("CN", wanted.name, wanted.organizationalUnit);
}

/** A password that is generated anew is not known ahead, nor is when the directory will say that one was set. */
function previewOfUpdate(wanted: UserInputs, old: UserOutputs, context: DirectoryContext): Partial<UserOutputs> {
  const { action } = passwordPlan(old, wanted);
  const { name, organizationalUnit, passwordNeverExpires, enabled, rotationTrigger } = wanted;
  const renamed = name !== old.name;
  const moved = otherName(old.organizationalUnit, organizationalUnit);
  return {
    ...old,
    ...{ name, organizationalUnit, passwordNeverExpires, enabled, rotationTrigger },
    userPrincipalName: isUnknown(name) ? wanted.userPrincipalName : wantedPrincipalName(wanted, context),
    description: wanted.description ?? old.description,
    distinguishedName: renamed || moved ? undefined : old.distinguishedName,
    qualifiedName: renamed ? undefined : old.qualifiedName,
    password: action === "renew" ? undefined : (wanted.password ?? old.password),
    passwordLastSet: action === "keep" ? old.passwordLastSet : undefined,
    passwordSetByKit: action === "keep" ? old.passwordSetByKit : undefined,
  };
}

/** The password to set in an update; `undefined`: leave it. */
function newPassword(old: UserOutputs, wanted: UserInputs): string | undefined {
  switch (passwordPlan(old, wanted).action) {
    case "keep":
      return undefined;
    case "restore":
      return old.password;
    case "set":
      return wanted.password;
    case "renew":
      return generatePassword(wanted.name);
  }
}

/** Writes only what differs. */
async function apply(
  directory: Directory,
  entry: DirectoryEntry,
  wanted: UserInputs,
  change: { description: string | undefined; password: string | undefined },
  context: DirectoryContext,
): Promise<void> {
  const userPrincipalName = wantedPrincipalName(wanted, context);
  const changes = object.attributeChanges(entry, {
    description: change.description,
    sAMAccountName: wanted.name,
    userPrincipalName,
    userAccountControl: withAccountFlags(entry.text("userAccountControl"), wanted),
  });
  if (change.password !== undefined) {
    context.progress(`setting the password of ${entry.name}`);
    // Before the flags: an account without a password that meets the policy cannot be enabled.
    changes.unshift({ change: "replace", attribute: "unicodePwd", values: [unicodePwd(change.password)] });
  }
  await directory.modify(entry.name, changes);
  await object.moveTo(directory, entry, wantedDistinguishedName(wanted));
}

async function readBack(directory: Directory, id: string, recorded: Recorded): Promise<UserOutputs> {
  return outputsOf(directory, await object.requireByGuid(directory, KIND, id), recorded);
}

function outputsOf(directory: Directory, entry: DirectoryEntry, recorded: Recorded): UserOutputs {
  const passwordLastSet = isoOfFileTime(entry.text("pwdLastSet") ?? "0");
  const accountName = entry.text("sAMAccountName") ?? "";
  return {
    name: object.nameNow(entry, recorded.declaredName),
    userPrincipalName: entry.text("userPrincipalName") ?? "",
    organizationalUnit: parentOf(entry.name) ?? "",
    description: entry.text("description"),
    distinguishedName: entry.name,
    objectGuid: object.guidOf(entry),
    objectSid: sidText(entry.bytes("objectSid") ?? Buffer.alloc(0)),
    password: recorded.password,
    qualifiedName: qualifiedName(directory, accountName),
    passwordLastSet,
    passwordSetByKit: recorded.passwordSetByKit ?? passwordLastSet,
    rotationTrigger: recorded.rotationTrigger,
    ...accountFlags(entry.text("userAccountControl")),
    adopted: recorded.adopted,
  };
}

/** After the kit set the password: what the directory then says of it is recorded as the kit's own. */
function justSet(wanted: UserInputs, adopted: boolean, password: string): Recorded {
  const { rotationTrigger, name } = wanted;
  return { adopted, password, passwordSetByKit: undefined, rotationTrigger, declaredName: name };
}

/** An account whose password the kit did not set. */
function unknownPassword(adopted: boolean): Recorded {
  return { adopted, password: "", passwordSetByKit: "", rotationTrigger: undefined, declaredName: undefined };
}

/** The program's inputs as the directory now has them; its own spelling stays where the meaning is the same. */
function inputsOf(outputs: UserOutputs, old: UserInputs | undefined, context: DirectoryContext): UserInputs {
  const { name, userPrincipalName, organizationalUnit, description, passwordNeverExpires, enabled } = outputs;
  if (old === undefined) {
    return {
      ...{ name, userPrincipalName, organizationalUnit, description, passwordNeverExpires, enabled },
      adopt: outputs.adopted,
    };
  }
  const samePrincipal = !otherText(userPrincipalName, wantedPrincipalName(old, context));
  return {
    ...old,
    name,
    userPrincipalName: samePrincipal ? old.userPrincipalName : userPrincipalName,
    organizationalUnit: sameName(organizationalUnit, old.organizationalUnit)
      ? old.organizationalUnit
      : organizationalUnit,
    description: old.description === undefined ? undefined : description,
    passwordNeverExpires,
    enabled,
  };
}

function wantedPrincipalName(wanted: UserInputs, context: DirectoryContext): string {
  return wanted.userPrincipalName ?? `${wanted.name}@${domainOf(context)}`;
}

function qualifiedName(directory: Directory, accountName: string): string {
  return `${directory.netbiosName}\\${accountName}`;
}

/** Account and principal names are compared without case; what is unknown is taken for different. */
function otherText(present: string, wanted: string): boolean {
  return isUnknown(wanted) || present.toLowerCase() !== wanted.toLowerCase();
}
