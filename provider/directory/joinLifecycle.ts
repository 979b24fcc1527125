import { EqualityFilter } from "ldapts";
import { type Directory, openDirectory } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { DirectoryError, LDAP_RESULT } from "../connections/ldapErrors.ts";
import { UserError } from "../engine/userError.ts";
import { hasUnknown } from "../engine/values.ts";
import { type DirectoryContext, type DirectoryLifecycle, outsideDomain } from "./context.ts";
import { parentOf, sameName } from "./distinguishedName.ts";
import { machineAccountQuota } from "./joinQuota.ts";
import type { DomainJoinInputs, DomainJoinOutputs } from "./schema.ts";

/** What Windows writes when it joins with an account that is already there. */
const WRITTEN_BY_JOIN = ["dNSHostName", "servicePrincipalName", "userAccountControl"];

/**
 * Proves, in the preview that would create the machine, that its domain join can work. It looks as the account that joins, because
 * the directory tells each account its own rights alone. Unchanged settings are not proved again: by then the machine has joined.
 */
export const domainJoinLifecycle: DirectoryLifecycle<DomainJoinInputs, DomainJoinOutputs> = {
  check: (wanted, context) => outsideDomain({ organizationalUnit: wanted.organizationalUnit }, context),

  async preview(wanted, old, context) {
    if (hasUnknown(wanted)) return {};
    return prove(wanted, old?.outputs, context);
  },

  async create(wanted, context) {
    return { id: accountOf(wanted), outputs: await prove(wanted, undefined, context) };
  },

  async read(id, old) {
    if (old !== undefined) return { id, ...old };
    throw new UserError("DIRECTORY_NO_IMPORT", {
      what: `${id} cannot be imported`,
      why: "a proof is made, not found",
      next: "Leave the import out: `pulumi up` proves the join",
    });
  },

  update: (_id, old, wanted, _oldInputs, context) => prove(wanted, old, context),

  async delete() {},
};

async function prove(
  wanted: DomainJoinInputs,
  old: DomainJoinOutputs | undefined,
  context: DirectoryContext,
): Promise<DomainJoinOutputs> {
  const directory = await openAsJoiner(wanted, context);
  try {
    const account = accountOf(wanted);
    const filter = new EqualityFilter({ attribute: "sAMAccountName", value: account });
    const [unit, [existing]] = await Promise.all([
      directory.read(wanted.organizationalUnit, ["allowedChildClassesEffective"]),
      directory.search({ filter, attributes: ["objectClass", "dNSHostName", "allowedAttributesEffective"] }),
    ]);
    const joined = existing?.text("dNSHostName");
    if (joined !== undefined && old?.computerAccount !== account)
      context.warn(alreadyJoined(existing?.name ?? "", joined));
    const problems = [
      ...(unit === undefined ? [`${wanted.organizationalUnit} does not exist, or the account may not see it`] : []),
      // The machine of this stack may have joined since.
      ...(existing !== undefined && old?.computerAccount !== account ? problemsOfAccount(existing, wanted) : []),
      ...(existing === undefined && unit !== undefined && !mayCreateComputers(unit)
        ? await problemsOfQuota(directory, wanted, context)
        : []),
    ];
    if (problems.length > 0) throw impossible(wanted, problems.join("; "));
    const { organizationalUnit, computerName, user } = wanted;
    return { organizationalUnit, computerName, user, computerAccount: account, preStaged: existing !== undefined };
  } finally {
    await directory.close();
  }
}

async function openAsJoiner(wanted: DomainJoinInputs, context: DirectoryContext): Promise<Directory> {
  // Fails in the usual words when the domain cannot be reached at all.
  await context.connections.directory();
  const connection = context.connections.configuration.directory;
  if (connection === undefined) throw new Error("a directory that is open is configured");
  try {
    const account = { ...connection, bindUser: wanted.user, bindPassword: wanted.password };
    return await openDirectory(account, { signal: context.signal });
  } catch (error) {
    if (!(error instanceof DirectoryError) || error.resultCode !== LDAP_RESULT.invalidCredentials) throw error;
    throw impossible(wanted, `${wanted.user} cannot log on: ${error.parts.why}`);
  }
}

function mayCreateComputers(unit: DirectoryEntry): boolean {
  return unit.texts("allowedChildClassesEffective").includes("computer");
}

/** Without the right, an account may still create a few computers in the domain's default container. */
async function problemsOfQuota(
  directory: Directory,
  { user, organizationalUnit }: DomainJoinInputs,
  context: DirectoryContext,
): Promise<string[]> {
  const missing = `${user} may not create computer objects in ${organizationalUnit}`;
  const quota = await machineAccountQuota(directory, organizationalUnit, user);
  if (quota === undefined) return [missing];
  const { allowed, used } = quota;
  if (used >= allowed) return [`${missing}, and has used ${used} of the ${allowed} of ms-DS-MachineAccountQuota`];
  context.warn(
    `${missing}. It can join by the domain's quota alone (ms-DS-MachineAccountQuota: ${used} of ${allowed} used), and only if it holds the user right "Add workstations to domain". Delegate to it on a unit of its own: create, delete and manage computer objects.`,
  );
  return [];
}

function problemsOfAccount(existing: DirectoryEntry, wanted: DomainJoinInputs): string[] {
  const objectClass = existing.texts("objectClass").at(-1);
  if (objectClass !== "computer") {
    return [`the name ${accountOf(wanted)} belongs to ${existing.name}, which is a ${objectClass} and no computer`];
  }
  if (existing.text("dNSHostName") !== undefined) return [];
  const container = parentOf(existing.name) ?? "";
  const writable = new Set(existing.texts("allowedAttributesEffective").map((name) => name.toLowerCase()));
  return [
    ...(sameName(container, wanted.organizationalUnit)
      ? []
      : [`the computer account is in ${container}, not in ${wanted.organizationalUnit}`]),
    ...(WRITTEN_BY_JOIN.every((name) => writable.has(name.toLowerCase()))
      ? []
      : [`the computer account exists and ${wanted.user} may not take it over`]),
  ];
}

/** Perhaps it is this machine, deployed before the proof was; perhaps another one that would lose its place. */
function alreadyJoined(name: string, hostName: string): string {
  return `${name} has joined the domain already, as ${hostName}. If that is another machine, choose another host.computerName: joining takes its account over.`;
}

function impossible({ computerName }: DomainJoinInputs, why: string): UserError {
  return new UserError("DIRECTORY_JOIN_IMPOSSIBLE", {
    what: `${computerName} could not join the domain`,
    why,
    next: "Correct domain.joinUser, domainJoinPassword or domain.organizationalUnit, or delegate to the account on this unit: create, delete and manage computer objects",
  });
}

function accountOf({ computerName }: DomainJoinInputs): string {
  return `${computerName}$`;
}
