import type { HostConnection } from "../configuration.ts";
import type { Method, Params, Result } from "../dsc/protocol.ts";
import { abortable } from "./abortable.ts";
import { Agent } from "./agent.ts";
import { ConnectionLost } from "./hostErrors.ts";
import { type Patience, whenReachable } from "./reachable.ts";
import { openSsh, type SshConnection } from "./ssh.ts";
import { Turns } from "./turns.ts";

/** How one request is to be made. */
export interface RequestOptions {
  signal?: AbortSignal;
  /** Told what the request waits for, and what the agent says of it. */
  progress?: (message: string) => void;
  /** Longest wait for a host that does not answer SSH. Default: ten minutes for what changes the host, 15 seconds for the rest. */
  waitSeconds?: number;
}

/** What the kit does on one Windows host: one SSH session and one agent process, shared by all resources of an operation. */
export interface HostSession {
  /**
   * Sends one request to the agent on the host; connects at the first. After a lost connection it connects once more and repeats
   * the request when that is safe.
   * @throws HostError when the host could not do it, ConnectionLost when an unsafe request has no answer, UserError when there is no connection.
   */
  request<M extends Method>(method: M, params: Params<M>, options?: RequestOptions): Promise<Result<M>>;
  /** Ends the session for good, also one that is just being made; later requests are refused. */
  close(): Promise<void>;
}

/** Requests that may be carried out twice. `file.write` is not among them: the second would meet its own result. */
const repeatable: ReadonlySet<Method> = new Set<Method>([
  "facts",
  "dsc.get",
  "dsc.apply",
  "file.read",
  "webconfig.encrypt",
  "webconfig.decrypt",
  "appPool.recycle",
  "rights.get",
]);

/** Requests that change the host: they belong to a deployment, where the host may still be starting. */
const changing: ReadonlySet<Method> = new Set<Method>(["dsc.apply", "file.write", "appPool.recycle", "reboot"]);

/**
 * How many requests may be under way at once: enough to hide the network's round trip, few enough that an interrupted operation
 * leaves no queue of changes to a host that goes on alone.
 */
const window = 4;

const deploymentWaitSeconds = 600;
const lookWaitSeconds = 15;
const heartbeatMilliseconds = 10_000;

/** A session with the host of the provider's configuration. It connects at the first request, so that a preview need not. */
export async function openHost(connection: HostConnection): Promise<HostSession> {
  return new SshHostSession(connection);
}

class SshHostSession implements HostSession {
  readonly #connection: HostConnection;
  readonly #turns = new Turns(window);
  #ssh: SshConnection | undefined;
  #agent: Agent | undefined;
  #starting: Promise<Agent> | undefined;
  /** Aborted by `close`, for good: a start that is under way must not leave a connection behind. */
  readonly #closing = new AbortController();

  constructor(connection: HostConnection) {
    this.#connection = connection;
  }

  async request<M extends Method>(method: M, params: Params<M>, options: RequestOptions = {}): Promise<Result<M>> {
    const beat = heartbeat(`${method} on ${this.#connection.address}`, options.progress);
    try {
      return await this.#turns.take(() => this.#send(method, params, options), options.signal);
    } finally {
      clearInterval(beat);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the session with the host was closed"));
    this.#drop();
  }

  #drop(): void {
    this.#agent?.close();
    this.#ssh?.close();
    this.#agent = undefined;
    this.#ssh = undefined;
  }

  async #send<M extends Method>(method: M, params: Params<M>, options: RequestOptions): Promise<Result<M>> {
    const first = await this.#ready(method, options);
    try {
      return await abortable(first.send(method, params, options), options.signal);
    } catch (error) {
      if (!(error instanceof ConnectionLost) || !repeatable.has(method)) throw error;
      options.progress?.("the connection to the host was lost; connecting again");
      const second = await this.#ready(method, options);
      return await abortable(second.send(method, params, options), options.signal);
    }
  }

  /** The running agent, connecting for as long as this request may wait. All requests share each attempt. */
  #ready(method: Method, options: RequestOptions): Promise<Agent> {
    if (this.#agent?.alive) return Promise.resolve(this.#agent);
    const waitSeconds = options.waitSeconds ?? (changing.has(method) ? deploymentWaitSeconds : lookWaitSeconds);
    const patience: Patience = { milliseconds: waitSeconds * 1000, signal: options.signal, progress: options.progress };
    const where = `${this.#connection.address}:${this.#connection.port}`;
    return whenReachable(where, () => abortable(this.#attempt(), options.signal), patience);
  }

  #attempt(): Promise<Agent> {
    if (this.#agent?.alive) return Promise.resolve(this.#agent);
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<Agent> {
    const { signal } = this.#closing;
    this.#drop();
    const ssh = await openSsh(this.#connection, { signal });
    // Known from here on, so that closing ends a start in the middle.
    this.#ssh = ssh;
    try {
      signal.throwIfAborted();
      const agent = await Agent.start(ssh);
      signal.throwIfAborted();
      this.#agent = agent;
      return agent;
    } catch (error) {
      ssh.close();
      throw error;
    }
  }
}

function heartbeat(what: string, progress: ((message: string) => void) | undefined): NodeJS.Timeout {
  const start = performance.now();
  return setInterval(() => {
    progress?.(`${what}, ${Math.round((performance.now() - start) / 1000)} s`);
  }, heartbeatMilliseconds);
}
