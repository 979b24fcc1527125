import type { Method, Params, Result } from "../../../provider/dsc/protocol.ts";
import { findPool, recycle } from "../iis/webServer.ts";
import type { Machine } from "../machine.ts";
import { holdersOf } from "../windows/rights.ts";
import { applyResource, getResource } from "./dsc.ts";
import { AgentFailure } from "./failure.ts";
import { readHostFile, writeHostFile } from "./files.ts";
import { decryptSection, encryptSection } from "./protectedSection.ts";
import { windowsFacts } from "./windowsFacts.ts";

type Answerer<M extends Method> = (
  machine: Machine,
  params: Params<M>,
  progress: (text: string) => void,
) => Promise<Result<M>> | Result<M>;

/** One answerer for each method of the protocol. */
export const answerers: { [M in Method]: Answerer<M> } = {
  facts: (machine) => windowsFacts(machine),
  "dsc.get": (machine, params) => getResource(machine, params),
  "dsc.apply": (machine, params, progress) => applyResource(machine, params, progress),
  "file.read": (machine, params) => readHostFile(machine, params),
  "file.write": (machine, params) => writeHostFile(machine, params),
  "webconfig.encrypt": (machine, params) => encryptSection(machine, params),
  "webconfig.decrypt": (machine, params) => decryptSection(machine, params),
  "appPool.recycle": (machine, params) => recyclePool(machine, params),
  "rights.get": ({ windows }, params) => {
    if (!/^Se[A-Za-z]+$/.test(params.policy))
      throw new AgentFailure("BAD_REQUEST", `'${params.policy}' is not the constant of a user right`);
    return { identities: [...holdersOf(windows, params.policy)], source: "local" };
  },
  // The agent restarts the machine once this answer has been written.
  reboot: () => ({}),
};

async function recyclePool(machine: Machine, { name }: Params<"appPool.recycle">): Promise<Result<"appPool.recycle">> {
  const { iis } = machine.windows;
  const found = iis === undefined ? undefined : findPool(iis, name);
  if (found === undefined) throw new AgentFailure("APP_POOL_NOT_FOUND", `there is no application pool '${name}'`);
  if (found.pool.state !== "Started") return { recycled: false, state: found.pool.state };
  recycle(found.pool);
  await machine.changed();
  return { recycled: true, state: found.pool.state };
}
