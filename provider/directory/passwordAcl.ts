import { guidBytes } from "./identifiers.ts";

/** Header of a self-relative security descriptor: revision, control and four offsets (MS-DTYP 2.4.6). */
const HEADER = 20;
const DACL_OFFSET = 16;
/** SE_SELF_RELATIVE and the bits that are about the DACL. */
const CONTROL_KEPT = 0x8000 | 0x4 | 0x8 | 0x100 | 0x400 | 0x1000;
const DACL_PRESENT = 0x4;
/** Revision of an access list that may hold object entries (MS-DTYP 2.4.5). */
const ACL_REVISION_DS = 4;
const ACL_HEADER = 8;

const DENIED_OBJECT = 0x6;
const CONTROL_ACCESS = 0x100;
const OBJECT_TYPE_PRESENT = 0x1;
const INHERITED = 0x10;
/** The extended right User-Change-Password: a person changes a password by knowing the old one. */
const CHANGE_PASSWORD = guidBytes("ab721a53-1e2f-11d0-9819-00aa0040529b") as Buffer;
/** S-1-1-0 and S-1-5-10; Windows' own tools deny both for "User cannot change password". */
const EVERYONE = Buffer.from("010100000000000100000000", "hex");
const SELF = Buffer.from("01010000000000050a000000", "hex");

/** Whether the account may not change its own password: both entries that Windows' own tools look for are there. */
export function deniesPasswordChange(descriptor: Buffer): boolean {
  const entries = entriesOf(descriptor);
  return [EVERYONE, SELF].every((trustee) => entries.some((entry) => isDenial(entry, trustee)));
}

/** The descriptor's access list, with or without the two entries; every other entry stays as and where it is. */
export function withPasswordChange(descriptor: Buffer, allowed: boolean): Buffer {
  const others = entriesOf(descriptor).filter((entry) => !isDenial(entry, EVERYONE) && !isDenial(entry, SELF));
  // Explicit denials come first in the canonical order (MS-DTYP 2.4.5).
  const entries = allowed ? others : [denial(EVERYONE), denial(SELF), ...others];
  const body = Buffer.concat(entries);
  const list = Buffer.alloc(ACL_HEADER);
  list.writeUInt8(ACL_REVISION_DS, 0);
  list.writeUInt16LE(ACL_HEADER + body.length, 2);
  list.writeUInt16LE(entries.length, 4);
  const header = Buffer.alloc(HEADER);
  header.writeUInt8(1, 0);
  header.writeUInt16LE((descriptor.readUInt16LE(2) & CONTROL_KEPT) | DACL_PRESENT, 2);
  header.writeUInt32LE(HEADER, DACL_OFFSET);
  return Buffer.concat([header, list, body]);
}

function denial(trustee: Buffer): Buffer {
  const front = Buffer.alloc(12);
  front.writeUInt8(DENIED_OBJECT, 0);
  front.writeUInt16LE(front.length + CHANGE_PASSWORD.length + trustee.length, 2);
  front.writeUInt32LE(CONTROL_ACCESS, 4);
  front.writeUInt32LE(OBJECT_TYPE_PRESENT, 8);
  return Buffer.concat([front, CHANGE_PASSWORD, trustee]);
}

function isDenial(entry: Buffer, trustee: Buffer): boolean {
  if (entry.length !== 28 + trustee.length || entry[0] !== DENIED_OBJECT || ((entry[1] ?? 0) & INHERITED) !== 0)
    return false;
  const onlyChange = (entry.readUInt32LE(4) & CONTROL_ACCESS) !== 0 && entry.readUInt32LE(8) === OBJECT_TYPE_PRESENT;
  return onlyChange && entry.subarray(12, 28).equals(CHANGE_PASSWORD) && entry.subarray(28).equals(trustee);
}

/** The entries of the access list, each with its header. */
function entriesOf(descriptor: Buffer): Buffer[] {
  const start = descriptor.readUInt32LE(DACL_OFFSET);
  if (start === 0) return [];
  const entries: Buffer[] = [];
  let offset = start + ACL_HEADER;
  for (let left = descriptor.readUInt16LE(start + 4); left > 0; left -= 1) {
    const size = descriptor.readUInt16LE(offset + 2);
    if (size < 4 || offset + size > descriptor.length) throw new RangeError("the access list is cut off");
    entries.push(descriptor.subarray(offset, offset + size));
    offset += size;
  }
  return entries;
}
