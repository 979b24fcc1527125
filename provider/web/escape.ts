/** Characters that XML 1.0 cannot carry, not even as references; lone surrogates too. */
const impossible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** True when the text can stand in an XML document. */
export function isXmlText(text: string): boolean {
  return !impossible.test(text);
}

/** Text as an attribute's value in `quote`s. Tabs and line breaks become references, or a parser would turn them into spaces. */
export function escapeAttribute(value: string, quote: '"' | "'" = '"'): string {
  return escapeMarkup(value)
    .replaceAll(quote, quote === '"' ? "&quot;" : "&apos;")
    .replaceAll("\t", "&#x9;")
    .replaceAll("\n", "&#xA;")
    .replaceAll("\r", "&#xD;");
}

/** Text as an element's content. A carriage return becomes a reference, or a parser would turn it into a line feed. */
export function escapeContent(value: string): string {
  return escapeMarkup(value).replaceAll("\r", "&#xD;");
}

function escapeMarkup(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
