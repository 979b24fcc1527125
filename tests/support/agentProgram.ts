import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { ServerChannel } from "ssh2";
import { loaderCommandLine, scriptLine } from "../../provider/connections/hostCommand.ts";
import { pwsh, withoutPowerShell, withReplacements } from "./powershell.ts";
import type { TestProgram } from "./sshServer.ts";

const windows = readFileSync(new URL("./windows.ps1", import.meta.url), "utf8");

export interface AgentProcesses {
  program: TestProgram;
  /** Ends those that still run; the kit normally does by closing the channel. */
  end(): void;
}

/**
 * Runs the real loader and the real agent script in PowerShell 7 behind each exec request; the functions that need Windows are
 * replaced by `windows.ps1`. `environment` names the folders of modules (PSModulePath) and of their state (DSC_STATE).
 */
export function agentProcesses(environment: Record<string, string>, cwd: string): AgentProcesses {
  const running = new Set<ChildProcess>();
  const program = (channel: ServerChannel, commandLine: string) => {
    if (pwsh === undefined) throw new Error(withoutPowerShell);
    const [executable, ...options] = commandLine.split(" ");
    if (commandLine !== loaderCommandLine || executable !== "powershell.exe") {
      channel.stderr.write("unexpected command line");
      channel.exit(1);
      channel.end();
      return;
    }
    const child = spawn(pwsh, options, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    running.add(child);
    child.stdout.pipe(channel);
    child.stderr.pipe(channel.stderr);
    child.stdin.on("error", () => undefined);
    replaceWindows(channel, child);
    channel.on("close", () => child.stdin.end());
    child.on("exit", (code) => {
      running.delete(child);
      channel.exit(code ?? 1);
      channel.end();
    });
  };
  return {
    program,
    end: () => {
      for (const child of running) child.kill("SIGKILL");
    },
  };
}

/** The first line carries the agent's text: the replacements go into it, the rest of the stream stays as it is. */
function replaceWindows(channel: ServerChannel, child: ChildProcess): void {
  let head: Buffer | undefined = Buffer.alloc(0);
  channel.on("data", (chunk: Buffer) => {
    if (head === undefined) {
      child.stdin?.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\n");
    if (end < 0) return;
    const { name, script } = JSON.parse(head.toString("utf8", 0, end)) as { name: string; script: string };
    const text = withReplacements(Buffer.from(script, "base64").toString("utf8"), windows);
    child.stdin?.write(`${scriptLine(name, text)}\n`);
    child.stdin?.write(head.subarray(end + 1));
    head = undefined;
  });
  channel.on("end", () => child.stdin?.end());
}
