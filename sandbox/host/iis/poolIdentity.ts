import { poolPasswordName, poolSetting } from "../dsc/webAppPool.ts";
import { log } from "../log.ts";
import type { Machine } from "../machine.ts";
import type { AppPool } from "../state.ts";
import { logOnToDomain } from "../windows/domainLogon.ts";
import { accountName, batchLogonRight, holdsRight } from "../windows/rights.ts";

const loggedOn = new WeakMap<AppPool, number>();

/**
 * What WAS does before the first worker process of a pool: the pool's account logs on as a batch job. When it cannot, the pool is
 * stopped (events 5021 and 5057) and stays so until somebody starts it.
 */
export async function canRun(machine: Machine, name: string, pool: AppPool): Promise<boolean> {
  if (pool.state !== "Started") return false;
  if (poolSetting(pool, "identityType") !== "SpecificUser") return true;
  if (!mayLogOn(machine, pool))
    return stop(machine, name, pool, "its account does not hold the right to log on as a batch job");
  // The password is asked for once per generation; the right is looked at every time, because a tampered one must show.
  if (loggedOn.get(pool) === pool.generation) return true;
  const answer = await logOnToDomain(machine, pool.userName ?? "", machine.store.secret(poolPasswordName(name)) ?? "");
  if (answer === "no") return stop(machine, name, pool, "the user name or password of its account is not right");
  // No log-on server is no reason to give the pool up: the next request tries again.
  if (answer === "unreachable") return false;
  loggedOn.set(pool, pool.generation);
  return true;
}

function mayLogOn({ windows }: Machine, pool: AppPool): boolean {
  try {
    return holdsRight(windows, batchLogonRight, accountName(windows, pool.userName ?? ""));
  } catch {
    // The account is of no domain that this computer knows.
    return false;
  }
}

async function stop(machine: Machine, name: string, pool: AppPool, cause: string): Promise<false> {
  log("was", `application pool ${name} has been disabled: ${cause}`);
  pool.state = "Stopped";
  await machine.changed();
  return false;
}
