/** One figure of a benchmark beside what it is compared with. */
export interface BenchmarkResult {
  name: string;
  value: number;
  unit: "ms" | "sessions" | "binds" | "orders" | "MB";
  /** What `peerValue` is; undefined where the target is a number of its own. */
  peer?: string;
  peerValue?: number;
  /** value / peerValue. */
  ratio?: number;
  /** In words, for example `within 1500 ms of the peer`. */
  target?: string;
  met?: boolean;
}

/** A figure against a peer measured in the same run. */
export function against(
  peer: string,
  peerValue: number,
  rest: Pick<BenchmarkResult, "name" | "value" | "unit" | "target" | "met">,
): BenchmarkResult {
  return { ...rest, peer, peerValue, ratio: rest.value / peerValue };
}

export function line({ name, value, unit, peer, peerValue, ratio, target, met }: BenchmarkResult): string {
  const compared =
    peer === undefined ? "" : `  ${peer}: ${Math.round(peerValue ?? 0)} ${unit}  ratio ${ratio?.toFixed(2)}`;
  const verdict = met === undefined ? "" : met ? "  met" : "  MISSED";
  return `${name.padEnd(28)} ${String(Math.round(value)).padStart(7)} ${unit}${compared}${target === undefined ? "" : `  target: ${target}`}${verdict}`;
}
