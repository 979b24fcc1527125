import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Report } from "../../../cli/review/report.ts";

const main = resolve(import.meta.dirname, "../../../cli/main.ts");

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line as a person does, in a folder without a sandbox. */
export function mfakit(args: readonly string[], environment: Record<string, string | undefined> = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, MFAKIT_CONTEXT: undefined, ...environment },
  });
  return { status, stdout, stderr };
}

/** The same beside this process, which goes on and can answer what is asked of it meanwhile. */
export function mfakitBeside(args: readonly string[]): Promise<Ran> {
  const env = { ...process.env, MFAKIT_CONTEXT: undefined };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], { env, maxBuffer: 1 << 28 }, (_, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    );
  });
}

/** A folder for files of one test file. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), "mfakit-review-"));

  /** Writes a file, anything but a text as JSON, and answers its path. */
  file(name: string, content: unknown): string {
    const path = join(this.path, name);
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The report that a review prints as JSON. */
export function reportOf({ status, stdout, stderr }: Ran): Report {
  if (status === 2 || stdout === "") throw new Error(`no report, exit code ${status}: ${stderr}`);
  return JSON.parse(stdout) as Report;
}

/** What a report says about one rule. */
export function ruleIn(report: Report, id: string): Report["prerequisites"][number]["rules"][number] {
  const rule = report.prerequisites.flatMap(({ rules }) => rules).find((each) => each.id === id);
  if (rule === undefined) throw new Error(`the report has no ${id}`);
  return rule;
}
