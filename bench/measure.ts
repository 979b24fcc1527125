/** The middle of several measurements: one slow run of a shared machine does not move it. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Milliseconds that `act` takes. */
export async function milliseconds(act: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await act();
  return performance.now() - since;
}

/** Measures two things in turn, A B A B ..., so that a machine that becomes slower does so to both. */
export async function inTurn(
  runs: number,
  subject: () => Promise<unknown>,
  peer: () => Promise<unknown>,
): Promise<{ subject: number; peer: number }> {
  const subjects: number[] = [];
  const peers: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    subjects.push(await milliseconds(subject));
    peers.push(await milliseconds(peer));
  }
  return { subject: median(subjects), peer: median(peers) };
}
