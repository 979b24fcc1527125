import {
  type Hello,
  hello,
  type Method,
  methods,
  type Params,
  type Request,
  type Result,
  reply,
} from "../dsc/protocol.ts";
import { UserError } from "../engine/userError.ts";
import { hostScriptText, loaderCommandLine, scriptLine } from "./hostCommand.ts";
import { ConnectionLost, HostError, HostUnreachable } from "./hostErrors.ts";
import type { SshConnection, SshProgram } from "./ssh.ts";

interface Pending {
  method: Method;
  progress?: (message: string) => void;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** How one request is sent. */
export interface SendOptions {
  progress?: (message: string) => void;
  /** Aborting it asks the agent to leave the request alone, which it does while nothing has been changed. */
  signal?: AbortSignal;
}

/** PowerShell's first start on a cold machine takes some seconds; a minute means that it hangs. */
const startMilliseconds = 60_000;

/** The agent process on the host: answers requests one at a time, in their order. */
export class Agent {
  readonly hello: Hello;
  readonly #program: SshProgram;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #lost: ConnectionLost | undefined;

  private constructor(program: SshProgram, greeting: Hello) {
    this.#program = program;
    this.hello = greeting;
  }

  /**
   * Starts the agent and waits for its greeting.
   * @throws UserError `AGENT_START_FAILED` when it ends or says something else.
   */
  static async start(connection: SshConnection): Promise<Agent> {
    const program = await connection.run(loaderCommandLine);
    program.write(`${scriptLine("agent", hostScriptText("agent"))}\n`);
    const lines = program.lines[Symbol.asyncIterator]();
    const timer = setTimeout(() => program.close(), startMilliseconds);
    const greeting = await readHello(lines, program).finally(() => clearTimeout(timer));
    const agent = new Agent(program, greeting);
    void agent.#listen(lines);
    return agent;
  }

  get alive(): boolean {
    return this.#lost === undefined;
  }

  /** Requests that have no answer yet. */
  get unanswered(): number {
    return this.#pending.size;
  }

  /**
   * Sends one request. The promise waits for its answer, also after it was given up.
   * @throws HostError when the host could not do it; ConnectionLost when no answer can come any more.
   */
  send<M extends Method>(method: M, params: Params<M>, options: SendOptions = {}): Promise<Result<M>> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    const { progress, signal } = options;
    const id = this.#nextId++;
    const giveUp = () => {
      // The answer to a cancellation says nothing, so nobody waits for it.
      if (this.#pending.has(id)) this.#write({ id: this.#nextId++, method: "cancel", params: { id } });
    };
    signal?.addEventListener("abort", giveUp, { once: true });
    return new Promise<Result<M>>((resolve, reject) => {
      this.#pending.set(id, { method, progress, resolve: resolve as (result: unknown) => void, reject });
      this.#write({ id, method, params });
    }).finally(() => signal?.removeEventListener("abort", giveUp));
  }

  close(): void {
    this.#program.close();
  }

  #write(request: Request): void {
    this.#program.write(`${JSON.stringify(request)}\n`);
  }

  async #listen(lines: AsyncIterator<string>): Promise<void> {
    let why = "the connection to the host was lost";
    try {
      for (let line = await lines.next(); !line.done; line = await lines.next()) this.#receive(line.value);
    } catch (error) {
      // Nobody awaits this loop, so nothing may leave it: those who wait for answers are told instead.
      why = `its answers could not be read any more: ${(error as Error).message}`;
      this.#program.close();
    } finally {
      this.#lost = new ConnectionLost(this.#program.errorText() || why);
      for (const pending of this.#pending.values()) pending.reject(this.#lost);
      this.#pending.clear();
    }
  }

  #receive(line: string): void {
    // A program that a DSC module starts may write to the same standard output, even in front of an answer.
    const start = line.indexOf('{"id":');
    const message = start < 0 ? undefined : reply.safeParse(parseJson(line.slice(start))).data;
    const pending = message?.id == null ? undefined : this.#pending.get(message.id);
    if (message?.id == null || pending === undefined) return;
    if ("progress" in message) {
      pending.progress?.(message.progress);
      return;
    }
    this.#pending.delete(message.id);
    if (!message.ok) {
      pending.reject(new HostError(message.error));
      return;
    }
    const result = methods[pending.method].result.safeParse(message.result);
    if (result.success) pending.resolve(result.data);
    else
      pending.reject(
        new Error(`the agent's answer to ${pending.method} does not follow the protocol: ${result.error.message}`),
      );
  }
}

async function readHello(lines: AsyncIterator<string>, program: SshProgram): Promise<Hello> {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const said = parseJson(line.value);
    // Anything before the greeting comes from the host's own shell, not from the agent.
    if (typeof said !== "object" || said === null || !("agent" in said)) continue;
    const greeting = hello.safeParse(said);
    if (greeting.success) return greeting.data;
    throw startFailure(`its greeting is not of this version of the kit: ${line.value.slice(0, 200)}`);
  }
  if (program.errorText() === "") throw new HostUnreachable("the agent ended before it greeted");
  throw startFailure(program.errorText());
}

function startFailure(why: string): UserError {
  return new UserError("AGENT_START_FAILED", {
    what: "The agent did not start on the Windows host",
    why,
    next: "Log on by SSH and check that `powershell.exe -NoProfile` starts there, in version 5.1.",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
