import { createHash, createHmac, createPrivateKey, randomBytes, randomInt, X509Certificate } from "node:crypto";
import forge from "node-forge";
import { splitPem } from "./pem.ts";
import type { PfxEncryption } from "./pfxEncryption.ts";

const { asn1, pki } = forge;
const { Class, Type } = asn1;

/** What goes into a PFX. */
export interface PfxContents {
  /** PKCS#8 PEM, RSA or EC. */
  privateKeyPem: string;
  /** PEM of the leaf. */
  certificatePem: string;
  /** PEM of the issuers; may be empty. */
  chainPem: string;
  password: string;
}

const PROFILES = {
  compatible: { algorithm: "3des", digest: "sha1", digestOid: "1.3.14.3.2.26" },
  modern: { algorithm: "aes256", digest: "sha256", digestOid: "2.16.840.1.101.3.4.2.1" },
} as const;

/** The password is random, so that slow key derivation would protect nothing; 2048 is what OpenSSL and Windows write. */
const ITERATIONS = 2048;

const OID = {
  data: "1.2.840.113549.1.7.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certificateBag: "1.2.840.113549.1.12.10.1.3",
  x509Certificate: "1.2.840.113549.1.9.22.1",
  localKeyId: "1.2.840.113549.1.9.21",
} as const;

/**
 * Builds a PFX (PKCS#12, RFC 7292) in DER. The structure is put together here because node-forge's own composer knows RSA keys and
 * RSA issuers only; encryption and key derivation are node-forge's.
 */
export function buildPfx(contents: PfxContents, encryption: PfxEncryption): Buffer {
  const profile = PROFILES[encryption];
  const leaf = new X509Certificate(contents.certificatePem);
  const issuers = splitPem(contents.chainPem).map((pem) => new X509Certificate(pem));
  // Ties the key to its certificate: importers look for the same identifier on both.
  const keyId = createHash("sha1").update(leaf.raw).digest();

  const key = createPrivateKey(contents.privateKeyPem).export({ type: "pkcs8", format: "der" });
  const encryptedKey = pki.encryptPrivateKeyInfo(asn1.fromDer(binary(key)), contents.password, {
    algorithm: profile.algorithm,
    count: ITERATIONS,
    saltSize: 16,
    prfAlgorithm: profile.digest,
  });
  const keyBag = sequence(oid(OID.shroudedKeyBag), tagged(encryptedKey), localKeyId(keyId));
  const certificateBags = [certificateBag(leaf, localKeyId(keyId)), ...issuers.map((issuer) => certificateBag(issuer))];

  const safe = der(sequence(dataContent(der(sequence(...certificateBags))), dataContent(der(sequence(keyBag)))));
  return der(sequence(integer(3), dataContent(safe), integrity(safe, contents.password, profile)));
}

/** Letters and digits only: safe in every shell, script and dialog. 32 of them hold 190 bits. */
export function newPfxPassword(): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: 32 }, () => letters[randomInt(letters.length)]).join("");
}

function certificateBag(certificate: X509Certificate, ...attributes: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  const value = sequence(oid(OID.x509Certificate), tagged(octets(certificate.raw)));
  return sequence(oid(OID.certificateBag), tagged(value), ...attributes);
}

function localKeyId(id: Buffer): forge.asn1.Asn1 {
  return set(sequence(oid(OID.localKeyId), set(octets(id))));
}

/** MacData (RFC 7292, 4): the password also protects the whole against changes. */
function integrity(safe: Buffer, password: string, profile: (typeof PROFILES)[PfxEncryption]): forge.asn1.Asn1 {
  const salt = randomBytes(16);
  const digest = profile.digest === "sha1" ? forge.md.sha1.create() : forge.md.sha256.create();
  const length = createHash(profile.digest).digest().length;
  const saltBuffer = forge.util.createBuffer(binary(salt));
  const key = forge.pkcs12.generateKey(password, saltBuffer, MAC_KEY, ITERATIONS, length, digest);
  const mac = createHmac(profile.digest, Buffer.from(key.getBytes(), "binary")).update(safe).digest();
  const algorithm = sequence(oid(profile.digestOid), asn1.create(Class.UNIVERSAL, Type.NULL, false, ""));
  return sequence(sequence(algorithm, octets(mac)), octets(salt), integer(ITERATIONS));
}

/** What a derived key is for (RFC 7292, B.3): 3 is integrity. */
const MAC_KEY = 3;

function dataContent(bytes: Buffer): forge.asn1.Asn1 {
  return sequence(oid(OID.data), tagged(octets(bytes)));
}

function sequence(...parts: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
}

function set(...parts: forge.asn1.Asn1[]): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SET, true, parts);
}

function tagged(part: forge.asn1.Asn1): forge.asn1.Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, 0 as forge.asn1.Type, true, [part]);
}

function octets(bytes: Buffer): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, binary(bytes));
}

function oid(dotted: string): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(dotted).getBytes());
}

function integer(value: number): forge.asn1.Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.INTEGER, false, asn1.integerToDer(value).getBytes());
}

function der(node: forge.asn1.Asn1): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), "binary");
}

/** node-forge's strings hold one byte in each character. */
function binary(bytes: Buffer): string {
  return bytes.toString("binary");
}
