import type { ServerUnaryCall } from "@grpc/grpc-js";
import { Session } from "./session.ts";

/** The sessions of a server by the connection that they came over: several engines may be attached at the same time. */
export class Sessions<S> {
  readonly #byPeer = new Map<string, Session<S>>();
  readonly #engineAddress: string | undefined;
  #latest: Session<S> | undefined;

  /** `engineAddress`: the engine that started this process, if one did. */
  constructor(engineAddress: string | undefined) {
    this.#engineAddress = engineAddress;
  }

  /** For the calls that begin a connection: handshake, attach, configure. */
  open(call: ServerUnaryCall<unknown, unknown>): Session<S> {
    const peer = call.getPeer();
    let session = this.#byPeer.get(peer);
    if (session === undefined) {
      session = new Session<S>();
      session.attach(this.#engineAddress ?? "");
      this.#byPeer.set(peer, session);
    }
    this.#latest = session;
    return session;
  }

  /**
   * For every other call. A connection that was closed while idle (gRPC does so after half an hour) comes back under another port
   * without a new handshake: it goes on with the latest session.
   */
  of(call: ServerUnaryCall<unknown, unknown>): Session<S> {
    return this.#byPeer.get(call.getPeer()) ?? this.#latest ?? this.open(call);
  }

  async close(closeSession: ((session: S) => Promise<void> | void) | undefined): Promise<void> {
    const sessions = [...this.#byPeer.values()];
    this.#byPeer.clear();
    this.#latest = undefined;
    await Promise.allSettled(sessions.map((session) => session.close(closeSession)));
  }
}
