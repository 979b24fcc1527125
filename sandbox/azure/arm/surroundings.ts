import { conflict, parentNotFound, preconditionFailed, resourceGroupNotFound } from "./errors.ts";
import { stateOf } from "./provisioningState.ts";
import type { Located, Registry } from "./registry.ts";
import { parentOf, parseResourceId } from "./resourceId.ts";
import type { Store, StoredResource } from "./store.ts";

/** Conditions of a write, from `If-Match` and `If-None-Match`. */
export interface Preconditions {
  ifMatch?: string;
  ifNoneMatch?: string;
}

/** The group and the parent must exist, and must not be on their way out. */
export function checkSurroundings(
  { id, parsed, type }: Located,
  previous: StoredResource | undefined,
  { store, registry }: { store: Store; registry: Registry },
): void {
  if (parsed.resourceGroup !== undefined && type.type !== "Microsoft.Resources/resourceGroups") {
    const group = store.get(`/subscriptions/${parsed.subscriptionId}/resourceGroups/${parsed.resourceGroup}`);
    if (group === undefined) throw resourceGroupNotFound(parsed.resourceGroup);
    if (stateOf(group) === "Deleting") {
      throw conflict("ResourceGroupBeingDeleted", `The resource group '${group.name}' is in deprovisioning state.`);
    }
  }
  const parent = parsed.scope.includes("/providers/") ? undefined : parentOf(id);
  if (parent !== undefined && store.get(parent) === undefined) {
    const parentId = parseResourceId(parent);
    if (parentId !== undefined && registry.ofArmType(parentId.type) !== undefined) {
      throw parentNotFound(type.type, parentId.names.join("/"));
    }
  }
  if (previous !== undefined && stateOf(previous) === "Deleting") {
    throw conflict("Conflict", `'${previous.id}' is being deleted.`);
  }
}

/** Throws 412 when the conditions do not hold. */
export function checkPreconditions(existing: StoredResource | undefined, wanted: Preconditions, id: string): void {
  const { ifMatch, ifNoneMatch } = wanted;
  if (ifNoneMatch === "*" && existing !== undefined) throw preconditionFailed(id);
  if (ifMatch === undefined) return;
  if (existing === undefined || (ifMatch !== "*" && ifMatch !== existing.etag)) throw preconditionFailed(id);
}
