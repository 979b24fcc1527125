import { createHash } from "node:crypto";
import { type HostScriptName, hostScriptText, loaderCommandLine } from "../../../provider/connections/hostCommand.ts";
import { answerRequests } from "../agent/agent.ts";
import type { Machine } from "../machine.ts";
import { installDscModules } from "./installDscModules.ts";
import { restartIis } from "./restartIis.ts";
import type { Session } from "./session.ts";

type ScriptSimulation = (machine: Machine, session: Session) => Promise<number>;

/** What each script of `scripts/windows` does here. A script is known by its hash or refused. */
export type HostScripts = Record<HostScriptName, ScriptSimulation>;

/** Without a PowerShell: every script is simulated. */
export const simulatedScripts: HostScripts = {
  agent: answerRequests,
  "install-dsc-modules": installDscModules,
  "restart-iis": restartIis,
};

/** Runs the command of an SSH session; answers its exit code. */
export async function runCommandLine(
  machine: Machine,
  scripts: HostScripts,
  commandLine: string,
  session: Session,
): Promise<number> {
  if (commandLine !== loaderCommandLine) {
    const program = commandLine.split(" ")[0] ?? "";
    session.error(
      `'${program}' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n`,
    );
    return 1;
  }
  const envelope = readEnvelope((await session.readLine()) ?? "");
  if (typeof envelope === "string") return refuse(session, envelope);
  const name = recogniseScript(envelope.sha256);
  if (name === undefined) {
    return refuse(
      session,
      `the simulated host runs the scripts of scripts/windows alone, and '${envelope.name}' is none of them as they are there`,
    );
  }
  return scripts[name](machine, session);
}

interface Envelope {
  name: string;
  sha256: string;
}

/** The loader's first line; a text says what is wrong with it. */
function readEnvelope(line: string): Envelope | string {
  let value: { name?: unknown; sha256?: unknown; script?: unknown };
  try {
    value = JSON.parse(line) as typeof value;
  } catch {
    return "Invalid JSON primitive in the first line of standard input.";
  }
  const { name, sha256, script } = value ?? {};
  if (typeof name !== "string" || typeof sha256 !== "string" || typeof script !== "string") {
    return "the first line of standard input has no name, sha256 and script";
  }
  const actual = createHash("sha256").update(Buffer.from(script, "base64")).digest("hex");
  return actual === sha256.toLowerCase()
    ? { name, sha256: actual }
    : `the text of '${name}' does not have the announced SHA-256`;
}

function recogniseScript(sha256: string): HostScriptName | undefined {
  const names = Object.keys(simulatedScripts) as HostScriptName[];
  // Read at each call: the scripts may be edited while the host runs.
  return names.find((name) => createHash("sha256").update(hostScriptText(name)).digest("hex") === sha256);
}

function refuse(session: Session, message: string): number {
  session.error(`${message}\n`);
  return 1;
}
