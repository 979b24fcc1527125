const GUID = /^\{?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\}?$/i;

/** The 16 bytes of objectGUID in the usual dashed text, lower case. The first three fields are stored little-endian (MS-DTYP 2.3.4). */
export function guidText(bytes: Buffer): string {
  if (bytes.length !== 16) throw new RangeError(`an objectGUID has 16 bytes, not ${bytes.length}`);
  const inTextOrder = Buffer.concat([
    Buffer.from(bytes.subarray(0, 4)).reverse(),
    Buffer.from(bytes.subarray(4, 6)).reverse(),
    Buffer.from(bytes.subarray(6, 8)).reverse(),
    bytes.subarray(8),
  ]).toString("hex");
  return inTextOrder.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The bytes as the directory stores them; `undefined` when the text is no GUID. Braces and upper case are accepted. */
export function guidBytes(text: string): Buffer | undefined {
  const fields = GUID.exec(text)?.slice(1);
  if (fields === undefined) return undefined;
  const [first, second, third, ...rest] = fields.map((field) => Buffer.from(field, "hex")) as [
    Buffer,
    Buffer,
    Buffer,
    ...Buffer[],
  ];
  return Buffer.concat([first.reverse(), second.reverse(), third.reverse(), ...rest]);
}

/** The bytes of objectSid in the usual text, for example `S-1-5-21-1004336348-1177238915-682003330-512` (MS-DTYP 2.4.2.2). */
export function sidText(bytes: Buffer): string {
  const subAuthorities = bytes[1];
  if (subAuthorities === undefined || bytes.length !== 8 + 4 * subAuthorities) {
    throw new RangeError("these bytes are no security identifier");
  }
  const parts = Array.from({ length: subAuthorities }, (_, index) => bytes.readUInt32LE(8 + 4 * index));
  return ["S", bytes[0], bytes.readUIntBE(2, 6), ...parts].join("-");
}
