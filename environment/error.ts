import { UserError } from "../provider/engine/userError.ts";

/** One mistake in the configuration. */
export interface Problem {
  /** Where: `mfa-server:host.computerName`. */
  path: string;
  /** What is wrong, continuing the path as a sentence: `is missing`. Never the value of a secret. */
  what: string;
  /** What would be accepted. */
  accepted: string;
  /** The command that mends it. */
  mend: string;
}

/** All mistakes in one environment's configuration; `message` is the text for people. */
export class EnvironmentError extends UserError {
  readonly problems: readonly Problem[];
  /** @param source Where the values came from, for example `Pulumi.dev.yaml`. */
  constructor(source: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
    super("ENVIRONMENT_INVALID", {
      what: `The configuration in ${source} has ${count}`,
      why: problems.map(({ path, what }) => `${path} ${what}`).join("; "),
      next: "Run the commands shown with each problem",
    });
    this.name = "EnvironmentError";
    this.problems = problems;
    this.message = [`${this.parts.what}:`, ...problems.map(paragraph)].join("\n\n");
  }
}

function paragraph({ path, what, accepted, mend }: Problem, index: number): string {
  return [`${index + 1}. ${path} ${what}`, `   accepted: ${accepted}`, `   mend:     ${mend}`].join("\n");
}
