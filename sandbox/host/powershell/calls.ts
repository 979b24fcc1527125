import { z } from "zod";
import { restart } from "../agent/agent.ts";
import { bindResource } from "../agent/dsc.ts";
import { windowsFacts } from "../agent/windowsFacts.ts";
import { findPool, recycle } from "../iis/webServer.ts";
import { log } from "../log.ts";
import type { Machine } from "../machine.ts";
import { protect, unprotect } from "../windows/dataProtection.ts";
import { WindowsError } from "../windowsError.ts";

type Call = (machine: Machine, parameters: Record<string, unknown>) => unknown;

const resourceCall = z.object({
  module: z.string(),
  resource: z.string(),
  properties: z.record(z.string(), z.unknown()),
});
const named = z.object({ name: z.string() });

/** What `simulation.ps1` asks: the few things that only Windows has, over the same state as the built-in answerer. */
const calls: Record<string, Call> = {
  facts: (machine) => {
    const { powershell: _, modules: __, pendingReboot: ___, ...facts } = windowsFacts(machine);
    return facts;
  },
  pendingReboot: ({ windows }) => windows.pendingReboot.length > 0,
  path: ({ drive }, parameters) => drive.real(z.object({ path: z.string() }).parse(parameters).path),
  restart: (machine) => {
    restart(machine).catch((error: Error) => log("agent", error.stack ?? error.message));
  },
  protect: (machine, parameters) => protect(machine, z.object({ text: z.string() }).parse(parameters).text),
  unprotect: (machine, parameters) => {
    const plain = unprotect(machine, z.object({ cipher: z.string() }).parse(parameters).cipher);
    if (plain === undefined) throw new WindowsError("Key not valid for use in specified state.");
    return plain;
  },
  poolState: ({ windows: { iis } }, parameters) =>
    (iis === undefined ? undefined : findPool(iis, named.parse(parameters).name))?.pool.state ?? "",
  recyclePool: async (machine, parameters) => {
    const { iis } = machine.windows;
    const found = iis === undefined ? undefined : findPool(iis, named.parse(parameters).name);
    if (found === undefined) throw new WindowsError("The application pool does not exist.");
    recycle(found.pool);
    await machine.changed();
  },
  rights: ({ windows }) => windows.rights,
  "dsc.get": (machine, parameters) => {
    const { semantics, properties } = bound(parameters);
    return semantics.get(machine, properties);
  },
  "dsc.test": (machine, parameters) => {
    const { semantics, properties } = bound(parameters);
    return semantics.test(machine, properties);
  },
  "dsc.set": async (machine, parameters) => {
    const { semantics, properties } = bound(parameters);
    const rebootRequired = (await semantics.set(machine, properties)) ?? false;
    await machine.changed();
    return rebootRequired;
  },
};

/** Answers one line of `simulation.ps1`. */
export async function answerCall(machine: Machine, line: string): Promise<string> {
  try {
    const { call, arguments: parameters } = z
      .object({ call: z.string(), arguments: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(line));
    const answerer = calls[call];
    if (answerer === undefined) throw new Error(`the simulated host has no call '${call}'`);
    return JSON.stringify({ result: (await answerer(machine, parameters)) ?? null });
  } catch (error) {
    if (!(error instanceof WindowsError)) log("agent", (error as Error).stack ?? String(error));
    const hresult = error instanceof WindowsError ? error.hresult : undefined;
    return JSON.stringify({ error: { message: (error as Error).message, ...(hresult !== undefined && { hresult }) } });
  }
}

function bound(parameters: Record<string, unknown>) {
  const { module, resource, properties } = resourceCall.parse(parameters);
  return bindResource(module, resource, properties);
}
