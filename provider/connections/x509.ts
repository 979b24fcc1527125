/** One element of DER: its tag byte, and where its contents lie. */
interface Element {
  tag: number;
  contents: Buffer;
}

const TAG = { objectIdentifier: 0x06, octetString: 0x04, keyIdentifier: 0x80, extensions: 0xa3 } as const;

/** 2.5.29.35 in DER. */
const AUTHORITY_KEY_IDENTIFIER = Buffer.from([0x55, 0x1d, 0x23]);

/**
 * The key identifier of the issuer that signed a DER certificate, if the certificate names it (RFC 5280, 4.2.1.1). Node does not
 * show it, and every idle preview asks for it: an ASN.1 library would cost more time to load than all the rest of the question.
 */
export function authorityKeyIdentifier(certificate: Buffer): Buffer | undefined {
  const [whole] = elements(certificate);
  const [toBeSigned] = elements(whole?.contents);
  const wrapped = elements(toBeSigned?.contents).find(({ tag }) => tag === TAG.extensions);
  const [list] = elements(wrapped?.contents);
  for (const extension of elements(list?.contents)) {
    const parts = elements(extension.contents);
    if (parts[0]?.tag !== TAG.objectIdentifier || !parts[0].contents.equals(AUTHORITY_KEY_IDENTIFIER)) continue;
    const [identifier] = elements(parts.find(({ tag }) => tag === TAG.octetString)?.contents);
    return elements(identifier?.contents).find(({ tag }) => tag === TAG.keyIdentifier)?.contents;
  }
  return undefined;
}

/** The elements that follow each other in a piece of DER (X.690, 8.1). What is cut off at the end is left out. */
function elements(der: Buffer | undefined): Element[] {
  const found: Element[] = [];
  let offset = 0;
  while (der && offset + 2 <= der.length) {
    const tag = der[offset] as number;
    const short = der[offset + 1] as number;
    const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
    const start = offset + 2 + lengthBytes;
    if (lengthBytes > 4 || start > der.length) break;
    const length = lengthBytes === 0 ? short : der.readUIntBE(offset + 2, lengthBytes);
    if (start + length > der.length) break;
    found.push({ tag, contents: der.subarray(start, start + length) });
    offset = start + length;
  }
  return found;
}
