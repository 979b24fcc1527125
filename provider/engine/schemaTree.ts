import type { z } from "zod";
import type { Path } from "./values.ts";

/** What zod keeps in `def`, as far as this folder looks into it. */
interface Definition {
  type: string;
  innerType?: z.ZodType;
  in?: z.ZodType;
  getter?: () => z.ZodType;
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  items?: z.ZodType[];
  valueType?: z.ZodType;
  options?: z.ZodType[];
}

/** The schema inside `.optional()`, `.default()`, `.transform()` and the like. */
export function coreOf(schema: z.ZodType): z.ZodType {
  const { type, innerType, in: input, getter } = schema.def as unknown as Definition;
  const inside = type === "lazy" ? getter?.() : (innerType ?? input);
  return inside === undefined ? schema : coreOf(inside);
}

/** The property schemas of an object schema; `undefined` for every other kind. */
export function shapeOf(schema: z.ZodType): Record<string, z.ZodType> | undefined {
  return (coreOf(schema).def as unknown as Definition).shape;
}

/** Names that an object may have at a path, over all alternatives of a union; empty where any name is allowed. */
export function namesAt(schema: z.ZodType, path: Path): string[] {
  let schemas = alternatives(schema);
  for (const step of path) schemas = schemas.flatMap((each) => child(each, step)).flatMap(alternatives);
  return [...new Set(schemas.flatMap((each) => Object.keys(shapeOf(each) ?? {})))];
}

function alternatives(schema: z.ZodType): z.ZodType[] {
  const core = coreOf(schema);
  return (core.def as unknown as Definition).options?.flatMap(alternatives) ?? [core];
}

function child(core: z.ZodType, step: string | number): z.ZodType[] {
  const { shape, element, items, valueType } = core.def as unknown as Definition;
  const found = typeof step === "number" ? (items?.[step] ?? element) : (shape?.[step] ?? valueType);
  return found === undefined ? [] : [found];
}
