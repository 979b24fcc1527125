import type { PlainResource } from "../../../policies/evaluate.ts";
import { nameOf } from "../../urn.ts";
import { isSecret, masked } from "./masked.ts";

/** A resource under review: what the rules see of it, and where the program declares it. */
export interface ReviewedResource extends PlainResource {
  /** Where the engine saw it declared, innermost call first: `project:///index.ts#12,4`. */
  positions: readonly string[];
}

/** Outputs by URN, as the engine tells them while it previews. */
export type KnownOutputs = ReadonlyMap<string, unknown>;

/** What is reviewed. */
export interface ReviewInput {
  /** `preview`: what a deployment would make; `state`: what one has made. */
  kind: "preview" | "state";
  /** Where it comes from: a file's name, or the context that was previewed. */
  origin: string;
  /** Of the resources' URNs; empty when there is none. */
  project: string;
  stack: string;
  resources: readonly ReviewedResource[];
}

/** A resource as states and previews write it; everything may be missing, the file may be anything. */
export interface RecordedResource {
  urn?: unknown;
  type?: unknown;
  id?: unknown;
  inputs?: unknown;
  outputs?: unknown;
  propertyDependencies?: unknown;
  delete?: unknown;
  sourcePosition?: unknown;
  stackTrace?: unknown;
}

/** Its reviewable form; `undefined` when it is no resource. Secrets end here. */
export function reviewed(recorded: unknown): ReviewedResource | undefined {
  if (!isRecord(recorded)) return undefined;
  const { urn, type, id, inputs, outputs, propertyDependencies } = recorded as RecordedResource;
  if (typeof urn !== "string" || !urn.startsWith("urn:pulumi:") || typeof type !== "string") return undefined;
  return {
    urn,
    type,
    name: nameOf(urn),
    properties: {
      ...(typeof id === "string" && id !== "" && { id }),
      ...(merged(masked(isRecord(inputs) ? inputs : {}), masked(isRecord(outputs) ? outputs : {})) as object),
    },
    ...(!isRecord(outputs) && { incomplete: true }),
    sources: isRecord(propertyDependencies) ? sourcesOf(propertyDependencies) : {},
    positions: positionsOf(recorded as RecordedResource),
  };
}

/** What the provider answered counts; what it does not answer, such as a password, stands in what was asked for. */
function merged(asked: unknown, answered: unknown): unknown {
  if (!isRecord(asked) || isSecret(asked)) return answered;
  // A secret in it makes the whole answer one, where the program knows which part of it is.
  if (answered === "[secret]" || (isRecord(answered) && isSecret(answered))) return asked;
  if (!isRecord(answered)) return answered;
  const rest = Object.entries(answered).map(([name, value]) => [
    name,
    Object.hasOwn(asked, name) ? merged(asked[name], value) : value,
  ]);
  return { ...asked, ...Object.fromEntries(rest) };
}

/** Stack and project of the first resource that has them. */
export function stackAndProject(resources: readonly ReviewedResource[]): { project: string; stack: string } {
  const [head, project] = resources[0]?.urn.split("::") ?? [];
  return { project: project ?? "", stack: head?.replace(/^urn:pulumi:/, "") ?? "" };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sourcesOf(dependencies: Record<string, unknown>): Record<string, string[]> {
  const lists = Object.entries(dependencies).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  return Object.fromEntries(
    lists.map(([property, urns]) => [property, urns.filter((urn): urn is string => typeof urn === "string")]),
  );
}

function positionsOf({ sourcePosition, stackTrace }: RecordedResource): string[] {
  const frames = Array.isArray(stackTrace) ? stackTrace.map((frame) => isRecord(frame) && frame.sourcePosition) : [];
  return [sourcePosition, ...frames].filter((position) => typeof position === "string");
}
