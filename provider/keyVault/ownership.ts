/** By this tag the kit knows its own certificates again: after a lost answer, and when one of that name was deleted. */
const OWN = { createdBy: "mfakit" };

/** The tags as the vault keeps them. */
export function withOwnTag(tags: Readonly<Record<string, string>>): Record<string, string> {
  return { ...tags, ...OWN };
}

/** The tags as the program gave them. */
export function withoutOwnTag({ createdBy: _, ...tags }: Readonly<Record<string, string>>): Record<string, string> {
  return tags;
}

export function isOwn(tags: Readonly<Record<string, string>>): boolean {
  return tags.createdBy === OWN.createdBy;
}
