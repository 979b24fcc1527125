import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { isUnknown } from "../engine/values.ts";
import { optionalValue } from "./difference.ts";
import { sameName, usualSpelling } from "./distinguishedName.ts";

/** Attributes that a program may declare or leave to others; property and attribute have one name. */
export type OptionalAttribute = "description" | "info" | "managedBy";
type Values = Partial<Record<OptionalAttribute, string | undefined>>;

/** The optional attributes of one kind of object, each treated alike: kept when never declared, removed when a declaration was withdrawn. */
export class OptionalAttributes<K extends OptionalAttribute> {
  readonly names: readonly K[];
  constructor(...names: K[]) {
    this.names = names;
  }

  /** As the directory has them. */
  of(entry: DirectoryEntry): { [Name in K]: string | undefined } {
    return this.#each((name) => entry.text(name));
  }

  /** As the program declares them. */
  declared(wanted: Values): { [Name in K]: string | undefined } {
    return this.#each((name) => asSent(name, wanted[name]));
  }

  /** As they are going to be; what the directory spells differently, but means alike, stays as it is. */
  wanted(wanted: Values, before: Values, present: Values): { [Name in K]: string | undefined } {
    return this.#each((name) => {
      const value = optionalValue(wanted[name], before[name], present[name]);
      return same(name, present[name], value) ? present[name] : asSent(name, value);
    });
  }

  /** `true` for each that differs. */
  differ(wanted: Values, before: Values, present: Values): Record<string, boolean> {
    const going = this.wanted(wanted, before, present);
    return this.#each((name) => going[name] !== present[name]);
  }

  /** The program's inputs as the directory now has them; without earlier inputs (an import) all of them. */
  inputs(present: Values, old: Values | undefined): { [Name in K]: string | undefined } {
    return this.#each((name) => {
      if (old === undefined) return present[name];
      if (old[name] === undefined) return undefined;
      return same(name, present[name], old[name]) ? old[name] : present[name];
    });
  }

  #each<T>(pick: (name: K) => T): { [Name in K]: T } {
    return Object.fromEntries(this.names.map((name) => [name, pick(name)])) as { [Name in K]: T };
  }
}

/** Not every server takes spaces around the separators of a name. */
function asSent(name: OptionalAttribute, value: string | undefined): string | undefined {
  return name === "managedBy" && value !== undefined && !isUnknown(value) ? usualSpelling(value) : value;
}

function same(name: OptionalAttribute, one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined || isUnknown(other)) return one === other;
  return name === "managedBy" ? sameName(one, other) : one === other;
}
