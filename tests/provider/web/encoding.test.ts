import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeXml } from "../../../provider/web/encoding.ts";

const path = "C:\\web.config";
const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16();

describe("decoding", () => {
  const text = `<?xml version="1.0"?>\r\n<configuration>Ü日本😀</configuration>\n`;
  const forms: [string, Buffer, (text: string) => Buffer][] = [
    ["UTF-8", Buffer.alloc(0), (each) => Buffer.from(each, "utf8")],
    ["UTF-8 with byte order mark", Buffer.from([0xef, 0xbb, 0xbf]), (each) => Buffer.from(each, "utf8")],
    ["UTF-16 little endian", Buffer.from([0xff, 0xfe]), (each) => Buffer.from(each, "utf16le")],
    ["UTF-16 big endian", Buffer.from([0xfe, 0xff]), utf16be],
  ];
  test.each(forms)("%s: the bytes come back as they were", (_name, mark, encode) => {
    const bytes = Buffer.concat([mark, encode(text)]);
    const decoded = decodeXml(bytes, path);
    expect(decoded.text).toBe(text);
    expect(decoded.encode(decoded.text)).toEqual(bytes);
  });

  test("any text survives in any form", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.constantFrom(...forms), (any, [, mark, encode]) => {
        const bytes = Buffer.concat([mark, encode(`<a>${any}`)]);
        const decoded = decodeXml(bytes, path);
        expect(decoded.encode(decoded.text)).toEqual(bytes);
      }),
    );
  });
});

describe("refused", () => {
  test.each([
    [
      "a declaration that the bytes contradict",
      Buffer.from(`<?xml version="1.0" encoding="utf-16"?><a/>`),
      "says utf-16, its bytes are utf-8",
    ],
    [
      "UTF-16 that says UTF-8",
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`<?xml version="1.0" encoding="utf-8"?><a/>`, "utf16le")]),
      "says utf-8, its bytes are utf-16le",
    ],
    [
      "an encoding that the kit does not write",
      Buffer.from(`<?xml version="1.0" encoding='windows-1252'?><a/>`),
      "says windows-1252",
    ],
    ["bytes that are not UTF-8", Buffer.from([0x3c, 0x61, 0xfc, 0x3e]), "not valid utf-8"],
    ["an odd number of UTF-16 bytes", Buffer.from([0xff, 0xfe, 0x3c]), "not valid utf-16le"],
  ])("%s", (_case, bytes, says) => {
    expect(() => decodeXml(bytes, path)).toThrow(says);
    expect(() => decodeXml(bytes, path)).toThrow(path);
  });
});
