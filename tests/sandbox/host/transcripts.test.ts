import { userInfo } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HostSession, openHost } from "../../../provider/connections/host.ts";
import { hostScriptInput, loaderCommandLine } from "../../../provider/connections/hostCommand.ts";
import { play, transcripts } from "../../support/transcript.ts";
import { startWindowsHost, type WindowsHost } from "../../support/windowsHost.ts";
import { versions } from "./driver.ts";

let host: WindowsHost;
let session: HostSession;

beforeAll(async () => {
  host = await startWindowsHost();
  await host.boot();
  const modules = Object.entries(versions).map(([name, version]) => ({ name, version }));
  await host.run(loaderCommandLine, hostScriptInput("install-dsc-modules", { modules, source: "gallery" }));
  session = await openHost({
    address: host.address,
    port: host.sshPort,
    user: userInfo().username,
    hostKey: host.keys.hostPublic,
    privateKey: host.keys.user,
  });
});
afterAll(async () => {
  await session?.close();
  await host?.stop();
});

test.each(transcripts().map((transcript) => [transcript.name, transcript] as const))(
  "the simulated host satisfies the golden transcript %s",
  async (_, transcript) => {
    const pairs = await play(transcript, session);
    expect(pairs.length).toBeGreaterThan(0);
    for (const { expected, received } of pairs) expect(received).toEqual(expected);
  },
);
