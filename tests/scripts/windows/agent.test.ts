import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostScriptText, scriptLine } from "../../../provider/connections/hostCommand.ts";
import { pwsh, runScript, withoutPowerShell, withReplacements } from "../../support/powershell.ts";

const modules = new URL("./modules", import.meta.url).pathname;
const windows = readFileSync(new URL("../../support/windows.ps1", import.meta.url), "utf8");

// biome-ignore lint/suspicious/noExplicitAny: answers are compared with literals below
type Reply = any;

describe("the agent in PowerShell 7", () => {
  if (pwsh === undefined) test.skip(withoutPowerShell, () => undefined);
  const run = test.runIf(pwsh !== undefined);

  let folder: string;
  let replies: Reply[] = [];
  let hello: Reply;
  const lines: string[] = [];

  /** Every request of this file goes through one agent; a test asks for the answer of its own. */
  const ask = (method: string, params: unknown): number => {
    lines.push(JSON.stringify({ id: lines.length + 1, method, params }));
    return lines.length;
  };
  const fault = (method: "dsc.get" | "dsc.apply", resource: string, properties: object = {}, more: object = {}) =>
    ask(method, { module: "FaultDsc", version: "1.0.0", resource, properties: { Name: "x", ...properties }, ...more });
  const answer = (id: number): Reply => replies.find((reply) => reply.id === id && reply.ok !== undefined);
  const progress = (id: number): Reply[] => replies.filter((reply) => reply.id === id && reply.progress !== undefined);

  const asked = {
    throws: fault("dsc.apply", "Throws"),
    reports: fault("dsc.apply", "Reports"),
    noisy: fault("dsc.apply", "Noisy"),
    reboots: fault("dsc.apply", "Reboots"),
    rebooted: fault("dsc.apply", "Reboots"),
    silent: fault("dsc.get", "Silent"),
    values: fault("dsc.get", "Values"),
    echoes: fault("dsc.apply", "Echoes", {
      Value: [
        { $cim: "DSC_WebBindingInformation", properties: { Protocol: "https", Port: 443, List: ["a", "b"] } },
        { $cim: "DSC_WebBindingInformation", properties: { Protocol: "http" } },
      ],
    }),
    injection: fault("dsc.apply", "Echoes", { Value: "$(throw 'ran'); `\"'; Remove-Item C:\\" }),
    loose: fault("dsc.get", "Loose"),
    unnamed: fault("dsc.get", "DSC_Unnamed"),
    unknownProperty: fault("dsc.get", "Loose", { NoSuch: 1 }),
    forced: fault("dsc.apply", "Noisy", {}, { force: true }),
    large: ask("file.read", { path: "C:\\large.config" }),
    readOnly: ask("file.write", {
      path: "C:\\no/such/folder/x.config",
      contentBase64: "",
      expectedSha256: null,
      backup: false,
    }),
    notBase64: ask("file.write", { path: "C:\\x.config", contentBase64: "%%%", expectedSha256: null, backup: false }),
    stoppedPool: ask("appPool.recycle", { name: "Idle" }),
    gpo: ask("rights.get", { policy: "SeNetworkLogonRight" }),
    nobody: ask("rights.get", { policy: "SeTcbPrivilege" }),
    reboot: ask("reboot", {}),
    paramsMissing: ask("facts", null),
    external: ask("webconfig.encrypt", {
      section: "appSettings",
      xml: "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><appSettings>&e;</appSettings>",
    }),
  };

  beforeAll(() => {
    if (pwsh === undefined) return;
    folder = mkdtempSync(join(tmpdir(), "mfakit-agent-"));
    writeFileSync(join(folder, "C:\\large.config"), "x".repeat(4 * 1024 * 1024));
    const agent = scriptLine("agent", withReplacements(hostScriptText("agent"), windows));
    const noise = ["", "   ", "not json", "[1]", '{"id":900}', '{"id":901,"method":"facts","params":[]}'];
    const result = runScript(hostScriptText("loader"), {
      input: `${[agent, ...lines, ...noise].join("\n")}\n`,
      environment: { PSModulePath: modules, DSC_STATE: folder },
      cwd: folder,
    });
    expect(result.stderr).toBe("");
    expect(result.status).toBe(0);
    [hello, ...replies] = result.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  });
  afterAll(() => {
    if (pwsh !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  run("greets first, and ends with its input", () => {
    expect(hello).toEqual({
      agent: "mfakit",
      protocol: 1,
      powershell: expect.any(String),
      computerName: expect.any(String),
    });
  });

  run("answers every request once, in the order they came, the id in front", () => {
    const answered = replies.filter((reply) => reply.ok !== undefined).map(({ id }) => id);
    expect(answered).toEqual([...lines.map((_, index) => index + 1), null, null, 900, 901]);
  });

  run("an exception in Set carries code, message, HRESULT and the resource", () => {
    expect(answer(asked.throws)).toEqual({
      id: asked.throws,
      ok: false,
      error: { code: "DSC_SET_FAILED", message: "Access is denied.", hresult: -2147024891, resource: "[Throws]x" },
    });
  });

  run("the first of the errors that Set only reported fails it", () => {
    expect(answer(asked.reports).error).toMatchObject({ code: "DSC_SET_FAILED", message: "the first error" });
  });

  run("what a module says on other streams stays out of the answers", () => {
    expect(answer(asked.noisy).result).toEqual({
      changed: false,
      current: { Name: "x" },
      inDesiredState: true,
      rebootRequired: false,
    });
  });

  run("a restart that Set asks for is reported once", () => {
    expect(answer(asked.reboots).result).toMatchObject({ changed: true, rebootRequired: true, inDesiredState: true });
    expect(answer(asked.rebooted).result).toMatchObject({ changed: false, rebootRequired: false });
  });

  run("Get without a hashtable is an error", () => {
    expect(answer(asked.silent).error).toMatchObject({
      code: "DSC_GET_FAILED",
      message: "Get-TargetResource answered no hashtable",
    });
  });

  run("every value has a form in JSON, and credentials have none", () => {
    expect(answer(asked.values).result.current).toEqual({
      Name: "x",
      Nothing: null,
      Flag: false,
      Zero: 0,
      Big: 18446744073709552000,
      Day: "Friday",
      When: "2026-01-02T03:04:05.0000000Z",
      Span: "01:00:00",
      One: ["a"],
      Empty: [],
      Nested: [{ Deep: { Deeper: [1, 2] } }],
      Object: { A: 1 },
      Text: "text",
    });
  });

  run("embedded instances reach the module as such, one by one", () => {
    const received = JSON.parse(answer(asked.echoes).error.message);
    expect(received).toEqual({
      Name: "x",
      Value: [{ Protocol: "https", Port: 443, List: ["a", "b"] }, { Protocol: "http" }],
    });
  });

  run("text is data: nothing in it is ever evaluated", () => {
    expect(JSON.parse(answer(asked.injection).error.message)).toEqual({
      Name: "x",
      Value: "$(throw 'ran'); `\"'; Remove-Item C:\\",
    });
  });

  run("modules are not held to the agent's own strict mode", () => {
    expect(answer(asked.loose)).toMatchObject({ ok: true, result: { inDesiredState: true } });
  });

  run("a resource without a friendly name goes by its class", () => {
    expect(answer(asked.unnamed)).toMatchObject({ ok: true });
  });

  run("a property that the functions do not take is left out, as DSC does", () => {
    expect(answer(asked.unknownProperty)).toMatchObject({ ok: true });
  });

  run("force runs Set although the state holds, with progress", () => {
    expect(answer(asked.forced).result).toMatchObject({ changed: true, inDesiredState: true });
    expect(progress(asked.forced)).toEqual([{ id: asked.forced, progress: "[Noisy]x: changing" }]);
    expect(progress(asked.noisy)).toEqual([]);
  });

  run("a line of several megabytes goes through", () => {
    expect(Buffer.from(answer(asked.large).result.contentBase64, "base64")).toHaveLength(4 * 1024 * 1024);
  });

  run("a write that fails says so and leaves no temporary file", () => {
    expect(answer(asked.readOnly).error).toMatchObject({
      code: "FILE_WRITE_FAILED",
      message: "'C:\\no/such/folder/x.config' could not be written",
    });
    expect(answer(asked.notBase64).error).toMatchObject({ code: "FILE_WRITE_FAILED" });
    expect(readdirSync(folder).filter((name) => name.includes("mfakit.tmp"))).toEqual([]);
  });

  run("a stopped pool is left stopped", () => {
    expect(answer(asked.stoppedPool).result).toEqual({ recycled: false, state: "Stopped" });
  });

  run("a user right names its holders and the group policy that defines it", () => {
    expect(answer(asked.gpo).result).toEqual({ identities: ["Everyone"], source: "Default Domain Policy" });
    expect(answer(asked.nobody).result).toEqual({ identities: [], source: "local" });
  });

  run("a restart is answered before it happens", () => {
    expect(answer(asked.reboot)).toEqual({ id: asked.reboot, ok: true, result: {} });
    expect(readdirSync(folder)).toContain("restarted");
  });

  run("requests without params are refused", () => {
    expect(answer(asked.paramsMissing).error).toMatchObject({
      code: "BAD_REQUEST",
      message: "the request's params are not an object",
    });
    expect(answer(900).error).toMatchObject({ code: "BAD_REQUEST" });
    expect(answer(901).error).toMatchObject({ code: "BAD_REQUEST" });
  });

  run("an external entity is not followed", () => {
    expect(JSON.stringify(answer(asked.external))).not.toContain("root:");
  });
});
