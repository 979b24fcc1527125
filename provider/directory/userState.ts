import type { Directory } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { isUnknown } from "../engine/values.ts";
import { accountFlags } from "./accountControl.ts";
import { type DirectoryContext, domainOf } from "./context.ts";
import { parentOf, sameName } from "./distinguishedName.ts";
import { isoOfFileTime } from "./fileTime.ts";
import { sidText } from "./identifiers.ts";
import { kerberosTypes, sameKerberosTypes } from "./kerberosTypes.ts";
import * as object from "./managedObject.ts";
import { OptionalAttributes } from "./optionalAttributes.ts";
import type { KerberosType, UserInputs, UserOutputs } from "./schema.ts";

/** Attributes of an account that may be left to others. */
export const OPTIONAL = new OptionalAttributes("description", "info");
/** Attribute with the kinds of tickets that the account takes. */
export const KERBEROS = "msDS-SupportedEncryptionTypes";

/** How an account is found. */
export const KIND: object.ObjectKind = {
  noun: "account",
  objectClass: "user",
  token: "mfakit:directory:User",
  attributes: [
    ...["sAMAccountName", "userPrincipalName", "userAccountControl", "pwdLastSet", "objectSid", KERBEROS],
    ...OPTIONAL.names,
  ],
};

/** What the state knows and the directory does not tell. */
export interface Recorded {
  adopted: boolean;
  password: string;
  /** `undefined`: the kit has just set the password, so what the directory says now is its own. */
  passwordSetByKit: string | undefined;
  rotationTrigger?: string | undefined;
  declaredName: string | undefined;
}

/** The account as the directory has it, with what only the state knows. */
export function outputsOf(directory: Directory, entry: DirectoryEntry, recorded: Recorded): UserOutputs {
  const passwordLastSet = isoOfFileTime(entry.text("pwdLastSet") ?? "0");
  const accountName = entry.text("sAMAccountName") ?? "";
  return {
    name: object.nameNow(entry, recorded.declaredName),
    userPrincipalName: entry.text("userPrincipalName") ?? "",
    organizationalUnit: parentOf(entry.name) ?? "",
    ...OPTIONAL.of(entry),
    kerberosTypes: kerberosTypes(entry.text(KERBEROS)),
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
export function justSet(wanted: UserInputs, adopted: boolean, password: string): Recorded {
  const { rotationTrigger, name } = wanted;
  return { adopted, password, passwordSetByKit: undefined, rotationTrigger, declaredName: name };
}

/** An account whose password the kit did not set. */
export function unknownPassword(adopted: boolean): Recorded {
  return { adopted, password: "", passwordSetByKit: "", rotationTrigger: undefined, declaredName: undefined };
}

/** The program's inputs as the directory now has them; its own spelling stays where the meaning is the same. */
export function inputsOf(outputs: UserOutputs, old: UserInputs | undefined, context: DirectoryContext): UserInputs {
  const { name, userPrincipalName, organizationalUnit, passwordNeverExpires, enabled } = outputs;
  const optional = OPTIONAL.inputs(outputs, old);
  if (old === undefined) {
    return {
      ...{ name, userPrincipalName, organizationalUnit, passwordNeverExpires, enabled, ...optional },
      kerberosTypes: outputs.kerberosTypes,
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
    ...optional,
    cannotChangePassword: old.cannotChangePassword === undefined ? undefined : outputs.cannotChangePassword,
    kerberosTypes: keptTypes(old.kerberosTypes, outputs.kerberosTypes),
    passwordNeverExpires,
    enabled,
  };
}

function keptTypes(declared: KerberosType[] | undefined, present: KerberosType[] = []): KerberosType[] | undefined {
  return declared === undefined || sameKerberosTypes(declared, present) ? declared : present;
}

/** As the program says, or the name that the directory derives by itself. */
export function wantedPrincipalName(wanted: UserInputs, context: DirectoryContext): string {
  return wanted.userPrincipalName ?? `${wanted.name}@${domainOf(context)}`;
}

/** `DOMAIN\name`. */
export function qualifiedName(directory: Directory, accountName: string): string {
  return `${directory.netbiosName}\\${accountName}`;
}

/** Account and principal names are compared without case; what is unknown is taken for different. */
export function otherText(present: string, wanted: string): boolean {
  return isUnknown(wanted) || present.toLowerCase() !== wanted.toLowerCase();
}
