import { sambaTool } from "./sambaTool.ts";
import type { RunningDirectory } from "./start.ts";

/** Rights of an account on one organizational unit and what is in it. */
export interface Delegation {
  /** Distinguished name of the unit. */
  unit: string;
  /**
   * `joinComputers`: create computer accounts in the unit and manage them, as a domain-join account needs it.
   * `manage`: full control of everything in the unit, as the kit's own account needs it.
   */
  may: "joinComputers" | "manage";
}

/** schemaIDGUID of the class `computer`. */
const COMPUTER = "bf967a86-0de6-11d0-a285-00aa003049e2";
/** Every right on a directory object, spelled out: a generic right would be stored in another form and added again each time. */
const FULL_CONTROL = "CCDCLCSWRPWPDTLOCRSDRCWDWO";

/** Grants the rights in the directory's own access lists; what is granted already is not added twice. */
export async function delegate(
  running: RunningDirectory,
  sid: string,
  delegations: readonly Delegation[],
): Promise<void> {
  for (const { unit, may } of delegations) {
    await sambaTool([
      "dsacl",
      "set",
      `--configfile=${running.configurationFile}`,
      `--objectdn=${unit}`,
      `--sddl=${may === "joinComputers" ? joinComputers(sid) : manage(sid)}`,
    ]);
  }
}

/** Create and delete computer accounts in the unit, and everything on those below it. */
function joinComputers(sid: string): string {
  return `(OA;CI;CCDC;${COMPUTER};;${sid})(OA;CIIO;${FULL_CONTROL};;${COMPUTER};${sid})`;
}

function manage(sid: string): string {
  return `(A;CI;${FULL_CONTROL};;;${sid})`;
}
