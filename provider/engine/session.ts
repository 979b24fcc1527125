import { PartialFailure } from "./definition.ts";
import { EngineLog, type Severity } from "./engineLog.ts";
import type { CallContext } from "./handlers.ts";
import { redact } from "./secrets.ts";
import { UserError } from "./userError.ts";

/**
 * One provider instance of one engine: the engine opens a connection for each. It holds what `configure` made, where to log, and
 * what stops its calls.
 */
export class Session<S> {
  readonly #cancel = new AbortController();
  #log: EngineLog | undefined;
  #configured: Promise<S> | undefined;
  /** Secret texts of the configuration. */
  secrets: ReadonlySet<string> = new Set();

  /** Where this session's engine listens; the first announcement counts. */
  attach(engineAddress: string): void {
    if (engineAddress !== "") this.#log ??= new EngineLog(engineAddress);
  }

  configure(make: () => Promise<S>): Promise<S> {
    this.#configured = make();
    return this.#configured;
  }

  /** What `configure` made. The engine may send the first call before `configure` has answered. */
  configured(): Promise<S> {
    if (this.#configured === undefined) throw new Error("the engine did not configure the provider before using it");
    return this.#configured;
  }

  /** Stops all running calls and every later one. */
  cancel(): void {
    this.#cancel.abort(
      new UserError("OPERATION_CANCELLED", {
        what: "The operation was cancelled",
        why: "the engine asked the provider to stop",
        next: "Run it again: it goes on from what is there.",
      }),
    );
  }

  /** Runs one call with its context; the signal ends with the session, the caller's connection, or the timeout. */
  async run<T>(options: CallOptions, call: (context: CallContext<S>) => Promise<T> | T): Promise<T> {
    const stop = new AbortController();
    const timer =
      options.timeoutSeconds > 0
        ? setTimeout(() => stop.abort(timedOut(options)), options.timeoutSeconds * 1000)
        : undefined;
    const write = (severity: Severity, message: string, ephemeral = false) =>
      this.#log?.write(severity, redact(message, options.secrets()), options.urn, ephemeral);
    const signal = AbortSignal.any([this.#cancel.signal, options.disconnected, stop.signal]);
    try {
      const session = await this.configured();
      signal.throwIfAborted();
      return await call({
        session,
        signal,
        progress: (message) => write("info", message, true),
        warn: (message) => write("warning", message),
      });
    } catch (error) {
      if (isUnforeseen(error)) write("debug", error.stack ?? error.message);
      throw signal.aborted ? stoppedBy(signal.reason, error) : error;
    } finally {
      clearTimeout(timer);
      await this.#log?.flush();
    }
  }

  async close(closeSession: ((session: S) => Promise<void> | void) | undefined): Promise<void> {
    this.cancel();
    const session = await this.#configured?.catch(() => undefined);
    if (session !== undefined) await closeSession?.(session);
    this.#log?.close();
  }
}

export interface CallOptions {
  urn: string;
  /** The custom timeout of the resource, in seconds; 0 for none. */
  timeoutSeconds: number;
  /** Aborted when the connection of the caller ends. */
  disconnected: AbortSignal;
  /** Secret texts of the request and of the configuration: removed from every message. */
  secrets: () => ReadonlySet<string>;
}

/** An error that nobody phrased for people: its stack, shown by `pulumi --debug` alone, is what a maintainer needs. */
function isUnforeseen(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof UserError) && !(error instanceof PartialFailure);
}

function timedOut(options: CallOptions): UserError {
  return new UserError("OPERATION_TIMED_OUT", {
    what: `The operation did not finish within ${options.timeoutSeconds} s`,
    why: "the resource's customTimeouts end it there",
    next: "Raise customTimeouts of the resource, or look why it takes so long, and run it again.",
  });
}

/** Says why the call was stopped and where; a partial failure stays one, because it carries what exists. */
function stoppedBy(reason: unknown, error: unknown): unknown {
  if (error instanceof PartialFailure || !(reason instanceof UserError)) return error;
  if (error === reason || !(error instanceof Error) || error.name === "AbortError") return reason;
  const why = `${reason.parts.why} (it was at: ${error.message})`;
  return new UserError(reason.code, { ...reason.parts, why }, { cause: error });
}
