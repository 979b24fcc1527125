import type { z } from "zod";

type Issue = z.core.$ZodRawIssue;

/** What is accepted, as the rest of a sentence that begins with the property: `must be one of "a", "b"`. */
export function sentenceOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is required" : `must be ${kindNames[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return issue.values.length === 1
        ? `must be ${quote(issue.values[0])}`
        : `must be one of ${quoteAll(issue.values)}`;
    case "too_small":
      return `must ${bound(issue.origin, issue.exact ? "exactly" : issue.inclusive ? "at least" : "more than", issue.minimum)}`;
    case "too_big":
      return `must ${bound(issue.origin, issue.exact ? "exactly" : issue.inclusive ? "at most" : "less than", issue.maximum)}`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_format":
      return `must ${format(issue)}`;
    case "invalid_key":
      return "has a name that is not allowed";
    case "invalid_union":
      return "has none of the accepted forms";
    default:
      return "is not accepted";
  }
}

const kindNames: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
  date: "a date",
};

/** A value as it is written in a program. */
export function quote(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

export function quoteAll(values: readonly unknown[]): string {
  return values.map(quote).join(", ");
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  const plural = limit === 1 || limit === 1n ? "" : "s";
  if (origin === "string") return `have ${relation} ${limit} character${plural}`;
  if (origin === "array" || origin === "set") return `have ${relation} ${limit} element${plural}`;
  return `be ${relation} ${limit}`;
}

function format(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidStringFormat>): string {
  const details = issue as { format: string; pattern?: string; prefix?: string; suffix?: string; includes?: string };
  if (details.format === "regex") return `match ${details.pattern}`;
  if (details.format === "starts_with") return `start with ${quote(details.prefix)}`;
  if (details.format === "ends_with") return `end with ${quote(details.suffix)}`;
  if (details.format === "includes") return `contain ${quote(details.includes)}`;
  if (details.format === "url" && details.pattern !== undefined)
    return `be a URL whose scheme matches ${details.pattern}`;
  return `be a valid ${formatNames[details.format] ?? details.format}`;
}

const formatNames: Record<string, string> = {
  url: "URL",
  email: "e-mail address",
  uuid: "UUID",
  guid: "GUID",
  ipv4: "IPv4 address",
  ipv6: "IPv6 address",
  cidrv4: "IPv4 network such as 10.0.0.0/24",
  cidrv6: "IPv6 network",
  datetime: "ISO 8601 time",
  date: "ISO 8601 date",
  duration: "ISO 8601 duration",
  base64: "base64 text",
};
