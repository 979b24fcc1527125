import { propertyChangeNotAllowed } from "./errors.ts";
import { asText, isEqual, isObject, type Json, type JsonObject } from "./json.ts";
import type { Field, Fields } from "./shape.ts";

/** A request body, taken apart. */
export interface Taken {
  /** What is kept and shown: without write-only and read-only values, with defaults and ARM's spelling of choices. */
  body: JsonObject;
  /** Write-only values by path. Never stored. */
  secrets: Map<string, Json>;
  /** Inline lists of child resources by their ARM type. */
  children: Map<string, Json[]>;
}

/** Takes a valid body apart. Values that ARM computed before (`previous`) stay. */
export function takeBody(fields: Fields, body: JsonObject, previous: JsonObject | undefined): Taken {
  const taken: Taken = { body: {}, secrets: new Map(), children: new Map() };
  taken.body = takeFields(fields, body, previous, "", taken);
  return taken;
}

function takeFields(
  fields: Fields,
  body: JsonObject,
  previous: JsonObject | undefined,
  path: string,
  taken: Taken,
): JsonObject {
  const result: JsonObject = {};
  for (const [name, field] of Object.entries(fields)) {
    const at = path === "" ? name : `${path}.${name}`;
    const value = body[name] ?? undefined;
    if (field.readOnly) {
      if (previous?.[name] !== undefined) result[name] = previous[name];
    } else if (field.writeOnly) {
      if (value !== undefined) taken.secrets.set(at, value);
    } else if (field.kind === "list" && field.children !== undefined) {
      const sent = body[name];
      if (sent !== undefined) taken.children.set(field.children, Array.isArray(sent) ? sent : []);
    } else {
      const kept = takeField(field, value, previous?.[name], at, taken);
      if (kept !== undefined) result[name] = kept;
    }
  }
  return result;
}

function takeField(
  field: Field,
  value: Json | undefined,
  previous: Json | undefined,
  path: string,
  taken: Taken,
): Json | undefined {
  if (value === undefined) {
    if (field.default !== undefined) return structuredClone(field.default);
    // A property that cannot change keeps its value when an update leaves it out.
    if (field.createOnly) return previous;
    if (field.kind !== "object" || !field.flatten) return undefined;
    return takeFields(field.fields, {}, isObject(previous) ? previous : undefined, path, taken);
  }
  switch (field.kind) {
    case "object":
      return takeFields(field.fields, value as JsonObject, isObject(previous) ? previous : undefined, path, taken);
    case "list":
      return (value as Json[]).map((item, i) => {
        const before = earlierElement(item, previous, i);
        return takeField(field.element, item, before, `${path}[${i}]`, taken) as Json;
      });
    case "text":
      return field.values?.find((v) => v.toLowerCase() === (value as string).toLowerCase()) ?? value;
    default:
      return value;
  }
}

/** The element of the earlier list that an element continues: of the same name, else at the same place. */
function earlierElement(item: Json, previous: Json | undefined, index: number): Json | undefined {
  if (!Array.isArray(previous)) return undefined;
  const name = isObject(item) ? asText(item.name) : undefined;
  return name === undefined ? previous[index] : previous.find((p) => isObject(p) && p.name === name);
}

/** Refuses another value for what can be set only at create: ARM answers 409, although azure-native previews an update. */
export function refuseCreateOnlyChanges(fields: Fields, before: JsonObject, after: JsonObject, path = ""): void {
  for (const [name, field] of Object.entries(fields)) {
    const at = path === "" ? name : `${path}.${name}`;
    const [was, is] = [before[name], after[name]];
    if (field.createOnly && !field.writeOnly) {
      if (is !== undefined && !isEqual(lowered(was), lowered(is))) {
        throw propertyChangeNotAllowed(at.replace(/^properties\./, ""));
      }
    } else if (field.kind === "object" && isObject(was) && isObject(is)) {
      refuseCreateOnlyChanges(field.fields, was, is, at);
    }
  }
}

/** Ids and names compare without case. */
function lowered(value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value).toLowerCase());
}
