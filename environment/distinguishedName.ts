/** `DC=corp,DC=contoso,DC=com` for `corp.contoso.com`. */
export function baseDistinguishedName(domain: string): string {
  return domain
    .split(".")
    .map((label) => `DC=${label}`)
    .join(",");
}
