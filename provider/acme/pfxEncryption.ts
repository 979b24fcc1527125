/** `compatible`: 3DES and SHA-1, all that Windows Server 2016 reads. `modern`: AES-256 and SHA-256, from Windows Server 2019 on. */
export type PfxEncryption = "compatible" | "modern";

/** pbeWithSHAAnd3-KeyTripleDES-CBC, 1.2.840.113549.1.12.1.3 (RFC 7292, C), as an identifier in DER. */
const PBE_SHA1_3DES = Buffer.from("060a2a864886f70d010c0103", "hex");

/** How a PFX that the kit made is encrypted: the algorithm is named in it, in clear. */
export function pfxEncryptionOf(pfx: Buffer): PfxEncryption {
  return pfx.includes(PBE_SHA1_3DES) ? "compatible" : "modern";
}
