import type { UserError } from "../provider/engine/userError.ts";

/** An error as the command line prints it; one that holds several problems has them all in its message. */
export function errorText(error: UserError): string {
  const { what, why, next } = error.parts;
  const text = "problems" in error ? error.message : `${what}\n  cause: ${why}\n  next:  ${next}`;
  return `error ${error.code}: ${text}\n`;
}
