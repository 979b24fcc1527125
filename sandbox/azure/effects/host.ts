import { request } from "node:http";
import type { HostControl } from "../arm/resourceType.ts";

/** The simulated Windows host, by the HTTP server on its control socket. */
export function hostControl(controlSocket: string): HostControl {
  const post = (path: string, body: object) => ask(controlSocket, path, body);
  return {
    async powerOn(machine) {
      await post("/power-on", machine);
    },
    async powerOff() {
      await post("/power-off", {});
    },
    async restart() {
      await post("/reboot", {});
    },
    async installCertificate(certificate) {
      await post("/install-certificate", certificate);
    },
    async join(domain) {
      await post("/join", domain);
    },
    async runCommand(command) {
      const { exitCode, output, error } = (await post("/run-command", command)) as Record<string, unknown>;
      return { exitCode: Number(exitCode), output: String(output ?? ""), error: String(error ?? "") };
    },
  };
}

/** Bodies may hold protected parameters: an error names the path and the host's answer only. */
function ask(socketPath: string, path: string, body: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const content = JSON.stringify(body);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(content) };
    const sent = request({ socketPath, path, method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.once("error", reject);
      response.once("end", () => {
        const status = response.statusCode ?? 500;
        if (status >= 400) reject(new Error(`the simulated host refused ${path} with ${status}: ${text}`));
        else resolve(text === "" ? {} : JSON.parse(text));
      });
    });
    sent.once("error", (error) =>
      reject(new Error(`the simulated host cannot be reached for ${path}: ${error.message}`)),
    );
    sent.end(content);
  });
}
