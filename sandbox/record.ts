import { readFileSync } from "node:fs";
import { z } from "zod";
import { writeFileAtomically } from "./atomicFile.ts";
import type { SandboxLayout } from "./layout.ts";

const partRecord = z.object({
  state: z.enum(["starting", "ready", "failed", "stopped"]),
  pids: z.array(z.number()).default([]),
  ports: z.record(z.string(), z.number()).default({}),
  /** Milliseconds from its start to its first healthy answer. */
  readyAfter: z.number().optional(),
  /** Why it failed, or how it runs where there is more than one way. */
  message: z.string().optional(),
});

const sandboxRecord = z.object({
  version: z.literal(1),
  /** First three numbers of the loopback network. */
  network: z.string(),
  supervisorPid: z.number(),
  startedAt: z.string(),
  /** When every part was ready for the first time and what clients read (context, endpoints) was written. */
  readyAt: z.string().optional(),
  parts: z.record(z.string(), partRecord),
});

/** What runs where; written by the supervisor, read by everybody, never a secret in it. */
export type SandboxRecord = z.infer<typeof sandboxRecord>;
export type PartRecord = z.infer<typeof partRecord>;

/** The record of this sandbox, or undefined when it never ran or the file is unreadable. */
export function readRecord(layout: SandboxLayout): SandboxRecord | undefined {
  try {
    return sandboxRecord.parse(JSON.parse(readFileSync(layout.recordFile, "utf8")));
  } catch {
    return undefined;
  }
}

export function writeRecord(layout: SandboxLayout, record: SandboxRecord): Promise<void> {
  return writeFileAtomically(layout.recordFile, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** The sandbox as a whole: `failed` needs a new start, `starting` only patience. */
export function sandboxState({ parts, readyAt }: SandboxRecord): "starting" | "ready" | "failed" {
  const states = Object.values(parts).map(({ state }) => state);
  if (states.some((state) => state === "failed" || state === "stopped")) return "failed";
  return readyAt !== undefined && states.every((state) => state === "ready") ? "ready" : "starting";
}
