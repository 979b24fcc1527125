/** Members are compared by a key that is the same for every spelling of their name. */
export interface MembershipState {
  /** Members that the program declares now. */
  declared: ReadonlySet<string>;
  /** Members that the group has. */
  present: ReadonlySet<string>;
  /** Members that the kit added. */
  addedByKit: ReadonlySet<string>;
  /** Nobody else may be in the group. */
  exclusive: boolean;
}

/** What a membership has to write. */
export interface MembershipChange {
  add: string[];
  remove: string[];
}

/** Only differences: additive groups lose nobody but those whom the kit added and the program no longer declares. */
export function membershipChange({ declared, present, addedByKit, exclusive }: MembershipState): MembershipChange {
  const surplus = [...present].filter((member) => !declared.has(member));
  return {
    add: [...declared].filter((member) => !present.has(member)),
    remove: exclusive ? surplus : surplus.filter((member) => addedByKit.has(member)),
  };
}
