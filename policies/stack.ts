import type { PolicyResource } from "@pulumi/policy";
import { type Properties, plain } from "./values.ts";

/** A resource as the rules see it, whoever declared it. */
export interface StackResource {
  urn: string;
  /** Type without the API version that azure-native tokens may carry. */
  type: string;
  name: string;
  properties: Properties;
  /** By property, the URNs of the resources that its value comes from. They are known in a preview, when ids are not. */
  sources: Readonly<Record<string, readonly string[]>>;
}

/** All resources of a stack. */
export interface Stack {
  readonly types: ReadonlySet<string>;
  ofType(type: string): StackResource[];
  ofUrn(urn: string): StackResource | undefined;
}

/** `azure-native:network/v20240501:Subnet` and `azure-native_network_v20240501:network:Subnet` are `azure-native:network:Subnet`. */
export function unversionedType(type: string): string {
  return type.replace(/^azure-native(?:_\w+)?:(\w+)(?:\/v\w+)?:/, "azure-native:$1:");
}

/** Sorts the policy SDK's resources by type; properties are copied only for the types that a rule asks for. */
export function stackOf(resources: readonly PolicyResource[]): Stack {
  const byType = new Map<string, PolicyResource[]>();
  const byUrn = new Map<string, PolicyResource>();
  for (const resource of resources) {
    const type = unversionedType(resource.type);
    const same = byType.get(type);
    if (same === undefined) byType.set(type, [resource]);
    else same.push(resource);
    byUrn.set(resource.urn, resource);
  }
  const copies = new Map<string, StackResource>();
  const copyOf = (resource: PolicyResource): StackResource => {
    const copy = copies.get(resource.urn) ?? {
      urn: resource.urn,
      type: unversionedType(resource.type),
      name: resource.name,
      properties: plain(resource.props) as Properties,
      sources: Object.fromEntries(
        Object.entries(resource.propertyDependencies).map(([property, from]) => [property, from.map(({ urn }) => urn)]),
      ),
    };
    copies.set(resource.urn, copy);
    return copy;
  };
  return {
    types: new Set(byType.keys()),
    ofType: (type) => (byType.get(type) ?? []).map(copyOf),
    ofUrn(urn) {
      const resource = byUrn.get(urn);
      return resource && copyOf(resource);
    },
  };
}

/** True for a stack that the kit made; rules about the product have nothing to say about other stacks. */
export function isMfaStack(stack: Stack): boolean {
  return [...stack.types].some((type) => type.startsWith("mfakit:") || type.startsWith("mfa:"));
}

/** True when `target` is what a property refers to: by its id, or, where one is not told, by where the value comes from. */
export function refersTo(
  resource: StackResource,
  property: string,
  reference: unknown,
  target: StackResource,
): boolean {
  const id = target.properties.id;
  if (typeof reference === "string" && typeof id === "string") return id.toLowerCase() === reference.toLowerCase();
  return resource.sources[property]?.includes(target.urn) ?? false;
}
