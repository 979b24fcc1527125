import { generateKeyPair, type KeyObject, X509Certificate } from "node:crypto";
import { promisify } from "node:util";

/** The kinds of key that a certificate can have. */
export const KEY_TYPES = ["rsa2048", "rsa3072", "rsa4096", "ecdsaP256", "ecdsaP384"] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** OpenSSL's names of the curves. */
const CURVES: Partial<Record<KeyType, string>> = { ecdsaP256: "prime256v1", ecdsaP384: "secp384r1" };

const generate = promisify(generateKeyPair) as (type: string, options: object) => Promise<{ privateKey: KeyObject }>;

/** Makes a private key, PKCS#8 PEM, in the thread pool: an RSA key takes up to a second. */
export async function newPrivateKey(type: KeyType): Promise<string> {
  const { privateKey } = type.startsWith("rsa")
    ? await generate("rsa", { modulusLength: Number(type.slice("rsa".length)) })
    : await generate("ec", { namedCurve: CURVES[type] });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** The kind of key in a certificate; `undefined` for one that the kit does not make. */
export function keyTypeOf(certificatePem: string): KeyType | undefined {
  const { asymmetricKeyType, asymmetricKeyDetails } = new X509Certificate(certificatePem).publicKey;
  const name =
    asymmetricKeyType === "rsa" ? `rsa${asymmetricKeyDetails?.modulusLength}` : asymmetricKeyDetails?.namedCurve;
  return KEY_TYPES.find((type) => type === name || CURVES[type] === name);
}
