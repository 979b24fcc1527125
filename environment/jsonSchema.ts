import { z } from "zod";
import { acceptedBy } from "./documentation.ts";
import { namespace, settingsSchema } from "./schema.ts";
import { secretDefinitions } from "./secrets/definitions.ts";
import { factsOf, partOf } from "./walk.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** JSON Schema of `Pulumi.<environment>.yaml`, for completion and checks in editors. */
export function editorSchema(): JsonSchema {
  const settings = z.toJSONSchema(settingsSchema, { io: "input", reused: "inline" }) as JsonSchema;
  annotate(settings, settingsSchema);
  const sections = Object.entries(settings.properties ?? {}).map(([name, schema]) => [`${namespace}:${name}`, schema]);
  const secrets = Object.entries(secretDefinitions).map(([name, { description, accepted }]) => [
    `${namespace}:${name}`,
    encrypted(`${description} Accepted: ${accepted}. Set it with \`pulumi config set --secret\`.`),
  ]);
  const names = [...Object.keys(settings.properties ?? {}), ...Object.keys(secretDefinitions)];
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Configuration of one environment of the MFA server kit",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries([...sections, ...secrets]),
        required: (settings.required ?? []).map((name) => `${namespace}:${name}`),
        // Settings of other namespaces are none of the kit's business.
        patternProperties: { [`^${namespace}:(?!(?:${names.join("|")})$)`]: false },
      },
    },
    required: ["config"],
  };
}

function encrypted(description: string): JsonSchema {
  return {
    description,
    type: "object",
    properties: { secure: { type: "string", description: "Encrypted by Pulumi." } },
    required: ["secure"],
    additionalProperties: false,
  };
}

/** Editors show a description and nothing else, so what is accepted goes into it. */
function annotate(json: JsonSchema, schema: z.ZodType): void {
  const facts = factsOf(schema);
  delete json.accepted;
  if (facts.inner instanceof z.ZodObject) json.description = facts.description;
  else json.description = [facts.description, `Accepted: ${acceptedBy(facts)}.`].filter(Boolean).join(" ");
  for (const [name, part] of Object.entries(json.properties ?? {})) {
    const child = partOf(schema, name);
    if (child !== undefined) annotate(part as JsonSchema, child);
  }
  const element = partOf(schema, 0);
  if (element === undefined) return;
  for (const part of [json.items, json.additionalProperties]) {
    if (typeof part === "object" && !Array.isArray(part)) annotate(part as JsonSchema, element);
  }
  if (typeof json.propertyNames === "object") delete json.propertyNames.accepted;
}
