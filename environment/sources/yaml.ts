import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { parse } from "yaml";
import { UserError } from "../../provider/engine/userError.ts";
import { namespace } from "../schema.ts";
import type { SettingsSource } from "../source.ts";
import { filesOf } from "./files.ts";

/**
 * The settings of a stack's configuration file. Encrypted values stay unread.
 * @param path Path of `Pulumi.<environment>.yaml`; its folder is the project's.
 * @throws UserError `ENVIRONMENT_UNREADABLE` when the file cannot be read or is not YAML.
 */
export function yamlSource(path: string): SettingsSource {
  const prefix = `${namespace}:`;
  const config = configOf(path);
  return {
    name: basename(path),
    keys: Object.keys(config).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])),
    get: (key) => config[prefix + key],
    isEncrypted: (key) => holdsEncrypted(config[prefix + key]),
    readFile: filesOf(dirname(path)),
  };
}

function configOf(path: string): Record<string, unknown> {
  const document = readYaml(path);
  const config = isMapping(document) ? (document.config ?? {}) : document;
  if (isMapping(config)) return config;
  throw unreadable(path, "it has no mapping named `config`");
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw unreadable(path, error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error), error);
  }
}

function unreadable(path: string, why: string, cause?: unknown): UserError {
  return new UserError(
    "ENVIRONMENT_UNREADABLE",
    { what: `Cannot read the configuration file ${path}`, why, next: "Correct the file, or name another stack" },
    { cause },
  );
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Pulumi writes an encrypted value as `{secure: <ciphertext>}`, at any depth. */
function holdsEncrypted(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsEncrypted);
  if (!isMapping(value)) return false;
  return typeof value.secure === "string" || Object.values(value).some(holdsEncrypted);
}
