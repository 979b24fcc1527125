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
