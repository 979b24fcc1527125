/** What became of a mutant. `static`: it acts only while its file is loaded, which happens once. */
export type Outcome = "killed" | "survived" | "notCovered" | "static";

export interface MutantEntry {
  id: string;
  fileName: string;
  mutatorName: string;
  replacement: string;
  line: number;
  /** The rule whose file it is in: only that one is run. Default: all of them, for what rules share. */
  rules?: readonly string[];
}

/** Exit code that asks for a fresh process. */
export const RESTART = 75;
