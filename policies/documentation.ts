import { z } from "zod";
import { baselines, families, type Rule } from "./rule.ts";
import { rules } from "./rules.ts";
import { settingsSchema } from "./settingsSchema.ts";

/** The JSON schema of `policies/config.json`. */
export function settingsJsonSchema(): string {
  const schema = z.toJSONSchema(settingsSchema(rules), { io: "input" });
  return `${JSON.stringify({ title: "Settings of the policy pack", ...schema }, undefined, 2)}\n`;
}

const begin = "<!-- rules:begin (npm run generate) -->";
const end = "<!-- rules:end -->";

/** The README with its tables made anew: prerequisite, rule, test. */
export function readme(current: string): string {
  const [before, rest] = current.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`policies/README.md lacks ${begin} or ${end}`);
  return `${before}${begin}\n\n${families.map(section).join("\n")}\n${end}${after}`;
}

function section(family: string): string {
  const own = rules.filter((rule) => rule.family === family);
  const rows = own.map((rule) =>
    row(
      rule.prerequisite,
      rule.step,
      rule.id,
      rule.title,
      levelText(rule),
      `\`tests/policies/examples/${rule.id}.ts\``,
    ),
  );
  return [
    `### ${family}`,
    "",
    row("Prerequisite", "Where it stands", "Rule", "What holds", "Level", "Cases"),
    row("---", "---", "---", "---", "---", "---"),
    ...rows,
    "",
  ].join("\n");
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function levelText(rule: Rule): string {
  const others = baselines
    .filter((baseline) => rule.baselines?.[baseline] !== undefined)
    .map((baseline) => `${baseline}: ${rule.baselines?.[baseline]}`);
  return [rule.level, ...others].join(", ");
}
