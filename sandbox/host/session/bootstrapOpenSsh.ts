import { existsSync, readFileSync } from "node:fs";
import type { Machine } from "../machine.ts";
import { replaceFile } from "../store.ts";
import { newRule } from "../windows/firewall.ts";
import { newService } from "../windows/services.ts";
import { WindowsError } from "../windowsError.ts";
import { sshFiles } from "./sshd.ts";

const ruleName = "mfakit-sshd";

/** bootstrap-openssh.ps1: host key, authorized key, firewall rule and service; says what it changed. */
export async function bootstrapOpenSsh(machine: Machine, parameters: Record<string, string>): Promise<string> {
  const { windows, options } = machine;
  const hostKey = pemText(required(parameters, "HostPrivateKey"));
  const authorizedKey = `${required(parameters, "AuthorizedKey").trim()}\n`;
  const port = Number(parameters.Port ?? options.sshPort);
  const files = sshFiles(options.stateDirectory);
  const changed: string[] = [];
  if (windows.services.sshd === undefined) changed.push("server");
  if (replaceIfDifferent(files.hostKey, hostKey)) changed.push("hostKey");
  if (replaceIfDifferent(files.authorizedKeys, authorizedKey)) changed.push("authorizedKeys");
  if (windows.ssh?.port !== port) changed.push("configuration");
  if (windows.firewall[ruleName]?.localPort[0] !== String(port)) {
    windows.firewall[ruleName] = newRule({ displayName: "OpenSSH server (management)", localPort: [String(port)] });
    changed.push("firewall");
  }
  const service = windows.services.sshd;
  if (service?.state !== "Running" || changed.includes("hostKey") || changed.includes("configuration")) {
    windows.services.sshd = newService({
      displayName: "OpenSSH SSH Server",
      path: "C:\\Program Files\\OpenSSH\\sshd.exe",
    });
    changed.push("service");
  }
  windows.ssh = { port };
  await machine.changed();
  return JSON.stringify({ changed, port });
}

function required(parameters: Record<string, string>, name: string): string {
  const value = parameters[name];
  if (value === undefined || value === "")
    throw new WindowsError(`Cannot bind argument to parameter '${name}' because it is an empty string.`);
  return value;
}

/** Run Command may turn line breaks into spaces; OpenSSH wants 70 characters a line. */
function pemText(text: string): string {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----/
    .exec(text)?.[1]
    ?.replace(/\s/g, "");
  if (body === undefined) throw new WindowsError("HostPrivateKey is not an OpenSSH private key in PEM form");
  const lines = body.match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

function replaceIfDifferent(file: string, content: string): boolean {
  if (existsSync(file) && readFileSync(file, "utf8") === content) return false;
  replaceFile(file, content, 0o600);
  return true;
}
