import { setTimeout as sleep } from "node:timers/promises";
import type { Connections } from "../connections/connections.ts";
import type { Lifecycle, LifecycleContext } from "../engine/definition.ts";
import { compareInputs } from "../engine/difference.ts";
import { UserError } from "../engine/userError.ts";
import { isInHostStore } from "./hostStore.ts";
import type { DeliveryInputs, DeliveryOutputs } from "./schema.ts";

type Context = LifecycleContext<Connections>;

/** A host that this deployment has just made may still be starting. Seconds. */
const HOST_PATIENCE = 600;

/**
 * The moment at which the binding may change. A certificate that has left the store since counts as gone: the next up waits until the
 * extension has brought it again.
 */
export const deliveryLifecycle: Lifecycle<DeliveryInputs, DeliveryOutputs, Connections> = {
  diff: (_id, { thumbprint: before }, _outputs, { thumbprint: after }) =>
    compareInputs({ thumbprint: before }, { thumbprint: after }),

  preview: ({ thumbprint }) => ({ thumbprint }),

  create: async (inputs, context) => ({ id: "LocalMachine/My", outputs: await untilThere(inputs, context) }),

  async read(id, old, context) {
    if (old === undefined) {
      throw new UserError("DELIVERY_NOT_IMPORTABLE", {
        what: `Importing the delivery ${id}`,
        why: "waiting is nothing that a host has, so there is nothing to take over",
        next: "Declare it; what is there already is not waited for.",
      });
    }
    if (await isInHostStore(old.inputs.thumbprint, context)) return { id, ...old };
    context.warn(`The certificate ${old.inputs.thumbprint} is no longer in the host's store.`);
    return undefined;
  },

  update: (_id, _outputs, inputs, _oldInputs, context) => untilThere(inputs, context),

  async delete() {},
};

async function untilThere(inputs: DeliveryInputs, context: Context): Promise<DeliveryOutputs> {
  const { thumbprint, timeoutMinutes, pollSeconds } = inputs;
  const startedAt = context.now().getTime();
  const deadline = startedAt + timeoutMinutes * 60_000;
  while (!(await isInHostStore(thumbprint, context, HOST_PATIENCE))) {
    const now = context.now().getTime();
    if (now >= deadline) throw late(inputs);
    const minutes = Math.floor((now - startedAt) / 60_000);
    context.progress(
      `waiting for the Key Vault extension to bring ${thumbprint} (${minutes} of ${timeoutMinutes} min)`,
    );
    await sleep(Math.min(pollSeconds * 1000, deadline - now), undefined, { signal: context.signal });
  }
  return { thumbprint };
}

function late({ thumbprint, timeoutMinutes }: DeliveryInputs): UserError {
  return new UserError("KEY_VAULT_DELIVERY_LATE", {
    what: `The certificate ${thumbprint} is not in the host's store after ${timeoutMinutes} minutes`,
    why: "the host's Key Vault extension has not brought it",
    next: "Look at the extension's status in the portal and its log on the host (C:\\WindowsAzure\\Logs\\Plugins\\Microsoft.Azure.KeyVault.KeyVaultForWindows); the machine's identity needs Key Vault Secrets User on the vault and a way to it. Then run again.",
  });
}
