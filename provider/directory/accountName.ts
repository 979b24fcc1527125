/** Characters that a sAMAccountName cannot have; `@` would make it look like a userPrincipalName. */
const FORBIDDEN = /["/\\[\]:;|=,+*?<>@\p{Cc}]/u;

/** The first thing that keeps a text from being a sAMAccountName, `undefined` when nothing does. */
export function forbiddenInAccountName(name: string): string | undefined {
  return FORBIDDEN.exec(name)?.[0] ?? /^\s|[\s.]$/.exec(name)?.[0];
}

/**
 * The sAMAccountName of a group whose name has characters that only a common name may have: each becomes `_`, as Active
 * Directory's own administration tool does.
 */
export function groupAccountName(name: string): string {
  return name
    .replace(new RegExp(FORBIDDEN.source, "gu"), "_")
    .replace(/^\s+|[\s.]+$/g, (ends) => "_".repeat(ends.length));
}
