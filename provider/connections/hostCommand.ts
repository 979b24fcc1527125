import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** The scripts of `scripts/windows` that a host runs through the loader. */
export type HostScriptName = "agent" | "install-dsc-modules" | "restart-iis";

const folder = new URL("../../scripts/windows/", import.meta.url);

/** The text of a script in `scripts/windows`, with LF line ends whatever the checkout has, so that its hash is the same everywhere. */
export function hostScriptText(name: HostScriptName | "loader" | "bootstrap-openssh"): string {
  return readFileSync(new URL(`${name}.ps1`, folder), "utf8").replaceAll("\r\n", "\n");
}

/**
 * The one command line that the kit ever runs on a host. It holds no data: the loader in it reads the script and its arguments
 * from standard input. `-OutputFormat Text` keeps errors readable: without it an encoded command writes CLIXML to a redirected
 * standard error. cmd.exe, OpenSSH's default shell on Windows, takes at most 8191 characters.
 */
export const loaderCommandLine: string = [
  "powershell.exe -NoLogo -NoProfile -NonInteractive -InputFormat None -OutputFormat Text -ExecutionPolicy Bypass -EncodedCommand",
  Buffer.from(hostScriptText("loader"), "utf16le").toString("base64"),
].join(" ");

/** The first line of standard input for {@link loaderCommandLine}, without its line end: name, SHA-256 and text of the script to run. */
export function scriptLine(name: string, text: string): string {
  const bytes = Buffer.from(text, "utf8");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return JSON.stringify({ name, sha256, script: bytes.toString("base64") });
}

/**
 * Standard input that runs one of the kit's scripts with its arguments: the script's line, then the arguments as one line of JSON.
 * It may hold secrets when `args` does.
 */
export function hostScriptInput(name: HostScriptName, args: object): string {
  return `${scriptLine(name, hostScriptText(name))}\n${JSON.stringify(args)}\n`;
}
