import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a certificate is to be like; OpenSSL's own words where there are some. */
export interface OpensslRequest {
  /** Value of `subjectAltName`. */
  names?: string;
  /** Arguments of `openssl req -newkey`. Default: RSA of 2048 bits. */
  key?: string[];
  /** Lines of the extension section beside names, for example `extendedKeyUsage=clientAuth`. */
  extensions?: string[];
  /** Default `sha256`. */
  digest?: string;
  days?: number;
  /** Who signs. Default: itself. */
  issuer?: OpensslCertificate;
}

/** Files of a certificate and its key, PEM. */
export interface OpensslCertificate {
  certFile: string;
  keyFile: string;
  certPem: string;
  keyPem: string;
}

/** Makes certificates by `openssl` alone: somebody else's idea of what a certificate is. */
export function opensslCertificate(folder: string, name: string, request: OpensslRequest = {}): OpensslCertificate {
  const { key = ["rsa:2048"], digest = "sha256", days = 90, issuer } = request;
  const file = (extension: string) => join(folder, `${name}.${extension}`);
  const extensions = [
    ...(request.names === undefined ? [] : [`subjectAltName=${request.names}`]),
    ...(request.extensions ?? []),
  ];
  writeFileSync(file("ext"), `${extensions.join("\n")}\n`);
  run(
    "req",
    "-new",
    "-nodes",
    "-newkey",
    ...key,
    "-keyout",
    file("key"),
    "-out",
    file("csr"),
    "-subj",
    `/O=Contoso/CN=${name}`,
  );
  const signer = issuer === undefined ? ["-key", file("key")] : ["-CA", issuer.certFile, "-CAkey", issuer.keyFile];
  const out = ["-out", file("crt"), "-extfile", file("ext"), `-${digest}`, "-days", String(days)];
  run("x509", "-req", "-in", file("csr"), ...signer, "-CAcreateserial", ...out);
  return {
    certFile: file("crt"),
    keyFile: file("key"),
    certPem: readFileSync(file("crt"), "utf8"),
    keyPem: readFileSync(file("key"), "utf8"),
  };
}

/** Extensions of an authority. */
export const authorityExtensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];

export function run(...args: string[]): Buffer {
  return execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
}
