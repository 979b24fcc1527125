import { type AddressInfo, createServer, type Server } from "node:net";
import type { Machine } from "../machine.ts";
import { isRunning } from "../windows/services.ts";

/** The product's main service as its web applications see it: a port that accepts connections while the service runs. */
export class ServiceListener {
  readonly #machine: Machine;
  #server: Server | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  get port(): number | undefined {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    return address?.port;
  }

  async follow(): Promise<void> {
    const { windows } = this.#machine.store.state;
    const wanted = windows !== undefined && isRunning(windows, "MultiFactorAuth");
    if (wanted && this.#server === undefined) await this.#listen();
    if (!wanted) await this.stop();
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  async #listen(): Promise<void> {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    this.#server = server;
  }
}
