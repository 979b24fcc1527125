import { readFileSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** How often a waiting set-up looks whether the other one is through, in milliseconds. */
const interval = 200;

/**
 * Runs `work` while no other process holds the lock `path`. A lock whose process is gone is taken over.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {(holder: number) => void} onWait Called once when another process has the lock.
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait) {
  await mkdir(dirname(path), { recursive: true });
  const mine = `${process.pid} ${startTime(process.pid)}\n`;
  let told = false;
  while (!(await acquire(path, mine))) {
    const held = await readFile(path, "utf8").catch(() => undefined);
    if (held === undefined) continue;
    if (!isAlive(held)) {
      await breakLock(path, held);
      continue;
    }
    if (!told) onWait(Number.parseInt(held, 10));
    told = true;
    await delay(interval);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** The lock appears with its content in one step: a reader never sees it empty. */
async function acquire(path, content) {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, content);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the lock that was read, and puts another one back that somebody made in between. */
async function breakLock(path, stale) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) !== stale) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

/** Process numbers are used again, so a lock also names when its process started. */
function isAlive(content) {
  const [pid, started] = content.trim().split(" ");
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  return startTime(Number(pid)) === started;
}

/** When a process started, in the kernel's ticks; `unknown` where there is no /proc. */
function startTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "unknown";
  } catch {
    return "unknown";
  }
}
