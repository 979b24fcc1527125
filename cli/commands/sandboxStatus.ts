import { liveRecord } from "../../sandbox/client.ts";
import { sandboxState } from "../../sandbox/record.ts";
import { duration } from "../duration.ts";
import { layout } from "../sandbox.ts";
import { table } from "../table.ts";

/** Exit code 0: every part is ready; 1: the sandbox is down or a part is not. */
export async function main(options: { json?: boolean }): Promise<number> {
  const record = await liveRecord(layout);
  if (options.json === true) process.stdout.write(`${JSON.stringify(record ?? null, undefined, 2)}\n`);
  if (record === undefined) {
    if (options.json !== true)
      process.stdout.write("No sandbox is running. Start it with `npm start` or `mfakit sandbox up`.\n");
    return 1;
  }
  const parts = Object.entries(record.parts);
  if (options.json !== true) {
    const rows = parts.map(([name, part]) => [
      name,
      part.state,
      part.pids.length === 0 ? "-" : `pid ${part.pids.join(", ")}`,
      Object.entries(part.ports)
        .map(([port, number]) => `${port} ${number}`)
        .join(", "),
      [part.readyAfter === undefined ? [] : `ready after ${duration(part.readyAfter)}`, part.message ?? []]
        .flat()
        .join("; "),
    ]);
    process.stdout.write(`Sandbox at ${record.network}.0/24, since ${record.startedAt}\n${table(rows)}\n`);
  }
  return sandboxState(record) === "ready" ? 0 : 1;
}
