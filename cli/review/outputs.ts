import { writeFileSync } from "node:fs";
import { extname } from "node:path";
import { nearest } from "../../environment/nearest.ts";
import { type FormatName, formatNames, formatOfEnding, loadFormat } from "./formats/formats.ts";
import { type ReviewProblem, ReviewRefused } from "./refusal.ts";
import type { Report } from "./report.ts";

/** What the command line says about one output, in its order: each `--output` belongs to the `--format` before it. */
export type OutputWord = { format: string } | { output: string };

/** Where a report goes in which format. */
export interface Output {
  format: FormatName;
  /** Default: standard output. */
  file?: string;
}

/** The outputs that are asked for, and what is wrong with how they are asked for. */
export function outputsOf(words: readonly OutputWord[]): { outputs: Output[]; problems: ReviewProblem[] } {
  const outputs: Output[] = [];
  const problems: ReviewProblem[] = [];
  for (const word of words) {
    if ("format" in word) {
      if (isFormat(word.format)) outputs.push({ format: word.format });
      else problems.push(unknownFormat(word.format));
      continue;
    }
    const last = outputs.at(-1);
    const format = formatOfEnding[extname(word.output).toLowerCase()];
    if (last !== undefined && last.file === undefined) last.file = word.output;
    else if (format !== undefined) outputs.push({ format, file: word.output });
    else problems.push(unknownEnding(word.output));
  }
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    const next = "Put --output FILE behind all but one of them.";
    problems.push({ where: "--format", what: "is given twice for standard output", next });
  }
  return { outputs: outputs.length === 0 ? [{ format: "table" }] : outputs, problems };
}

/**
 * Writes the report to each output.
 * @throws ReviewRefused when a file cannot be written.
 */
export async function writeOutputs(report: Report, outputs: readonly Output[]): Promise<void> {
  const problems: ReviewProblem[] = [];
  for (const { format, file } of outputs) {
    if (file === undefined) process.stdout.write(await onScreen(report, format));
    else problems.push(...save(file, (await loadFormat(format))(report)));
  }
  if (problems.length > 0) throw new ReviewRefused(problems);
}

async function onScreen(report: Report, format: FormatName): Promise<string> {
  if (format !== "table") return (await loadFormat(format))(report);
  const { colouredTable } = await import("./formats/table.ts");
  return colouredTable(report, process.stdout);
}

function save(file: string, text: string): ReviewProblem[] {
  try {
    writeFileSync(file, text);
    return [];
  } catch (error) {
    const what = `cannot be written: ${(error as Error).message}`;
    return [{ where: `--output ${file}`, what, next: "Name a file in a folder that is there." }];
  }
}

function isFormat(name: string): name is FormatName {
  return (formatNames as readonly string[]).includes(name);
}

function unknownFormat(name: string): ReviewProblem {
  const near = nearest(name, formatNames);
  const next = near === undefined ? `Name one of ${formatNames.join(", ")}.` : `Did you mean ${near}?`;
  return { where: `--format ${name}`, what: "is no format", next };
}

function unknownEnding(file: string): ReviewProblem {
  return {
    where: `--output ${file}`,
    what: "has no --format before it",
    next: `Add one of ${formatNames.join(", ")}.`,
  };
}
