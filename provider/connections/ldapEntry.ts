import type { Entry } from "ldapts";

/** An object as the directory returned it. Attribute names are compared without case, as LDAP wants it (RFC 4512 2.5). */
export class DirectoryEntry {
  /** Its distinguished name, spelled as the directory spells it. */
  readonly name: string;
  readonly #attributes = new Map<string, (string | Buffer)[]>();

  constructor(entry: Entry) {
    this.name = entry.dn;
    for (const [attribute, value] of Object.entries(entry)) {
      if (attribute !== "dn") this.#attributes.set(attribute.toLowerCase(), [value].flat());
    }
  }

  /** The first value; `undefined` when the object has none, or when its attribute may not be read. */
  text(attribute: string): string | undefined {
    return this.texts(attribute)[0];
  }

  texts(attribute: string): string[] {
    return (this.#attributes.get(attribute.toLowerCase()) ?? []).map((value) => value.toString());
  }

  bytes(attribute: string): Buffer | undefined {
    const value = this.#attributes.get(attribute.toLowerCase())?.[0];
    return typeof value === "string" ? Buffer.from(value, "utf8") : value;
  }

  /** Names with their options, for example `member;range=0-1499`; lower case. */
  attributeNames(): string[] {
    return [...this.#attributes.keys()];
  }
}
