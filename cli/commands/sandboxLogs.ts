import { existsSync, readdirSync, readFileSync } from "node:fs";
import { UserError } from "../../provider/engine/userError.ts";
import { layout } from "../sandbox.ts";

const LAST_LINES = 20;

export async function main(part: string | undefined): Promise<number> {
  const known = existsSync(layout.logs) ? readdirSync(layout.logs).map((file) => file.replace(/\.log$/, "")) : [];
  if (part === undefined) {
    for (const name of known) {
      const lines = readFileSync(layout.log(name), "utf8").trimEnd().split("\n").slice(-LAST_LINES);
      process.stdout.write(`== ${name} (last ${lines.length} lines of ${layout.log(name)})\n${lines.join("\n")}\n`);
    }
    return 0;
  }
  if (!known.includes(part)) {
    throw new UserError("UNKNOWN_PART", {
      what: `the sandbox has no log of "${part}"`,
      why: known.length === 0 ? "it has never run here" : `its parts are ${known.join(", ")}`,
      next: "Name one of them.",
    });
  }
  process.stdout.write(readFileSync(layout.log(part), "utf8"));
  return 0;
}
