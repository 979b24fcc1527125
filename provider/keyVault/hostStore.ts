import type { Connections } from "../connections/connections.ts";
import { moduleContract } from "../dsc/contract.ts";
import type { LifecycleContext } from "../engine/definition.ts";

const MODULE = "CertificateDsc";

/** True when the host's own store has the certificate and its key. `waitSeconds`: patience with a host that does not answer. */
export async function isInHostStore(
  thumbprint: string,
  { connections, signal, progress }: LifecycleContext<Connections>,
  waitSeconds?: number,
): Promise<boolean> {
  const host = await connections.host();
  const { inDesiredState } = await host.request(
    "dsc.get",
    {
      module: MODULE,
      version: moduleContract(MODULE)?.version ?? "",
      // Its Test wants the key too; nothing is imported by it.
      resource: "PfxImport",
      properties: { Thumbprint: thumbprint, Location: "LocalMachine", Store: "My", Ensure: "Present" },
    },
    { signal, progress, ...(waitSeconds !== undefined && { waitSeconds }) },
  );
  return inDesiredState;
}
