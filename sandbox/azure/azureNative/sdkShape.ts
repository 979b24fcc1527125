import type { Json, JsonObject } from "../arm/json.ts";
import { isObject, setAt } from "../arm/json.ts";
import type { Field, Fields } from "../arm/shape.ts";

/** A property as the Pulumi SDK shows it, and where ARM has it. */
export interface SdkProperty {
  field: Field;
  /** Keys in the ARM body; more than one where the SDK flattens. */
  path: readonly string[];
}

/** An input and an output of one name may be two properties: the `type` of an extension and the type of its resource. */
export type Direction = "input" | "output";

const caches = {
  input: new WeakMap<Fields, Map<string, SdkProperty>>(),
  output: new WeakMap<Fields, Map<string, SdkProperty>>(),
};

/** The SDK's properties of an object: flattened objects are dissolved, renamed properties have their SDK name. */
export function sdkProperties(fields: Fields, direction: Direction): ReadonlyMap<string, SdkProperty> {
  const cache = caches[direction];
  const known = cache.get(fields);
  if (known !== undefined) return known;
  const properties = new Map<string, SdkProperty>();
  for (const [name, field] of Object.entries(fields)) {
    if (field.kind === "object" && field.flatten) {
      for (const [inner, property] of sdkProperties(field.fields, direction)) {
        if (property.field.sdkInputOnly || !properties.has(inner)) {
          properties.set(inner, { field: property.field, path: [name, ...property.path] });
        }
      }
    } else if (
      field.sdkInputOnly ? direction === "input" : !properties.get(field.sdkName ?? name)?.field.sdkInputOnly
    ) {
      properties.set(field.sdkName ?? name, { field, path: [name] });
    }
  }
  cache.set(fields, properties);
  return properties;
}

/** SDK inputs as an ARM body. Names that the type does not have are left out; `check` has refused them before. */
export function toArm(fields: Fields, inputs: Json): JsonObject {
  const body: JsonObject = {};
  if (!isObject(inputs)) return body;
  for (const [name, { field, path }] of sdkProperties(fields, "input")) {
    const value = inputs[name];
    if (value === undefined || value === null || field.readOnly) continue;
    setAt(body, path.join("."), valueToArm(field, value));
  }
  return body;
}

function valueToArm(field: Field, value: Json): Json {
  if (field.kind === "object") return toArm(field.fields, value);
  if (field.kind === "list" && Array.isArray(value)) return value.map((item) => valueToArm(field.element, item));
  if (field.kind === "map" && field.sdkList && Array.isArray(value)) {
    return Object.fromEntries(value.map((key) => [String(key), {}]));
  }
  return value;
}

/** An ARM body as the SDK's outputs. */
export function toSdk(fields: Fields, body: Json): JsonObject {
  const outputs: JsonObject = {};
  for (const [name, { field, path }] of sdkProperties(fields, "output")) {
    let value: Json | undefined = body;
    for (const key of path) value = isObject(value) ? value[key] : undefined;
    if (value !== undefined && value !== null) outputs[name] = valueToSdk(field, value);
  }
  // An input of the same name (an extension's `type`) hides what ARM computes only on the way in.
  for (const [name, field] of Object.entries(fields)) {
    const value = isObject(body) ? body[name] : undefined;
    if (field.readOnly && outputs[name] === undefined && value !== undefined) outputs[name] = valueToSdk(field, value);
  }
  return outputs;
}

function valueToSdk(field: Field, value: Json): Json {
  if (field.kind === "object") return toSdk(field.fields, value);
  if (field.kind === "list" && Array.isArray(value)) return value.map((item) => valueToSdk(field.element, item));
  return value;
}

/** The part of the outputs that a program could have written: without what ARM computes and without child collections. */
export function projectInputs(fields: Fields, outputs: JsonObject): JsonObject {
  const inputs: JsonObject = {};
  for (const [name, { field }] of sdkProperties(fields, "output")) {
    const value = outputs[name];
    if (value === undefined || field.readOnly || isChildCollection(field)) continue;
    inputs[name] = projectValue(field, value);
  }
  return inputs;
}

function projectValue(field: Field, value: Json): Json {
  if (field.kind === "object" && isObject(value)) return projectInputs(field.fields, value);
  if (field.kind === "list" && Array.isArray(value)) return value.map((item) => projectValue(field.element, item));
  if (field.kind === "map" && field.sdkList && isObject(value)) return Object.keys(value);
  return value;
}

export function isChildCollection(field: Field): boolean {
  return field.kind === "list" && field.children !== undefined;
}
