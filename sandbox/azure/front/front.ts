import { connect, createServer, type Server, type Socket } from "node:net";
import type { CloudSettings } from "../arm/resourceType.ts";
import type { Store } from "../arm/store.ts";
import { isOpen, type Route, routesToHost } from "./routes.ts";

export interface FrontOptions {
  /** Port at the public addresses; the security rules are asked about 443 whatever it is. */
  port: number;
  target: { address: string; port: number };
}

/** The port that security rules are about. */
const https = 443;

/**
 * The Internet's side of the public addresses: connections to 443 of an address that belongs to the simulated host are piped to it,
 * when the security groups on the way allow them. Each address listens only while there is a machine behind it.
 */
export class PublicFront {
  readonly #store: Store;
  readonly #cloud: CloudSettings;
  readonly #options: FrontOptions;
  readonly #listeners = new Map<string, { server: Server; connections: Set<Socket> }>();
  #closed = false;
  #reconciling: Promise<void> = Promise.resolve();

  constructor(store: Store, cloud: CloudSettings, options: FrontOptions) {
    this.#store = store;
    this.#cloud = cloud;
    this.#options = options;
    store.onChange(() => {
      void this.reconcile();
    });
  }

  /** Resolves when the listeners are those that the store asks for. */
  reconcile(): Promise<void> {
    this.#reconciling = this.#reconciling.then(() => this.#reconcile());
    return this.#reconciling;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.reconcile();
  }

  async #reconcile(): Promise<void> {
    const wanted = new Map(this.#closed ? [] : this.#openRoutes().map((route) => [route.publicAddress, route]));
    for (const [address, { server, connections }] of this.#listeners) {
      if (wanted.has(address)) continue;
      this.#listeners.delete(address);
      for (const connection of connections) connection.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
    for (const address of wanted.keys()) {
      if (!this.#listeners.has(address)) await this.#listen(address);
    }
  }

  /** Any client of this machine is "the Internet"; an address that is closed to it does not listen at all. */
  #openRoutes(): Route[] {
    return routesToHost(this.#store, this.#cloud).filter((route) => isOpen(this.#store, route, "127.0.0.1", https));
  }

  async #listen(address: string): Promise<void> {
    const connections = new Set<Socket>();
    const server = createServer((socket) => {
      connections.add(socket);
      socket.once("close", () => connections.delete(socket));
      this.#pipe(socket, address);
    });
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(this.#options.port, address, resolve);
      });
      this.#listeners.set(address, { server, connections });
    } catch (error) {
      console.error(
        `the public address ${address}:${this.#options.port} cannot be served: ${(error as Error).message}`,
      );
    }
  }

  #pipe(socket: Socket, address: string): void {
    const route = this.#openRoutes().find((r) => r.publicAddress === address);
    if (route === undefined) {
      socket.destroy();
      return;
    }
    const { address: host, port } = this.#options.target;
    const inner = connect(port, host);
    socket.pipe(inner).pipe(socket);
    for (const [side, other] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      side.once("error", () => other.destroy());
      side.once("close", () => other.destroy());
    }
  }
}
