/** How a step of the procedure is done: by the kit, by a person with a look by the kit, or by a person alone. */
export type StepClass = "automated" | "verified" | "manual";

/** A test by its place and name. */
export interface NamedTest {
  file: string;
  name: string;
}

/** One step of the set-up procedure and where this project does it or proves it. */
export interface ProcedureStep {
  /** `3`, `1a`; a running number where the procedure has none. */
  number: string;
  /** What is to be done, in few words. */
  what: string;
  /** Automated steps are verified too. */
  class: StepClass;
  /** Exported components and resources, as `file#name`. */
  resources?: readonly string[];
  /** Rules of the policy pack. Each has its four cases as tests. */
  rules?: readonly string[];
  /** Checks of `mfakit verify`. */
  checks?: readonly string[];
  /** The instruction in `manualSteps` of the stack's outputs. */
  manual?: string;
  tests?: readonly NamedTest[];
  /** What else a reader should know. */
  note?: string;
}

export interface Chapter {
  title: string;
  steps: readonly ProcedureStep[];
}

export function test(file: string, name: string): NamedTest {
  return { file: `tests/${file}`, name };
}
