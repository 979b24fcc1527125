import { readdirSync, readFileSync } from "node:fs";
import { signal } from "../../sandbox/host/processes.ts";

/**
 * Ends every process of this machine that was started with this in its environment (`NAME=value`): what a killed engine leaves behind,
 * however far it went from its parent.
 */
export function endProcessesWith(variable: string): void {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  for (const pid of pids)
    if (Number(pid) !== process.pid && environmentOf(pid).includes(variable)) signal(Number(pid), "SIGKILL");
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
