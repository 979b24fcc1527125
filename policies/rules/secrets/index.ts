import type { Rule } from "../../rule.ts";
import { passwordEncrypted } from "./passwordEncrypted.ts";
import { secretsMarked } from "./secretsMarked.ts";
import { vaultClosed } from "./vaultClosed.ts";
import { vaultLogged } from "./vaultLogged.ts";
import { vaultRecoverable } from "./vaultRecoverable.ts";

export const secrets: readonly Rule[] = [secretsMarked, vaultRecoverable, vaultClosed, vaultLogged, passwordEncrypted];
