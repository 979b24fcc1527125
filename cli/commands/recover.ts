import { connectionsOf } from "../../environment/connections.ts";
import { type ArmClient, openArm } from "../../provider/connections/arm.ts";
import { type ContextOptions, type DeploymentContext, findContext } from "../context.ts";
import { captureEngine } from "../engine.ts";
import { loadContextEnvironment } from "../environment.ts";
import { armIdentity } from "../recover/armIdentity.ts";
import { removeBrokenAttributes } from "../recover/fileBackend.ts";
import {
  type ExportedState,
  type PendingOperation,
  parseState,
  pendingOperations,
  withoutPending,
  withSentInputs,
} from "../recover/pendingOperations.ts";
import { hasStaleLock } from "../recover/stackLock.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";
import { nameOf } from "../urn.ts";

/**
 * Settles the operations that a killed engine left pending: an Azure resource that was being created and exists is taken into the
 * state; everything else is forgotten, because the kit's own resources recognise their half-done work at the next `pulumi up`.
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
  const state = await exportState(context);
  const pending = pendingOperations(state);
  if (pending.length === 0) {
    say("Nothing is pending: the state knows the end of every operation. Go on with `mfakit pulumi up`.");
    return 0;
  }
  say(`${pending.length} operation(s) had no end:`);
  await settle(context, state, pending);
  say("The state is settled. Go on with `mfakit pulumi up`.");
  return 0;
}

async function settle(context: DeploymentContext, state: ExportedState, pending: PendingOperation[]): Promise<void> {
  const ids = await existingObjects(context, pending);
  for (const operation of pending) {
    say(
      `  ${operation.kind} ${nameOf(operation.urn)} (${operation.type}): ${verdict(operation, ids.get(operation.urn))}`,
    );
  }
  await importState(context, withoutPending(state, ids));
  const taken = pending.filter(({ urn }) => ids.has(urn));
  const changed = pending.filter(({ kind }) => kind === "updating" || kind === "deleting");
  const targets = [...taken, ...changed].flatMap(({ urn }) => ["--target", urn]);
  if (targets.length > 0) await captureEngine(context, ["refresh", "--yes", "--skip-preview", ...targets]);
  if (taken.length > 0) await importState(context, withSentInputs(await exportState(context), taken));
}

async function exportState(context: DeploymentContext): Promise<ExportedState> {
  return parseState(await captureEngine(context, ["stack", "export"]));
}

async function importState(context: DeploymentContext, state: ExportedState): Promise<void> {
  await captureEngine(context, ["stack", "import"], JSON.stringify(state));
}

/** URN to id of every Azure resource that was being created and is there. */
async function existingObjects(context: DeploymentContext, pending: PendingOperation[]): Promise<Map<string, string>> {
  const { settings, secrets } = await loadContextEnvironment(context);
  const arm = await openArm(connectionsOf(settings, secrets).azure);
  try {
    const found = await Promise.all(
      pending.map(
        async (operation): Promise<[string, string | undefined]> => [operation.urn, await existingId(arm, operation)],
      ),
    );
    return new Map(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
  } finally {
    arm.close();
  }
}

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

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
