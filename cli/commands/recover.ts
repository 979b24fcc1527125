import { connectionsOf } from "../../environment/connections.ts";
import { type ArmClient, openArm } from "../../provider/connections/arm.ts";
import { type ContextOptions, type DeploymentContext, findContext } from "../context.ts";
import { captureEngine } from "../engine.ts";
import { loadContextEnvironment } from "../environment.ts";
import { armIdentity } from "../recover/armIdentity.ts";
import { removeBrokenAttributes } from "../recover/fileBackend.ts";
import { type PendingOperation, pendingOperations } from "../recover/pendingOperations.ts";
import { hasStaleLock } from "../recover/stackLock.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";

/**
 * Settles the operations that a killed engine left pending: an Azure resource that was being created and exists is taken into the
 * state, everything else is forgotten, because the kit's own resources recognise their half-done work at the next `pulumi up`.
 */
export async function main(options: ContextOptions): Promise<number> {
  const context = findContext(options);
  await refreshSandboxSettings(context);
  for (const file of removeBrokenAttributes(context))
    say(`Removed ${file}, which the killed engine left half-written.`);
  if (hasStaleLock(context)) {
    await captureEngine(context, ["cancel", "--yes"]);
    say("Removed the lock of the engine that is gone.");
  }
  const pending = pendingOperations(await captureEngine(context, ["stack", "export"]));
  if (pending.length === 0) {
    say("Nothing is pending: the state knows the end of every operation. Go on with `mfakit pulumi up`.");
    return 0;
  }
  say(`${pending.length} operation(s) had no end:`);
  await settle(context, pending);
  say("The state is settled. Go on with `mfakit pulumi up`.");
  return 0;
}

async function settle(context: DeploymentContext, pending: PendingOperation[]): Promise<void> {
  const { settings, secrets } = await loadContextEnvironment(context);
  const arm = await openArm(connectionsOf(settings, secrets).azure);
  try {
    const found = await Promise.all(pending.map((operation) => existingId(arm, operation)));
    const imports = pending.flatMap((operation, index) => {
      const id = found[index];
      say(`  ${operation.kind} ${nameOf(operation.urn)} (${operation.type}): ${verdict(operation, id)}`);
      return id === undefined ? [] : [operation.urn, id];
    });
    await captureEngine(context, [
      "refresh",
      "--yes",
      "--skip-preview",
      ...imports.flatMap((value) => ["--import-pending-creates", value]),
      "--clear-pending-creates",
    ]);
  } finally {
    arm.close();
  }
}

/** The id of an Azure resource that was being created and is there; waits for Azure to finish what it is still doing. */
async function existingId(arm: ArmClient, { kind, type, inputs }: PendingOperation): Promise<string | undefined> {
  if (kind !== "creating") return undefined;
  const identity = armIdentity(type, inputs, arm.subscriptionId);
  if (identity === undefined) return undefined;
  const body = await arm.get<{ id: string }>(identity.id, identity.apiVersion);
  return body?.id;
}

function verdict({ kind, type }: PendingOperation, id: string | undefined): string {
  if (id !== undefined) return `exists in Azure, taken into the state as ${id}`;
  if (kind !== "creating") return "read again from what is there";
  return type.startsWith("azure-native:") ? "does not exist in Azure, will be created again" : "will be done again";
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
