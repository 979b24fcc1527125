import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { UserError } from "../provider/engine/userError.ts";
import type { SupervisorMessage } from "./launch.ts";
import { type SandboxLayout, sandboxLayout } from "./layout.ts";
import { findFreeNetwork } from "./network.ts";
import { sandboxParts } from "./parts.ts";
import { readRecord } from "./record.ts";
import { Supervisor } from "./supervisor.ts";

const [root, settingsFile] = process.argv.slice(2);
if (root === undefined || settingsFile === undefined) throw new Error("usage: main.ts ROOT SETTINGS_FILE");
const layout = sandboxLayout(root);

try {
  await supervise(layout, settingsFile);
} catch (error) {
  await tell(failure(error));
  process.exitCode = 1;
  if (process.connected) process.disconnect?.();
}

async function supervise(layout: SandboxLayout, settingsFile: string): Promise<void> {
  await refuseSecond(layout);
  // Read before the new run writes its own.
  const before = readRecord(layout);
  const network = await findFreeNetwork(layout.root, before?.network);
  const supervisor = new Supervisor({
    layout,
    network: network.prefix,
    ...(before !== undefined && { before }),
    listener: (name, part) => void tell({ type: "part", name, part }),
  });
  const control = await listen(layout, supervisor);
  const end = once(async () => {
    try {
      await supervisor.stop();
    } catch (error) {
      // Nobody waits for it any more; its log is where people look.
      process.stderr.write(`${(error as Error).stack ?? error}\n`);
      process.exitCode = 1;
    }
    control.close();
    control.closeAllConnections();
  });
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  // Whoever started this went away before it was told that everything is ready: nobody would know of the sandbox.
  process.once("disconnect", end);
  try {
    const { parts, finish } = await sandboxParts(layout, network, settingsFile);
    await supervisor.start(parts, finish);
  } catch (error) {
    process.exitCode = 1;
    await end();
    await tell(failure(error));
    if (process.connected) process.disconnect?.();
    return;
  }
  process.off("disconnect", end);
  await tell({ type: "ready", record: supervisor.record });
  // An open channel would keep this process alive after the parts.
  if (process.connected) process.disconnect?.();
}

/** Status and stop for other processes, over a socket in the sandbox's folder. */
async function listen(layout: SandboxLayout, supervisor: Supervisor): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method === "POST" && request.url === "/down") {
      // The client waits for this connection to close, which the end of this process does.
      response.writeHead(200).flushHeaders();
      process.kill(process.pid, "SIGTERM");
      process.once("exit", () => response.destroy());
      return;
    }
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(supervisor.record));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(layout.controlSocket, resolve);
  });
  return server;
}

async function refuseSecond(layout: SandboxLayout): Promise<void> {
  if (!existsSync(layout.controlSocket)) return;
  const alive = await new Promise<boolean>((resolve) => {
    const socket = connect(layout.controlSocket);
    socket.once("connect", () => socket.end(() => resolve(true)));
    socket.once("error", () => resolve(false));
  });
  if (!alive) return rm(layout.controlSocket, { force: true });
  throw new UserError("SANDBOX_RUNNING", {
    what: `a sandbox is already running or starting in ${layout.root}`,
    why: "its supervisor answers",
    next: "Wait for it, or stop it with `mfakit sandbox down`.",
  });
}

function failure(error: unknown): SupervisorMessage {
  if (error instanceof UserError) return { type: "failed", code: error.code, ...error.parts };
  process.stderr.write(`${(error as Error).stack ?? error}\n`);
  return {
    type: "failed",
    code: "SANDBOX_FAILED",
    what: "the sandbox cannot be started",
    why: (error as Error).message,
    next: `Read ${layout.log("supervisor")}, mend the cause and run the command again.`,
  };
}

function tell(message: SupervisorMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send?.(message, () => resolve());
  });
}

function once(act: () => Promise<void>): () => Promise<void> {
  let started: Promise<void> | undefined;
  return () => {
    started ??= act();
    return started;
  };
}
