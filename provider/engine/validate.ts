import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import { namesAt, shapeOf } from "./schemaTree.ts";
import { unwrapSecrets } from "./secrets.ts";
import { quote, quoteAll, sentenceOf } from "./sentence.ts";
import { formatPath, hasUnknown, isObject, type Path, Secret, UNKNOWN } from "./values.ts";

/** One thing that is wrong with a value. */
export interface Problem {
  path: Path;
  /** What is accepted, and what it is instead unless that is secret. */
  message: string;
}

export interface Validated<T> {
  /** Secrets unwrapped, defaults filled in; meaningful only without problems. */
  value: T;
  problems: Problem[];
}

/**
 * Checks a value that may hold secrets and unknown values. All problems are found at once; what is unknown is taken to be right, and
 * a secret is never repeated in a message.
 */
export function validate<T>(schema: z.ZodType<T>, original: unknown): Validated<T> {
  const value = dropNulls(unwrapSecrets<unknown>(original));
  const result = schema.safeParse(value, { error: sentenceOf });
  if (result.success) return { value: result.data, problems: [] };
  const issues = certain(result.error.issues, value, []);
  const problems = issues.flatMap(({ issue, path }) => problemsOf(issue, path, schema, value, original));
  return { value: partlyParsed(schema, value) as T, problems };
}

/** A program that passes `null` means "not set". Lists keep theirs, so that indexes stay right. */
function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (!isObject(value)) return value;
  const present = Object.entries(value).filter(([, element]) => element !== null && element !== undefined);
  return Object.fromEntries(present.map(([name, element]) => [name, dropNulls(element)]));
}

interface Located {
  issue: z.core.$ZodIssue;
  path: Path;
}

/** The issues that hold whatever the unknown values will be. */
function certain(issues: readonly z.core.$ZodIssue[], value: unknown, base: Path): Located[] {
  return issues.flatMap((issue): Located[] => {
    const path = [...base, ...(issue.path as Path)];
    const about = at(value, path);
    if (about === UNKNOWN) return [];
    if (issue.code === "custom" && hasUnknown(about)) return [];
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ issue, path }];
    const options = issue.errors.map((option) => certain(option, value, path));
    if (options.some((option) => option.length === 0)) return [];
    return closestOption(options, path) ?? [{ issue, path }];
  });
}

/** The option of a union whose problems lie deepest: the one that was meant. None when every option fails at once. */
function closestOption(options: Located[][], path: Path): Located[] | undefined {
  const depth = (option: Located[]) => Math.min(...option.map((each) => each.path.length));
  const deepest = options.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  return deepest !== undefined && (depth(deepest) > path.length || options.length === 1) ? deepest : undefined;
}

function problemsOf(
  issue: z.core.$ZodIssue,
  path: Path,
  schema: z.ZodType,
  value: unknown,
  original: unknown,
): Problem[] {
  const instead = isSecretAt(original, path) ? "" : insteadOf(at(value, path), issue.code);
  if (issue.code === "unrecognized_keys") {
    const known = namesAt(schema, path);
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownName(key, known) }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const sentences = issue.errors.flatMap((option) => option.map((each) => each.message.replace(/^must be /, "")));
    return [{ path, message: `must be ${[...new Set(sentences)].join(" or ")}${instead}` }];
  }
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options)) {
    return [{ path, message: `must be one of ${quoteAll(issue.options)}${instead}` }];
  }
  return [{ path, message: issue.message + instead }];
}

function unknownName(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const hint = near === undefined ? "" : `; did you mean ${quote(near)}?`;
  return `is not known${hint}${known.length === 0 ? "" : ` (known: ${known.join(", ")})`}`;
}

/** The known name that a typing mistake most likely meant. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const measured = known.map((each) => ({ each, far: distance(name.toLowerCase(), each.toLowerCase()) }));
  const best = measured.toSorted((a, b) => a.far - b.far)[0];
  return best !== undefined && best.far <= Math.max(2, name.length / 3) ? best.each : undefined;
}

/** `, not "x"` for a short plain value; the kind of a list or object only where the kind is what is wrong. */
function insteadOf(value: unknown, code: z.core.$ZodIssue["code"]): string {
  if (typeof value === "string") return value.length <= 80 ? `, not ${quote(value)}` : "";
  if (typeof value === "number" || typeof value === "boolean") return `, not ${value}`;
  if (code !== "invalid_type" && code !== "invalid_union") return "";
  return Array.isArray(value) ? ", not a list" : isObject(value) ? ", not an object" : "";
}

function isSecretAt(original: unknown, path: Path): boolean {
  let value = original;
  for (const step of path) {
    if (value instanceof Secret) return true;
    value = stepInto(value, step);
  }
  return value instanceof Secret;
}

/** The value at a path; `UNKNOWN` when a part of the way there is unknown. */
function at(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) {
    if (current === UNKNOWN) return UNKNOWN;
    current = stepInto(current, step);
  }
  return current;
}

function stepInto(value: unknown, step: string | number): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
}

/** Each known property parsed by itself, so that defaults are filled in although others are unknown. */
function partlyParsed(schema: z.ZodType, value: unknown): unknown {
  const shape = shapeOf(schema);
  if (shape === undefined || !isObject(value)) return value;
  const parsed = Object.entries(shape).map(([name, property]) => {
    const result = property.safeParse(value[name]);
    return [name, result.success ? result.data : value[name]];
  });
  return { ...value, ...Object.fromEntries(parsed.filter(([, element]) => element !== undefined)) };
}

/** The problem as one line for a person. */
export function describeProblem({ path, message }: Problem): string {
  return path.length === 0 ? message : `${formatPath(path)}: ${message}`;
}
