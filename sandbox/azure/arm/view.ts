import { asList, asText, isObject, type Json, type JsonObject, valueAt } from "./json.ts";
import type { Registry } from "./registry.ts";
import { keyOf, parentOf } from "./resourceId.ts";
import type { CloudSettings } from "./resourceType.ts";
import type { Fields } from "./shape.ts";
import type { Store, StoredResource } from "./store.ts";

/** The body that GET answers: what is stored, the children inline, and what other resources know of it. */
export function viewOf(
  resource: StoredResource,
  registry: Registry,
  store: Store,
  cloud: CloudSettings,
  expand: readonly string[] = [],
): JsonObject {
  const type = registry.ofArmType(resource.type);
  const body: JsonObject = {
    id: resource.id,
    name: resource.name,
    type: resource.type,
    ...(type?.etag ? { etag: resource.etag } : {}),
    ...structuredClone(resource.body),
  };
  if (type === undefined) return body;
  if (type.body.systemData !== undefined) {
    body.systemData = { createdAt: resource.createdAt, lastModifiedAt: resource.changedAt };
  }
  for (const [path, childType] of childLists(type.body)) {
    const children = childrenOf(store, resource.id, childType).map((child) => viewOf(child, registry, store, cloud));
    const keys = path.split(".");
    const last = keys.pop() as string;
    const holder = keys.length === 0 ? body : valueAt(body, keys.join("."));
    if (isObject(holder)) holder[last] = childType.endsWith("securityRules") ? byPriority(children) : children;
  }
  type.hooks?.view?.(resource, body, { store, cloud, expand });
  return body;
}

export function childrenOf(store: Store, parent: string, type: string): StoredResource[] {
  return store.ofType(type).filter((child) => keyOf(parentOf(child.id) ?? "") === keyOf(parent));
}

/** Paths of the lists whose elements are resources of their own, with the elements' ARM type. */
export function childLists(fields: Fields, path = ""): [string, string][] {
  return Object.entries(fields).flatMap(([name, field]): [string, string][] => {
    const at = path === "" ? name : `${path}.${name}`;
    if (field.kind === "list" && field.children !== undefined) return [[at, field.children]];
    return field.kind === "object" ? childLists(field.fields, at) : [];
  });
}

/** ARM may return rules in another order than sent: by direction and priority. */
function byPriority(rules: JsonObject[]): JsonObject[] {
  const key = (rule: Json): [string, number] => {
    const properties = valueAt(rule, "properties");
    return [asText(valueAt(properties, "direction")) ?? "", Number(valueAt(properties, "priority") ?? 0)];
  };
  return asList(rules).sort((a, b) => {
    const [directionA, priorityA] = key(a);
    const [directionB, priorityB] = key(b);
    return directionA === directionB ? priorityA - priorityB : directionA < directionB ? -1 : 1;
  }) as JsonObject[];
}
