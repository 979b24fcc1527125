import { isObject, type Json } from "./json.ts";
import type { Field, Fields, NumberField, TextField } from "./shape.ts";

/** One thing that is wrong with a body. */
export interface Problem {
  kind: "unknown" | "type" | "missing" | "value";
  /** Path in the body, `properties.ipConfigurations[0].name`. */
  path: string;
  message: string;
}

/** Everything that a body breaks of its shape. Read-only properties may be sent; they are ignored. */
export function validateFields(fields: Fields, body: Json, path = ""): Problem[] {
  if (!isObject(body)) return [wrongType(path, "object", body)];
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(body)) {
    const field = fields[name];
    const at = path === "" ? name : `${path}.${name}`;
    if (field === undefined) {
      problems.push({ kind: "unknown", path: at, message: `Could not find member '${name}' on the object '${path}'.` });
    } else if (value !== null && !field.readOnly) {
      problems.push(...validateField(field, value, at));
    }
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.required && !field.readOnly && (body[name] === undefined || body[name] === null)) {
      const at = path === "" ? name : `${path}.${name}`;
      problems.push({ kind: "missing", path: at, message: `Required parameter '${at}' is missing (null).` });
    }
  }
  return problems;
}

function validateField(field: Field, value: Json, path: string): Problem[] {
  switch (field.kind) {
    case "any":
      return [];
    case "boolean":
      return typeof value === "boolean" ? [] : [wrongType(path, "boolean", value)];
    case "integer":
      return validateInteger(field, value, path);
    case "text":
      return validateText(field, value, path);
    case "object":
      return validateFields(field.fields, value, path);
    case "list":
      if (!Array.isArray(value)) return [wrongType(path, "array", value)];
      return [
        ...(field.maxItems !== undefined && value.length > field.maxItems
          ? [wrongValue(path, `has ${value.length} elements; at most ${field.maxItems} are allowed`)]
          : []),
        ...value.flatMap((item, i) => validateField(field.element, item, `${path}[${i}]`)),
      ];
    case "map":
      if (!isObject(value)) return [wrongType(path, "object", value)];
      return Object.entries(value).flatMap(([key, item]) => validateField(field.element, item, `${path}.${key}`));
  }
}

function validateInteger(field: NumberField, value: Json, path: string): Problem[] {
  if (typeof value !== "number" || !Number.isInteger(value)) return [wrongType(path, "integer", value)];
  if (field.minimum !== undefined && value < field.minimum) {
    return [wrongValue(path, `is ${value}; the minimum is ${field.minimum}`)];
  }
  if (field.maximum !== undefined && value > field.maximum) {
    return [wrongValue(path, `is ${value}; the maximum is ${field.maximum}`)];
  }
  return [];
}

function validateText(field: TextField, value: Json, path: string): Problem[] {
  if (typeof value !== "string") return [wrongType(path, "string", value)];
  const shown = field.writeOnly ? "(hidden)" : `'${value}'`;
  if (field.values !== undefined && !field.values.some((v) => v.toLowerCase() === value.toLowerCase())) {
    return [wrongValue(path, `is ${shown}; accepted are ${field.values.join(", ")}`)];
  }
  if (field.minLength !== undefined && value.length < field.minLength) {
    return [wrongValue(path, `has ${value.length} characters; at least ${field.minLength} are required`)];
  }
  if (field.maxLength !== undefined && value.length > field.maxLength) {
    return [wrongValue(path, `has ${value.length} characters; at most ${field.maxLength} are allowed`)];
  }
  if (field.pattern !== undefined && !field.pattern.test(value)) {
    return [wrongValue(path, `is ${shown}; it must match ${field.pattern.source}`)];
  }
  return [];
}

const wrongValue = (path: string, what: string): Problem => ({
  kind: "value",
  path,
  message: `The value of parameter '${path}' ${what}.`,
});

function wrongType(path: string, expected: string, value: Json): Problem {
  const actual = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return { kind: "type", path, message: `'${path}' should be of type '${expected}' but got a '${actual}'.` };
}
