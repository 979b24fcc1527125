import { createPrivateKey, createPublicKey, webcrypto } from "node:crypto";
import type { KeyType } from "./certificateKey.ts";

/** The longest common name that X.520 allows; a longer first name stands among the alternative names alone. */
const LONGEST_COMMON_NAME = 64;

/** TLS feature (RFC 7633) with `status_request`, known as must-staple. */
const TLS_FEATURE = "1.3.6.1.5.5.7.1.24";
const STATUS_REQUEST = Uint8Array.from([0x30, 0x03, 0x02, 0x01, 0x05]);

/** What a certificate request says beside its key. */
export interface RequestedFacts {
  /** In ASCII; the first is the common name. */
  dnsNames: string[];
  mustStaple?: boolean;
}

/** A signed certificate request (PKCS#10 PEM). */
export async function certificateRequest(
  privateKeyPem: string,
  keyType: KeyType,
  { dnsNames, mustStaple = false }: RequestedFacts,
): Promise<string> {
  const x509 = await import("@peculiar/x509");
  const [first = ""] = dnsNames;
  const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  const isRsa = keyType.startsWith("rsa");
  const algorithm = algorithmOf(keyType);
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: first.length <= LONGEST_COMMON_NAME ? [{ CN: [first] }] : [],
      keys: await keyPair(privateKeyPem, algorithm),
      signingAlgorithm: algorithm,
      extensions: [
        // Only an RSA key can encrypt another one (RFC 8446 knows no such exchange, RFC 5246 does).
        new x509.KeyUsagesExtension(isRsa ? digitalSignature | keyEncipherment : digitalSignature, true),
        new x509.SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: "dns", value }))),
        ...(mustStaple ? [new x509.Extension(TLS_FEATURE, false, STATUS_REQUEST)] : []),
      ],
    },
    webcrypto,
  );
  return request.toString("pem");
}

/** True when a certificate (DER) holds the TLS feature extension with `status_request`. */
export function isMustStaple(certificate: Buffer): boolean {
  return certificate.includes(Buffer.from("06082b0601050507011804053003020105", "hex"));
}

/** As Web Crypto names them. */
type Algorithm = webcrypto.RsaHashedImportParams | (webcrypto.EcKeyImportParams & webcrypto.EcdsaParams);

function algorithmOf(keyType: KeyType): Algorithm {
  if (keyType === "ecdsaP256") return { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  if (keyType === "ecdsaP384") return { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" };
  return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
}

async function keyPair(privateKeyPem: string, algorithm: Algorithm): Promise<webcrypto.CryptoKeyPair> {
  const { subtle } = webcrypto;
  const privateDer = createPrivateKey(privateKeyPem).export({ type: "pkcs8", format: "der" });
  const publicDer = createPublicKey(privateKeyPem).export({ type: "spki", format: "der" });
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey("pkcs8", privateDer, algorithm, false, ["sign"]),
    subtle.importKey("spki", publicDer, algorithm, true, ["verify"]),
  ]);
  return { privateKey, publicKey };
}
