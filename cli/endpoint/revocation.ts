import { createHash, type X509Certificate } from "node:crypto";
import forge from "node-forge";

const { asn1 } = forge;
const { Class, Type } = asn1;
type Node = forge.asn1.Asn1;

const OID = { crlDistributionPoints: "2.5.29.31", sha1: "1.3.14.3.2.26" } as const;
/** Context-specific tag of a URI among general names (RFC 5280 4.2.1.6). */
const URI = 6;
const EXTENSIONS = 3;

/** Where a certificate says that its revocation can be asked. */
export interface RevocationSources {
  ocsp: string[];
  crl: string[];
}

/** Reads the OCSP responders and CRL addresses that a certificate names; only `http` and `https` ones. */
export function revocationSources(certificate: X509Certificate): RevocationSources {
  const ocsp = [...(certificate.infoAccess ?? "").matchAll(/^OCSP - URI:(\S+)$/gm)].map(([, url]) => url as string);
  return { ocsp: ocsp.filter(isHttp), crl: crlAddresses(certificate.raw).filter(isHttp) };
}

const isHttp = (url: string): boolean => /^https?:\/\//i.test(url);

function crlAddresses(der: Buffer): string[] {
  const extensions = children(child(parse(der), 0)).find((node) => isContext(node, EXTENSIONS));
  const points = children(child(extensions, 0)).find((node) => oidOf(child(node, 0)) === OID.crlDistributionPoints);
  const value = children(points).at(-1);
  return value === undefined ? [] : urisIn(parse(Buffer.from(bytesOf(value), "binary")));
}

function urisIn(node: Node): string[] {
  if (isContext(node, URI) && typeof node.value === "string") return [node.value];
  return children(node).flatMap(urisIn);
}

/** What a certificate revocation list says (RFC 5280 5.1). */
export interface RevocationList {
  /** ISO 8601; undefined when the list names no next one. */
  nextUpdate: string | undefined;
  /** Upper-case hexadecimal digits without leading zeros. */
  serialNumbers: string[];
}

/** Reads a CRL in DER. Throws when it is none. */
export function readRevocationList(der: Buffer): RevocationList {
  const fields = children(child(parse(der), 0));
  const times = fields.filter((node) => isTime(node));
  if (times.length === 0) throw new Error("no time of issue in it");
  const last = fields.findLast((node) => node.tagClass === Class.UNIVERSAL && node.type === Type.SEQUENCE);
  const entries = last !== undefined && fields.indexOf(last) > fields.indexOf(times[0] as Node) ? children(last) : [];
  return {
    nextUpdate: times[1] === undefined ? undefined : timeOf(times[1]),
    serialNumbers: entries.map((entry) => serialOf(child(entry, 0))),
  };
}

/** An OCSP request for one certificate (RFC 6960 4.1), in DER. */
export function ocspRequest(certificate: X509Certificate, issuer: X509Certificate): Buffer {
  const issuerParts = children(child(parse(issuer.raw), 0));
  // Behind the explicit version: serial number, signature, issuer, validity, subject, key.
  const subject = issuerParts[5] as Node;
  const publicKey = Buffer.from(bytesOf(child(issuerParts[6], 1)), "binary").subarray(1);
  const sha1 = (data: Buffer) => octets(createHash("sha1").update(data).digest());
  const algorithm = sequence(
    asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(OID.sha1).getBytes()),
    asn1.create(Class.UNIVERSAL, Type.NULL, false, ""),
  );
  const serial = child(child(parse(certificate.raw), 0), 1) as Node;
  const id = sequence(algorithm, sha1(toDer(subject)), sha1(publicKey), serial);
  return toDer(sequence(sequence(sequence(sequence(id)))));
}

/** What an OCSP responder answered (RFC 6960 4.2): `good`, `revoked`, `unknown`, or why there is no answer. */
export function readOcspResponse(der: Buffer): string {
  const response = parse(der);
  const status = bytesOf(child(response, 0)).charCodeAt(0);
  if (status !== 0) return refusals[status] ?? `status ${status}`;
  const basic = parse(Buffer.from(bytesOf(child(child(child(response, 1), 0), 1)), "binary"));
  const list = children(child(basic, 0)).find(
    (node) => node.tagClass === Class.UNIVERSAL && node.type === Type.SEQUENCE,
  );
  const state = child(child(list, 0), 1);
  return states[Number(state?.type)] ?? "unreadable";
}

const states = ["good", "revoked", "unknown"];
const refusals: Record<number, string> = {
  1: "malformed request",
  2: "internal error",
  3: "try later",
  5: "signature required",
  6: "unauthorized",
};

function parse(der: Buffer): Node {
  return asn1.fromDer(der.toString("binary"), { strict: false, decodeBitStrings: false } as never);
}

function children(node: Node | undefined): Node[] {
  return Array.isArray(node?.value) ? (node.value as Node[]) : [];
}

function child(node: Node | undefined, index: number): Node | undefined {
  return children(node)[index];
}

function bytesOf(node: Node | undefined): string {
  return typeof node?.value === "string" ? node.value : "";
}

function oidOf(node: Node | undefined): string | undefined {
  return node?.type === Type.OID ? asn1.derToOid(bytesOf(node)) : undefined;
}

function isContext(node: Node, tag: number): boolean {
  return node.tagClass === Class.CONTEXT_SPECIFIC && Number(node.type) === tag;
}

function isTime(node: Node): boolean {
  return node.tagClass === Class.UNIVERSAL && (node.type === Type.UTCTIME || node.type === Type.GENERALIZEDTIME);
}

function timeOf(node: Node): string {
  const text = bytesOf(node);
  const time = node.type === Type.UTCTIME ? asn1.utcTimeToDate(text) : asn1.generalizedTimeToDate(text);
  return time.toISOString();
}

function serialOf(node: Node | undefined): string {
  return Buffer.from(bytesOf(node), "binary").toString("hex").toUpperCase().replace(/^0+/, "");
}

function sequence(...parts: Node[]): Node {
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
}

function octets(bytes: Buffer): Node {
  return asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, bytes.toString("binary"));
}

function toDer(node: Node): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), "binary");
}
