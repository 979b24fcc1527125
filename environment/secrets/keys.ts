import { createPrivateKey } from "node:crypto";
import ssh2 from "ssh2";

/** A private SSH key, or what is wrong with it. */
type SshKey = { publicKey: string; type: string } | { fault: string };

/** Reads a private OpenSSH key without a passphrase; faults never tell its content. */
export function readSshKey(text: string): SshKey {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) {
    return /passphrase|encrypted/i.test(parsed.message)
      ? { fault: "is protected by a passphrase" }
      : { fault: "is not a private SSH key" };
  }
  if (!parsed.isPrivateKey()) return { fault: "is a public key, not a private one" };
  return { publicKey: `${parsed.type} ${parsed.getPublicSSH().toString("base64")}`, type: parsed.type };
}

export function sshKeyFault(text: string): string | undefined {
  const key = readSshKey(text);
  return "fault" in key ? key.fault : undefined;
}

export function hostKeyFault(text: string): string | undefined {
  const key = readSshKey(text);
  if ("fault" in key) return key.fault;
  return key.type === "ssh-ed25519" ? undefined : `is of type ${key.type}`;
}

/** RFC 8555 leaves the kind open; RSA from 2048 bits, P-256 and P-384 are what public authorities take. */
export function accountKeyFault(text: string): string | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(text);
    if (asymmetricKeyType === "rsa") {
      return (asymmetricKeyDetails?.modulusLength ?? 0) < 2048 ? "is an RSA key of fewer than 2048 bits" : undefined;
    }
    const curve = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyType;
    return curve === "prime256v1" || curve === "secp384r1" ? undefined : `is a key of kind ${curve}`;
  } catch {
    return "is not a private key in PEM form";
  }
}

/** Only its form: whether it belongs to the certificate is said where the certificate is known. */
export function certificateKeyFault(text: string): string | undefined {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(text)) return "is protected by a passphrase";
  try {
    createPrivateKey(text);
    return undefined;
  } catch {
    return "is not a private key in PEM form";
  }
}

/** A PFX is a sequence in DER, whose first byte is 0x30; what is in it is said where its password is known. */
export function pfxFault(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) return "is not Base64";
  return Buffer.from(text, "base64")[0] === 0x30 ? undefined : "is not the Base64 of a PFX";
}

/** A secret that both sides of a signature know; both forms of Base64 are in use. */
export function sharedKeyFault(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return "is not Base64";
  return Buffer.from(text, "base64").length < 16 ? "has fewer than 16 bytes" : undefined;
}
