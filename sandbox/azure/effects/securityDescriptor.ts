/** The owner of a self-relative security descriptor (MS-DTYP 2.4.6), as a SID. */
export function ownerOf(descriptor: Buffer): string | undefined {
  const offset = descriptor.readUInt32LE(4);
  return offset === 0 ? undefined : readSid(descriptor, offset);
}

/** A binary SID (MS-DTYP 2.4.2.2) as `S-1-5-21-...`. */
export function readSid(buffer: Buffer, offset: number): string {
  const count = buffer.readUInt8(offset + 1);
  const authority = buffer.readUIntBE(offset + 2, 6);
  const parts = Array.from({ length: count }, (_, i) => buffer.readUInt32LE(offset + 8 + 4 * i));
  return ["S", buffer.readUInt8(offset), authority, ...parts].join("-");
}
