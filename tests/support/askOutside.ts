import { readFileSync } from "node:fs";
import { Agent, get } from "node:https";
import type { TLSSocket } from "node:tls";
import type { TestSandbox } from "./sandbox.ts";

/** Begins to ask the deployed service; call what it answers to stop. */
export async function askOutside(sandbox: TestSandbox) {
  const { publicIpAddress, publicHostName } = JSON.parse((await sandbox.pulumi("stack", "output", "--json")).output);
  return askAllTheTime(publicIpAddress, publicHostName, readFileSync(sandbox.layout.trustedRootsFile, "utf8"));
}

/** Somebody outside who asks again and again, each time over a new connection, until told to stop. */
async function askAllTheTime(address: string, hostName: string, ca: string) {
  const failures: string[] = [];
  const thumbprints: string[] = [];
  let going = true;
  const once = () =>
    new Promise<void>((resolve) => {
      const asked = get(
        { host: address, servername: hostName, headers: { host: hostName }, path: "/", ca, agent: new Agent() },
        (answer) => {
          answer.resume();
          const thumbprint = (answer.socket as TLSSocket).getPeerX509Certificate()?.fingerprint.replaceAll(":", "");
          if (thumbprint !== undefined && thumbprint !== thumbprints.at(-1)) thumbprints.push(thumbprint);
          answer.once("end", resolve);
        },
      );
      asked.once("error", (error) => {
        failures.push(error.message);
        resolve();
      });
    });
  let count = 0;
  const ended = (async () => {
    for (; going; count += 1) await once();
  })();
  return async () => {
    going = false;
    await ended;
    return { failures, thumbprints, count };
  };
}
