import { z } from "zod";
import { type FieldFacts, factsOf } from "./walk.ts";

/** One setting or group of settings, as the README and the editors' schema show it. */
export interface DocumentedSetting extends FieldFacts {
  /** Path inside the schema: `["host", "computerName"]`. */
  path: readonly string[];
}

/** All single settings under `schema` in the schema's order; lists and records count as one. */
export function documentedSettings(
  schema: z.ZodType,
  path: readonly string[] = [],
  outerDefault?: unknown,
): DocumentedSetting[] {
  const facts = factsOf(schema);
  if (!(facts.inner instanceof z.ZodObject)) return [{ ...facts, default: outerDefault ?? facts.default, path }];
  const given = schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
  return Object.entries(facts.inner.shape).flatMap(([name, part]) =>
    documentedSettings(part as z.ZodType, [...path, name], (given as Record<string, unknown> | undefined)?.[name]),
  );
}

/** What a setting takes, in words. */
export function acceptedBy({ inner, accepted }: Pick<FieldFacts, "inner" | "accepted">): string {
  if (accepted !== undefined) return accepted;
  if (inner instanceof z.ZodEnum) return inner.options.join(", ");
  if (inner instanceof z.ZodObject) return `a group of settings: ${Object.keys(inner.shape).join(", ")}`;
  if (inner instanceof z.ZodArray) return `a list; each: ${acceptedBy(factsOf(inner.element as z.ZodType))}`;
  return "any value";
}
