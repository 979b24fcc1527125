import { badRequest, invalidParameter } from "./errors.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { parseResourceId } from "./resourceId.ts";
import type { Field, Fields } from "./shape.ts";
import type { Store } from "./store.ts";

/** Every id that a body holds in a property declared as a reference must exist and be of the declared type. */
export function checkReferences(fields: Fields, body: JsonObject, from: string, store: Store, path = ""): void {
  for (const [name, field] of Object.entries(fields)) {
    const value = body[name];
    if (value !== undefined && !field.readOnly) {
      checkField(field, value, from, store, path === "" ? name : `${path}.${name}`);
    }
  }
}

function checkField(field: Field, value: Json, from: string, store: Store, path: string): void {
  if (field.kind === "object" && isObject(value)) checkReferences(field.fields, value, from, store, path);
  else if (field.kind === "list" && Array.isArray(value)) {
    value.forEach((item, i) => {
      checkField(field.element, item, from, store, `${path}[${i}]`);
    });
  } else if (field.kind === "map" && field.sdkList && isObject(value)) {
    const element = field.element;
    if (element.kind === "text" && element.refersTo !== undefined) {
      for (const id of Object.keys(value)) checkId(id, element.refersTo, from, store, path);
    }
  } else if (field.kind === "text" && field.refersTo !== undefined && typeof value === "string") {
    checkId(value, field.refersTo, from, store, path);
  }
}

function checkId(id: string, types: readonly string[], from: string, store: Store, path: string): void {
  const parsed = parseResourceId(id);
  if (parsed === undefined) throw invalidParameter(path, `The value '${id}' of '${path}' is not a resource id.`);
  if (!types.some((type) => type.toLowerCase() === parsed.type.toLowerCase())) {
    throw invalidParameter(path, `'${path}' must be the id of ${types.join(" or ")}, but is of ${parsed.type}.`);
  }
  if (store.get(id) === undefined) {
    throw badRequest(
      "InvalidResourceReference",
      `Resource ${id} referenced by resource ${from} was not found. Please make sure that the referenced resource ` +
        "exists, and that both resources are in the same region.",
      path,
    );
  }
}
