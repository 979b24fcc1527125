import { createReadStream, type Stats, statSync } from "node:fs";
import { verifyFile } from "stream-json/file/verifier.js";
import { type ReviewProblem, ReviewRefused } from "../refusal.ts";
import { type DocumentKind, describeShape, previewDocument, stateDocument } from "./documents.ts";
import { megabytesWhenFull } from "./heap.ts";
import {
  isRecord,
  type KnownOutputs,
  type ReviewedResource,
  type ReviewInput,
  reviewed,
  stackAndProject,
} from "./input.ts";
import { type DocumentShape, readElements } from "./jsonElements.ts";

/** The heap is looked at once in so many resources. */
const LOOK_EVERY = 200;

/**
 * Reads a saved preview or state. Secrets in it are left behind while it is read.
 * @param file As the reader named it.
 * @throws ReviewRefused when it cannot be read, is something else, or is more than the memory of this process takes.
 */
export async function readDocument(file: string, kind: DocumentKind): Promise<ReviewInput> {
  const where = `${kind.option} ${file}`;
  const problem = unreadable(file, kind);
  if (problem !== undefined) throw new ReviewRefused([{ where, ...problem }]);
  const chunks = createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 18 });
  try {
    return await readText(chunks, kind, where, file);
  } catch (error) {
    if (error instanceof ReviewRefused) throw error;
    throw new ReviewRefused([{ where, what: `is not whole JSON: ${await placeOf(file, error)}`, next: again(kind) }]);
  }
}

/**
 * Reads what the engine printed.
 * @param outputs What the providers answered meanwhile.
 */
export async function readPreview(text: string, origin: string, outputs: KnownOutputs): Promise<ReviewInput> {
  const kind: DocumentKind = {
    ...previewDocument,
    resourceIn(step) {
      const resource = previewDocument.resourceIn(step);
      const known = isRecord(resource) ? outputs.get(String(resource.urn)) : undefined;
      return known === undefined ? resource : { ...(resource as object), outputs: known };
    },
  };
  return readText(one(text), kind, `the preview of ${origin}`, origin);
}

async function readText(
  chunks: AsyncIterable<string>,
  kind: DocumentKind,
  where: string,
  origin: string,
): Promise<ReviewInput> {
  const resources = new Map<string, ReviewedResource>();
  const wrong: number[] = [];
  let count = 0;
  let unchanged = 0;
  const shape = await readElements(chunks, kind.lists, (element) => {
    if (count++ % LOOK_EVERY === 0) refuseWhenFull(where, resources.size);
    if (isRecord(element) && element.op === "same") unchanged += 1;
    const recorded = kind.resourceIn(element);
    if (recorded === undefined) return;
    const resource = reviewed(recorded);
    // A resource can have several steps or be there twice while it is replaced: the last one counts.
    if (resource === undefined) wrong.push(count);
    else resources.set(resource.urn, resource);
  });
  const problems = [...shapeProblems(shape, kind, wrong), ...leftOut(shape, unchanged)];
  if (problems.length > 0) throw new ReviewRefused(problems.map((problem) => ({ where, ...problem })));
  const list = [...resources.values()];
  if (list.length === 0) {
    throw new ReviewRefused([{ where, ...nothingInIt }]);
  }
  return { kind: kind.kind, origin, ...stackAndProject(list), resources: list };
}

type Problem = Omit<ReviewProblem, "where">;

const nothingInIt: Problem = { what: "has no resource in it", next: "Review a stack that has been written." };

function unreadable(file: string, kind: DocumentKind): Problem | undefined {
  let stats: Stats;
  try {
    stats = statSync(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return { what: missing ? "is not there" : `cannot be read: ${(error as Error).message}`, next: again(kind) };
  }
  if (stats.isDirectory()) return { what: "is a folder", next: `Name the file in it that is ${kind.name}.` };
  if (stats.isFile() && stats.size === 0) return { what: "is empty", next: again(kind) };
  return undefined;
}

function shapeProblems(shape: DocumentShape, kind: DocumentKind, wrong: readonly number[]): Problem[] {
  if (shape.lists.size === 0) {
    const found = describeShape(shape);
    // The engine leaves the list out where nothing was deployed.
    if (found === kind.name) return [nothingInIt];
    const other = [previewDocument, stateDocument].find(({ name }) => name === found && found !== kind.name);
    const next = other === undefined ? again(kind) : `Read it with ${other.option}.`;
    return [{ what: `is not ${kind.name} but ${found}`, next }];
  }
  if (wrong.length === 0) return [];
  const some = wrong.slice(0, 5).join(", ");
  const what = `has ${wrong.length === 1 ? "an entry that is" : `${wrong.length} entries that are`} no resource: number ${some}`;
  return [{ what: `${what}${wrong.length > 5 ? ", ..." : ""}`, next: again(kind) }];
}

/** By default a preview leaves out what stays the same; rules would pass because of what they do not see. */
function leftOut({ numbers }: DocumentShape, unchanged: number): Problem[] {
  const missing = (numbers.get("changeSummary.same") ?? 0) - unchanged;
  if (missing <= 0) return [];
  const next = "Save it with `pulumi preview --json --show-sames`.";
  return [{ what: `leaves out ${missing} resources that stay as they are`, next }];
}

function refuseWhenFull(where: string, resources: number): void {
  const limit = megabytesWhenFull();
  if (limit === undefined) return;
  const what = `is too large: the memory of ${limit} MB is full after ${resources} resources`;
  throw new ReviewRefused([
    { where, what, next: `Give the review more: NODE_OPTIONS=--max-old-space-size=${limit * 2}` },
  ]);
}

/** The parser's message with line and column, which it only finds out in a second pass. */
async function placeOf(file: string, error: unknown): Promise<string> {
  try {
    await verifyFile(file);
  } catch (place) {
    const { line, pos } = place as { line?: number; pos?: number };
    if (line !== undefined) return `it goes wrong in line ${line}, column ${pos}`;
  }
  return error instanceof Error ? error.message : String(error);
}

function again({ name }: DocumentKind): string {
  return `Give ${name}, as the command printed it.`;
}

async function* one(text: string): AsyncGenerator<string> {
  yield text;
}
