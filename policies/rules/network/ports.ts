/** An interval of ports, both ends included. */
export type Ports = readonly [first: number, last: number];

export const allPorts: Ports = [0, 65535];

/** Reads a port, `a-b` or `*` as Azure writes them; `undefined` for anything else. */
export function portsOf(text: string): Ports | undefined {
  const trimmed = text.trim();
  if (trimmed === "*") return allPorts;
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(trimmed) ?? [];
  if (first === undefined) return undefined;
  const ports: Ports = [Number(first), Number(last ?? first)];
  return ports[0] <= ports[1] && ports[1] <= 65535 ? ports : undefined;
}

/** The parts of `from` that lie in none of `taken`, in order. */
export function without(from: readonly Ports[], taken: readonly Ports[]): Ports[] {
  return taken.reduce<Ports[]>(
    (rest, [first, last]) =>
      rest.flatMap(([low, high]): Ports[] => {
        if (last < low || first > high) return [[low, high]];
        return [
          ...(low < first ? [[low, first - 1] as const] : []),
          ...(high > last ? [[last + 1, high] as const] : []),
        ];
      }),
    [...from],
  );
}

/** The parts that both have, in order. */
export function common(left: readonly Ports[], right: readonly Ports[]): Ports[] {
  return left.flatMap(([low, high]) =>
    right.flatMap(([first, last]): Ports[] => {
      const both: Ports = [Math.max(low, first), Math.min(high, last)];
      return both[0] <= both[1] ? [both] : [];
    }),
  );
}

/** `22`, `1000-2000`, `all ports`. */
export function describePorts(ports: readonly Ports[]): string {
  const parts = ports.map(([first, last]) =>
    first === 0 && last === 65535 ? "all ports" : first === last ? String(first) : `${first}-${last}`,
  );
  return parts.join(", ");
}
