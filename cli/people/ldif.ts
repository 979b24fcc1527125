/** Printable ASCII, not beginning with space, colon or `<`, not ending with a space; RFC 2849 lets little more stand as it is. */
const SAFE = /^(?![ :<])[ -~]*(?<! )$/;

/** `type: value`, or `type:: base64` where the value needs it (RFC 2849). */
export function ldifLine(type: string, value: string): string {
  return SAFE.test(value) ? `${type}: ${value}` : `${type}:: ${Buffer.from(value, "utf8").toString("base64")}`;
}

/** One change of an attribute in a modify record. */
export interface LdifChange {
  change: "add" | "delete";
  attribute: string;
  value: string;
}

/** A record that applies all of these changes to one object, or none. */
export function modifyRecord(distinguishedName: string, changes: readonly LdifChange[]): string[] {
  return [
    ldifLine("dn", distinguishedName),
    "changetype: modify",
    ...changes.flatMap(({ change, attribute, value }) => [`${change}: ${attribute}`, ldifLine(attribute, value), "-"]),
  ];
}
