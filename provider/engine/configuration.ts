import type { z } from "zod";
import type { CheckFailure } from "./definition.ts";
import type { DiffResult, MessageFilter } from "./handlers.ts";
import { coreOf, shapeOf } from "./schemaTree.ts";
import { secretTexts, unwrapSecrets } from "./secrets.ts";
import { decodePlain } from "./struct.ts";
import { UserError } from "./userError.ts";
import { describeProblem, type Problem, validate } from "./validate.ts";
import { equal, isObject, keysOf, type Properties, Secret, type Value } from "./values.ts";

/** Provider inputs that belong to the engine. */
const engineInputs = new Set(["version", "pluginDownloadURL", "__internal"]);

/** The problems of a configuration that may still hold unknown values. */
export function checkConfiguration<G>(schema: z.ZodType<G>, inputs: Properties): CheckFailure[] {
  const { value, problems } = fromText(inputs);
  const all = problems.length > 0 ? problems : validate(schema, withSecrets(schema, value)).problems;
  return all.map((problem) => ({ property: "", reason: describeProblem(problem) }));
}

/** The configuration, everything known. Throws a `UserError` that lists every problem. */
export function readConfiguration<G>(schema: z.ZodType<G>, inputs: Properties, messages: MessageFilter): G {
  const text = fromText(inputs);
  const marked = withSecrets(schema, text.value);
  const { value, problems } = validate(schema, marked);
  const all = text.problems.length > 0 ? text.problems : problems;
  if (all.length > 0) {
    throw new UserError("PROVIDER_CONFIGURATION", {
      what: "The provider's configuration is not accepted",
      why: all.map(describeProblem).join("; "),
      next: "Correct the arguments of the provider resource.",
    });
  }
  for (const secret of secretTexts(marked)) messages.hide(secret);
  return value;
}

/** A connection that changed is used from now on; it never replaces the resources that it reaches. */
export function diffConfiguration(oldInputs: Properties, newInputs: Properties): DiffResult {
  const before = fromText(oldInputs).value;
  const after = fromText(newInputs).value;
  const diffs = keysOf(before, after).filter((name) => !equal(before[name], after[name]));
  return { changes: diffs.length === 0 ? "none" : "some", diffs, replaces: [] };
}

/**
 * Provider inputs are text in the protocol; what is not text by type is JSON. Secrets inside the JSON come in the protocol's marked
 * form when the program's language keeps them.
 */
function fromText(inputs: Properties): { value: Properties; problems: Problem[] } {
  const problems: Problem[] = [];
  const entries = Object.entries(unwrapSecrets<Properties>(inputs)).filter(([name]) => !engineInputs.has(name));
  const value = entries.map(([name, text]) => {
    if (typeof text !== "string") return [name, text];
    try {
      return [name, unwrapSecrets(decodePlain(JSON.parse(text)))];
    } catch {
      problems.push({ path: [name], message: "must be JSON text" });
      return [name, undefined];
    }
  });
  return { value: Object.fromEntries(value), problems };
}

/** Marks what the schema says is secret: the engine marks only the whole JSON, and for `checkConfig` nothing at all. */
function withSecrets(schema: z.ZodType, value: unknown): unknown {
  if (isSecret(schema)) return new Secret(value as Value);
  const shape = shapeOf(schema);
  if (shape === undefined || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, shape[name] ? withSecrets(shape[name], each) : each]),
  );
}

/** True for a schema with `.meta({ secret: true })`, also inside `.optional()`. */
export function isSecret(schema: z.ZodType): boolean {
  return schema.meta()?.secret === true || coreOf(schema).meta()?.secret === true;
}
