import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallContext } from "../../../provider/engine/handlers.ts";
import type { Properties } from "../../../provider/engine/values.ts";
import { Arm } from "../../../sandbox/azure/arm/arm.ts";
import { Registry } from "../../../sandbox/azure/arm/registry.ts";
import { Store } from "../../../sandbox/azure/arm/store.ts";
import { azureNativeHandlers, type Session } from "../../../sandbox/azure/azureNative/handlers.ts";
import { resourceTypes } from "../../../sandbox/azure/types/index.ts";
import { clientId, subscriptionId, tenantId } from "../../support/azureCloud.ts";

/** The azure-native handlers over an ARM of their own, called without an engine: for what an engine would only hide. */
export function startProvider(session: Partial<Session> = {}) {
  const directory = mkdtempSync(join(tmpdir(), "mfakit-arm-"));
  const cloud = {
    tenantId,
    subscriptionId,
    clientId,
    clientObjectId: tenantId,
    publicIpAddresses: ["127.0.0.30", "127.0.0.31"],
    hostPrivateIpAddress: undefined,
  };
  const arm = new Arm(new Registry(resourceTypes), Store.open(directory), cloud, {
    host: undefined,
    directory: undefined,
  });
  const handlers = azureNativeHandlers(arm);
  const context: CallContext<Session> = {
    session: { subscriptionId, location: undefined, ...session },
    signal: new AbortController().signal,
    progress: () => undefined,
    warn: () => undefined,
  };
  const resource = (type: string, name: string) => ({ urn: `urn:pulumi:dev::test::${type}::${name}`, type, name });
  const randomSeed = Uint8Array.from({ length: 32 }, (_, i) => i + 16);
  return {
    arm,
    check: async (type: string, news: Properties, olds: Properties = {}) => {
      const result = await handlers.check?.({ ...resource(type, "own"), olds, news, randomSeed }, context);
      return { inputs: result?.inputs ?? {}, reasons: (result?.failures ?? []).map(({ reason }) => reason) };
    },
    diff: async (type: string, oldInputs: Properties, newInputs: Properties) =>
      handlers.diff?.(
        { ...resource(type, "own"), id: "x", oldInputs, oldOutputs: {}, newInputs, ignoreChanges: [] },
        context,
      ),
    create: async (type: string, inputs: Properties, preview = false) => {
      const created = await handlers.create?.({ ...resource(type, "own"), inputs, preview }, context);
      return created as { id: string; outputs: Properties };
    },
    read: async (type: string, id: string, inputs?: Properties, outputs?: Properties) =>
      handlers.read?.(
        { ...resource(type, "own"), id, ...(inputs && { inputs }), ...(outputs && { outputs }) },
        context,
      ),
    update: async (
      type: string,
      id: string,
      oldInputs: Properties,
      oldOutputs: Properties,
      newInputs: Properties,
      preview = false,
    ) =>
      handlers.update?.(
        { ...resource(type, "own"), id, oldInputs, oldOutputs, newInputs, ignoreChanges: [], preview },
        context,
      ) as Promise<Properties>,
    delete: async (type: string, id: string) =>
      handlers.delete?.({ ...resource(type, "own"), id, inputs: {}, outputs: {} }, context),
    invoke: async (token: string, args: Properties) => handlers.invoke?.({ token, args, preview: false }, context),
    stop: async () => {
      await arm.operations.idle();
      await arm.store.flush();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
