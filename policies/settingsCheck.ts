import type { z } from "zod";
import { nearest } from "../environment/nearest.ts";
import type { Rule } from "./rule.ts";
import type { PolicySettingsFile } from "./settings.ts";
import { settingsSchema } from "./settingsSchema.ts";

/** What a settings file holds, or everything that is wrong with it. */
export function checkSettings(
  content: unknown,
  rules: readonly Rule[],
): { file: PolicySettingsFile; problems: readonly string[] } {
  const schema = settingsSchema(rules);
  const result = schema.safeParse(content, { reportInput: true });
  if (!result.success) return { file: {}, problems: result.error.issues.flatMap((issue) => problemsOf(issue, rules)) };
  // As it was written: a default of a rule that somebody did not set must not hide that of the engine.
  return { file: content as PolicySettingsFile, problems: [] };
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, rules: readonly Rule[], above: readonly PropertyKey[] = []): string[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...path, key], key, rules));
    case "invalid_union":
      return unionProblems(issue, path, rules);
    case "invalid_value":
      return [`${text(path)} is ${said(issue.input)}; ${accepted(issue.values.map(String), issue.input)}`];
    case "invalid_format":
      return [
        issue.format === "date"
          ? `${text(path)} is ${said(issue.input)}, which is no date: write YYYY-MM-DD`
          : `${text(path)} is ${said(issue.input)}: ${issue.message}`,
      ];
    case "invalid_type":
      return [
        issue.input === undefined
          ? `${text(path)} is missing: write ${article(issue.expected)}`
          : `${text(path)} is ${said(issue.input)}: write ${article(issue.expected)}`,
      ];
    default:
      return [`${text(path)} is ${said(issue.input)}: ${issue.message}`];
  }
}

/** Of a level or an object, the one that was probably meant decides what is wrong. */
function unionProblems(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: readonly PropertyKey[],
  rules: readonly Rule[],
): string[] {
  const meant = typeof issue.input === "object" && issue.input !== null ? issue.errors[1] : issue.errors[0];
  return (meant ?? []).flatMap((each) => problemsOf(each, rules, path));
}

function unknownKey(path: readonly PropertyKey[], key: string, rules: readonly Rule[]): string {
  if (path.length === 2 && path[0] === "rules") {
    const ids = rules.map(({ id }) => id);
    return `${text(path)} is no rule${hint(key, ids)}`;
  }
  return `${text(path)} is not known${hint(key, keysAt(path, rules))}`;
}

function keysAt(path: readonly PropertyKey[], rules: readonly Rule[]): string[] {
  if (path.length === 1) return ["$schema", "baseline", "rules", "exemptions"];
  if (path[0] === "exemptions") return ["rule", "urn", "owner", "reason", "expires"];
  const rule = rules.find(({ id }) => id === path[1]);
  return ["enforcementLevel", ...Object.keys(rule?.configuration?.shape ?? {})];
}

function hint(given: string, names: readonly string[]): string {
  const near = nearest(given, names);
  if (near !== undefined) return `; did you mean ${near}?`;
  return names.length > 12 ? "; policies/README.md lists them" : `; there are ${names.join(", ")}`;
}

function accepted(values: readonly string[], given: unknown): string {
  const near = typeof given === "string" ? nearest(given, values) : undefined;
  if (near !== undefined) return `did you mean ${near}?`;
  return values.length > 12 ? "policies/README.md lists the rules" : `write one of ${values.join(", ")}`;
}

function said(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return JSON.stringify(value);
}

function article(kind: string): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

function text(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the file";
  return path.reduce<string>(
    (before, step) =>
      typeof step === "number" ? `${before}[${step}]` : before === "" ? String(step) : `${before}.${String(step)}`,
    "",
  );
}
