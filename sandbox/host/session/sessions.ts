import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { log } from "../log.ts";
import type { Machine } from "../machine.ts";
import { type HostScripts, runCommandLine } from "./loader.ts";
import { lineReader, type Session } from "./session.ts";

/** Takes over what the forced command of sshd hands on; see `forced.mjs` for the frames. */
export class Sessions {
  readonly #machine: Machine;
  readonly #scripts: HostScripts;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  constructor(machine: Machine, scripts: HostScripts) {
    this.#machine = machine;
    this.#scripts = scripts;
    this.#server = createServer({ allowHalfOpen: true }, (socket) => void this.#serve(socket));
  }

  async listen(path: string): Promise<void> {
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(path, resolve);
    });
  }

  /** Cuts every session, as a restart of the machine does. */
  drop(): void {
    for (const socket of this.#open) socket.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(socket: Socket): Promise<void> {
    this.#open.add(socket);
    const ended = new AbortController();
    socket.once("close", () => {
      this.#open.delete(socket);
      ended.abort();
    });
    socket.on("error", () => socket.destroy());
    const readLine = lineReader(socket);
    const session: Session = {
      readLine,
      out: (text) => frame(socket, 1, Buffer.from(text)),
      error: (text) => frame(socket, 2, Buffer.from(text)),
      ended: ended.signal,
    };
    let exitCode = 1;
    try {
      const { command } = JSON.parse((await readLine()) ?? "{}") as { command?: string };
      exitCode = await runCommandLine(this.#machine, this.#scripts, command ?? "", session);
    } catch (error) {
      log("session", (error as Error).stack ?? String(error));
      session.error(`${(error as Error).message}\n`);
    }
    const code = Buffer.alloc(4);
    code.writeInt32BE(exitCode);
    frame(socket, 3, code);
    socket.end();
    // The client may still be writing to a program that has ended.
    socket.resume();
  }
}

function frame(socket: Socket, kind: number, content: Buffer): void {
  if (socket.destroyed) return;
  const head = Buffer.alloc(5);
  head[0] = kind;
  head.writeUInt32BE(content.length, 1);
  socket.write(Buffer.concat([head, content]));
}
