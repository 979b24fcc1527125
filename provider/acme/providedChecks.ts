import type { KeyObject, X509Certificate } from "node:crypto";
import { asciiName } from "./dnsNames.ts";
import type { BuiltChain } from "./providedChain.ts";
import type { ProvidedContent } from "./providedContent.ts";

/** Id of "server authentication" among extended key usages (RFC 5280 4.2.1.12). */
const SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
/** What public authorities and Windows' own policy ask for at least. */
const SMALLEST_RSA = 2048;
const CURVES = new Set(["prime256v1", "secp384r1", "secp521r1"]);

/** Every reason why the certificate would not do as the one of the public name, each a full sentence without its subject. */
export function providedProblems(
  { leaf, key }: ProvidedContent,
  { issuers, missing }: BuiltChain,
  dnsNames: readonly string[],
  now: Date,
): string[] {
  const uncovered = dnsNames.filter((name) => !covers(leaf, asciiName(name)));
  const problems = [
    ...uncovered.map((name) => `does not cover ${name}; it is for ${leaf.subjectAltName ?? "no DNS name"}.`),
    ...(leaf.checkPrivateKey(key) ? [] : ["belongs to another private key than the one that is given."]),
    ...(missing === undefined ? [] : [`comes without its issuer "${missing}"; add the whole chain.`]),
    ...timeProblems(leaf, now),
    ...usageProblems(leaf),
    ...keyProblems(leaf.publicKey),
    ...signatureProblems(leaf),
  ];
  for (const issuer of issuers) {
    const about = (problem: string) => `is issued by "${nameOf(issuer)}", which ${problem}`;
    if (!issuer.ca) problems.push(about("is no certificate authority."));
    problems.push(...timeProblems(issuer, now).map(about), ...signatureProblems(issuer).map(about));
  }
  return problems;
}

/** A wildcard among the names that are asked for must be there as it is. */
function covers(leaf: X509Certificate, name: string): boolean {
  if (name.startsWith("*.")) return (leaf.subjectAltName ?? "").split(", ").includes(`DNS:${name}`);
  return leaf.checkHost(name, { subject: "never" }) !== undefined;
}

function timeProblems({ validFromDate, validToDate }: X509Certificate, now: Date): string[] {
  if (validToDate <= now) return [`expired at ${validToDate.toISOString()}.`];
  return validFromDate > now ? [`is valid only from ${validFromDate.toISOString()} on.`] : [];
}

/** Without the extension a certificate is for every use. */
function usageProblems(leaf: X509Certificate): string[] {
  const usages = leaf.keyUsage as string[] | undefined;
  if (leaf.ca) return ["is one of an authority, not of a server."];
  if (usages === undefined || usages.includes(SERVER_AUTHENTICATION)) return [];
  return ["is not for server authentication (extended key usage serverAuth)."];
}

function keyProblems({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string[] {
  const { modulusLength = 0, namedCurve = "" } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === "rsa") {
    return modulusLength < SMALLEST_RSA ? [`has an RSA key of ${modulusLength} bits; at least ${SMALLEST_RSA}.`] : [];
  }
  if (asymmetricKeyType === "ec" && CURVES.has(namedCurve)) return [];
  return [`has a key of kind ${namedCurve || asymmetricKeyType}; Windows takes RSA, P-256, P-384 and P-521.`];
}

function signatureProblems({ signatureAlgorithm }: X509Certificate): string[] {
  return /sha-?1(?!\d)|md5|md2/i.test(signatureAlgorithm ?? "")
    ? [`is signed with ${signatureAlgorithm}, which clients refuse.`]
    : [];
}

function nameOf({ subject }: X509Certificate): string {
  return subject.split("\n").reverse().join(", ");
}
