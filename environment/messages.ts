import { z } from "zod";
import { configPath, removeCommand, setCommand, setSecretCommand } from "./configPath.ts";
import { acceptedBy } from "./documentation.ts";
import type { Problem } from "./error.ts";
import { nearest } from "./nearest.ts";
import type { Break } from "./rules.ts";
import { settingsSchema } from "./schema.ts";
import { type SecretName, secretDefinitions } from "./secrets/definitions.ts";
import { factsOf, partNames, schemaAt } from "./walk.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A problem with the path it is about, so that several about one setting can be told as one. */
export interface LocatedProblem extends Problem {
  at: Path;
}

/** What the messages need to know about the values that were given. */
export interface Given {
  /** The settings as given. */
  values: unknown;
  /** True when the section's values must not be shown: it is stored encrypted. */
  isHidden(section: string): boolean;
}

/** The words for what zod found. */
export function problemsOf(issue: Issue, given: Given): LocatedProblem[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownSetting(issue.path, key, given));
  if (issue.code === "invalid_key") return [badName(issue)];
  const value = valueAt(given.values, issue.path);
  const what = value === undefined ? "is missing" : `is ${shown(value, issue, given)}: ${fault(issue, value)}`;
  return [located(issue.path, what, { wrong: value })];
}

/** The words for a broken rule between settings. */
export function problemOfBreak({ path, what, accepted, example }: Break): LocatedProblem {
  const problem = located(path, what, { example: example ?? undefined });
  return {
    ...problem,
    accepted: accepted ?? problem.accepted,
    mend: example === null ? removeCommand(path) : problem.mend,
  };
}

/** The words for a setting that names certificates which cannot be had. */
export function certificateProblem(path: Path, what: string): LocatedProblem {
  return located(path, what, {});
}

/** The words for a secret that is missing or unfit. Never the secret. */
export function secretProblem(name: SecretName, what: string): LocatedProblem {
  const { accepted, ...definition } = secretDefinitions[name];
  const fromFile = "fromFile" in definition ? definition.fromFile : undefined;
  return { at: [name], path: configPath([name]), what, accepted, mend: setSecretCommand(name, fromFile) };
}

/** The words for a secret that nobody reads. */
export function uselessSecret(name: SecretName, what: string): LocatedProblem {
  return { at: [name], path: configPath([name]), what, accepted: "not set", mend: removeCommand([name]) };
}

/** The words for a configuration key that the kit does not have. */
export function unknownKey(key: string, given: Given): LocatedProblem {
  return unknownSetting([], key, given);
}

/** Tells several problems about one setting as one. */
export function mergeByPath(problems: readonly LocatedProblem[]): Problem[] {
  const byPath = new Map<string, Problem>();
  for (const { at: _, ...problem } of problems) {
    const same = byPath.get(problem.path);
    if (same === undefined) byPath.set(problem.path, problem);
    else if (!same.what.includes(tail(problem.what))) same.what += `, and ${tail(problem.what)}`;
  }
  return [...byPath.values()];
}

/** The part of a sentence behind the shown value, which the first problem has told already. */
function tail(what: string): string {
  return /^is (?:"(?:[^"\\]|\\.)*"|a value that is not shown here|[^:]+): (.*)$/s.exec(what)?.[1] ?? what;
}

function located(path: Path, what: string, hints: { wrong?: unknown; example?: unknown }): LocatedProblem {
  return { at: path, path: configPath(path), what, accepted: accepted(path), mend: mend(path, hints) };
}

function fault(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return `${kindOf(value)} is not ${article(issue.expected)}`;
    case "invalid_value":
      return "is none of the accepted values";
    case "too_small":
      return issue.origin === "string" || issue.origin === "array"
        ? "is empty"
        : `is below the smallest, ${issue.minimum}`;
    case "too_big":
      return issue.origin === "string"
        ? `is longer than ${issue.maximum} characters`
        : `is above the largest, ${issue.maximum}`;
    case "invalid_format":
      return issue.format === "url" ? issue.message : "does not have the accepted form";
    case "invalid_union":
      return `${kindOf(value)} is not text`;
    default:
      return issue.message;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return (
    { string: "text", number: "a number", boolean: "a truth value", object: "a group of settings" }[
      typeof value as string
    ] ?? typeof value
  );
}

function article(expected: string): string {
  const words: Record<string, string> = {
    string: "text",
    number: "a number",
    int: "a whole number",
    boolean: "a truth value",
    array: "a list",
    object: "a group of settings",
    record: "a group of settings",
  };
  return words[expected] ?? expected;
}

/** A value for a message; what may hold a secret is not shown. */
function shown(value: unknown, issue: Issue, given: Given): string {
  const text = JSON.stringify(value);
  const isPem = typeof value === "string" && value.includes("-----BEGIN");
  const hasCredentials = typeof value === "string" && /:\/\/[^/]*@/.test(value);
  if (given.isHidden(String(issue.path[0])) || isPem || hasCredentials) return "a value that is not shown here";
  if (typeof value === "object" && value !== null) return kindOf(value);
  return text.length > 80 ? `${text.slice(0, 77)}..."` : text;
}

function accepted(path: Path): string {
  const schema = schemaAt(settingsSchema, path);
  return schema === undefined ? "nothing" : acceptedBy(factsOf(schema));
}

function mend(path: Path, { wrong, example }: { wrong?: unknown; example?: unknown }): string {
  if (example !== undefined) return setCommand(path, example);
  const schema = schemaAt(settingsSchema, path);
  if (schema === undefined) return removeCommand(path);
  const { inner, examples } = factsOf(schema);
  if (inner instanceof z.ZodObject || inner instanceof z.ZodRecord) return removeCommand(path);
  if (inner instanceof z.ZodArray) {
    const first = setCommand(
      [...path, 0],
      [examples?.[0] ?? factsOf(inner.element as z.ZodType).examples?.[0]].flat()[0],
    );
    return wrong === undefined || Array.isArray(wrong) ? first : `${removeCommand(path)} && ${first}`;
  }
  if (inner instanceof z.ZodEnum)
    return setCommand(path, nearest(String(wrong), inner.options.map(String)) ?? inner.options[0]);
  const asText = typeof wrong === "number" || typeof wrong === "boolean" ? String(wrong) : undefined;
  if (asText !== undefined && inner.safeParse(asText).success) return setCommand(path, asText);
  const command = setCommand(path, examples?.[0]);
  // The engine keeps text text when `--type float` sets a number in its place.
  return typeof wrong === "string" && inner instanceof z.ZodNumber ? `${removeCommand(path)} && ${command}` : command;
}

function unknownSetting(parent: Path, key: string, given: Given): LocatedProblem {
  const path = [...parent, key];
  const base = { at: path, path: configPath(path) };
  if (parent.length > 0 && key in secretDefinitions) {
    return {
      ...base,
      what: "is a secret and has a configuration key of its own",
      accepted: configPath([key]),
      mend: `${removeCommand(path)} && ${setSecretCommand(key)}`,
    };
  }
  const schema = schemaAt(settingsSchema, parent);
  const names = [
    ...(schema === undefined ? [] : partNames(schema)),
    ...(parent.length === 0 ? Object.keys(secretDefinitions) : []),
  ];
  if (/sms|textmessage/i.test(key)) {
    return {
      ...base,
      what: "is not a setting: Microsoft ended two-way text messages in 2021",
      accepted: names.join(", "),
      mend: removeCommand(path),
    };
  }
  const meant = nearest(key, names);
  return {
    ...base,
    what: meant === undefined ? "is not a setting" : `is not a setting; \`${meant}\` is`,
    accepted: names.join(", "),
    mend: mendUnknown(path, parent, meant, given),
  };
}

function mendUnknown(path: Path, parent: Path, meant: string | undefined, given: Given): string {
  if (meant === undefined) return removeCommand(path);
  const target = [...parent, meant];
  if (parent.length === 0 && meant in secretDefinitions) return `${removeCommand(path)} && ${setSecretCommand(meant)}`;
  const schema = schemaAt(settingsSchema, target);
  const alreadySet = valueAt(given.values, target) !== undefined;
  if (alreadySet || schema === undefined || partNames(schema).length > 0) return removeCommand(path);
  return `${removeCommand(path)} && ${mend(target, {})}`;
}

function badName(issue: Issue): LocatedProblem {
  const name = String(issue.path.at(-1));
  const record = factsOf(schemaAt(settingsSchema, issue.path.slice(0, -1)) ?? settingsSchema).inner;
  const facts = record instanceof z.ZodRecord ? factsOf(record.keyType as z.ZodType) : undefined;
  return {
    at: issue.path,
    path: configPath(issue.path),
    what: `has a name that Azure refuses (${name.length} characters)`,
    accepted: facts?.accepted ?? "another name",
    mend: removeCommand(issue.path),
  };
}

/** The value at a path of what was given. */
export function valueAt(values: unknown, path: Path): unknown {
  let at: unknown = values;
  for (const segment of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[segment];
  }
  return at;
}
