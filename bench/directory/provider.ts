/**
 * Does the provider's work on one large group in a process of its own, so that its memory can be told. Reads a {@link Work} as JSON
 * from standard input and writes {@link Measured} to standard output.
 */
import { text } from "node:stream/consumers";
import type { DirectoryConnection } from "../../provider/configuration.ts";
import type { Connections } from "../../provider/connections/connections.ts";
import { openDirectory } from "../../provider/connections/ldap.ts";
import type { DirectoryContext } from "../../provider/directory/context.ts";
import { peopleIn } from "../../provider/directory/memberSearch.ts";
import { membershipLifecycle } from "../../provider/directory/membershipLifecycle.ts";
import { judgePeople } from "../../provider/directory/readiness.ts";
import { milliseconds } from "../measure.ts";

export type Operation = "read" | "refresh" | "change" | "readiness";

export interface Work {
  connection: DirectoryConnection;
  operation: Operation;
  /** objectGUID, distinguished name. */
  group: { guid: string; name: string };
  /** sAMAccountNames of the members that the state has. */
  members: string[];
  /** sAMAccountNames that the program declares after the change. */
  changed: string[];
}

export interface Measured {
  milliseconds: number;
  /** Largest resident size of the process. */
  peakMegabytes: number;
  /** What came out, to be compared with what should. */
  found: number;
}

const work = JSON.parse(await text(process.stdin)) as Work;
let found = 0;
const duration = await milliseconds(async () => {
  found = await perform(work);
});
const measured: Measured = {
  milliseconds: duration,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
  found,
};
process.stdout.write(JSON.stringify(measured));

async function perform({ connection, operation, group, members, changed }: Work): Promise<number> {
  const directory = await openDirectory(connection);
  try {
    if (operation === "readiness") {
      return (await judgePeople(await peopleIn(directory, [group.name]), new Date())).length;
    }
    const context: DirectoryContext = {
      connections: { directory: async () => directory, configuration: { directory: connection } } as Connections,
      urn: "urn:pulumi:bench::bench::mfakit:directory:Membership::bench",
      signal: new AbortController().signal,
      now: () => new Date(),
      progress: () => {},
      warn: () => {},
    };
    const inputs = { group: group.guid, members, exclusive: false, checkReadiness: false };
    const state = { inputs, outputs: { ...inputs, addedByKit: [], people: [], unready: [] } };
    if (operation === "change") {
      const wanted = { ...inputs, members: changed, exclusive: true };
      return (await membershipLifecycle.update(group.guid, state.outputs, wanted, inputs, context)).members.length;
    }
    const read = await membershipLifecycle.read(group.guid, state, context);
    if (read === undefined) return 0;
    if (operation === "refresh") {
      const difference = await membershipLifecycle.diff?.(group.guid, inputs, read.outputs, inputs, context);
      if (Object.keys(difference?.changes ?? {}).length > 0) throw new Error("an unchanged group shows a change");
    }
    return read.outputs.members.length;
  } finally {
    await directory.close();
  }
}
