import { rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { z } from "zod";
import { log } from "../log.ts";
import type { Machine } from "../machine.ts";
import { describeInstallers } from "../product/installers.ts";
import { describeProductInstallers } from "../product/setup.ts";
import { runCommand, runCommandRequest } from "../session/runCommand.ts";
import { WindowsError } from "../windowsError.ts";
import { installCertificate, installCertificateRequest } from "./installCertificate.ts";
import { tamper, tamperings } from "./tamper.ts";

const powerOnRequest = z.object({ vmId: z.string(), computerName: z.string().max(15), adminUsername: z.string() });
const joinRequest = z.object({ domain: z.string(), organizationalUnit: z.string() });
const tamperRequest = z.object({ what: z.enum(tamperings) });

type Action = (machine: Machine, body: unknown) => Promise<object> | object;

/** What Azure, an administrator and the sandbox's own commands do to the machine: HTTP with JSON over a unix socket. */
const actions: Record<string, Action> = {
  "POST /power-on": async (machine, body) => {
    await machine.powerOn(powerOnRequest.parse(body));
    return {};
  },
  "POST /power-off": async (machine) => {
    await machine.powerOff();
    return {};
  },
  "POST /join": async (machine, body) => {
    const { domain, organizationalUnit } = joinRequest.parse(body);
    await machine.join(domain, organizationalUnit);
    return {};
  },
  "POST /install-certificate": (machine, body) => installCertificate(machine, installCertificateRequest.parse(body)),
  "POST /reboot": async (machine) => {
    await machine.reboot();
    return {};
  },
  "POST /run-command": (machine, body) => runCommand(machine, runCommandRequest.parse(body)),
  "POST /tamper": async (machine, body) => tamper(machine, tamperRequest.parse(body).what),
  // Passwords, keys and the content of files lie outside of the state.
  "GET /state": (machine) => machine.store.state,
  "GET /installers": (machine) => [
    ...describeInstallers(),
    ...(machine.isOn ? describeProductInstallers(machine) : []),
  ],
};

export class ControlServer {
  readonly #server: Server;

  constructor(machine: Machine) {
    this.#server = createServer((request, response) => {
      const answer = (status: number, body: object) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      perform(machine, request).then(
        (result) => answer(200, result),
        (error: Error) => {
          const [status, code] = judge(error);
          if (status === 500) log("control", error.stack ?? error.message);
          answer(status, {
            error: { code, message: error instanceof z.ZodError ? z.prettifyError(error) : error.message },
          });
        },
      );
    });
  }

  async listen(path: string): Promise<void> {
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(path, resolve);
    });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

class UnknownPath extends Error {}

async function perform(machine: Machine, request: IncomingMessage): Promise<object> {
  const action = actions[`${request.method} ${request.url}`];
  if (action === undefined) throw new UnknownPath(`there is nothing at ${request.method} ${request.url}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const result = await action(machine, text === "" ? {} : JSON.parse(text));
  log("control", `${request.method} ${request.url}`);
  return result;
}

function judge(error: Error): [number, string] {
  if (error instanceof UnknownPath) return [404, "NOT_FOUND"];
  if (error instanceof z.ZodError || error instanceof SyntaxError) return [400, "BAD_REQUEST"];
  if (error instanceof WindowsError) return [409, "REFUSED"];
  return [500, "INTERNAL"];
}
