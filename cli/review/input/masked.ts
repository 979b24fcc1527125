/** The engine's mark on values that are more than JSON, and what it is for a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * A copy in which secrets keep their mark and nothing else: neither the ciphertext nor the plain text of
 * `pulumi stack export --show-secrets` gets any further, so that nothing later can print it.
 *
 * @param value Inputs or outputs as a preview or a state holds them.
 */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  if (isSecret(record)) return { [SIGNATURE]: SECRET };
  // `__proto__` is an ordinary name in a file; as a literal assignment it would change the copy's prototype.
  return Object.fromEntries(Object.entries(record).map(([name, each]) => [name, masked(each)]));
}

/** True for the engine's envelope around a secret. */
export function isSecret(record: Readonly<Record<string, unknown>>): boolean {
  return record[SIGNATURE] === SECRET;
}
