import type { Arm } from "./arm/arm.ts";
import { asObject, asText, type JsonObject, setAt, valueAt } from "./arm/json.ts";
import type { Store } from "./arm/store.ts";

/** Puts what was there before the kit, parents first, by the same rules as any other write. */
export async function loadExisting(arm: Arm, bodies: readonly JsonObject[]): Promise<void> {
  for (const body of bodies) {
    const id = asText(body.id) ?? "";
    const located = arm.registry.locate(id);
    if (located === undefined)
      throw new Error(`options.existing: the simulated cloud does not know the type of '${id}'`);
    const response = await arm.handle({
      method: "PUT",
      path: id,
      query: new URLSearchParams({ "api-version": located.type.apiVersion }),
      headers: {},
      body,
      origin: "https://management.azure.com",
    });
    if (response.status >= 300) {
      const { code, message } = asObject(valueAt(response.body, "error"));
      throw new Error(`options.existing: '${id}' was refused: ${asText(code)}: ${asText(message)}`);
    }
  }
  await arm.operations.idle();
  arm.store.markInitialised();
  arm.counters.reset();
}

/** What was being written when the process ended has failed: the next write or delete mends it. */
export function settleInterrupted(store: Store): void {
  for (const resource of store.all()) {
    const state = asText(valueAt(resource.body, "properties.provisioningState"));
    if (state !== "Creating" && state !== "Updating" && state !== "Deleting") continue;
    setAt(resource.body, "properties.provisioningState", "Failed");
    store.put(resource);
  }
}
