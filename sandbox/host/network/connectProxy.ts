import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { log } from "../log.ts";
import type { Machine } from "../machine.ts";
import type { HostResolver } from "./resolver.ts";

/**
 * The way out for the machine's programs: a loopback proxy that resolves names as the machine does, which the real resolver of this
 * computer would not. Only tunnels (CONNECT), so TLS stays between the program and its peer; only loopback, so nothing leaves here.
 */
export class ConnectProxy {
  readonly #machine: Machine;
  readonly #resolver: HostResolver;
  readonly #server: Server;

  constructor(machine: Machine, resolver: HostResolver) {
    this.#machine = machine;
    this.#resolver = resolver;
    this.#server = createServer((_, response) => {
      response
        .writeHead(502, { "content-type": "text/plain" })
        .end("Nothing on the simulated network answers plain HTTP.\n");
    });
    this.#server.on("connect", (request, socket) => void this.#tunnel(request.url ?? "", socket as Socket));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", resolve);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #tunnel(target: string, socket: Socket): Promise<void> {
    socket.on("error", () => socket.destroy());
    const [name = "", portText = ""] = target.split(":");
    try {
      const address = await this.#resolver.resolve(name);
      if (!address.startsWith("127.")) throw new Error(`${name} is outside of the simulated network`);
      const { options } = this.#machine;
      const port = address === options.address && portText === "443" ? options.httpsPort : Number(portText);
      const peer = await open(address, port);
      peer.on("error", () => socket.destroy());
      peer.on("close", () => socket.destroy());
      socket.on("close", () => peer.destroy());
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(peer);
      peer.pipe(socket);
    } catch (error) {
      log("network", `${name}: ${(error as Error).message}`);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    }
  }
}

function open(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, address);
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}
