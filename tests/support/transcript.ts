import { readdirSync, readFileSync } from "node:fs";
import type { HostSession } from "../../provider/connections/host.ts";
import { HostError } from "../../provider/connections/hostErrors.ts";
import type { Method } from "../../provider/dsc/protocol.ts";

const folder = new URL("../provider/dsc/transcripts/", import.meta.url);

/** One exchange of a golden transcript; see `tests/provider/dsc/transcripts/README.md`. */
export interface Exchange {
  request: { method: Method; params: Record<string, unknown> };
  answer: { result: unknown } | { error: unknown };
  bind?: Record<string, string>;
}

export interface Transcript {
  name: string;
  exchanges: Exchange[];
}

export function transcripts(): Transcript[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => ({
      name: name.replace(/\.jsonl$/, ""),
      exchanges: readFileSync(new URL(name, folder), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Exchange),
    }));
}

/** Plays one transcript on a host. Returns what each exchange was answered, beside what it should have been. */
export async function play(
  transcript: Transcript,
  host: HostSession,
): Promise<{ expected: unknown; received: unknown }[]> {
  const bound: Record<string, unknown> = {};
  const pairs: { expected: unknown; received: unknown }[] = [];
  for (const { request, answer, bind = {} } of transcript.exchanges) {
    const received = await ask(host, request.method, withBound(request.params, bound) as Record<string, unknown>);
    for (const [name, path] of Object.entries(bind)) bound[name] = at(received, path);
    pairs.push({ expected: withBound(answer, bound), received: reduced(received, answer) });
  }
  return pairs;
}

async function ask(host: HostSession, method: Method, params: Record<string, unknown>): Promise<unknown> {
  try {
    return { result: await host.request(method, params as never) };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { error: { code: error.code, resource: error.resource } };
  }
}

/** `"$name"` is what an earlier exchange bound to that name. */
function withBound(value: unknown, bound: Record<string, unknown>): unknown {
  if (typeof value === "string" && value.startsWith("$") && value.slice(1) in bound) return bound[value.slice(1)];
  if (Array.isArray(value)) return value.map((element) => withBound(element, bound));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, element]) => [name, withBound(element, bound)]));
}

/** Only the properties that the transcript speaks of; `"<string>"` and its like take any value of that type. */
function reduced(received: unknown, expected: unknown): unknown {
  if (typeof expected === "string" && expected === `<${Array.isArray(received) ? "array" : typeof received}>`)
    return expected;
  if (typeof expected !== "object" || expected === null || typeof received !== "object" || received === null)
    return received;
  if (Array.isArray(expected) || Array.isArray(received)) return received;
  const values = received as Record<string, unknown>;
  return Object.fromEntries(Object.entries(expected).map(([name, element]) => [name, reduced(values[name], element)]));
}

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce((inner, name) => (inner as Record<string, unknown>)[name], value);
}
