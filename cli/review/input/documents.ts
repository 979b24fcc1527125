import { isRecord } from "./input.ts";
import type { DocumentShape } from "./jsonElements.ts";

/** One kind of document that can be reviewed. */
export interface DocumentKind {
  kind: "preview" | "state";
  /** The option that reads it, as a reader would type it. */
  option: string;
  /** How it is called, with the command that makes it. */
  name: string;
  /** Where its lists are, as names joined by dots. */
  lists: readonly string[];
  /** The recorded resource in an element of such a list; `undefined` when the element says that there will be none. */
  resourceIn(element: unknown): unknown;
}

/** Steps after which the resource of the step is not there any more, or not yet what counts. */
const removals = new Set([
  "delete",
  "delete-replaced",
  "read-discard",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
]);

export const previewDocument: DocumentKind = {
  kind: "preview",
  option: "--preview",
  name: "a preview (pulumi preview --json)",
  lists: ["steps"],
  resourceIn(step) {
    if (!isRecord(step) || typeof step.op !== "string") return step;
    if (removals.has(step.op)) return undefined;
    // A preview is written before the providers answer; what stays the same has the outputs that it had.
    const { newState, oldState } = step;
    if (step.op !== "same" || !isRecord(newState) || !isRecord(oldState)) return newState ?? null;
    return { ...newState, id: oldState.id, outputs: oldState.outputs };
  },
};

export const stateDocument: DocumentKind = {
  kind: "state",
  option: "--state",
  name: "a stack export (pulumi stack export)",
  // The second is how a file backend keeps the same.
  lists: ["deployment.resources", "checkpoint.latest.resources"],
  resourceIn: (resource) => (isRecord(resource) && resource.delete === true ? undefined : resource),
};

/** What a document is that is not the one asked for, for a reader who gave the wrong file. */
export function describeShape({ root, keys }: DocumentShape): string {
  if (root !== "object") return root === "array" ? "a JSON list" : "a single JSON value";
  if (keys.has("steps")) return previewDocument.name;
  if (keys.has("deployment") || keys.has("checkpoint")) return stateDocument.name;
  if (keys.has("prerequisites")) return "a report of mfakit review";
  if (keys.has("sequence") && keys.has("timestamp")) return "a log of engine events";
  if (keys.has("baseline") || keys.has("exemptions")) return "settings of the policy pack";
  const names = [...keys].slice(0, 4);
  return names.length === 0 ? "an empty JSON object" : `JSON with ${names.join(", ")}`;
}
