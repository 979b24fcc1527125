import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Machine } from "../machine.ts";

const keyName = "dataProtectionKey";

/** Encrypts for this machine alone, as DPAPI does with the machine's key. Base64. */
export function protect(machine: Machine, text: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", machineKey(machine), iv);
  return Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64");
}

/** `undefined` when the data was not encrypted on this machine or was changed. */
export function unprotect(machine: Machine, base64: string): string | undefined {
  const data = Buffer.from(base64, "base64");
  if (data.length < 28) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", machineKey(machine), data.subarray(0, 12));
  decipher.setAuthTag(data.subarray(-16));
  try {
    return Buffer.concat([decipher.update(data.subarray(12, -16)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

function machineKey(machine: Machine): Buffer {
  let key = machine.store.secret(keyName);
  if (key === undefined) {
    key = randomBytes(32).toString("base64");
    machine.store.setSecret(keyName, key);
  }
  return Buffer.from(key, "base64");
}
