import { readFileSync } from "node:fs";
import { z } from "zod";
import { agentErrors, methods } from "../provider/dsc/protocol.ts";

/** The page of the agent's protocol: prose by hand, tables from the schema. */
export const agentProtocolPage = new URL("../docs/agent-protocol.md", import.meta.url);

/** The page as it is, with its tables made anew from `provider/dsc/protocol.ts`. */
export function renderedAgentProtocol(): string {
  const page = readFileSync(agentProtocolPage, "utf8");
  return replaceBlock(replaceBlock(page, "methods", methodTables()), "errors", errorTable());
}

function methodTables(): string {
  return Object.entries(methods)
    .map(([name, { about, params, result }]) => {
      const rows = [...fieldRows("request", params), ...fieldRows("answer", result)];
      const head = "| In | Name | Type |\n| --- | --- | --- |";
      return [`### ${name}`, about, ...(rows.length === 0 ? [] : [[head, ...rows].join("\n")])].join("\n\n");
    })
    .join("\n\n");
}

function errorTable(): string {
  const rows = Object.entries(agentErrors).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return ["| Code | Meaning |", "| --- | --- |", ...rows].join("\n");
}

interface JsonSchema {
  type?: string;
  $ref?: string;
  format?: string;
  pattern?: string;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  required?: string[];
  contentEncoding?: string;
}

function fieldRows(where: string, schema: z.ZodType): string[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { unrepresentable: "any" }) as JsonSchema;
  return Object.entries(properties).map(
    ([name, field]) => `| ${where} | \`${name}\` | ${typeName(field)}${required.includes(name) ? "" : ", optional"} |`,
  );
}

function typeName(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeName).join(" or ");
  if (schema.$ref !== undefined) return "value";
  if (schema.contentEncoding === "base64") return "base64";
  if (schema.pattern === "^[0-9a-f]{64}$") return "SHA-256, lower-case hexadecimal";
  if (schema.type === "array") return `list of ${typeName(schema.items ?? {})}`;
  if (schema.type === "object" && typeof schema.additionalProperties === "object")
    return `object of ${typeName(schema.additionalProperties)} by name`;
  return schema.type ?? "value";
}

function replaceBlock(page: string, name: string, text: string): string {
  const begin = `<!-- ${name}:begin (npm run generate) -->`;
  const end = `<!-- ${name}:end -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/agent-protocol.md has no block '${name}'`);
  return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
}
