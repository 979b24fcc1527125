import { z } from "zod";
import type { Connections } from "../connections/connections.ts";
import { waitUntilServed } from "../connections/servedCertificate.ts";
import type { Lifecycle, LifecycleContext } from "../engine/definition.ts";

/** Inputs of `mfakit:acme:ServedCertificate`; see `servedResource.ts` for the meaning of each. */
export const servedInputs = z.strictObject({
  hostName: z.string().describe("Public DNS name that answers."),
  port: z.number().int().min(1).max(65535).default(443).describe("Port of HTTPS."),
  thumbprint: z.string().describe("SHA-1 of the certificate that must answer, 40 upper-case hexadecimal digits."),
  dnsServers: z
    .array(z.string())
    .optional()
    .describe("`host[:port]` of resolvers that see the public zone. Default: the system's."),
  trustedRoots: z.string().optional().describe("PEM of private roots to trust beside the system's."),
});

export const servedOutputs = z.strictObject({
  hostName: z.string(),
  thumbprint: z.string().describe("The certificate that answered when this was last deployed."),
  addresses: z.array(z.string()).describe("Where it answered."),
});

export type ServedInputs = z.infer<typeof servedInputs>;
export type ServedOutputs = z.infer<typeof servedOutputs>;

/**
 * Ends when the certificate answers at the public name. What a replaced certificate's removal must wait for waits for this: the engine
 * deletes what is replaced after everything else has succeeded.
 */
export const servedLifecycle: Lifecycle<ServedInputs, ServedOutputs, Connections> = {
  preview: ({ hostName, thumbprint }) => ({ hostName, thumbprint }),
  create: async (inputs, context) => ({ id: inputs.hostName, outputs: await served(inputs, context) }),
  // It records a moment. What answers later is the business of `mfakit verify endpoint`; the binding is read where it is declared.
  read: async (id, old) => (old === undefined ? undefined : { id, ...old }),
  update: (_id, _outputs, newInputs, _oldInputs, context) => served(newInputs, context),
  async delete() {},
};

async function served(inputs: ServedInputs, context: LifecycleContext<Connections>): Promise<ServedOutputs> {
  const { hostName, thumbprint } = inputs;
  const addresses = await waitUntilServed(inputs, {
    signal: context.signal,
    progress: (message) => context.progress(message),
  });
  return { hostName, thumbprint, addresses };
}
