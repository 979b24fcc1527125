import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { UserError } from "../../provider/engine/userError.ts";
import type { DeploymentContext } from "../context.ts";
import { fileBackendFolder } from "./fileBackend.ts";

interface Lock {
  pid: number;
  hostname: string;
  timestamp: string;
}

/**
 * Whether the stack is locked by an engine that is gone. Locks of a `file://` backend say who holds them; for other backends the
 * answer is false, for their service knows whether an update still runs.
 * @throws UserError `DEPLOYMENT_RUNNING` when the engine that holds the lock is alive, or works on another machine.
 */
export function hasStaleLock(context: DeploymentContext): boolean {
  const locks = readLocks(context);
  for (const lock of locks) {
    // Killed while it wrote the lock: whoever that was, it is gone.
    if (lock === undefined) continue;
    const here = lock.hostname === hostname();
    if (here && !isAlive(lock.pid)) continue;
    throw new UserError("DEPLOYMENT_RUNNING", {
      what: `stack ${context.stack} is being deployed`,
      why: `process ${lock.pid} on ${lock.hostname} holds its lock since ${lock.timestamp}`,
      next: here
        ? "Wait for it to end, or stop it."
        : "Wait for it to end; if that machine is gone, run `pulumi cancel` and then this command again.",
    });
  }
  return locks.length > 0;
}

function readLocks(context: DeploymentContext): (Lock | undefined)[] {
  const backend = fileBackendFolder(context);
  if (backend === undefined) return [];
  const folder = join(backend, "locks");
  if (!existsSync(folder)) return [];
  const name = context.stack.split("/").at(-1);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json") && file.split("/").includes(name ?? ""))
    .map((file) => parseLock(readFileSync(join(folder, file), "utf8")));
}

function parseLock(text: string): Lock | undefined {
  try {
    return JSON.parse(text) as Lock;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
