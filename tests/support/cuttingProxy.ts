/** A TCP proxy between the kit and a server that cuts the first connection after so many bytes from the server. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface CuttingProxy {
  readonly port: number;
  /** Connections that were accepted. */
  readonly connections: number;
  /** Bytes from the server that were passed on, over all connections. */
  readonly passed: number;
  close(): Promise<void>;
}

/** @param cutAfter bytes of the server that still pass; default: nothing is cut */
export async function startCuttingProxy(target: number, cutAfter = Number.POSITIVE_INFINITY): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let passed = 0;
  const server = createServer((near) => {
    const isFirst = ++connections === 1;
    const far = connect(target, "127.0.0.1");
    const both = [near, far];
    for (const socket of both) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        for (const other of both) other.destroy();
      });
    }
    near.on("data", (bytes) => far.write(bytes));
    far.on("data", (bytes) => {
      const left = isFirst ? cutAfter - passed : bytes.length;
      near.write(bytes.subarray(0, Math.max(0, left)));
      passed += Math.min(bytes.length, Math.max(0, left));
      if (left < bytes.length) near.end(() => near.destroy());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get passed() {
      return passed;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
