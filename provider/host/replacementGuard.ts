import type { Connections } from "../connections/connections.ts";
import type { Lifecycle } from "../engine/definition.ts";
import { compareInputs } from "../engine/difference.ts";
import { UserError } from "../engine/userError.ts";
import { equal, UNKNOWN } from "../engine/values.ts";
import type { ReplacementGuardInputs, ReplacementGuardOutputs } from "./schema.ts";

/** Remembers what the machine was made with, and refuses a change of it, in preview already, unless that machine is named. */
export const replacementGuardLifecycle: Lifecycle<ReplacementGuardInputs, ReplacementGuardOutputs, Connections> = {
  diff(_id, oldInputs, old, inputs, { warn }) {
    // What only one of the two knows was added or dropped by another version of the kit, not changed.
    const changed = Object.keys(old.fixed).filter(
      (name) => name in inputs.fixed && !equal(old.fixed[name], inputs.fixed[name]),
    );
    const approved = inputs.approval?.toLowerCase() === old.machine.toLowerCase();
    if (changed.length > 0 && !approved) throw notApproved(changed, old, inputs);
    if (changed.length === 0 && approved) {
      warn(
        `the approval to replace ${old.machine} is still there: remove it, or the next such change is not asked about`,
      );
    }
    return compareInputs(oldInputs, inputs);
  },
  preview: outputsOf,
  create: async (inputs) => ({ id: inputs.machine, outputs: outputsOf(inputs) }),
  async read(id, old) {
    if (old !== undefined) return { id, ...old };
    throw new UserError("REPLACEMENT_GUARD_NOT_IMPORTABLE", {
      what: `Importing the guard of ${id}`,
      why: "nothing but the state holds it",
      next: "Let `pulumi up` make it.",
    });
  },
  update: async (_id, _old, inputs) => outputsOf(inputs),
  async delete() {},
};

function outputsOf({ machine, fixed }: ReplacementGuardInputs): ReplacementGuardOutputs {
  return { machine, fixed };
}

function notApproved(changed: string[], old: ReplacementGuardOutputs, inputs: ReplacementGuardInputs): UserError {
  const changes = changed.map((name) => `${name} from ${shown(old.fixed[name])} to ${shown(inputs.fixed[name])}`);
  return new UserError("REPLACEMENT_NOT_APPROVED", {
    what: `Changing ${changes.join(", ")}`,
    why: `Azure cannot change that on a machine that exists, so ${old.machine} would be deleted with everything on it and made again`,
    next: `Undo the change, or approve it: pulumi config set --path mfa-server:host.replace ${old.machine}`,
  });
}

/** In a preview a value may be unknown, because what it comes from is made anew. */
function shown(value: unknown): string {
  return value === UNKNOWN ? "what is not known yet" : String(value);
}
