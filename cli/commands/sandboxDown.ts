import { rm } from "node:fs/promises";
import { stopSandbox } from "../../sandbox/client.ts";
import { layout } from "../sandbox.ts";

export async function main(options: { purge?: boolean }): Promise<number> {
  const stopped = await stopSandbox(layout);
  process.stdout.write(stopped ? "The sandbox is down.\n" : "No sandbox is running.\n");
  if (options.purge === true) {
    await rm(layout.root, { recursive: true, force: true });
    process.stdout.write(`Removed ${layout.root}.\n`);
  }
  return 0;
}
