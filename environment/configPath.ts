import { namespace } from "./schema.ts";

/** A path as `pulumi config --path` writes it: `mfa-server:network.dnsServers[0]`. */
export function configPath(path: readonly PropertyKey[]): string {
  const text = path.map((segment) => {
    if (typeof segment === "number") return `[${segment}]`;
    const name = String(segment);
    return /^[A-Za-z0-9_-]+$/.test(name) ? `.${name}` : `["${name.replace(/["\\]/g, "\\$&")}"]`;
  });
  return `${namespace}:${text.join("").replace(/^\./, "")}`;
}

/** A word as a POSIX shell reads it. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}

const quoted = (path: readonly PropertyKey[]): string => `'${configPath(path).replace(/'/g, "'\\''")}'`;

/**
 * The command that sets one plain value.
 * @param value Text that looks like a number or a truth value is kept text by `--type`, for `--path` alone would store a number.
 */
export function setCommand(path: readonly PropertyKey[], value: unknown): string {
  const text = String(value);
  let type = "";
  if (typeof value === "string" && /^(?:true|false|-?\d+)$/i.test(value)) type = "--type string ";
  if (typeof value === "number" && !Number.isInteger(value)) type = "--type float ";
  return `pulumi config set --path ${quoted(path)} ${type}${/^-/.test(text) ? "-- " : ""}${shellWord(text)}`;
}

/** The command that removes a setting. */
export function removeCommand(path: readonly PropertyKey[]): string {
  return `pulumi config rm --path ${quoted(path)}`;
}

/** The command that sets a secret without showing it: typed at a prompt, or piped from a file of several lines. */
export function setSecretCommand(name: string, fromFile?: string): string {
  return `pulumi config set --secret ${namespace}:${name}${fromFile === undefined ? "" : ` < ${fromFile}`}`;
}
