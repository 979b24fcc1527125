import { tamper } from "../../sandbox/tamper.ts";
import { layout } from "../sandbox.ts";

export async function main(what: string): Promise<number> {
  const done = await tamper(layout, what);
  process.stdout.write(
    `${done}.\nSee what notices it: mfakit verify, mfakit pulumi preview --refresh --diff. Mend it: mfakit pulumi up.\n`,
  );
  return 0;
}
