import type { UserInputs, UserOutputs } from "./schema.ts";

/** What an update does with the password, and which property says why. */
export type PasswordPlan =
  | { action: "keep" }
  /** Set the recorded password again. */
  | { action: "restore"; because: "passwordLastSet" | "rotationTrigger" }
  /** Set the password that the program gives. */
  | { action: "set"; because: "password" }
  /** Generate another one. */
  | { action: "renew"; because: "rotationTrigger" | "password" };

/**
 * Decides from the state alone, so that `diff`, `preview` and `update` agree. Somebody else's change shows as a `passwordLastSet`
 * that is not the one after the kit's own; a refresh may save that, and the decision stays the same until the password is set again.
 */
export function passwordPlan(old: UserOutputs, wanted: UserInputs): PasswordPlan {
  const given = wanted.password !== undefined;
  if (given && wanted.password !== old.password) return { action: "set", because: "password" };
  if (wanted.rotationTrigger !== old.rotationTrigger) {
    return { action: given ? "restore" : "renew", because: "rotationTrigger" };
  }
  if (old.password === "") return { action: "renew", because: "password" };
  if (old.passwordLastSet !== old.passwordSetByKit) return { action: "restore", because: "passwordLastSet" };
  return { action: "keep" };
}
