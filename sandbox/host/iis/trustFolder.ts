import { createHash, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../machine.ts";
import { sameName } from "../names.ts";
import { runProgram } from "../runProgram.ts";
import { certificatePem, pemCertificates } from "../windows/certificates.ts";

/** Root certificates that the machine's programs trust: those that Windows brings, and what was imported into LocalMachine\Root. */
export function trustedRoots(machine: Machine): string[] {
  const brought = pemCertificates(readFileSync(machine.options.trustedRootsFile, "utf8"));
  const imported = machine.windows.certificates
    .filter((entry) => sameName(entry.location, "LocalMachine") && sameName(entry.store, "Root"))
    .map((entry) => new X509Certificate(certificatePem(machine, entry.thumbprint)));
  return [...new Set([...brought, ...imported].map((certificate) => certificate.toString()))];
}

/** A value that changes with the set of trusted roots: worker processes read them once. */
export function trustFingerprint(machine: Machine): string {
  return createHash("sha256").update(trustedRoots(machine).sort().join("")).digest("hex");
}

/**
 * Writes the trusted roots the way Mono looks for them: `.mono/new-certs/Trust/<subject hash>.0` below its configuration folder.
 * Answers that folder, for XDG_CONFIG_HOME.
 */
export async function writeTrustFolder(machine: Machine): Promise<string> {
  const configuration = join(machine.options.stateDirectory, "mono", trustFingerprint(machine).slice(0, 16));
  const trust = join(configuration, ".mono", "new-certs", "Trust");
  const done = join(configuration, "complete");
  if (existsSync(done)) return configuration;
  rmSync(configuration, { recursive: true, force: true });
  mkdirSync(trust, { recursive: true });
  for (const pem of trustedRoots(machine)) {
    const hashed = await runProgram("openssl", ["x509", "-noout", "-subject_hash"], { input: pem });
    if (hashed.exitCode !== 0) throw new Error(`openssl cannot read a trusted root: ${hashed.stderr}`);
    const hash = hashed.stdout.trim();
    const number = readdirSync(trust).filter((name) => name.startsWith(`${hash}.`)).length;
    writeFileSync(join(trust, `${hash}.${number}`), pem);
  }
  writeFileSync(done, "");
  return configuration;
}
