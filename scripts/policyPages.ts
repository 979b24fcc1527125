import { stringify } from "yaml";
import { inProcedureOrder } from "../cli/rules/procedure.ts";
import { levelsOf, optionsOf } from "../cli/rules/text.ts";
import { nameOf } from "../cli/urn.ts";
import { evaluate } from "../policies/evaluate.ts";
import { messageOf } from "../policies/judge.ts";
import type { Finding, Rule } from "../policies/rule.ts";
import { rules } from "../policies/rules.ts";
import { policySettings } from "../policies/settings.ts";
import type { RuleExample, RuleExamples } from "../tests/policies/examples/example.ts";

/** Rules about time say the same on every day on which the pages are written. */
const writtenAt = new Date("2026-01-01T00:00:00Z");
const generated = "<!-- Written by `npm run generate` from the rule and its test cases. -->";

/** File name to text of everything in `docs/policies`. */
export async function policyPages(): Promise<Map<string, string>> {
  const pages = new Map([["README.md", indexPage()]]);
  for (const rule of rules) pages.set(`${rule.id}.md`, rulePage(rule, await examplesOf(rule)));
  return pages;
}

async function examplesOf({ id }: Rule): Promise<RuleExamples> {
  const { examples } = (await import(`../tests/policies/examples/${id}.ts`)) as { examples: RuleExamples };
  return examples;
}

function indexPage(): string {
  const rows = inProcedureOrder(rules, ({ step }) => step).map(({ id, title, step, severity, level }) =>
    row(`[${id}](${id}.md)`, title, step, severity, level),
  );
  return text(
    generated,
    "# Rules of the policy pack",
    "Each rule guards one prerequisite or note of the set-up procedure, or a line of the security baseline. The level is that of the " +
      "baseline `production`. How to tune them, and how to excuse a resource from one: [policies/README.md](../../policies/README.md). " +
      "`mfakit rules` prints this list, `mfakit review` judges a preview or a state by it.",
    [row("Rule", "What holds", "Step", "Severity", "Level"), row("---", "---", "---", "---", "---"), ...rows].join(
      "\n",
    ),
  );
}

function rulePage(rule: Rule, { failing, passing }: RuleExamples): string {
  const { id, title, rationale } = rule;
  const found = findingsOf(rule, failing);
  return text(
    generated,
    `# ${id}: ${prose(title)}`,
    factsTable(rule),
    "## Why",
    prose(rationale),
    ...optionsPart(rule),
    `## An example that fails: ${prose(failing.title)}`,
    exampleCode(failing),
    "What the rule says:",
    fenced("text", found.map(messageOf).join("\n\n")),
    `## An example that passes: ${prose(passing.title)}`,
    exampleCode(passing),
    "## Another level, or an exemption",
    "In `policies/config.json`:",
    fenced("json", JSON.stringify(tuning(rule, found), undefined, 2)),
    "An exemption that is past its day, or that excuses nothing, is itself a finding.",
    ...referencesPart(rule),
  );
}

function factsTable(rule: Rule): string {
  const levels = levelsOf(rule).map(([baseline, level]) => `${baseline}: ${level}`);
  return [
    row("", ""),
    row("---", "---"),
    row("Guards", `${rule.prerequisite} (${rule.step})`),
    row("Severity", rule.severity),
    row("Level", levels.join(", ")),
    row("Family", rule.family),
  ].join("\n");
}

function optionsPart(rule: Rule): string[] {
  const options = optionsOf(rule);
  if (options.length === 0) return [];
  const rows = options.map((each) => row(`\`${each.name}\``, each.type, `\`${each.default}\``, each.description));
  return [
    "## Settings",
    [row("Name", "Type", "Default", "Meaning"), row("---", "---", "---", "---"), ...rows].join("\n"),
  ];
}

function referencesPart({ references }: Rule): string[] {
  if (references.length === 0) return [];
  const lines = references.map(({ title, url }) =>
    url === undefined ? `- ${prose(title)}` : `- [${prose(title)}](${url})`,
  );
  return ["## Where it comes from", lines.join("\n")];
}

function exampleCode({ resources, config, exemptions }: RuleExample): string {
  const shown = {
    ...(config && { settings: config }),
    ...(exemptions && { exemptions }),
    resources: resources.map(({ urn, type, name, properties }) => ({
      ...(exemptions ? { urn } : { name }),
      type,
      properties,
    })),
  };
  return fenced("yaml", stringify(shown, readable, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd());
}

const secretSignature = "4dabf18193072939515e22adb298388d";

/** Without what only a machine reads: the inside of a certificate, the engine's envelope around a secret. */
function readable(_name: unknown, value: unknown): unknown {
  if (typeof value === "string" && value.startsWith("-----BEGIN ")) return `${value.split("\n")[0]} (a certificate)`;
  if (typeof value === "object" && value !== null && secretSignature in value) return "[secret]";
  return value;
}

/** What the rule finds in the example that fails. */
function findingsOf(rule: Rule, { resources, config = {}, exemptions = [] }: RuleExample): readonly Finding[] {
  const settings = policySettings({ rules: { [rule.id]: config }, exemptions });
  const found = evaluate(resources, settings, writtenAt).find((result) => result.rule.id === rule.id)?.findings ?? [];
  if (found.length === 0) throw new Error(`${rule.id} has nothing against the example that fails`);
  return found;
}

/** Another level, and an exemption that would excuse the example; what is said about a stack as a whole has no URN. */
function tuning({ id, level }: Rule, [first]: readonly Finding[]): object {
  const exemption = {
    rule: id,
    urn: first?.urn === undefined ? "*" : `urn:pulumi:dev::mfa-server::*::${nameOf(first.urn)}`,
    owner: "identity-team",
    reason: "why, and what is done about it",
    expires: "2027-03-31",
  };
  return { rules: { [id]: level === "advisory" ? "mandatory" : "advisory" }, exemptions: [exemption] };
}

function fenced(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\``;
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => prose(cell).replaceAll("|", "\\|")).join(" | ")} |`;
}

/** `<name>` in a text stands for something; to Markdown it would be HTML. */
function prose(words: string): string {
  return words.replaceAll("<", "&lt;");
}

function text(...parts: string[]): string {
  return `${parts.join("\n\n")}\n`;
}
