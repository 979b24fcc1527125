import type { KerberosType } from "./schema.ts";

/** Bits of msDS-SupportedEncryptionTypes that the kit decides (MS-KILE 2.2.7). */
const BITS: Readonly<Record<KerberosType, number>> = { RC4: 0x4, AES128: 0x8, AES256: 0x10 };
const KNOWN = Object.values(BITS).reduce((all, bit) => all | bit, 0);
/** The two kinds of DES, which nobody should have. */
const DES = 0x3;

/** The kinds of Kerberos tickets that the account takes; `undefined` when the attribute is not set, so that the domain's default counts. */
export function kerberosTypes(attribute: string | undefined): KerberosType[] | undefined {
  if (attribute === undefined) return undefined;
  const bits = Number(attribute);
  return (Object.keys(BITS) as KerberosType[]).filter((type) => (bits & BITS[type]) !== 0);
}

/** The attribute's value for these kinds. DES goes; bits that mean something else stay. */
export function withKerberosTypes(present: string | undefined, types: readonly KerberosType[]): string {
  const kept = Number(present ?? "0") & ~(KNOWN | DES);
  return String(types.reduce((all, type) => all | BITS[type], kept));
}

export function sameKerberosTypes(one: readonly KerberosType[] = [], other: readonly KerberosType[] = []): boolean {
  return withKerberosTypes(undefined, one) === withKerberosTypes(undefined, other);
}
