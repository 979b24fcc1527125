import { generateKeyPair } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import forge from "node-forge";
import { writeFileAtomically } from "../atomicFile.ts";

const generateKeys = promisify(generateKeyPair);

/** A certificate and its key, both PEM. */
export interface KeyAndCertificate {
  certPem: string;
  keyPem: string;
}

/** What a server certificate of the sandbox is for. */
export interface CertificateRequest {
  /** DNS subject alternative names; the first is also the common name. */
  dnsNames: string[];
  /** IP subject alternative names: OpenLDAP's tools want them, Mono wants DNS names, so give both. */
  ipAddresses?: string[];
  /** Default: one year from now. */
  notAfter?: Date;
}

/** The sandbox's private certificate authority: it signs the servers that a real organisation's internal CA would sign. */
export interface CertificateAuthority {
  /** Path of the CA's certificate, PEM. */
  readonly caFile: string;
  readonly caPem: string;
  issueCertificate(request: CertificateRequest): Promise<KeyAndCertificate>;
  /** Issues into `<directory>/<name>.crt` and `<name>.key` unless valid files for the same names are there. Key mode 0600. */
  ensureCertificateFiles(
    directory: string,
    name: string,
    request: CertificateRequest,
  ): Promise<{ certFile: string; keyFile: string }>;
}

const YEAR = 365 * 24 * 60 * 60 * 1000;

/** Opens the authority kept in `directory`, making it at the first use. */
export async function openCertificateAuthority(directory: string): Promise<CertificateAuthority> {
  const caFile = join(directory, "ca.pem");
  const keyFile = join(directory, "ca.key");
  if (!existsSync(caFile) || !existsSync(keyFile)) {
    const made = await makeAuthority();
    await writeFileAtomically(keyFile, made.keyPem, 0o600);
    await writeFileAtomically(caFile, made.certPem, 0o644);
  }
  const caPem = readFileSync(caFile, "utf8");
  const caCertificate = forge.pki.certificateFromPem(caPem);
  const caKey = forge.pki.privateKeyFromPem(readFileSync(keyFile, "utf8"));

  const issueCertificate = async (request: CertificateRequest): Promise<KeyAndCertificate> => {
    const { keyPem, publicKey } = await newKey();
    const certificate = unsigned(publicKey, request.dnsNames[0] ?? "localhost", request.notAfter);
    certificate.setIssuer(caCertificate.subject.attributes);
    certificate.setExtensions([
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      { name: "extKeyUsage", serverAuth: true, clientAuth: true },
      { name: "subjectKeyIdentifier" },
      { name: "authorityKeyIdentifier", keyIdentifier: caCertificate.generateSubjectKeyIdentifier().getBytes() },
      {
        name: "subjectAltName",
        altNames: [
          ...request.dnsNames.map((value) => ({ type: 2, value })),
          ...(request.ipAddresses ?? []).map((ip) => ({ type: 7, ip })),
        ],
      },
    ]);
    certificate.sign(caKey, forge.md.sha256.create());
    return { certPem: forge.pki.certificateToPem(certificate), keyPem };
  };

  const ensureCertificateFiles = async (folder: string, name: string, request: CertificateRequest) => {
    const files = { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
    if (!isUsable(files.certFile, files.keyFile, request, caCertificate)) {
      const issued = await issueCertificate(request);
      await writeFileAtomically(files.keyFile, issued.keyPem, 0o600);
      await writeFileAtomically(files.certFile, issued.certPem, 0o644);
    }
    return files;
  };
  return { caFile, caPem, issueCertificate, ensureCertificateFiles };
}

async function makeAuthority(): Promise<KeyAndCertificate> {
  const { keyPem, publicKey } = await newKey();
  const certificate = unsigned(publicKey, "Contoso internal CA (sandbox)", new Date(Date.now() + 10 * YEAR));
  certificate.setIssuer(certificate.subject.attributes);
  certificate.setExtensions([
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    { name: "subjectKeyIdentifier" },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(keyPem), forge.md.sha256.create());
  return { keyPem, certPem: forge.pki.certificateToPem(certificate) };
}

async function newKey(): Promise<{ keyPem: string; publicKey: forge.pki.PublicKey }> {
  const { privateKey, publicKey } = await generateKeys("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  return { keyPem: privateKey, publicKey: forge.pki.publicKeyFromPem(publicKey) };
}

function unsigned(publicKey: forge.pki.PublicKey, commonName: string, notAfter = new Date(Date.now() + YEAR)) {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  // A leading 01 keeps the number positive and at full length (RFC 5280 4.1.2.2).
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(15))}`;
  // A little in the past, for a peer whose clock is slightly behind.
  certificate.validity.notBefore = new Date(Date.now() - 5 * 60 * 1000);
  certificate.validity.notAfter = notAfter;
  certificate.setSubject([{ name: "commonName", value: commonName }]);
  return certificate;
}

function isUsable(
  certFile: string,
  keyFile: string,
  request: CertificateRequest,
  caCertificate: forge.pki.Certificate,
): boolean {
  if (!existsSync(certFile) || !existsSync(keyFile)) return false;
  const certificate = forge.pki.certificateFromPem(readFileSync(certFile, "utf8"));
  if (certificate.validity.notAfter.getTime() < Date.now() + YEAR / 12) return false;
  if (!certificate.isIssuer(caCertificate)) return false;
  const extension = certificate.getExtension("subjectAltName") as {
    altNames?: { value: string; ip?: string }[];
  } | null;
  const names = new Set((extension?.altNames ?? []).map((name) => name.ip ?? name.value));
  return [...request.dnsNames, ...(request.ipAddresses ?? [])].every((name) => names.has(name));
}
