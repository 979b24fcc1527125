import type { EnvironmentSource } from "../source.ts";
import { filesOf } from "./files.ts";

/**
 * An environment written as one object: a key per section and per secret.
 * @param options.directory The folder at which relative paths start; default the working directory.
 */
export function plainSource(
  values: Readonly<Record<string, unknown>>,
  options: { name?: string; directory?: string } = {},
): EnvironmentSource<string> {
  return {
    name: options.name ?? "the given values",
    keys: Object.keys(values).filter((key) => values[key] !== undefined),
    get: (key) => (Object.hasOwn(values, key) ? values[key] : undefined),
    isEncrypted: () => undefined,
    readFile: filesOf(options.directory ?? process.cwd()),
    seal: (plain) => plain,
  };
}
