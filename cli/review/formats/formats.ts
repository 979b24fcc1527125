import type { Report } from "../report.ts";

/** Writes a report as text. */
export type Format = (report: Report) => string;

/** Each format is loaded when it is asked for. */
const loaders = {
  table: async (): Promise<Format> => (await import("./table.ts")).table,
  json: async (): Promise<Format> => (await import("./json.ts")).json,
  sarif: async (): Promise<Format> => (await import("./sarif.ts")).sarif,
  junit: async (): Promise<Format> => (await import("./junit.ts")).junit,
  markdown: async (): Promise<Format> => (await import("./markdown.ts")).markdown,
  html: async (): Promise<Format> => (await import("./html.ts")).html,
} as const;

export type FormatName = keyof typeof loaders;
export const formatNames = Object.keys(loaders) as readonly FormatName[];

/** Format of a file's ending, for `--output` without `--format`. */
export const formatOfEnding: Readonly<Record<string, FormatName>> = {
  ".txt": "table",
  ".json": "json",
  ".sarif": "sarif",
  ".xml": "junit",
  ".md": "markdown",
  ".html": "html",
};

export function loadFormat(name: FormatName): Promise<Format> {
  return loaders[name]();
}
