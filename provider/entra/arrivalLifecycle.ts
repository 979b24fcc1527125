import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Connections } from "../connections/connections.ts";
import type { Lifecycle, LifecycleContext } from "../engine/definition.ts";
import { compareInputs } from "../engine/difference.ts";
import { UserError } from "../engine/userError.ts";
import { hasUnknown } from "../engine/values.ts";
import { look } from "./arrivalSearch.ts";
import type { ArrivalInputs, ArrivalOutputs } from "./schema.ts";

type Context = LifecycleContext<Connections>;

/**
 * Waits for the synchronisation of Entra Domain Services, which nobody can hurry. What has left the domain since counts as gone: the
 * next up waits for it again.
 */
export const arrivalLifecycle: Lifecycle<ArrivalInputs, ArrivalOutputs, Connections> = {
  diff: (_id, oldInputs, _outputs, newInputs) => compareInputs(awaited(oldInputs), awaited(newInputs)),

  /** What the domain makes of an object is known once it is there. */
  preview: () => ({}),

  async create(inputs, context) {
    return { id: randomBytes(8).toString("hex"), outputs: await untilArrived(inputs, context) };
  },

  async read(id, old, context) {
    if (old === undefined) {
      throw new UserError("ARRIVAL_NOT_IMPORTABLE", {
        what: `Importing the arrival ${id}`,
        why: "waiting is no object of the domain, so there is nothing to take over",
        next: "Declare it; what is there already is not waited for.",
      });
    }
    const { outputs, missing } = await look(await directoryOf(context), old.inputs);
    if (outputs !== undefined) return { id, inputs: old.inputs, outputs };
    context.warn(`No longer in the managed domain: ${missing.join(", ")}.`);
    return undefined;
  },

  update: (_id, _outputs, inputs, _oldInputs, context) => untilArrived(inputs, context),

  async delete() {},
};

async function untilArrived(inputs: ArrivalInputs, context: Context): Promise<ArrivalOutputs> {
  const directory = await directoryOf(context);
  const startedAt = context.now().getTime();
  const deadline = startedAt + inputs.timeoutMinutes * 60_000;
  for (;;) {
    const { outputs, missing } = await look(directory, inputs);
    if (outputs !== undefined) return outputs;
    const now = context.now().getTime();
    if (now >= deadline) throw lateError(inputs, missing);
    context.progress(
      `waiting for ${missing.length} to arrive in the managed domain: ${shortened(missing)} (${Math.floor((now - startedAt) / 60_000)} of ${inputs.timeoutMinutes} min)`,
    );
    await wait(Math.min(inputs.pollSeconds * 1000, deadline - now), undefined, { signal: context.signal });
  }
}

function lateError({ timeoutMinutes }: ArrivalInputs, missing: readonly string[]): UserError {
  return new UserError("ENTRA_ARRIVAL_TIMEOUT", {
    what: `Not in the managed domain after ${timeoutMinutes} minutes: ${missing.join(", ")}`,
    why: "Entra Domain Services has not synchronised it yet, leaves it out (scoped synchronisation), or waits for an account's first password change",
    next: "Look at the managed domain's synchronisation in the Azure portal, then run again: it goes on waiting; entra.arrivalTimeoutMinutes gives it longer.",
  });
}

async function directoryOf({ connections, signal }: Context) {
  return (await connections.directory()).withSignal(signal);
}

/** A status line has room for a few. */
function shortened(missing: readonly string[]): string {
  const shown = missing.slice(0, 3).join(", ");
  return missing.length > 3 ? `${shown}, ...` : shown;
}

/** How long to wait is no difference, and neither is the order of a group's members. */
function awaited({ users, groups }: ArrivalInputs): object {
  if (hasUnknown(groups)) return { users, groups };
  return { users, groups: groups.map((group) => ({ ...group, members: group.members.toSorted() })) };
}
