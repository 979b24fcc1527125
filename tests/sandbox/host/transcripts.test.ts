import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HostSession, openHost } from "../../../provider/connections/host.ts";
import { hostScriptInput, loaderCommandLine } from "../../../provider/connections/hostCommand.ts";
import { pwsh, withoutPowerShell } from "../../support/powershell.ts";
import { play, transcripts } from "../../support/transcript.ts";
import { startWindowsHost, type WindowsHost } from "../../support/windowsHost.ts";
import { versions } from "./driver.ts";

const answerers: [string, string | false | undefined, RegExp][] = [
  ["by its own answers", false, /the simulation itself/],
  ["by the real agent script in PowerShell 7", pwsh, /the real agent script, in /],
];

describe.each(answerers)("the simulated host, %s", (_, powershell, announced) => {
  if (powershell === undefined) {
    test.skip(withoutPowerShell, () => undefined);
    return;
  }

  let host: WindowsHost;
  let session: HostSession;

  beforeAll(async () => {
    host = await startWindowsHost(undefined, { powershell });
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

  test("says at its start who answers", () => {
    expect(readFileSync(host.logFile, "utf8")).toMatch(announced);
  });

  test.each(transcripts())("satisfies the golden transcript $name", async (transcript) => {
    const pairs = await play(transcript, session);
    expect(pairs.length).toBeGreaterThan(0);
    for (const { expected, received } of pairs) expect(received).toEqual(expected);
  });
});
