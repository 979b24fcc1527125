import { namespace } from "../schema.ts";
import type { EnvironmentSource } from "../source.ts";
import { filesOf } from "./files.ts";
import { structured } from "./structured.ts";

/** A stack's configuration as the Automation API's `getAllConfig` and `pulumi config --json --show-secrets` give it, secrets decrypted. */
export type ConfigMap = Record<string, { value?: string; objectValue?: unknown; secret?: boolean }>;

/**
 * The configuration of a stack, read by a command outside of it.
 * @param options.name Where the values came from, for messages.
 * @param options.directory The project's folder.
 */
export function configMapSource(
  map: ConfigMap,
  options: { name: string; directory: string },
): EnvironmentSource<string> {
  const prefix = `${namespace}:`;
  return {
    name: options.name,
    keys: Object.keys(map).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : [])),
    get: (key) => {
      const entry = map[prefix + key];
      return entry?.objectValue ?? structured(entry?.value);
    },
    isEncrypted: (key) => map[prefix + key]?.secret ?? false,
    readFile: filesOf(options.directory),
    seal: (plain) => plain,
  };
}
