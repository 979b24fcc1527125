import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HostSession, openHost } from "../../../provider/connections/host.ts";
import { methods } from "../../../provider/dsc/protocol.ts";
import { type AgentProcesses, agentProcesses } from "../../support/agentProgram.ts";
import { writeDscModules } from "../../support/dscModules.ts";
import { pwsh, withoutPowerShell } from "../../support/powershell.ts";
import { startSshServer, type TestSshServer } from "../../support/sshServer.ts";
import { play, transcripts } from "../../support/transcript.ts";

describe("the agent script in PowerShell 7 satisfies the golden transcripts", () => {
  if (pwsh === undefined) test.skip(withoutPowerShell, () => undefined);

  let folder: string;
  let processes: AgentProcesses;
  let server: TestSshServer;
  let host: HostSession;

  beforeAll(async () => {
    if (pwsh === undefined) return;
    folder = mkdtempSync(join(tmpdir(), "mfakit-transcripts-"));
    writeDscModules(join(folder, "modules"));
    processes = agentProcesses({ PSModulePath: join(folder, "modules"), DSC_STATE: folder }, folder);
    server = await startSshServer(processes.program);
    host = await openHost(server.connection);
  });

  afterAll(async () => {
    if (pwsh === undefined) return;
    await host.close();
    await server.close();
    processes.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test.runIf(pwsh !== undefined).each(transcripts())("$name", async (transcript) => {
    for (const { expected, received } of await play(transcript, host)) expect(received).toEqual(expected);
  });
});

test("every method is in a transcript", () => {
  const asked = new Set(transcripts().flatMap(({ exchanges }) => exchanges.map(({ request }) => request.method)));
  // A restart would end the conversation; it has tests of its own.
  const wanted = Object.keys(methods).filter((method) => method !== "reboot");
  expect([...asked]).toEqual(expect.arrayContaining(wanted));
});
