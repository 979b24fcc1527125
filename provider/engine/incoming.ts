import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { statusOf } from "./failure.ts";
import type { CallContext } from "./handlers.ts";
import type { Struct } from "./protocol.ts";
import { secretTexts } from "./secrets.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";
import { decodeProperties } from "./struct.ts";
import type { Properties } from "./values.ts";

/** One call of the engine: decodes its properties and remembers their secrets, so that no message about it tells one. */
export class Incoming<S> {
  readonly #call: ServerUnaryCall<unknown, unknown>;
  readonly #sessions: Sessions<S>;
  readonly #decoded: Properties[] = [];
  #session: Session<S> | undefined;

  constructor(call: ServerUnaryCall<unknown, unknown>, sessions: Sessions<S>) {
    this.#call = call;
    this.#sessions = sessions;
  }

  decode(struct: Struct | undefined): Properties {
    const properties = decodeProperties(struct);
    this.#decoded.push(properties);
    return properties;
  }

  /** Secret texts of the request and of the provider's configuration. */
  secrets(): ReadonlySet<string> {
    return new Set([...secretTexts(this.#decoded), ...(this.#session?.secrets ?? [])]);
  }

  /** The session that this call begins; see `Sessions`. */
  open(): Session<S> {
    this.#session = this.#sessions.open(this.#call);
    return this.#session;
  }

  /** The session that this call belongs to. */
  session(): Session<S> {
    this.#session ??= this.#sessions.of(this.#call);
    return this.#session;
  }

  /** Runs the handler of a call about a resource. `timeoutSeconds` is the resource's custom timeout, 0 for none. */
  run<T>(urn: string, timeoutSeconds: number, handle: (context: CallContext<S>) => Promise<T> | T): Promise<T> {
    const disconnected = new AbortController();
    this.#call.on("cancelled", () => disconnected.abort());
    const secrets = () => this.secrets();
    return this.session().run({ urn, timeoutSeconds, disconnected: disconnected.signal, secrets }, handle);
  }
}

/** A gRPC method from a function that returns the response or throws. */
export function answer<S, Request>(
  sessions: Sessions<S>,
  respond: (request: Request, incoming: Incoming<S>) => Promise<unknown>,
): (call: ServerUnaryCall<Request, unknown>, callback: sendUnaryData<unknown>) => Promise<void> {
  return async (call, callback) => {
    const incoming = new Incoming(call, sessions);
    try {
      callback(null, await respond(call.request, incoming));
    } catch (error) {
      callback(statusOf(error, incoming.secrets()));
    }
  };
}
