import type { Directory } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { isUnknown } from "../engine/values.ts";
import { withAccountFlags } from "./accountControl.ts";
import { type DirectoryContext, type DirectoryLifecycle, directoryOf, outsideDomain } from "./context.ts";
import { inPlace, otherName } from "./difference.ts";
import { child } from "./distinguishedName.ts";
import { sameKerberosTypes, withKerberosTypes } from "./kerberosTypes.ts";
import * as object from "./managedObject.ts";
import { generatePassword, unicodePwd } from "./password.ts";
import { mayChangePassword, setPasswordChange } from "./passwordChange.ts";
import { passwordPlan } from "./passwordPlan.ts";
import type { UserInputs, UserOutputs } from "./schema.ts";
import {
  inputsOf,
  justSet,
  KERBEROS,
  KIND,
  OPTIONAL,
  otherText,
  outputsOf,
  qualifiedName,
  type Recorded,
  unknownPassword,
  wantedPrincipalName,
} from "./userState.ts";

/** A user account: found by its objectGUID; its password is kept as the kit set it, and every other change of it is drift. */
export const userLifecycle: DirectoryLifecycle<UserInputs, UserOutputs> = {
  check: (wanted, context) => outsideDomain({ organizationalUnit: wanted.organizationalUnit }, context),

  diff(_id, oldInputs, old, wanted, context) {
    const plan = passwordPlan(old, wanted);
    return inPlace({
      name: wanted.name !== old.name,
      userPrincipalName: otherText(old.userPrincipalName, wantedPrincipalName(wanted, context)),
      organizationalUnit: otherName(old.organizationalUnit, wanted.organizationalUnit),
      ...OPTIONAL.differ(wanted, oldInputs, old),
      passwordNeverExpires: wanted.passwordNeverExpires !== old.passwordNeverExpires,
      cannotChangePassword: (wanted.cannotChangePassword ?? old.cannotChangePassword) !== old.cannotChangePassword,
      kerberosTypes: !sameKerberosTypes(wanted.kerberosTypes ?? old.kerberosTypes, old.kerberosTypes),
      enabled: wanted.enabled !== old.enabled,
      ...(plan.action !== "keep" && { [plan.because]: true }),
    });
  },

  async preview(wanted, old, context) {
    if (old !== undefined) return previewOfUpdate(wanted, old.outputs, context);
    const { name, organizationalUnit, password, passwordNeverExpires, enabled } = wanted;
    const fresh: Partial<UserOutputs> = {
      ...{ name, organizationalUnit, password, passwordNeverExpires, enabled, adopted: false },
      ...{ cannotChangePassword: wanted.cannotChangePassword, kerberosTypes: wanted.kerberosTypes },
      ...OPTIONAL.declared(wanted),
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
        [KERBEROS]: wanted.kerberosTypes && withKerberosTypes(undefined, wanted.kerberosTypes),
        ...OPTIONAL.declared(wanted),
      },
    );
    const id = object.guidOf(entry);
    await apply(directory, entry, wanted, { before: {}, password: isNew ? undefined : password }, context);
    return { id, outputs: await readBack(directory, id, wanted, justSet(wanted, adopted, password)) };
  },

  async read(id, old, context) {
    const directory = await directoryOf(context);
    const entry = await object.readByGuid(directory, KIND, id);
    if (entry === undefined) return undefined;
    const recorded =
      old === undefined ? unknownPassword(object.isAdopted(entry)) : { ...old.outputs, declaredName: old.inputs.name };
    const outputs = await completed(directory, entry, outputsOf(directory, entry, recorded), old?.inputs);
    if (!(await passwordHolds(directory, outputs))) outputs.passwordSetByKit = "";
    return { id, outputs, inputs: inputsOf(outputs, old?.inputs, context) };
  },

  async update(id, old, wanted, oldInputs, context) {
    const directory = await directoryOf(context);
    const entry = await object.requireByGuid(directory, KIND, id);
    const password = newPassword(old, wanted);
    await apply(directory, entry, wanted, { before: oldInputs, password }, context);
    const recorded =
      password === undefined
        ? { ...old, rotationTrigger: wanted.rotationTrigger, declaredName: wanted.name }
        : justSet(wanted, old.adopted, password);
    return readBack(directory, id, wanted, recorded);
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
    ...OPTIONAL.wanted(wanted, {}, old),
    cannotChangePassword: wanted.cannotChangePassword ?? old.cannotChangePassword,
    kerberosTypes: wanted.kerberosTypes ?? old.kerberosTypes,
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
  change: { before: Partial<UserInputs>; password: string | undefined },
  context: DirectoryContext,
): Promise<void> {
  const userPrincipalName = wantedPrincipalName(wanted, context);
  const changes = object.attributeChanges(entry, {
    ...OPTIONAL.wanted(wanted, change.before, OPTIONAL.of(entry)),
    ...(wanted.kerberosTypes && { [KERBEROS]: withKerberosTypes(entry.text(KERBEROS), wanted.kerberosTypes) }),
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
  if (wanted.cannotChangePassword !== undefined) {
    await setPasswordChange(directory, entry.name, !wanted.cannotChangePassword);
  }
  await object.moveTo(directory, entry, wantedDistinguishedName(wanted));
}

async function readBack(
  directory: Directory,
  id: string,
  wanted: UserInputs,
  recorded: Recorded,
): Promise<UserOutputs> {
  const entry = await object.requireByGuid(directory, KIND, id);
  return completed(directory, entry, outputsOf(directory, entry, recorded), wanted);
}

/** With what is read only where the program declares it, because few accounts may read access lists. */
async function completed(
  directory: Directory,
  entry: DirectoryEntry,
  outputs: UserOutputs,
  declared: UserInputs | undefined,
): Promise<UserOutputs> {
  if (declared?.cannotChangePassword === undefined) return outputs;
  return { ...outputs, cannotChangePassword: !(await mayChangePassword(directory, entry.name)) };
}

/**
 * Whether the recorded password is the directory's, as far as a bind can tell. Asked only where nothing else says that somebody
 * changed it: each wrong one counts towards the account's lock-out.
 */
async function passwordHolds(directory: Directory, outputs: UserOutputs): Promise<boolean> {
  const { password, passwordLastSet, passwordSetByKit, enabled, distinguishedName } = outputs;
  if (password === "" || !enabled || passwordLastSet !== passwordSetByKit) return true;
  return directory.logsOn(distinguishedName, password);
}
