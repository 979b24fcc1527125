import { Agent, request } from "node:https";
import { connect, isIPv6 } from "node:net";
import { trustedContext } from "../../provider/connections/trust.ts";
import { type Check, CheckFailed } from "../verify/check.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Door, TIMEOUT } from "./presented.ts";
import { doors } from "./tlsChecks.ts";

/** How long a closed port may stay silent: a firewall drops what it refuses. */
const SILENCE = 3_000;

const hsts: Check<Endpoint> = {
  id: "hsts",
  step: "browsers are told to use HTTPS alone (RFC 6797)",
  async run(endpoint) {
    let seen = "";
    for (const door of await doors(endpoint)) {
      const header = await strictTransportSecurity(door, endpoint);
      if (header === undefined) {
        throw new CheckFailed(`${door.address}: ${endpoint.url} answers without Strict-Transport-Security`);
      }
      const seconds = Number(/(?:^|;)\s*max-age="?(\d+)"?/i.exec(header)?.[1] ?? 0);
      if (seconds === 0) throw new CheckFailed(`${door.address}: "${header}" tells browsers to forget it`);
      seen = header;
    }
    return seen;
  },
};

/** The header of an answer, whatever its status; undefined when it is not there. */
function strictTransportSecurity(door: Door, { url, trustedRoots }: Endpoint): Promise<string | undefined> {
  const { pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: door.address,
        port: door.port,
        servername: door.hostName,
        path: pathname,
        headers: { host: door.hostName },
        agent: new Agent({ secureContext: trustedContext(trustedRoots) }),
        timeout: TIMEOUT,
      },
      (answer) => {
        answer.resume();
        const header = answer.headers["strict-transport-security"];
        resolve(typeof header === "string" ? header : undefined);
      },
    );
    asked.once("timeout", () => asked.destroy(new CheckFailed(`${url} does not answer`)));
    asked.once("error", reject);
    asked.end();
  });
}

const plainHttp: Check<Endpoint> = {
  id: "port-80",
  step: "plain HTTP is closed: nothing answers there, not even with a redirect",
  async run(endpoint) {
    for (const { address } of await doors(endpoint)) {
      if (await isOpen(address, endpoint.httpPort)) {
        throw new CheckFailed(`${shown(address)}:${endpoint.httpPort} takes connections`);
      }
    }
    return `port ${endpoint.httpPort} takes no connection`;
  },
};

function isOpen(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: SILENCE });
    const end = (open: boolean) => {
      resolve(open);
      socket.destroy();
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

function shown(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}

export const httpChecks: readonly Check<Endpoint>[] = [hsts, plainHttp];
