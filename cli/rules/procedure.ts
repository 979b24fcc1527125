/** Chapters of the set-up procedure in its order; the security baseline stands beside it and comes last. */
const chapters = [
  "Prerequisites",
  "Get the MFA Server Software",
  "Installing MFA Server",
  "Configure the MFA Server",
  "Install Web Portal",
  "Important Notes",
  "Security baseline",
];

/**
 * Puts what belongs to steps in the order of the procedure; what belongs to the same step keeps its order.
 * @param stepOf `Prerequisites`, `Install Web Portal, step 2`, `Important Notes, 3`
 */
export function inProcedureOrder<T>(list: readonly T[], stepOf: (each: T) => string): T[] {
  const ranked = list.map((each) => ({ each, rank: rankOf(stepOf(each)) }));
  return ranked.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]).map(({ each }) => each);
}

function rankOf(step: string): [chapter: number, number: number] {
  const chapter = chapters.findIndex((name) => step.startsWith(name));
  // A chapter that is not known here stands before the baseline.
  return [chapter < 0 ? chapters.length - 1.5 : chapter, Number(/(\d+)$/.exec(step)?.[1] ?? 0)];
}
