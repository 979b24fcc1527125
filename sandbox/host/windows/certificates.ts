import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../machine.ts";
import { sameName } from "../names.ts";
import { runProgram } from "../runProgram.ts";
import type { StoredCertificate } from "../state.ts";
import { replaceFile } from "../store.ts";
import { WindowsError } from "../windowsError.ts";

/** SHA-1 of the certificate, 40 upper-case digits, as Windows names certificates. */
export function thumbprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint.replaceAll(":", "").toUpperCase();
}

export function findCertificate(
  machine: Machine,
  location: string,
  store: string,
  thumbprint: string,
): StoredCertificate | undefined {
  const wanted = thumbprint.replaceAll(" ", "");
  return machine.windows.certificates.find(
    (entry) => sameName(entry.location, location) && sameName(entry.store, store) && sameName(entry.thumbprint, wanted),
  );
}

/** Adds a certificate to a store, or completes the one that is there. The key, if any, lies in a file that nobody else may read. */
export function storeCertificate(
  machine: Machine,
  place: { location: string; store: string; friendlyName?: string; exportable?: boolean },
  certificate: X509Certificate,
  privateKeyPem?: string,
): StoredCertificate {
  const thumbprint = thumbprintOf(certificate);
  replaceFile(file(machine, thumbprint, "crt"), certificate.toString(), 0o600);
  if (privateKeyPem !== undefined) replaceFile(file(machine, thumbprint, "key"), privateKeyPem, 0o600);
  const entry: StoredCertificate = {
    location: place.location,
    store: place.store,
    thumbprint,
    subject: windowsName(certificate.subject),
    dnsNames: dnsNamesOf(certificate),
    notAfter: certificate.validToDate.toISOString(),
    friendlyName: place.friendlyName ?? "",
    hasPrivateKey: privateKeyPem !== undefined,
    exportable: place.exportable ?? false,
  };
  const { windows } = machine;
  const before = findCertificate(machine, place.location, place.store, thumbprint);
  if (before !== undefined && privateKeyPem === undefined) return before;
  windows.certificates = [...windows.certificates.filter((other) => other !== before), entry];
  return entry;
}

export function removeCertificate(machine: Machine, location: string, store: string, thumbprint: string): void {
  const gone = findCertificate(machine, location, store, thumbprint);
  machine.windows.certificates = machine.windows.certificates.filter((entry) => entry !== gone);
}

export function certificatePem(machine: Machine, thumbprint: string): string {
  return readFileSync(file(machine, thumbprint, "crt"), "utf8");
}

/** Certificate chain and key for a TLS server; `undefined` when the certificate or its key is not in the store (any more). */
export function serverCertificate(
  machine: Machine,
  store: string,
  thumbprint: string,
): { cert: string; key: string } | undefined {
  const entry = findCertificate(machine, "LocalMachine", store, thumbprint);
  if (entry === undefined || !entry.hasPrivateKey || !existsSync(file(machine, entry.thumbprint, "key")))
    return undefined;
  const leaf = certificatePem(machine, entry.thumbprint);
  return {
    cert: [leaf, ...issuersOf(machine, new X509Certificate(leaf))].join(""),
    key: readFileSync(file(machine, entry.thumbprint, "key"), "utf8"),
  };
}

/** The certificates of a PFX file, the one with the key first. */
export interface PfxContent {
  leaf: X509Certificate;
  privateKeyPem: string;
  issuers: X509Certificate[];
}

/** @throws WindowsError for a wrong password, a damaged file, a PFX without key, or an expired certificate. */
export async function parsePfx(bytes: Uint8Array, password: string): Promise<PfxContent> {
  const opened = await runProgram("openssl", ["pkcs12", "-nodes", "-passin", "fd:3"], {
    input: bytes,
    secret: `${password}\n`,
  });
  if (opened.exitCode !== 0) {
    if (/mac verify/i.test(opened.stderr)) {
      throw new WindowsError("The specified network password is not correct.", { hresult: "wrongPassword" });
    }
    throw new WindowsError("Cannot find the requested object: the data is no PFX that this computer can read.", {
      hresult: "invalidArgument",
    });
  }
  const keyPem = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----\n?/.exec(opened.stdout)?.[0];
  const certificates = pemCertificates(opened.stdout);
  const key = keyPem === undefined ? undefined : createPrivateKey(keyPem);
  const leaf = key === undefined ? undefined : certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (keyPem === undefined || leaf === undefined) {
    throw new WindowsError("The PFX holds no certificate with its private key.", { hresult: "invalidArgument" });
  }
  if (leaf.validToDate < new Date()) {
    throw new WindowsError(`The certificate ${thumbprintOf(leaf)} expired on ${leaf.validToDate.toISOString()}.`, {
      hresult: "certificateExpired",
    });
  }
  return { leaf, privateKeyPem: keyPem, issuers: certificates.filter((certificate) => certificate !== leaf) };
}

export function pemCertificates(text: string): X509Certificate[] {
  return [...text.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(
    ([pem]) => new X509Certificate(pem),
  );
}

/** A certificate file as Windows takes it: DER, or Base64 with or without header. */
export function parseCertificate(bytes: Buffer): X509Certificate {
  const text = bytes.toString("latin1");
  try {
    if (text.includes("-----BEGIN CERTIFICATE-----")) return pemCertificates(text)[0] as X509Certificate;
    return new X509Certificate(/^[A-Za-z0-9+/=\s]+$/.test(text) ? Buffer.from(text, "base64") : bytes);
  } catch {
    throw new WindowsError("Cannot find the requested object: the data is no certificate.", {
      hresult: "invalidArgument",
    });
  }
}

/** Issuers from the intermediate store, nearest first; a root is not sent to clients. */
function issuersOf(machine: Machine, leaf: X509Certificate): string[] {
  const intermediates = machine.windows.certificates
    .filter((entry) => sameName(entry.location, "LocalMachine") && sameName(entry.store, "CA"))
    .map((entry) => new X509Certificate(certificatePem(machine, entry.thumbprint)));
  const chain: string[] = [];
  let current = leaf;
  for (let length = 0; length < 8; length += 1) {
    const issuer = intermediates.find(
      (candidate) => candidate !== current && current.checkIssued(candidate) && current.verify(candidate.publicKey),
    );
    if (issuer === undefined) break;
    chain.push(issuer.toString());
    current = issuer;
  }
  return chain;
}

export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

function dnsNamesOf(certificate: X509Certificate): string[] {
  return [...(certificate.subjectAltName ?? "").matchAll(/DNS:([^,\s]+)/g)].map((match) => match[1] as string);
}

/** `CN=mfa.contoso.com, O=Contoso`, most specific part first. */
function windowsName(subject: string): string {
  return (subject ?? "").split("\n").reverse().join(", ");
}

function file(machine: Machine, thumbprint: string, kind: "crt" | "key"): string {
  const folder = join(machine.options.stateDirectory, "private", "certificates");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${thumbprint}.${kind}`);
}
