import type { StackResource } from "./stack.ts";
import { at, lower } from "./values.ts";

/** Resources that others speak of. Finding one takes no longer in a large stack. */
export interface Targets {
  /** Those that a property refers to: by its id, or, where one is not told, by where the value comes from. */
  referred(from: StackResource, property: string, reference: unknown): StackResource[];
  /**
   * Those that a resource is a part of.
   *
   * @param nameProperty Property of the part that names its owner. What Azure answers may lack it: then the part's id, which begins with its
   * owner's, tells, or where the name comes from.
   */
  owners(part: StackResource, nameProperty: string): StackResource[];
}

/** Finds resources by their ids, names and URNs. */
export function targetsAmong(resources: readonly StackResource[]): Targets {
  const byId = Map.groupBy(resources, ({ properties }) => lower(properties.id));
  const byName = Map.groupBy(resources, ({ properties }) => lower(at(properties, "name")));
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const referred: Targets["referred"] = (from, property, reference) => {
    const sources = (from.sources[property] ?? []).flatMap((urn) => byUrn.get(urn) ?? []);
    if (typeof reference !== "string") return sources;
    // Two ids that are told decide, wherever the value comes from.
    const withoutId = sources.filter(({ properties }) => typeof properties.id !== "string");
    return [...(byId.get(reference.toLowerCase()) ?? []), ...withoutId];
  };
  return {
    referred,
    owners(part, nameProperty) {
      const name = lower(at(part.properties, nameProperty));
      if (name !== undefined) return byName.get(name) ?? [];
      return referred(part, nameProperty, ownerId(part.properties.id));
    },
  };
}

/** `<owner>/<kind>/<name>` is the id of a part. */
function ownerId(id: unknown): string | undefined {
  return typeof id === "string" ? id.split("/").slice(0, -2).join("/") : undefined;
}

/** The resources by what they belong to; one may belong to several targets, or to none. */
export function byTarget(
  resources: readonly StackResource[],
  targetsOf: (resource: StackResource) => readonly StackResource[],
): Map<StackResource, StackResource[]> {
  const groups = new Map<StackResource, StackResource[]>();
  for (const resource of resources) {
    for (const target of targetsOf(resource)) {
      const group = groups.get(target);
      if (group === undefined) groups.set(target, [resource]);
      else group.push(resource);
    }
  }
  return groups;
}
