import { readFileSync } from "node:fs";
import { isNode, LineCounter, parseDocument } from "yaml";
import type { Place } from "./input/position.ts";

/** Finds the line of the environment's settings that a mend line speaks of. */
export type ConfigLines = (mend: string | undefined) => Place | undefined;

/** A settings path in a mend line: `mfa-server:network.allowHttpsFrom[0]`. */
const pathPattern = /mfa-server:(?<section>\w+)(?<rest>(?:\.\w+|\[\d+\])*)/;

/**
 * @param path The settings file; without one, or with one that cannot be read, no line is found.
 * @param name How the reader calls it.
 */
export function configLines(path: string | undefined, name: string): ConfigLines {
  const lines = new LineCounter();
  const document = path === undefined ? undefined : parsed(path, lines);
  return (mend) => {
    const match = mend === undefined ? undefined : pathPattern.exec(mend)?.groups;
    if (match === undefined || document === undefined) return undefined;
    const steps = [...(match.rest ?? "").matchAll(/\.(\w+)|\[(\d+)\]/g)].map(([, key, index]) => key ?? Number(index));
    const offset = offsetOf(document, ["config", `mfa-server:${match.section}`, ...steps]);
    return offset === undefined ? undefined : { file: name, line: lines.linePos(offset).line };
  };
}

function parsed(path: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> | undefined {
  try {
    return parseDocument(readFileSync(path, "utf8"), { lineCounter, keepSourceTokens: true });
  } catch {
    return undefined;
  }
}

/** Where the setting stands, or, while it is not set, the nearest one above it: there it is to be written. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly (string | number)[]): number | undefined {
  for (let length = path.length; length >= 2; length -= 1) {
    const name = path[length - 1];
    const above = document.getIn(path.slice(0, length - 1), true) as { items?: readonly unknown[] } | undefined;
    for (const item of above?.items ?? []) {
      const pair = item as { key?: { value?: unknown; range?: readonly number[] } };
      if (pair.key?.value === name) return pair.key?.range?.[0];
    }
    const element = typeof name === "number" ? document.getIn(path.slice(0, length), true) : undefined;
    if (isNode(element) && element.range) return element.range[0];
  }
  return undefined;
}
