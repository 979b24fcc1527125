import type { Entry } from "ldapts";

/** An object as the directory returned it. Attribute names are compared without case, as LDAP wants it (RFC 4512 2.5). */
export class DirectoryEntry {
  /** Its distinguished name, spelled as the directory spells it. */
  readonly name: string;
  /** Kept as it came: a large group has tens of thousands of entries, and copies of them would be most of the process's memory. */
  readonly #entry: Entry;

  constructor(entry: Entry) {
    this.name = entry.dn;
    this.#entry = entry;
  }

  /** The first value; `undefined` when the object has none, or when its attribute may not be read. */
  text(attribute: string): string | undefined {
    return this.#values(attribute)[0]?.toString();
  }

  texts(attribute: string): string[] {
    return this.#values(attribute).map((value) => value.toString());
  }

  bytes(attribute: string): Buffer | undefined {
    const value = this.#values(attribute)[0];
    return typeof value === "string" ? Buffer.from(value, "utf8") : value;
  }

  /** Names with their options, for example `member;range=0-1499`; lower case. */
  attributeNames(): string[] {
    return Object.keys(this.#entry).flatMap((name) => (name === "dn" ? [] : [name.toLowerCase()]));
  }

  #values(attribute: string): (string | Buffer)[] {
    const value = this.#entry[attribute] ?? this.#entry[this.#spellingOf(attribute) ?? ""] ?? [];
    return Array.isArray(value) ? value : [value];
  }

  /** As the server spells it, where that is not how it was asked for. */
  #spellingOf(attribute: string): string | undefined {
    const wanted = attribute.toLowerCase();
    return Object.keys(this.#entry).find((name) => name.toLowerCase() === wanted && name !== "dn");
  }
}
