import { randomBytes } from "node:crypto";
import type { Connections } from "../connections/connections.ts";
import { generatePassword } from "../directory/password.ts";
import type { Lifecycle } from "../engine/definition.ts";
import { UserError } from "../engine/userError.ts";
import type { PasswordInputs, PasswordOutputs } from "./schema.ts";

/** Made once and kept in the state; what changes its arguments makes another one. */
export const passwordLifecycle: Lifecycle<PasswordInputs, PasswordOutputs, Connections> = {
  preview: () => ({}),
  async create({ accountName }) {
    return { id: randomBytes(8).toString("hex"), outputs: { password: generatePassword(accountName) } };
  },
  async read(id, old) {
    if (old !== undefined) return { id, ...old };
    throw new UserError("PASSWORD_NOT_IMPORTABLE", {
      what: `Importing password ${id}`,
      why: "nothing but the state holds it",
      next: "Let the kit make another one, or give the account's password as a secret.",
    });
  },
  update: async (_id, outputs) => outputs,
  async delete() {},
};
