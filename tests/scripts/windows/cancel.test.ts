import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { hostScriptText, scriptLine } from "../../../provider/connections/hostCommand.ts";
import type { Reply } from "../../../provider/dsc/protocol.ts";
import { pwsh, pwshOptions, withoutPowerShell, withReplacements } from "../../support/powershell.ts";

const modules = new URL("./modules", import.meta.url).pathname;
const replacements = new URL("../../support/windows.ps1", import.meta.url);

describe("cancelling in PowerShell 7", () => {
  if (pwsh === undefined) test.skip(withoutPowerShell, () => undefined);

  let folder: string;
  let agent: ChildProcess;
  const replies = new Map<number | null, Reply>();

  const say = (id: number, method: string, params: object) =>
    agent.stdin?.write(`${JSON.stringify({ id, method, params })}\n`);
  const apply = (id: number, Name: string) =>
    say(id, "dsc.apply", { module: "FaultDsc", version: "1.0.0", resource: "Waits", properties: { Name } });
  const answered = (id: number) => vi.waitFor(() => expect(replies.has(id)).toBe(true), { timeout: 60_000 });
  const isThere = (name: string) => existsSync(join(folder, name));

  beforeAll(() => {
    if (pwsh === undefined) return;
    folder = mkdtempSync(join(tmpdir(), "mfakit-cancel-"));
    const loader = Buffer.from(hostScriptText("loader"), "utf16le").toString("base64");
    agent = spawn(pwsh, [...pwshOptions, "-InputFormat", "None", "-EncodedCommand", loader], {
      env: { ...process.env, PSModulePath: modules, DSC_STATE: folder },
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: agent.stdout as Readable }).on("line", (line) => {
      const reply = JSON.parse(line) as Reply;
      if ("ok" in reply) replies.set(reply.id, reply);
    });
    const text = withReplacements(hostScriptText("agent"), readFileSync(replacements, "utf8"));
    agent.stdin?.write(`${scriptLine("agent", text)}\n`);
  });
  afterAll(() => {
    if (pwsh === undefined) return;
    agent.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test.runIf(pwsh !== undefined)("stops what has changed nothing yet, and nothing else", async () => {
    apply(1, "running");
    apply(2, "waiting");
    apply(3, "wanted");
    await vi.waitFor(() => expect(isThere("running.begun")).toBe(true), { timeout: 60_000 });
    say(4, "cancel", { id: 1 });
    say(5, "cancel", { id: 2 });
    // Answered while the first request is still under way.
    await Promise.all([answered(4), answered(5)]);
    expect(replies.has(1)).toBe(false);
    for (const name of ["running", "waiting", "wanted"]) writeFileSync(join(folder, `${name}.go`), "");
    await answered(3);
    expect(replies.get(1)).toMatchObject({ ok: false, error: { code: "CANCELLED" } });
    expect(replies.get(2)).toMatchObject({ ok: false, error: { code: "CANCELLED" } });
    expect(replies.get(3)).toMatchObject({ ok: true, result: { changed: true } });
    expect({ running: isThere("running.done"), waiting: isThere("waiting.begun") }).toEqual({
      running: false,
      waiting: false,
    });
  });
});
