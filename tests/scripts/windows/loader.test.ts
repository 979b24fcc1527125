import { describe, expect, test } from "vitest";
import {
  hostScriptInput,
  hostScriptText,
  loaderCommandLine,
  scriptLine,
} from "../../../provider/connections/hostCommand.ts";
import { pwsh, runScript, withoutPowerShell } from "../../support/powershell.ts";

describe("the command line", () => {
  test("is short enough for cmd.exe, OpenSSH's default shell on Windows", () => {
    expect(loaderCommandLine.length).toBeLessThan(8191);
  });

  test("is the loader's text and nothing else", () => {
    const encoded = loaderCommandLine.split(" ").at(-1) ?? "";
    expect(Buffer.from(encoded, "base64").toString("utf16le")).toBe(hostScriptText("loader"));
  });

  test("a script's arguments stand in a line of their own, after the script", () => {
    const [script, args, end] = hostScriptInput("restart-iis", { a: "x\ny" }).split("\n");
    expect(JSON.parse(script ?? "")).toMatchObject({ name: "restart-iis" });
    expect(JSON.parse(args ?? "")).toEqual({ a: "x\ny" });
    expect(end).toBe("");
  });
});

describe("the loader in PowerShell 7", () => {
  if (pwsh === undefined) test.skip(withoutPowerShell, () => undefined);
  const run = test.runIf(pwsh !== undefined);
  const load = (input: string) => runScript(hostScriptText("loader"), { input });

  run("runs the script, which reads on in UTF-8 and answers in UTF-8 with LF", () => {
    const script =
      "$line = [Console]::In.ReadLine()\n[Console]::Out.WriteLine($line.ToUpperInvariant())\n[Console]::Out.WriteLine('2')";
    const { stdout, status } = load(`${scriptLine("x", script)}\nübung 日本 😀\n`);
    expect({ stdout, status }).toEqual({ stdout: "ÜBUNG 日本 😀\n2\n", status: 0 });
  });

  run("refuses a script whose hash is another", () => {
    const line = scriptLine("x", "'harmless'").replace(
      /"script":"[^"]*"/,
      `"script":"${Buffer.from("'evil'").toString("base64")}"`,
    );
    const { stdout, stderr, status } = load(`${line}\n`);
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
    expect(stderr).toContain("the text of 'x' does not have the announced SHA-256");
  });

  run("ends with 1 and the reason on standard error when the script fails", () => {
    const { stdout, stderr, status } = load(`${scriptLine("x", "throw 'the disk is full'")}\n`);
    expect({ stdout, status }).toEqual({ stdout: "", status: 1 });
    expect(stderr).toContain("the disk is full");
  });

  run("passes a script's own exit code on", () => {
    expect(load(`${scriptLine("x", "exit 42")}\n`).status).toBe(42);
  });

  run("ends with 1 when there is no script", () => {
    expect(load("").status).toBe(1);
  });
});
