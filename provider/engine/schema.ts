import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { isSecret } from "./configuration.ts";
import type { AnyResourceDefinition } from "./defineResource.ts";
import { coreOf, shapeOf } from "./schemaTree.ts";

/** A property of the Pulumi package schema (https://www.pulumi.com/docs/iac/packages-and-automation/pulumi-packages/schema/). */
interface PropertySpec {
  type?: string;
  $ref?: string;
  items?: PropertySpec;
  additionalProperties?: PropertySpec;
  oneOf?: PropertySpec[];
  description?: string;
  default?: unknown;
  secret?: boolean;
  willReplaceOnChanges?: boolean;
}

interface ObjectSpec {
  type: "object";
  description?: string;
  properties: Record<string, PropertySpec>;
  required: string[];
}

interface EnumSpec {
  type: "string";
  enum: { value: string }[];
}

type Types = Record<string, ObjectSpec | EnumSpec>;

export interface PackageDescription {
  name: string;
  version: string;
  description: string;
  configuration: z.ZodType;
}

/** The Pulumi package schema of a provider: what other languages' SDKs, the docs and `pulumi package` are made from. */
export function packageSchema(
  provider: PackageDescription,
  definitions: readonly AnyResourceDefinition<never>[],
): object {
  const types: Types = {};
  const configuration = objectSpec(provider.configuration, `${provider.name}:index:Provider`, types);
  const resources = definitions.map((definition) => [definition.token, resourceSpec(definition, types)]);
  return {
    name: provider.name,
    version: provider.version,
    description: provider.description,
    config: { variables: configuration.properties },
    provider: { inputProperties: configuration.properties, requiredInputs: configuration.required },
    types,
    resources: Object.fromEntries(resources),
  };
}

function resourceSpec(definition: AnyResourceDefinition<never>, types: Types): object {
  const inputs = objectSpec(definition.inputs, definition.token, types);
  const outputs = objectSpec(definition.outputs, definition.token, types);
  for (const name of definition.replaceOn ?? []) {
    if (inputs.properties[name]) inputs.properties[name].willReplaceOnChanges = true;
  }
  for (const name of definition.secrets ?? []) {
    if (outputs.properties[name]) outputs.properties[name].secret = true;
  }
  return {
    description: definition.description,
    inputProperties: inputs.properties,
    requiredInputs: inputs.required,
    properties: outputs.properties,
    required: outputs.required,
  };
}

/** `token` names the object; the types of its properties are named after it. */
function objectSpec(schema: z.ZodType, token: string, types: Types): ObjectSpec {
  const shape = Object.entries(shapeOf(schema) ?? {});
  return {
    type: "object",
    properties: Object.fromEntries(
      shape.map(([name, property]) => [name, propertySpec(property, token + upper(name), types)]),
    ),
    required: shape.filter(([, property]) => !property.safeParse(undefined).success).map(([name]) => name),
  };
}

function propertySpec(schema: z.ZodType, token: string, types: Types): PropertySpec {
  const description = schema.description ?? coreOf(schema).description;
  const fallback = defaultOf(schema);
  return {
    ...typeSpec(schema, token, types),
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    ...(isSecret(schema) && { secret: true }),
  };
}

const anything: PropertySpec = { $ref: "pulumi.json#/Any" };

function typeSpec(schema: z.ZodType, token: string, types: Types): PropertySpec {
  if (schema instanceof z.ZodLazy) return anything; // recursive: the package schema has no name for it
  const core = coreOf(schema);
  if (core instanceof z.ZodString || core instanceof z.ZodStringFormat) return { type: "string" };
  if (core instanceof z.ZodNumber) return { type: core.isInt ? "integer" : "number" };
  if (core instanceof z.ZodBoolean) return { type: "boolean" };
  if (core instanceof z.ZodArray) {
    return { type: "array", items: typeSpec(core.element as z.ZodType, `${token}Item`, types) };
  }
  if (core instanceof z.ZodRecord) {
    return { type: "object", additionalProperties: typeSpec(core.valueType as z.ZodType, `${token}Value`, types) };
  }
  if (core instanceof z.ZodObject) {
    return named(objectSpec(core, token, types), token, types);
  }
  if (core instanceof z.ZodEnum || core instanceof z.ZodLiteral) {
    const values = core instanceof z.ZodEnum ? core.options : [...core.values];
    if (!values.every((value) => typeof value === "string")) return anything;
    return named({ type: "string", enum: values.map((value) => ({ value })) }, token, types);
  }
  if (core instanceof z.ZodUnion) {
    const options = core.options.map((option, index) =>
      typeSpec(option as z.ZodType, `${token}Option${index + 1}`, types),
    );
    return options.some((option) => option.$ref === anything.$ref) ? anything : { oneOf: options };
  }
  return anything;
}

/** Registers a type under its token; an output that differs from the input of the same name gets a name of its own. */
function named(spec: ObjectSpec | EnumSpec, token: string, types: Types): PropertySpec {
  const name = types[token] === undefined || isDeepStrictEqual(types[token], spec) ? token : `${token}Result`;
  types[name] = spec;
  return { $ref: `#/types/${name}` };
}

/** A default that is plain; lists and objects have none in a package schema. */
function defaultOf(schema: z.ZodType): string | number | boolean | undefined {
  const result = schema.safeParse(undefined);
  return result.success && ["string", "number", "boolean"].includes(typeof result.data)
    ? (result.data as string | number | boolean)
    : undefined;
}

function upper(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
