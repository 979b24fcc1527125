import { readFileSync } from "node:fs";
import { Client, InvalidCredentialsError } from "ldapts";
import type { Machine } from "../machine.ts";

/** Asks the domain controller whether an account's password is right, as a log-on does. */
export async function logOnToDomain(
  machine: Machine,
  account: string,
  password: string,
): Promise<"yes" | "no" | "unreachable"> {
  const { ldapsUrl, caFile } = machine.options.directory;
  // An empty password would be an anonymous bind, which always succeeds (RFC 4513 5.1.2).
  if (machine.windows.domain === undefined || password === "") return "no";
  const client = new Client({
    url: ldapsUrl,
    tlsOptions: { ca: readFileSync(caFile) },
    connectTimeout: 5000,
    timeout: 5000,
  });
  try {
    await client.bind(account, password);
    return "yes";
  } catch (error) {
    return error instanceof InvalidCredentialsError ? "no" : "unreachable";
  } finally {
    await client.unbind().catch(() => {});
  }
}
