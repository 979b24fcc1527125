import type { KeyObject } from "node:crypto";
import { procedure } from "../../references.ts";
import { cannotTell, type Finding, type StackRule, violation } from "../../rule.ts";
import type { StackResource } from "../../stack.ts";
import { UNKNOWN } from "../../values.ts";
import { certificatesOf, issued } from "./certificates.ts";

/** Smallest sizes that the CA/Browser Forum's baseline requirements (6.1.5) allow, in bits. */
const smallest = { rsa: 2048, ec: 256 };
const curveBits: Readonly<Record<string, number>> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };
const property = "certificatePem";
const mend =
  "pulumi config set --path mfa-server:certificate.keyType rsa2048, then pulumi up: it orders a new certificate";

export const strongKey: StackRule = {
  kind: "stack",
  id: "MFA-CERT-003",
  family: "certificate",
  title: "The certificate's key is as strong as public authorities demand.",
  prerequisite: "A valid SSL certificate needs to be installed on the MFA Server.",
  step: "Prerequisites",
  rationale: "Phones and browsers refuse a key that is too short, and warn for good reason.",
  level: "mandatory",
  severity: "high",
  references: [procedure, { title: "CA/Browser Forum: Baseline Requirements for TLS certificates, 6.1.5 Key sizes" }],
  check(stack) {
    const certificates = certificatesOf(stack);
    return certificates.length === 0 ? { notApplicable: "no certificate in this stack" } : certificates.flatMap(judge);
  },
};

function judge(certificate: StackResource): Finding[] {
  const { urn, name } = certificate;
  const read = issued(certificate);
  if (read === UNKNOWN) return [cannotTell(urn, `the key of ${name}`, undefined, property)];
  if (read === undefined)
    return [violation(urn, `what was issued for ${name} is no certificate`, "run pulumi up --refresh")];
  const { kind, bits } = sizeOf(read.publicKey);
  const needed = kind === "rsa" || kind === "ec" ? smallest[kind] : undefined;
  if (needed !== undefined && bits >= needed) return [];
  const value = bits === 0 ? kind : `${kind} ${bits}`;
  return [violation(urn, `the key of ${name} is ${value}`, mend, { property, value })];
}

function sizeOf(key: KeyObject): { kind: string; bits: number } {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  return { kind: key.asymmetricKeyType ?? "unknown", bits: modulusLength ?? curveBits[namedCurve ?? ""] ?? 0 };
}
