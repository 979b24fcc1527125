import { acceptedBy, type DocumentedSetting, documentedSettings } from "./documentation.ts";
import { settingsSchema } from "./schema.ts";
import { type SecretDefinition, secretDefinitions } from "./secrets/definitions.ts";
import { factsOf } from "./walk.ts";

/** The README's description of the configuration, in Markdown: a table per section, then the secrets. */
export function configurationTable(): string {
  const sections = Object.entries(settingsSchema.shape).map(([name, schema]) =>
    [
      `#### \`${name}\``,
      factsOf(schema).description ?? "",
      table(["Setting", "Meaning", "Accepted", "Default"], documentedSettings(schema, [name]).map(settingRow)),
    ].join("\n\n"),
  );
  return [...sections, secretsTable()].join("\n\n");
}

function settingRow(setting: DocumentedSetting): string[] {
  return [`\`${setting.path.join(".")}\``, setting.description ?? "", acceptedBy(setting), defaultText(setting)];
}

function defaultText({ required, default: value }: DocumentedSetting): string {
  if (value !== undefined && typeof value === "number" && !Number.isInteger(value)) return `\`${value.toFixed(3)}\``;
  if (value !== undefined) return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
  return required ? "**required**" : "";
}

function secretsTable(): string {
  const rows = Object.entries(secretDefinitions).map(
    ([name, { description, accepted, required }]: [string, SecretDefinition]) => [
      `\`${name}\``,
      description,
      accepted,
      required === "always" ? "always" : required === "never" ? "" : required.replace(/^with (.+)$/, "with `$1`"),
    ],
  );
  return [
    "#### Secrets",
    "Each is a key of its own, encrypted by Pulumi.",
    table(["Secret", "Meaning", "Accepted", "Required"], rows),
  ].join("\n\n");
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => "---"), ...rows].map(row).join("\n");
}

function row(cells: string[]): string {
  const escapes: Record<string, string> = { "|": "\\|", "<": "&lt;", ">": "&gt;" };
  return `| ${cells.map((cell) => cell.replace(/[|<>]/g, (sign) => escapes[sign] ?? sign)).join(" | ")} |`;
}

const begin = "<!-- configuration:begin -->";
const end = "<!-- configuration:end -->";

/** Puts the table between the markers of a Markdown text; undefined when the markers are missing. */
export function withConfigurationTable(markdown: string): string | undefined {
  const from = markdown.indexOf(begin);
  const to = markdown.indexOf(end);
  if (from < 0 || to < from) return undefined;
  return `${markdown.slice(0, from + begin.length)}\n\n${configurationTable()}\n\n${markdown.slice(to)}`;
}
