import { UserError } from "../engine/userError.ts";

/** A text file as characters, and the way back to bytes of the same form. */
export interface DecodedText {
  /** Without the byte order mark. */
  text: string;
  encode(text: string): Buffer;
}

interface Encoding {
  name: string;
  bom: readonly number[];
  /** What the XML declaration may call it. */
  declared: readonly string[];
  encode(text: string): Buffer;
}

const utf8: Encoding = {
  name: "utf-8",
  bom: [0xef, 0xbb, 0xbf],
  declared: ["utf-8", "utf8"],
  encode: (text) => Buffer.from(text, "utf8"),
};
const encodings: readonly Encoding[] = [
  utf8,
  {
    name: "utf-16le",
    bom: [0xff, 0xfe],
    declared: ["utf-16", "utf-16le", "unicode"],
    encode: (text) => Buffer.from(text, "utf16le"),
  },
  {
    name: "utf-16be",
    bom: [0xfe, 0xff],
    declared: ["utf-16", "utf-16be", "unicodefffe"],
    encode: (text) => Buffer.from(text, "utf16le").swap16(),
  },
];

/**
 * Decodes an XML file of Windows: UTF-8 with or without byte order mark, UTF-16 with one.
 * @throws UserError `CONFIG_ENCODING` for other encodings, invalid bytes, or a declaration that contradicts the bytes.
 */
export function decodeXml(bytes: Buffer, path: string): DecodedText {
  const marked = encodings.find(({ bom }) => bom.every((byte, index) => bytes[index] === byte));
  const encoding = marked ?? utf8;
  const bom = Buffer.from(marked?.bom ?? []);
  const text = decode(encoding, bytes.subarray(bom.length), path);
  const declared = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1];
  if (declared !== undefined && !encoding.declared.includes(declared.toLowerCase())) {
    throw failure(path, `its XML declaration says ${declared}, its bytes are ${encoding.name}`);
  }
  return { text, encode: (changed) => Buffer.concat([bom, encoding.encode(changed)]) };
}

function decode(encoding: Encoding, bytes: Buffer, path: string): string {
  try {
    return new TextDecoder(encoding.name, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw failure(path, `its bytes are not valid ${encoding.name}`, error);
  }
}

function failure(path: string, why: string, cause?: unknown): UserError {
  return new UserError(
    "CONFIG_ENCODING",
    {
      what: `The encoding of ${path} cannot be trusted`,
      why,
      next: "Save the file as UTF-8, or as UTF-16 with a byte order mark, and make its declaration agree.",
    },
    { cause },
  );
}
