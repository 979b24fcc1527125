import { ArmError, conflict } from "../arm/errors.ts";
import { valueAt } from "../arm/json.ts";
import type { RuleContext, ViewContext } from "../arm/resourceType.ts";
import type { Store, StoredResource } from "../arm/store.ts";

const type = "Microsoft.KeyVault/locations/deletedVaults";

/** A deleted vault stays under its name, with its certificates, until it is recovered. Nothing ends its retention here. */
export function rememberDeleted(vault: StoredResource, { store, cloud }: ViewContext): void {
  const location = valueAt(vault.body, "location");
  const id = `/subscriptions/${cloud.subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${vault.name}`;
  store.put({ ...structuredClone(vault), id, type });
}

/** Lets a new vault take the content of the deleted one of its name, when it asks for it; the name alone is refused. */
export function recoverDeleted({ parsed, secrets, internal, store }: RuleContext): void {
  const name = parsed.names.at(-1) ?? "";
  const gone = findDeleted(store, name);
  const recovers = secrets.get("properties.createMode") === "recover";
  if (gone === undefined && recovers) {
    throw new ArmError(404, "DeletedVaultNotFound", `A soft deleted vault with the name '${name}' does not exist.`);
  }
  if (gone === undefined) return;
  if (!recovers) {
    throw conflict(
      "ConflictError",
      `A vault with the same name '${name}' already exists in deleted state. You need to either recover or purge the existing key vault.`,
    );
  }
  Object.assign(internal, gone.internal);
  store.delete(gone.id);
}

function findDeleted(store: Store, name: string): StoredResource | undefined {
  return store.ofType(type).find((vault) => vault.name.toLowerCase() === name.toLowerCase());
}
