import { rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import type { Machine } from "../machine.ts";
import { replaceFile } from "../store.ts";
import { isRunning } from "../windows/services.ts";

/**
 * The product's main service as its web applications see it: a port that accepts connections while the service runs. Its number
 * stands in a file, so that a worker process need not be replaced when the service restarts.
 */
export class ServiceListener {
  readonly #machine: Machine;
  #server: Server | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Holds the port's number; missing while the service does not run. */
  get portFile(): string {
    return join(this.#machine.options.stateDirectory, "service-port");
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
    rmSync(this.portFile, { force: true });
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  async #listen(): Promise<void> {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    this.#server = server;
    replaceFile(this.portFile, String((server.address() as AddressInfo).port), 0o600);
  }
}
