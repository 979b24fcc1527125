import { escapeAttribute, escapeContent } from "./escape.ts";
import {
  type ConfigDocument,
  contentOf,
  findApplicationSetting,
  findAppSetting,
  missingApplicationSetting,
  type Settings,
  valueSpan,
} from "./settings.ts";
import { contentSpan, elements, type Span, startTag, type XmlElement } from "./xml.ts";

/** One replacement in a text; `start === end` inserts. */
interface Edit extends Span {
  text: string;
}

/**
 * The document's text with the named settings set. Everything else stays as it is, character for character; a setting that already
 * has its value is not touched either. A missing key of appSettings is added behind the last one.
 * @throws UserError when an application setting is missing or not unique, or a key appears twice.
 */
export function withSettings(document: ConfigDocument, settings: Settings): string {
  const edits: Edit[] = [];
  const missing: [string, string][] = [];
  for (const [key, value] of Object.entries(settings.appSettings)) {
    const setting = findAppSetting(document, key);
    if (setting === undefined) missing.push([key, value]);
    else if (setting.value !== value || setting.element.attributes.value === undefined) {
      const span = valueSpan(document, setting);
      if (span === undefined) edits.push(insertAttribute(document.text, setting.element, value));
      else edits.push({ ...span, text: escapeAttribute(value, document.text[span.end] as '"' | "'") });
    }
  }
  for (const [suffix, value] of Object.entries(settings.applicationSettings)) {
    const setting = findApplicationSetting(document, suffix);
    if (setting === undefined) throw missingApplicationSetting(document, suffix);
    if (setting.value !== value) edits.push(contentEdit(document, setting, value));
  }
  if (missing.length > 0) edits.push(additions(document, missing));
  return applyEdits(document.text, edits);
}

/** The text with one part replaced. */
export function splice(text: string, span: Span, replacement: string): string {
  return text.slice(0, span.start) + replacement + text.slice(span.end);
}

function applyEdits(text: string, edits: Edit[]): string {
  // From the end, so that the positions in front stay right.
  return edits.toSorted((a, b) => b.start - a.start).reduce((rest, edit) => splice(rest, edit, edit.text), text);
}

function insertAttribute(text: string, element: XmlElement, value: string): Edit {
  const tag = startTag(text, element);
  const slash = tag.selfClosing ? 2 : 1;
  const space = /\s/.test(text[tag.end - slash - 1] ?? "");
  const at = tag.end - slash - (space ? 1 : 0);
  return { start: at, end: at, text: ` value="${escapeAttribute(value)}"` };
}

function contentEdit(
  document: ConfigDocument,
  setting: ReturnType<typeof findApplicationSetting> & object,
  value: string,
): Edit {
  const place = contentOf(document, setting);
  if (place?.span !== undefined) return { ...place.span, text: escapeContent(value) };
  const element = `<value>${escapeContent(value)}</value>`;
  if (place !== undefined) return { start: place.element.start, end: place.element.end, text: element };
  return inside(document.text, setting.element, element);
}

/** New `add` elements, spelled and indented like the last one that is there. */
function additions(document: ConfigDocument, settings: [string, string][]): Edit {
  const { text, root, appSettings } = document;
  const lineEnd = /\r\n|\n/.exec(text)?.[0] ?? "\n";
  const added = (indent: string, end: string) =>
    settings
      .map(([key, value]) => `${indent}<add key="${escapeAttribute(key)}" value="${escapeAttribute(value)}"${end}`)
      .join("");
  if (appSettings === undefined) {
    const indent = indentation(text, root) ?? "  ";
    const section = `<appSettings>${added(`${lineEnd}${indent}${indent}`, " />")}${lineEnd}${indent}</appSettings>`;
    return besideSections(text, root, section, `${lineEnd}${indent}`);
  }
  const last = elements(appSettings).at(-1);
  if (last !== undefined) {
    const end = text.slice(last.start, last.end).endsWith(" />") ? " />" : "/>";
    return { start: last.end, end: last.end, text: added(whiteSpaceBefore(text, last.start), end) };
  }
  const outer = whiteSpaceBefore(text, appSettings.start) || lineEnd;
  const step = indentation(text, root) ?? "  ";
  return inside(text, appSettings, `${added(`${outer}${step}`, " />")}${outer}`);
}

/** A section that is new to the file: behind configSections, which has to come first, else in front of everything. */
function besideSections(text: string, root: XmlElement, section: string, separator: string): Edit {
  const sections = elements(root, "configSections")[0];
  if (sections !== undefined) return { start: sections.end, end: sections.end, text: `${separator}${section}` };
  const content = contentSpan(text, root);
  if (content === undefined) return inside(text, root, `${separator}${section}${separator.replace(/[ \t]+$/, "")}`);
  return { start: content.start, end: content.start, text: `${separator}${section}` };
}

/** Puts content into an element that has none, or at the end of what it has. */
function inside(text: string, element: XmlElement, content: string): Edit {
  const span = contentSpan(text, element);
  if (span !== undefined) {
    // White space in front of the end tag belongs to the new content's own.
    const end = span.end;
    const start = Math.max(span.start, end - (/\s*$/.exec(text.slice(span.start, end))?.[0].length ?? 0));
    return { start, end, text: content };
  }
  const tag = startTag(text, element);
  const open = text.slice(tag.start, tag.end - 2).trimEnd();
  return { start: tag.start, end: element.end, text: `${open}>${content}</${element.name}>` };
}

/** Line break and indentation in front of a place; empty when something else stands there. */
function whiteSpaceBefore(text: string, at: number): string {
  return /(?:\r\n|\n)[ \t]*$/.exec(text.slice(0, at))?.[0] ?? "";
}

/** How far the root's children are indented. */
function indentation(text: string, root: XmlElement): string | undefined {
  const first = elements(root)[0];
  return first === undefined ? undefined : whiteSpaceBefore(text, first.start).replace(/^\r?\n/, "") || undefined;
}
