import { z } from "zod";

/** What the schema says about one setting, gathered from all layers (`optional`, `default`, ...) around it. */
export interface FieldFacts {
  /** The schema inside the layers. */
  inner: z.ZodType;
  /** False when a default or `optional` lets it be missing. */
  required: boolean;
  /** The default that the schema itself has. */
  default?: unknown;
  description?: string;
  accepted?: string;
  examples?: unknown[];
}

/** Facts about the setting that `schema` describes; the outermost layer's words win. */
export function factsOf(schema: z.ZodType): FieldFacts {
  const { description, accepted, examples } = (schema.meta() ?? {}) as Omit<FieldFacts, "inner" | "required">;
  const own = { description, accepted, examples };
  if (schema instanceof z.ZodOptional) return under(own, schema.unwrap() as z.ZodType, { required: false });
  if (schema instanceof z.ZodDefault) {
    return under(own, schema.unwrap() as z.ZodType, { required: false, default: schema.def.defaultValue });
  }
  if (schema instanceof z.ZodPrefault) return under(own, schema.unwrap() as z.ZodType, { required: false });
  return { ...own, inner: schema, required: true };
}

function under(
  own: Pick<FieldFacts, "description" | "accepted" | "examples">,
  inner: z.ZodType,
  layer: { required: boolean; default?: unknown },
): FieldFacts {
  const facts = factsOf(inner);
  return {
    ...facts,
    ...layer,
    description: own.description ?? facts.description,
    accepted: own.accepted ?? facts.accepted,
    examples: own.examples ?? facts.examples,
  };
}

/** The schema of one part of a value: a property, a list's element, a record's value. Undefined when there is no such part. */
export function partOf(schema: z.ZodType, segment: PropertyKey): z.ZodType | undefined {
  const { inner } = factsOf(schema);
  if (inner instanceof z.ZodObject) return inner.shape[String(segment)];
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  if (inner instanceof z.ZodRecord) return inner.valueType as z.ZodType;
  return undefined;
}

/** The schema at a path; undefined when the path leads out of it. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let at: z.ZodType | undefined = schema;
  for (const segment of path) at = at && partOf(at, segment);
  return at;
}

/** The names of a setting's parts; empty when it has none of its own. */
export function partNames(schema: z.ZodType): string[] {
  const { inner } = factsOf(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/**
 * Puts `{}` where a required group of settings is missing, so that each of its required settings is reported by name.
 * Nothing else changes.
 */
export function withMissingGroups(schema: z.ZodType, value: unknown): unknown {
  const { inner, required } = factsOf(schema);
  if (!(inner instanceof z.ZodObject)) return value;
  const group = value === undefined && required ? {} : value;
  if (typeof group !== "object" || group === null || Array.isArray(group)) return group;
  const filled: Record<string, unknown> = { ...group };
  for (const [name, part] of Object.entries(inner.shape)) {
    const value = withMissingGroups(part as z.ZodType, filled[name]);
    if (value !== undefined) filled[name] = value;
  }
  return filled;
}
