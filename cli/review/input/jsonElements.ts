import { none } from "stream-chain/defs.js";
import { Assembler } from "stream-json/assembler.js";
import { jsonParser, type Token } from "stream-json/core/parser.js";

/** Deeper than any state or preview; a bound on what walks through values by recursion later. */
const DEEPEST = 256;

/** What a document turned out to be, apart from the elements. */
export interface DocumentShape {
  root: "object" | "array" | "scalar";
  /** Names at the top. */
  keys: ReadonlySet<string>;
  /** Of the lists asked for, those that are there. */
  lists: ReadonlySet<string>;
  /** Numbers one level down, by their path: `changeSummary.same`. */
  numbers: ReadonlyMap<string, number>;
}

/**
 * Reads a JSON document piece by piece and hands over the elements of some lists in it, one at a time: a state of some hundred megabytes
 * never lies in memory as a whole.
 *
 * @param chunks The document's text.
 * @param lists Where the lists are, as names joined by dots: `deployment.resources`.
 * @param take Called with each element and its list, in the document's order.
 * @throws Error of the parser when the text is not JSON, or ends too early.
 */
export async function readElements(
  chunks: AsyncIterable<string>,
  lists: readonly string[],
  take: (element: unknown, list: string) => void,
): Promise<DocumentShape> {
  const parse = jsonParser({ streamValues: false });
  const walker = new Walker(new Set(lists), take);
  let first = true;
  for await (const chunk of chunks) {
    walker.takeAll(parse(first ? chunk.replace(/^\uFEFF/, "") : chunk));
    first = false;
  }
  // The type of the parser leaves out what ends it.
  walker.takeAll(parse(none as unknown as string));
  return walker.shape();
}

/** One open object or array. */
interface Frame {
  /** Names from the top, joined by dots; elements of arrays have none. */
  path: string;
  /** Name whose value comes next; arrays have none. */
  key?: string;
}

class Walker {
  readonly #wanted: ReadonlySet<string>;
  readonly #take: (element: unknown, list: string) => void;
  readonly #open: Frame[] = [];
  readonly #keys = new Set<string>();
  readonly #lists = new Set<string>();
  readonly #numbers = new Map<string, number>();
  #root: DocumentShape["root"] = "scalar";
  /** Builds the element that is being read. */
  #element: Assembler | undefined;
  #depth = 0;

  constructor(wanted: ReadonlySet<string>, take: (element: unknown, list: string) => void) {
    this.#wanted = wanted;
    this.#take = take;
  }

  takeAll(answer: ReturnType<ReturnType<typeof jsonParser>>): void {
    if (answer === none) return;
    for (const token of (answer as { values: Token[] }).values) this.#takeToken(token);
  }

  shape(): DocumentShape {
    return { root: this.#root, keys: this.#keys, lists: this.#lists, numbers: this.#numbers };
  }

  #takeToken(token: Token): void {
    this.#watchDepth(token);
    const top = this.#open.at(-1);
    if (this.#element !== undefined) {
      this.#build(this.#element, token);
    } else if (token.name === "keyValue" && top !== undefined) {
      top.key = token.value;
      if (this.#open.length === 1) this.#keys.add(token.value);
    } else if (token.name === "endObject" || token.name === "endArray") {
      this.#open.pop();
    } else if (top !== undefined && this.#lists.has(top.path) && top.key === undefined) {
      this.#element = new Assembler();
      this.#build(this.#element, token);
    } else if (token.name === "numberValue" && this.#open.length === 2 && top?.key !== undefined) {
      this.#numbers.set(`${top.path}.${top.key}`, Number(token.value));
    } else if (token.name === "startObject" || token.name === "startArray") {
      this.#openFrame(top, token.name === "startArray");
    }
  }

  #openFrame(top: Frame | undefined, isArray: boolean): void {
    if (top === undefined) this.#root = isArray ? "array" : "object";
    const path = top?.key === undefined ? (top?.path ?? "") : top.path === "" ? top.key : `${top.path}.${top.key}`;
    if (isArray && this.#wanted.has(path)) this.#lists.add(path);
    this.#open.push({ path });
  }

  #build(element: Assembler, token: Token): void {
    element.consume(token);
    if (!element.done) return;
    this.#element = undefined;
    this.#take(element.current, this.#open.at(-1)?.path ?? "");
  }

  #watchDepth({ name }: Token): void {
    if (name === "startObject" || name === "startArray") this.#depth += 1;
    else if (name === "endObject" || name === "endArray") this.#depth -= 1;
    if (this.#depth > DEEPEST) throw new Error(`values are nested more than ${DEEPEST} deep`);
  }
}
