import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import ssh2 from "ssh2";
import { writeFileAtomically } from "./atomicFile.ts";
import type { SandboxLayout } from "./layout.ts";

/** The secrets of one sandbox; generated once, kept in files of mode 0600 below `.sandbox/secrets`. */
export interface SandboxSecrets {
  /** Administrator of the domain. */
  domainAdministrator: string;
  /** Local administrator of the virtual machine. */
  adminPassword: string;
  domainJoinPassword: string;
  directoryPassword: string;
  azureClientSecret: string;
  /** OpenSSH private keys. */
  managementPrivateKey: string;
  hostPrivateKey: string;
  /** Protects the secrets in Pulumi's state and configuration. */
  passphrase: string;
}

const makers: { [name in keyof SandboxSecrets]: () => string } = {
  domainAdministrator: password,
  adminPassword: password,
  domainJoinPassword: password,
  directoryPassword: password,
  azureClientSecret: password,
  managementPrivateKey: sshKey,
  hostPrivateKey: sshKey,
  passphrase: password,
};

export async function ensureSecrets(layout: SandboxLayout): Promise<SandboxSecrets> {
  await mkdir(layout.secrets, { recursive: true, mode: 0o700 });
  const entries = await Promise.all(
    Object.entries(makers).map(async ([name, make]) => {
      const file = secretFile(layout, name as keyof SandboxSecrets);
      if (!existsSync(file)) await writeFileAtomically(file, make(), 0o600);
      return [name, readFileSync(file, "utf8")];
    }),
  );
  return Object.fromEntries(entries) as SandboxSecrets;
}

export function secretFile(layout: SandboxLayout, name: keyof SandboxSecrets): string {
  return join(layout.secrets, name);
}

/** 28 characters, of every class that Windows' complexity rule asks for. */
function password(): string {
  return `Aa1-${randomBytes(18).toString("base64url")}`;
}

function sshKey(): string {
  // About one in 256 keys that ssh2 1.17 makes is malformed (a leading zero of the public half is dropped), and it says so itself.
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync("ed25519").private;
    if (!(ssh2.utils.parseKey(key) instanceof Error)) return key;
  }
}
