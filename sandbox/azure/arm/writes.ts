import { randomUUID } from "node:crypto";
import { keepDigests } from "./digests.ts";
import { badRequest } from "./errors.ts";
import { asText, isObject, type Json, type JsonObject } from "./json.ts";
import { lockKeys, refuseWhileLocked } from "./locks.ts";
import { refuseCreateOnlyChanges, takeBody } from "./normalise.ts";
import type { Operation, Operations } from "./operations.ts";
import { markState } from "./provisioningState.ts";
import { checkReferences } from "./references.ts";
import type { Located, Registry } from "./registry.ts";
import { checkBody, checkLocation } from "./requestBody.ts";
import { keyOf } from "./resourceId.ts";
import type { CloudSettings, Effects, ResourceType, RuleContext } from "./resourceType.ts";
import type { Store, StoredResource } from "./store.ts";
import { checkPreconditions, checkSurroundings, type Preconditions } from "./surroundings.ts";
import { childrenOf, viewOf } from "./view.ts";

/** What a write runs on. */
export interface WriteScope {
  registry: Registry;
  store: Store;
  operations: Operations;
  cloud: CloudSettings;
  effects: Effects;
  /** Milliseconds that the long operation takes beside its work; a fault sets it. */
  slow?: number;
}

export interface Written {
  created: boolean;
  resource: StoredResource;
  operation?: Operation;
}

/** Creates or replaces a resource. Everything is checked before anything is stored. */
export function putResource(
  located: Located,
  body: Json | undefined,
  preconditions: Preconditions,
  scope: WriteScope,
): Written {
  const { store, operations } = scope;
  const previous = store.get(located.id);
  refuseWhileLocked(located, operations);
  checkSurroundings(located, previous, scope);
  checkPreconditions(previous, preconditions, located.id);
  const before = snapshot(store, located.id);
  let prepared: Prepared;
  try {
    prepared = storeResource(located, body, previous, scope);
  } catch (error) {
    restore(store, located.id, before);
    throw error;
  }
  const { resource, context } = prepared;
  const written: Written = { created: previous === undefined, resource };
  if (!located.type.longRunning) {
    markState(resource, located.type, "Succeeded");
    store.put(resource);
    return written;
  }
  markState(resource, located.type, written.created ? "Creating" : "Updating");
  store.put(resource);
  written.operation = operations.start(namespaceOf(located.type), lockKeys(located), async () => {
    try {
      await pause(scope.slow);
      await located.type.hooks?.provision?.(context);
      settle(scope, resource, "Succeeded");
    } catch (error) {
      settle(scope, resource, "Failed");
      throw error;
    }
    await store.flush();
    return () => viewOf(resource, scope.registry, store, scope.cloud);
  });
  return written;
}

/** Deletes a resource and its children. `undefined`: it did not exist. */
export function deleteResource(
  located: Located,
  preconditions: Preconditions,
  scope: WriteScope,
): { operation?: Operation } | undefined {
  const { store, operations, cloud, effects } = scope;
  const resource = store.get(located.id);
  checkPreconditions(resource, preconditions, located.id);
  if (resource === undefined) return undefined;
  refuseWhileLocked(located, operations);
  const view = { store, cloud, expand: [] };
  located.type.hooks?.checkDelete?.(resource, view);
  const victims = [...store.below(resource.id).reverse(), resource];
  const drop = (victim: StoredResource): void => {
    store.delete(victim.id);
    scope.registry.ofArmType(victim.type)?.hooks?.deleted?.(victim, view);
  };
  const remove = async (): Promise<undefined> => {
    await pause(scope.slow);
    for (const victim of victims) {
      await scope.registry.ofArmType(victim.type)?.hooks?.deprovision?.(victim, { ...view, effects });
      drop(victim);
    }
    await store.flush();
    return undefined;
  };
  if (!located.type.longRunning && !located.type.longDelete) {
    for (const victim of victims) drop(victim);
    return {};
  }
  markState(resource, located.type, "Deleting");
  store.put(resource);
  return { operation: operations.start(namespaceOf(located.type), lockKeys(located), remove) };
}

interface Prepared {
  resource: StoredResource;
  context: RuleContext;
}

function storeResource(
  located: Located,
  sent: Json | undefined,
  previous: StoredResource | undefined,
  scope: WriteScope,
): Prepared {
  const { store, cloud, effects } = scope;
  const { type, id } = located;
  const body = checkBody(located, sent);
  const taken = takeBody(type.body, body, previous?.body);
  const location = checkLocation(type, asText(body.location), previous);
  if (location !== undefined) taken.body.location = location;
  if (previous !== undefined) refuseCreateOnlyChanges(type.body, previous.body, taken.body);
  const internal = keepDigests(type.body, taken.secrets, previous);
  checkReferences(type.body, taken.body, id, store);
  const context: RuleContext = {
    id,
    parsed: located.parsed,
    parameters: located.parameters,
    body: taken.body,
    previous,
    internal,
    secrets: taken.secrets,
    store,
    cloud,
    effects,
    now: () => new Date(),
  };
  type.hooks?.check?.(context);
  type.hooks?.complete?.(context);
  const now = new Date().toISOString();
  const resource: StoredResource = {
    id: previous?.id ?? id,
    type: canonicalType(located),
    name: previous?.name ?? (located.parsed.names.at(-1) as string),
    body: context.body,
    etag: newEtag(type),
    createdAt: previous?.createdAt ?? now,
    changedAt: now,
    internal,
  };
  store.put(resource);
  for (const [childType, items] of taken.children) replaceChildren(resource, childType, items, scope);
  return { resource, context };
}

/** An inline list replaces the whole collection: what it does not name is deleted. */
function replaceChildren(parent: StoredResource, childType: string, items: readonly Json[], scope: WriteScope): void {
  const { registry, store, cloud } = scope;
  const segment = childType.split("/").at(-1) as string;
  const wanted = new Map<string, [Located, JsonObject]>();
  for (const item of items) {
    const name = isObject(item) ? asText(item.name) : undefined;
    if (!isObject(item) || name === undefined) {
      throw badRequest("InvalidRequestContent", `An element of '${segment}' has no name.`, segment);
    }
    const located = registry.locate(`${parent.id}/${segment}/${name}`);
    if (located === undefined) throw badRequest("InvalidRequestContent", `'${name}' of '${segment}' is not valid.`);
    wanted.set(keyOf(located.id), [located, item]);
  }
  for (const child of childrenOf(store, parent.id, childType)) {
    if (wanted.has(keyOf(child.id))) continue;
    registry.ofArmType(childType)?.hooks?.checkDelete?.(child, { store, cloud, expand: [] });
    store.delete(child.id);
  }
  for (const [located, item] of wanted.values()) {
    const { resource } = storeResource(located, item, store.get(located.id), scope);
    markState(resource, located.type, "Succeeded");
  }
}

/** Ends an operation on a resource, unless it has been replaced or removed in between. */
function settle(scope: WriteScope, resource: StoredResource, state: "Succeeded" | "Failed"): void {
  const type = scope.registry.ofArmType(resource.type);
  if (type === undefined || scope.store.get(resource.id) !== resource) return;
  markState(resource, type, state);
  scope.store.put(resource);
}

function snapshot(store: Store, id: string): StoredResource[] {
  const self = store.get(id);
  return structuredClone([...(self === undefined ? [] : [self]), ...store.below(id)]);
}

function restore(store: Store, id: string, before: readonly StoredResource[]): void {
  for (const resource of store.below(id)) store.delete(resource.id);
  store.delete(id);
  for (const resource of before) store.put(resource);
}

const newEtag = (type: ResourceType): string =>
  type.type.startsWith("Microsoft.Network/dnsZones") ? randomUUID() : `W/"${randomUUID()}"`;

const namespaceOf = (type: ResourceType): string => type.type.split("/")[0] as string;

/** The type in ARM's own spelling, whatever the request's was. */
function canonicalType({ type, parsed }: Located): string {
  return (type.variants ?? [type.type]).find((t) => t.toLowerCase() === parsed.type.toLowerCase()) ?? type.type;
}

function pause(milliseconds: number | undefined): Promise<void> | undefined {
  if (milliseconds === undefined) return undefined;
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
