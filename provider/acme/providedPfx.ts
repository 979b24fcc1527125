import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import forge from "node-forge";

const { asn1, pkcs12, pki } = forge;

/** What a PFX holds. */
export interface PfxParts {
  certificates: X509Certificate[];
  key: KeyObject;
}

/**
 * Opens a PFX. node-forge decrypts it; certificates and key go to Node as they lie in it, for node-forge itself knows RSA alone.
 * Throws an Error whose message says what is wrong, without a secret.
 */
export function readPfx(der: Buffer, password: string): PfxParts {
  const opened = open(der, password);
  const bags = (type: string) => opened.getBags({ bagType: type })[type] ?? [];
  const certificates = bags(pki.oids.certBag as string).map((bag) => {
    const structure = bag.cert === undefined || bag.cert === null ? bag.asn1 : pki.certificateToAsn1(bag.cert);
    return new X509Certificate(bytes(structure));
  });
  const [keyBag, ...more] = [...bags(pki.oids.pkcs8ShroudedKeyBag as string), ...bags(pki.oids.keyBag as string)];
  if (keyBag === undefined) throw new Error("it holds no private key; export it with the key");
  if (more.length > 0) throw new Error(`it holds ${more.length + 1} private keys; export one certificate alone`);
  const structure =
    keyBag.key === undefined || keyBag.key === null
      ? keyBag.asn1
      : pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(keyBag.key));
  return { certificates, key: createPrivateKey({ key: bytes(structure), format: "der", type: "pkcs8" }) };
}

function open(der: Buffer, password: string): forge.pkcs12.Pkcs12Pfx {
  let structure: forge.asn1.Asn1;
  try {
    structure = asn1.fromDer(der.toString("binary"));
  } catch (cause) {
    throw new Error("it is no Base64 of a PFX", { cause });
  }
  try {
    return pkcs12.pkcs12FromAsn1(structure, false, password);
  } catch (cause) {
    const wrongPassword = /MAC could not be verified|Invalid password/i.test((cause as Error).message);
    throw new Error(wrongPassword ? "its password is another one" : "its form is unknown or it is damaged", { cause });
  }
}

function bytes(structure: forge.asn1.Asn1): Buffer {
  return Buffer.from(asn1.toDer(structure).getBytes(), "binary");
}
