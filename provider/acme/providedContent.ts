import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { splitPem } from "./pem.ts";
import type { ProvidedInputs } from "./providedSchema.ts";

/** A certificate as somebody gave it, taken apart. */
export interface ProvidedContent {
  leaf: X509Certificate;
  /** Everything else that came along, in the order given. */
  others: X509Certificate[];
  key: KeyObject;
}

/** What cannot be read, and where it was given; the reason never repeats the value. */
export interface Unreadable {
  property: keyof ProvidedInputs;
  reason: string;
}

/** Reads what was given as a PFX or as PEM. */
export async function readProvided(inputs: ProvidedInputs): Promise<ProvidedContent | Unreadable[]> {
  const { pfx, certificate, privateKey } = inputs;
  if (pfx !== undefined && (certificate !== undefined || privateKey !== undefined)) {
    return [{ property: "pfx", reason: "is given beside certificate or privateKey; give one form only." }];
  }
  if (pfx === undefined) return fromPem(certificate, privateKey);
  const { readPfx } = await import("./providedPfx.ts");
  try {
    const { certificates, key } = readPfx(Buffer.from(pfx, "base64"), inputs.pfxPassphrase ?? "");
    return assemble(certificates, key, "pfx");
  } catch (error) {
    return [{ property: "pfx", reason: `cannot be read: ${(error as Error).message}.` }];
  }
}

function fromPem(certificate: string | undefined, privateKey: string | undefined): ProvidedContent | Unreadable[] {
  const problems: Unreadable[] = [];
  const certificates = read("certificate", () => {
    const found = splitPem(certificate ?? "").map((pem) => new X509Certificate(pem));
    if (found.length === 0) throw new Error("is missing; give a PFX, or a certificate in PEM and its privateKey.");
    return found;
  });
  const key = read("privateKey", () => {
    if (privateKey === undefined) throw new Error("is missing; the host needs the key of the certificate.");
    return createPrivateKey(privateKey);
  });
  function read<T>(property: keyof ProvidedInputs, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      const encrypted = code === "ERR_MISSING_PASSPHRASE" || /interrupted or cancelled|bad decrypt/i.test(message);
      const unreadable = encrypted ? "is protected by a passphrase; give it without." : "is no such PEM text.";
      problems.push({ property, reason: code === undefined ? message : unreadable });
      return undefined;
    }
  }
  if (certificates === undefined || key === undefined) return problems;
  return assemble(certificates, key, "certificate");
}

/** The leaf is the certificate of the key; where there is none, the first that is no authority, so that the checks can say so. */
function assemble(
  certificates: X509Certificate[],
  key: KeyObject,
  property: keyof ProvidedInputs,
): ProvidedContent | Unreadable[] {
  const leaf = certificates.find((each) => each.checkPrivateKey(key)) ?? certificates.find((each) => !each.ca);
  if (leaf === undefined) return [{ property, reason: "holds no certificate of a server, only authorities." }];
  return { leaf, others: certificates.filter((each) => each !== leaf), key };
}
