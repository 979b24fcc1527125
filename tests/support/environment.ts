import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import type { SettingsInput } from "../../environment/schema.ts";
import type { Secrets } from "../../environment/secrets/definitions.ts";
import { ed25519KeyPair } from "./sshKey.ts";

/** The project's folder. */
export const projectDirectory = resolve(import.meta.dirname, "../..");

/** A new private ed25519 key in OpenSSH form. */
export function sshPrivateKey(): string {
  return ed25519KeyPair().private;
}

/** The settings of the project's own dev environment, fresh for each caller. */
export function devSettings(): SettingsInput {
  const file = parse(readFileSync(join(projectDirectory, "Pulumi.dev.yaml"), "utf8")) as {
    config: Record<string, unknown>;
  };
  const settings = Object.entries(file.config).filter(([key]) => key.startsWith("mfa-server:"));
  return Object.fromEntries(settings.map(([key, value]) => [key.slice("mfa-server:".length), value])) as SettingsInput;
}

/** Secrets that fit {@link devSettings}, new for each caller. */
export function devSecrets(): Secrets<string> {
  return {
    adminPassword: `Aa1-${randomBytes(12).toString("hex")}`,
    domainJoinPassword: randomBytes(12).toString("hex"),
    directoryPassword: randomBytes(12).toString("hex"),
    managementPrivateKey: sshPrivateKey(),
    hostPrivateKey: sshPrivateKey(),
    azureClientSecret: randomBytes(12).toString("hex"),
  };
}

/** An RSA key in PEM form. */
export function rsaPem(bits: number): string {
  return generateKeyPairSync("rsa", { modulusLength: bits })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
}
