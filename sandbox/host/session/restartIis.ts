import { recycle } from "../iis/webServer.ts";
import type { Machine } from "../machine.ts";
import { findService, startService, stopService } from "../windows/services.ts";
import type { Session } from "./session.ts";

/** restart-iis.ps1: worker processes end, and every pool that starts by itself runs again. */
export async function restartIis(machine: Machine, session: Session): Promise<number> {
  const { windows } = machine;
  await session.readLine();
  if (windows.iis === undefined) {
    session.error("Cannot find any service with service name 'W3SVC'.\n");
    return 1;
  }
  stopService(windows, "WAS");
  startService(windows, "W3SVC");
  for (const pool of Object.values(windows.iis.pools)) {
    if (pool.settings.autoStart !== false) pool.state = "Started";
    recycle(pool);
  }
  await machine.changed();
  const status = (name: string) => findService(windows, name)?.service.state;
  session.out(`${JSON.stringify({ restarted: true, services: { WAS: status("WAS"), W3SVC: status("W3SVC") } })}\n`);
  return 0;
}
