import { asObject, asText, setAt } from "./json.ts";
import type { ResourceType } from "./resourceType.ts";
import type { StoredResource } from "./store.ts";

export function stateOf(resource: StoredResource): string | undefined {
  return asText(asObject(resource.body.properties).provisioningState);
}

/** Sets the state of a resource whose type has one. */
export function markState(resource: StoredResource, type: ResourceType, state: string): void {
  const properties = type.body.properties;
  if (properties?.kind === "object" && properties.fields.provisioningState !== undefined) {
    setAt(resource.body, "properties.provisioningState", state);
  }
}
