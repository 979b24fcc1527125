import { randomUUID } from "node:crypto";
import {
  ArmError,
  badRequest,
  conflict,
  locked,
  parentNotFound,
  preconditionFailed,
  propertyChangeNotAllowed,
  resourceGroupNotFound,
} from "./errors.ts";
import { asObject, asText, isObject, type Json, type JsonObject, setAt } from "./json.ts";
import { digestOf, matchesDigest, refuseCreateOnlyChanges, takeBody } from "./normalise.ts";
import type { Operation, Operations } from "./operations.ts";
import { checkReferences } from "./references.ts";
import { isRegion, normalRegion } from "./regions.ts";
import type { Located, Registry } from "./registry.ts";
import { keyOf, parentOf, parseResourceId } from "./resourceId.ts";
import type { CloudSettings, Effects, ResourceType, RuleContext } from "./resourceType.ts";
import type { Field, Fields } from "./shape.ts";
import type { Store, StoredResource } from "./store.ts";
import { validateFields } from "./validate.ts";
import { childrenOf, viewOf } from "./view.ts";

/** Conditions of a write, from `If-Match` and `If-None-Match`. */
export interface Preconditions {
  ifMatch?: string;
  ifNoneMatch?: string;
}

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
  refuseWhileLocked(located, scope);
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
  if (resource === undefined) {
    if (preconditions.ifMatch !== undefined) throw preconditionFailed(located.id);
    return undefined;
  }
  refuseWhileLocked(located, scope);
  checkPreconditions(resource, preconditions, located.id);
  const view = { store, cloud, expand: [] };
  located.type.hooks?.checkDelete?.(resource, view);
  const victims = [...store.below(resource.id).reverse(), resource];
  const remove = async (): Promise<undefined> => {
    await pause(scope.slow);
    for (const victim of victims) {
      await scope.registry.ofArmType(victim.type)?.hooks?.deprovision?.(victim, { ...view, effects });
      store.delete(victim.id);
    }
    await store.flush();
    return undefined;
  };
  if (!located.type.longRunning && !located.type.longDelete) {
    for (const victim of victims) store.delete(victim.id);
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

function checkBody({ type, parsed }: Located, sent: Json | undefined): JsonObject {
  if (!isObject(sent)) throw badRequest("InvalidRequestContent", "The request content must be a JSON object.");
  const { id: _id, name: _name, type: _type, etag: _etag, location, ...rest } = sent;
  if (location !== undefined && typeof location !== "string") {
    throw badRequest("InvalidRequestContent", "'location' should be of type 'string'.", "location");
  }
  checkName(type, parsed.names.at(-1) as string);
  const problems = validateFields(type.body, rest);
  const [first] = problems;
  if (first === undefined) return { ...rest, ...(location === undefined ? {} : { location }) };
  const code = first.kind === "unknown" || first.kind === "type" ? "InvalidRequestContent" : "InvalidParameter";
  throw new ArmError(400, code, first.message, {
    target: first.path.replace(/^properties\./, ""),
    details: problems.map((p) => ({ code, message: p.message, target: p.path })),
  });
}

function checkName(type: ResourceType, name: string): void {
  const rule = type.name;
  if (name.length >= rule.minLength && name.length <= rule.maxLength && rule.pattern.test(name)) return;
  throw badRequest(
    "InvalidResourceName",
    `Resource name '${name}' of ${type.type} is invalid: ${rule.meaning}.`,
    "name",
  );
}

function checkLocation(type: ResourceType, sent: string | undefined, previous: StoredResource | undefined) {
  if (type.location === "none") {
    if (sent !== undefined) throw badRequest("InvalidRequestContent", "Could not find member 'location'.", "location");
    return undefined;
  }
  if (sent === undefined) {
    throw badRequest("LocationRequired", `The location property is required for ${type.type}.`, "location");
  }
  const location = normalRegion(sent);
  if (type.location === "global" ? location !== "global" : !isRegion(location)) {
    const accepted = type.location === "global" ? "global" : "the name of an Azure region";
    throw badRequest(
      "LocationNotAvailableForResourceType",
      `The provided location '${sent}' is not available for resource type '${type.type}'; accepted: ${accepted}.`,
      "location",
    );
  }
  const before = asText(previous?.body.location);
  if (before !== undefined && before !== location) {
    throw conflict(
      "InvalidResourceLocation",
      `The resource already exists in location '${before}'. A resource cannot be moved to '${location}'.`,
      "location",
    );
  }
  return location;
}

/** The group and the parent must exist, and must not be on their way out. */
function checkSurroundings(
  { id, parsed, type }: Located,
  previous: StoredResource | undefined,
  scope: WriteScope,
): void {
  const { store, registry } = scope;
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

export function checkPreconditions(existing: StoredResource | undefined, wanted: Preconditions, id: string): void {
  const { ifMatch, ifNoneMatch } = wanted;
  if (ifNoneMatch === "*" && existing !== undefined) throw preconditionFailed(id);
  if (ifMatch === undefined) return;
  if (existing === undefined || (ifMatch !== "*" && ifMatch !== existing.etag)) throw preconditionFailed(id);
}

/** Digests of create-only secrets are kept, so that the same value may be sent again and another one is refused. */
function keepDigests(fields: Fields, secrets: ReadonlyMap<string, Json>, previous: StoredResource | undefined) {
  const internal: JsonObject = { ...previous?.internal };
  const digests: JsonObject = { ...asObject(internal.digests) };
  for (const [path, secret] of secrets) {
    if (!fieldAt(fields, path)?.createOnly) continue;
    const known = asText(digests[path]);
    if (previous === undefined) digests[path] = digestOf(secret);
    else if (known === undefined || !matchesDigest(secret, known)) {
      throw propertyChangeNotAllowed(path.split(".").at(-1) as string);
    }
  }
  if (Object.keys(digests).length > 0) internal.digests = digests;
  return internal;
}

function fieldAt(fields: Fields, path: string): Field | undefined {
  let field: Field | undefined;
  let inside: Fields = fields;
  for (const name of path.split(".")) {
    field = inside[name];
    inside = field?.kind === "object" ? field.fields : {};
  }
  return field;
}

/** An inline list replaces the whole collection: what it does not name is deleted (azure-contract 2.1). */
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

function refuseWhileLocked(located: Located, { operations }: WriteScope): void {
  const keys = lockKeys(located);
  if (keys.some((key) => operations.isLocked(key))) {
    throw located.type.type.startsWith("Microsoft.Network/")
      ? locked(located.id)
      : conflict("AnotherOperationInProgress", `Another operation on '${located.id}' is in progress.`);
  }
}

function lockKeys({ id, type }: Located): string[] {
  const parent = parentOf(id);
  return type.locksParent && parent !== undefined ? [keyOf(id), keyOf(parent)] : [keyOf(id)];
}

function stateOf(resource: StoredResource): string | undefined {
  return asText(asObject(resource.body.properties).provisioningState);
}

function markState(resource: StoredResource, type: ResourceType, state: string): void {
  const properties = type.body.properties;
  if (properties?.kind === "object" && properties.fields.provisioningState !== undefined) {
    setAt(resource.body, "properties.provisioningState", state);
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
