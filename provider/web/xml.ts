import { parseXml, XmlElement, XmlError } from "@rgrove/parse-xml";
import { UserError } from "../engine/userError.ts";

export { XmlElement } from "@rgrove/parse-xml";

/** A part of a text: from `start` up to, not including, `end`. */
export interface Span {
  start: number;
  end: number;
}

/**
 * Parses XML and keeps positions in the text; `root` has them as `start` and `end`.
 * @throws UserError `CONFIG_XML_DTD`, `CONFIG_XML_BROKEN` (with line and column).
 */
export function parsePositioned(text: string, path: string): XmlElement {
  let unknownEntity = false;
  let document: ReturnType<typeof parseXml>;
  try {
    document = parseXml(text, {
      includeOffsets: true,
      preserveComments: true,
      preserveCdata: true,
      preserveDocumentType: true,
      resolveUndefinedEntity: () => {
        unknownEntity = true;
        return "";
      },
    });
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    // The parser also quotes the place in the file, which may hold a secret: only its first sentence and the position go on.
    const fault = /^(.*?) \(line \d+/.exec(error.message)?.[1] ?? "it cannot be parsed";
    throw broken(path, `${fault} (line ${error.line}, column ${error.column})`);
  }
  if (document.children.some((node) => node.type === "doctype")) {
    throw new UserError("CONFIG_XML_DTD", {
      what: `${path} has a document type declaration`,
      why: "configuration files have none, and one can pull in other files or grow without end",
      next: "Find out who put it there, and remove it.",
    });
  }
  if (unknownEntity) throw broken(path, "it refers to an entity that is not defined");
  const root = document.root;
  if (!(root instanceof XmlElement)) throw broken(path, "it has no root element");
  return root;
}

/** Child elements, of one name when it is given. */
export function elements(parent: XmlElement, name?: string): XmlElement[] {
  return parent.children.filter(
    (node): node is XmlElement => node instanceof XmlElement && (name === undefined || node.name === name),
  );
}

/** Name, white space, quoted values: the parser has accepted the tag, so this need not be strict. */
const attribute = /([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')/y;

/** The start tag's span, and whether the element has no end tag of its own (`<a/>`). */
export function startTag(text: string, element: XmlElement): Span & { selfClosing: boolean } {
  const last = Math.max(
    element.start + 1 + element.name.length,
    ...[...attributeSpans(text, element).values()].map((span) => span.end + 1),
  );
  const end = text.indexOf(">", last) + 1;
  return { start: element.start, end, selfClosing: text[end - 2] === "/" };
}

/** Spans of the attributes' values, without their quotes. */
export function attributeSpans(text: string, element: XmlElement): Map<string, Span> {
  const spans = new Map<string, Span>();
  let at = element.start + 1 + element.name.length;
  for (;;) {
    while (/\s/.test(text[at] ?? "")) at++;
    attribute.lastIndex = at;
    const match = attribute.exec(text);
    if (match?.[1] === undefined || match[2] === undefined) return spans;
    const end = attribute.lastIndex;
    spans.set(match[1], { start: end - match[2].length + 1, end: end - 1 });
    at = end;
  }
}

/** What stands between the element's tags; undefined when it has no end tag of its own. */
export function contentSpan(text: string, element: XmlElement): Span | undefined {
  const tag = startTag(text, element);
  if (tag.selfClosing) return undefined;
  return { start: tag.end, end: text.lastIndexOf("</", element.end - 1) };
}

function broken(path: string, why: string): UserError {
  return new UserError("CONFIG_XML_BROKEN", {
    what: `${path} is not well-formed XML`,
    why,
    next: "Repair the file on the host, or restore a backup beside it.",
  });
}
