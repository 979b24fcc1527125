import type { JsonObject } from "../arm/json.ts";
import type { CloudSettings } from "../arm/resourceType.ts";
import type { Store, StoredResource } from "../arm/store.ts";

/** What a rule of a directory object sees. */
export interface DirectoryContext {
  inputs: JsonObject;
  /** Outputs before; absent on create. */
  previous: JsonObject | undefined;
  id: string;
  objectId: string;
  store: Store;
  cloud: CloudSettings;
}

/** One type of the azuread provider. */
export interface DirectoryType {
  /** Type in the store. */
  type: string;
  inputs: readonly string[];
  required: readonly string[];
  replaceOn: readonly string[];
  /** Inputs that are never kept: outputs have them from the program alone. */
  secrets?: readonly string[];
  /** A new object's id in the form of the provider. */
  newId(objectId: string, inputs: JsonObject): string;
  /** Refuses what Graph refuses. */
  check?(context: DirectoryContext): void;
  /** Outputs beside the inputs. */
  complete(context: DirectoryContext): JsonObject;
}

export const groups = "Microsoft.Graph/groups";
export const applications = "Microsoft.Graph/applications";
export const servicePrincipals = "Microsoft.Graph/servicePrincipals";

export const graphError = (status: number, code: string, message: string): Error =>
  new Error(`unexpected status ${status} with OData error: ${code}: ${message}`);

export function objectsOf(store: Store, type: string): StoredResource[] {
  return store.ofType(type);
}

export function refuseDuplicateName(type: string, { inputs, store, id }: DirectoryContext): void {
  if (inputs.preventDuplicateNames !== true) return;
  const other = objectsOf(store, type).find(
    (object) => object.body.displayName === inputs.displayName && object.id !== id,
  );
  if (other !== undefined) {
    throw new Error(
      `A resource with the ID "${other.id}" already exists - to be managed via this provider this resource needs to be imported into the State.`,
    );
  }
}
