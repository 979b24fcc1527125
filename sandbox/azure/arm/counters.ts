import { parseResourceId } from "./resourceId.ts";

/** How many requests the cloud has answered, by method and resource type. Tests and benchmarks read it. */
export class Counters {
  readonly #counts = new Map<string, number>();

  count(method: string, what: string): void {
    const key = `${method} ${what}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  reset(): void {
    this.#counts.clear();
  }

  toJson(): { total: number; byRequest: Record<string, number> } {
    const sorted = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    return { total: sorted.reduce((sum, [, n]) => sum + n, 0), byRequest: Object.fromEntries(sorted) };
  }
}

/** What is counted: the type of the resource or collection, or that it was a poll. */
export function kindOfRequest(path: string): string {
  if (/\/locations\/[^/]+\/operation/i.test(path)) return "operations";
  const parsed = parseResourceId(path);
  if (parsed !== undefined) return parsed.type;
  return path.replace(/^\/subscriptions\/[^/]+/i, "").replace(/\/resourceGroups\/[^/]+/i, "") || "/";
}
