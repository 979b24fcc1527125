import type { Method, Params, Result } from "../../../provider/dsc/protocol.ts";
import { findPool, recycle } from "../iis/webServer.ts";
import type { Machine } from "../machine.ts";
import { holdersOf } from "../windows/rights.ts";
import { applyResource, getResource } from "./dsc.ts";
import { AgentFailure } from "./failure.ts";
import { readHostFile, writeHostFile } from "./files.ts";
import { decryptSection, encryptSection } from "./protectedSection.ts";
import { windowsFacts } from "./windowsFacts.ts";

/** What an answerer is given beside the parameters. */
export interface OneRequest {
  machine: Machine;
  progress(text: string): void;
  /** @throws AgentFailure `CANCELLED` when the request was given up: to be called right before the first change. */
  assertWanted(): void;
}

type Answerer<M extends Method> = (request: OneRequest, params: Params<M>) => Promise<Result<M>> | Result<M>;

/** One answerer for each method of the protocol. */
export const answerers: { [M in Method]: Answerer<M> } = {
  facts: ({ machine }) => windowsFacts(machine),
  "dsc.get": ({ machine }, params) => getResource(machine, params),
  "dsc.apply": (request, params) => applyResource(request, params),
  "file.read": ({ machine }, params) => readHostFile(machine, params),
  "file.write": ({ machine }, params) => writeHostFile(machine, params),
  "webconfig.encrypt": ({ machine }, params) => encryptSection(machine, params),
  "webconfig.decrypt": ({ machine }, params) => decryptSection(machine, params),
  "appPool.recycle": ({ machine }, params) => recyclePool(machine, params),
  "rights.get": ({ machine: { windows } }, params) => {
    if (!/^Se[A-Za-z]+$/.test(params.policy))
      throw new AgentFailure("BAD_REQUEST", `'${params.policy}' is not the constant of a user right`);
    return { identities: [...holdersOf(windows, params.policy)], source: "local" };
  },
  // The agent restarts the machine once this answer has been written.
  reboot: () => ({}),
  // Whatever can be cancelled was, when the line came in.
  cancel: () => ({}),
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
