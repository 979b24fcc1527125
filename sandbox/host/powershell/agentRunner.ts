import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Duplex, Readable, Writable } from "node:stream";
import { hostScriptText, loaderCommandLine, scriptLine } from "../../../provider/connections/hostCommand.ts";
import type { Machine } from "../machine.ts";
import { spawnBound } from "../processes.ts";
import type { Session } from "../session/session.ts";
import { answerCall } from "./calls.ts";
import { withReplacements } from "./replacements.ts";
import { SimulatedModules } from "./simulatedModules.ts";

const replacements = new URL("./simulation.ps1", import.meta.url);

/** Runs the real agent script in a real PowerShell, over the state of the simulated machine. */
export class PowerShellAgent {
  readonly #machine: Machine;
  readonly #powershell: string;
  readonly #modules: SimulatedModules;
  /** A PowerShell that has started and waits for its script, so that no session has to wait for its start. */
  #spare: ChildProcess | undefined;
  readonly #running = new Set<ChildProcess>();
  #closed = false;

  constructor(machine: Machine, powershell: string) {
    this.#machine = machine;
    this.#powershell = powershell;
    this.#modules = new SimulatedModules(join(machine.options.stateDirectory, "powershell-modules"));
  }

  /** To be called when the machine's state has changed: its modules are those of the state, and a PowerShell is ready while it is on. */
  follow(): void {
    this.#modules.follow(this.#machine.store.state.windows?.modules ?? {});
    if (this.#machine.store.state.windows?.ssh !== undefined) this.#spare ??= this.#start();
  }

  /** Answers one session until it ends; resolves with the exit code. */
  readonly answer = async (machine: Machine, session: Session): Promise<number> => {
    const child = this.#spare ?? this.#start();
    this.#spare = undefined;
    const input = child.stdin as Writable;
    const calls = child.stdio[3] as Duplex;
    calls.on("error", () => undefined);
    createInterface({ input: calls }).on("line", (line) => {
      void answerCall(machine, line).then((answer) => calls.write(`${answer}\n`));
    });
    (child.stdout as Readable).setEncoding("utf8").on("data", session.out);
    (child.stderr as Readable).setEncoding("utf8").on("data", session.error);
    session.ended.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
    if (session.ended.aborted) child.kill("SIGKILL");
    const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 1)));
    const script = withReplacements(hostScriptText("agent"), this.#replacements());
    input.write(`${scriptLine("agent", script)}\n`);
    for (let line = await session.readLine(); line !== undefined; line = await session.readLine())
      input.write(`${line}\n`);
    input.end();
    const code = await ended;
    // For the next session, and only now: its start would take a core from this one's work.
    if (!this.#closed) this.follow();
    return code;
  };

  close(): void {
    this.#closed = true;
    this.#spare = undefined;
    for (const child of this.#running) child.kill("SIGKILL");
  }

  /** The spare may be older than the machine's name: what depends on it goes in with the script. */
  #replacements(): string {
    const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
    return [
      `$env:COMPUTERNAME = ${quoted(this.#machine.windows.computerName)}`,
      // PowerShell's own modules first: behind the second line only the simulated ones can be found.
      "Import-Module Microsoft.PowerShell.Management, Microsoft.PowerShell.Utility",
      `$env:PSModulePath = ${quoted(this.#modules.folder)}`,
      readFileSync(replacements, "utf8"),
    ].join("\n");
  }

  #start(): ChildProcess {
    const [, ...options] = loaderCommandLine.split(" ");
    const child = spawnBound(this.#powershell, options, {
      cwd: this.#machine.drive.root,
      // Profiling for later optimisation costs more than these short programs get back.
      env: { ...process.env, DOTNET_TieredPGO: "0" },
      stdio: ["pipe", "pipe", "pipe", "pipe"],
    });
    this.#running.add(child);
    child.stdin?.on("error", () => undefined);
    child.once("close", () => {
      this.#running.delete(child);
      if (this.#spare === child) this.#spare = undefined;
    });
    return child;
  }
}
