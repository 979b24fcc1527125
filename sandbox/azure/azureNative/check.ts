import { randomBytes } from "node:crypto";
import type { CheckFailure } from "../../../provider/engine/definition.ts";
import type { CheckRequest, CheckResult } from "../../../provider/engine/handlers.ts";
import { isUnknown, type Properties, Secret, UNKNOWN, type Value } from "../../../provider/engine/values.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Field, Fields } from "../arm/shape.ts";
import { pathInputs } from "./resourceShape.ts";
import { sdkProperties } from "./sdkShape.ts";
import { dropNulls, isPlain, knownText } from "./values.ts";

/** Hidden input that says the name was made up, so that a replacement may exist beside the old one. */
export const createBeforeDelete = "__createBeforeDelete";

/** Where a location comes from when the program leaves it out. */
export interface LocationSource {
  configured: string | undefined;
  /** The location of a resource group, `undefined` when it does not exist. */
  ofGroup(name: string): Promise<string | undefined>;
}

/** `Check` of azure-native: defaults, then all failures at once. */
export async function check(
  request: CheckRequest,
  type: ResourceType,
  fields: Fields,
  locations: LocationSource,
): Promise<CheckResult> {
  const inputs = dropNulls(request.news);
  autoname(inputs, request, type);
  inputs.azureApiVersion ??= type.apiVersion;
  const failures: CheckFailure[] = [];
  if (type.location !== "none" && inputs.location === undefined) {
    const location = await autolocation(inputs, request, type, locations);
    if (location === undefined) {
      failures.push(
        reason(
          "missing required property 'location'. Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'.",
        ),
      );
    } else inputs.location = location;
  }
  failures.push(...checkPath(inputs, type), ...checkObject(fields, withoutPath(inputs, type), ""));
  return { inputs, failures };
}

/** Azure-native puts the property into the reason and leaves the field empty. */
const reason = (text: string): CheckFailure => ({ property: "", reason: text });

function autoname(inputs: Properties, request: CheckRequest, type: ResourceType): void {
  const { own } = pathInputs(type);
  if (inputs[own] !== undefined) return;
  if (request.olds[own] !== undefined && (request.olds[createBeforeDelete] || type.autoname === "uuid")) {
    inputs[own] = request.olds[own];
  } else {
    inputs[own] =
      type.autoname === "uuid" ? uuidFrom(request.randomSeed) : `${request.name}${hexFrom(request.randomSeed, 8)}`;
  }
  if (type.autoname === "random") inputs[createBeforeDelete] = true;
}

function hexFrom(seed: Uint8Array, digits: number): string {
  const bytes = seed.length >= digits / 2 ? Buffer.from(seed) : randomBytes(digits / 2);
  return bytes.toString("hex").slice(0, digits);
}

function uuidFrom(seed: Uint8Array): string {
  const hex = hexFrom(seed, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

async function autolocation(
  inputs: Properties,
  request: CheckRequest,
  type: ResourceType,
  locations: LocationSource,
): Promise<Value | undefined> {
  if (request.olds.location !== undefined) return request.olds.location;
  if (locations.configured !== undefined) return locations.configured;
  const { own } = pathInputs(type);
  if (inputs.resourceGroupName === undefined || own === "resourceGroupName") return undefined;
  if (isUnknown(inputs.resourceGroupName)) return UNKNOWN;
  const group = knownText(inputs.resourceGroupName);
  return group === undefined ? undefined : ((await locations.ofGroup(group)) ?? UNKNOWN);
}

function checkPath(inputs: Properties, type: ResourceType): CheckFailure[] {
  return pathInputs(type).names.flatMap((name) => {
    const value = inputs[name];
    if (value === undefined) return [reason(`missing required property '${name}'`)];
    if (isUnknown(value)) return [];
    const text = value instanceof Secret ? value.value : value;
    if (typeof text !== "string") return [reason(wrongType(name, "string", text))];
    // The one limit that the API's own description puts on a path parameter.
    if (name !== "resourceGroupName") return [];
    if (text.length < 1) return [reason(`'${name}' is too short (${text.length}): at least 1 characters required`)];
    return text.length > 90 ? [reason(`'${name}' is too long (${text.length}): at most 90 characters allowed`)] : [];
  });
}

function withoutPath(inputs: Properties, type: ResourceType): Properties {
  const { names } = pathInputs(type);
  const rest = { ...inputs };
  for (const name of [...names, "azureApiVersion", createBeforeDelete]) delete rest[name];
  return rest;
}

/**
 * Types and required properties, at any depth. Choices, patterns and limits are not looked at: azure-native leaves them to ARM, so
 * such mistakes pass the preview. A name that the simulated type does not have is refused here, where azure-native would drop it.
 */
function checkObject(fields: Fields, value: Properties, path: string): CheckFailure[] {
  const properties = sdkProperties(fields, "input");
  const failures: CheckFailure[] = [];
  for (const [name, item] of Object.entries(value)) {
    const at = path === "" ? name : `${path}.${name}`;
    const property = properties.get(name);
    if (property === undefined && !isIgnored(name))
      failures.push(reason(`'${at}' is not a property that the simulated type has`));
    if (property !== undefined && item !== undefined) failures.push(...checkValue(property.field, item, at));
  }
  for (const [name, { field }] of properties) {
    if (field.required === true && !field.readOnly && value[name] === undefined) {
      failures.push(reason(`missing required property '${path === "" ? name : `${path}.${name}`}'`));
    }
  }
  return failures;
}

/** Every sub-resource type of the SDK takes `id`, `name`, `etag` and `type`, whether ARM does anything with them or not. */
const isIgnored = (name: string): boolean => ["id", "name", "etag", "type"].includes(name);

function checkValue(field: Field, wrapped: Value, path: string): CheckFailure[] {
  const value = wrapped instanceof Secret ? wrapped.value : wrapped;
  if (isUnknown(value) || field.kind === "any") return [];
  switch (field.kind) {
    case "text":
      return typeof value === "string" ? [] : [reason(wrongType(path, "string", value))];
    case "boolean":
      return typeof value === "boolean" ? [] : [reason(wrongType(path, "boolean", value))];
    case "integer":
      if (typeof value !== "number") return [reason(wrongType(path, "integer", value))];
      return Number.isInteger(value) ? [] : [reason(`'${path}' must be an integer but got ${value}`)];
    case "object":
      return isPlain(value) ? checkObject(field.fields, value, path) : [reason(wrongType(path, "object", value))];
    case "list":
      if (!Array.isArray(value)) return [reason(wrongType(path, "array", value))];
      return value.flatMap((item, i) => checkValue(field.element, item, `${path}[${i}]`));
    case "map":
      if (field.sdkList) return Array.isArray(value) ? [] : [reason(wrongType(path, "array", value))];
      if (!isPlain(value)) return [reason(wrongType(path, "object", value))];
      return Object.entries(value).flatMap(([key, item]) =>
        item === undefined ? [] : checkValue(field.element, item, `${path}.${key}`),
      );
  }
}

function wrongType(path: string, expected: string, value: unknown): string {
  const actual = Array.isArray(value) ? "array" : isPlain(value) ? "object" : typeof value;
  return `'${path}' should be of type '${expected}' but got a ${actual}`;
}
