import { resourceGroupNotFound } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { ArmRequest } from "./messages.ts";
import type { Registry } from "./registry.ts";
import { keyOf, parentOf, sameId } from "./resourceId.ts";
import type { CloudSettings } from "./resourceType.ts";
import type { Store, StoredResource } from "./store.ts";
import { viewOf } from "./view.ts";

/**
 * Answers a collection: resource groups, all resources of a group, resources of a type in a group or in the subscription, children of
 * a resource, and the record sets of a zone. `undefined`: the path is not a collection that the simulator knows.
 */
export function listResources(
  request: ArmRequest,
  registry: Registry,
  store: Store,
  cloud: CloudSettings,
): JsonObject | undefined {
  const found = select(request, registry, store);
  if (found === undefined) return undefined;
  const suffix = request.query.get("$recordsetnamesuffix")?.toLowerCase();
  const wanted = suffix === undefined ? found : found.filter(({ name }) => name.toLowerCase().endsWith(suffix));
  const skip = Number(request.query.get("$skipToken") ?? 0);
  const top = Number(request.query.get("$top") ?? 100);
  const page = wanted.slice(skip, skip + top);
  const next = skip + page.length;
  return {
    value: page.map((resource) => viewOf(resource, registry, store, cloud)),
    ...(next < wanted.length ? { nextLink: nextLink(request, next) } : {}),
  };
}

function select({ path }: ArmRequest, registry: Registry, store: Store): StoredResource[] | undefined {
  if (/^\/subscriptions\/[^/]+\/resourcegroups$/i.test(path)) return store.ofType("Microsoft.Resources/resourceGroups");
  const all = /^(\/subscriptions\/[^/]+(\/resourceGroups\/([^/]+))?)\/resources$/i.exec(path);
  if (all !== null) {
    groupMustExist(all[1] as string, all[3], store);
    return store
      .below(all[1] as string)
      .filter((resource) => resource.type.split("/").length === 2 && resource.body.location !== undefined);
  }
  const typed = /^(\/subscriptions\/[^/]+(?:\/resourceGroups\/([^/]+))?)\/providers\/([^/]+\/[^/]+)$/i.exec(path);
  if (typed !== null && registry.ofArmType(typed[3] as string) !== undefined) {
    groupMustExist(typed[1] as string, typed[2], store);
    return store
      .below(typed[1] as string)
      .filter((resource) => resource.type.toLowerCase() === typed[3]?.toLowerCase());
  }
  const at = path.lastIndexOf("/");
  const parent = registry.locate(path.slice(0, at));
  if (parent === undefined) return undefined;
  const segment = path.slice(at + 1).toLowerCase();
  const childType = `${parent.type.type}/${segment}`.toLowerCase();
  const everyRecord =
    parent.type.type === "Microsoft.Network/dnsZones" && (segment === "recordsets" || segment === "all");
  if (!everyRecord && registry.ofArmType(childType) === undefined) return undefined;
  return store
    .below(parent.id)
    .filter(
      (child) =>
        sameId(parentOf(child.id), keyOf(parent.id)) && (everyRecord || child.type.toLowerCase() === childType),
    );
}

function groupMustExist(id: string, name: string | undefined, store: Store): void {
  if (name !== undefined && store.get(id) === undefined) throw resourceGroupNotFound(name);
}

function nextLink({ origin, path, query }: ArmRequest, skip: number): string {
  const next = new URLSearchParams(query);
  next.set("$skipToken", String(skip));
  return `${origin}${path}?${next}`;
}
