/** HTML that is ready. Everything else that is put into a template is text and gets escaped. */
export class Markup {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

export type Part = Markup | string | number | undefined | false | readonly Part[];

/** A template of HTML: the safe way is also the short one. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(texts.map((text, index) => text + (index < parts.length ? htmlOf(parts[index]) : "")).join(""));
}

function htmlOf(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.html;
  return Array.isArray(part) ? part.map(htmlOf).join("") : escaped(String(part));
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
