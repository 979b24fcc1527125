import { randomBytes } from "node:crypto";
import type { RenewalWindow } from "../connections/acme.ts";
import type { Connections } from "../connections/connections.ts";
import type { Lifecycle, LifecycleContext } from "../engine/definition.ts";
import { compareInputs } from "../engine/difference.ts";
import { UserError } from "../engine/userError.ts";
import { hasUnknown, isUnknown } from "../engine/values.ts";
import { keyBelongsTo } from "./certificateFacts.ts";
import { type CertificatePlan, planCertificate } from "./certificatePlan.ts";
import { checkpointKey } from "./checkpointKey.ts";
import { checkCertificate } from "./checks.ts";
import { asciiNames } from "./dnsNames.ts";
import type { CertificateInputs, CertificateOutputs } from "./schema.ts";

type Context = LifecycleContext<Connections>;

/**
 * Orders, renews and forgets one certificate. Its id is of its own: it survives every renewal. What an idle preview does not need is
 * loaded when it is needed.
 */
export const certificateLifecycle: Lifecycle<CertificateInputs, CertificateOutputs, Connections> = {
  check: (inputs, { connections }) => checkCertificate(inputs, connections.configuration.acme?.dnsUpdate?.zone),

  async diff(_id, oldInputs, outputs, newInputs, context) {
    const { changes } = compareInputs(settings(oldInputs), settings(newInputs));
    if (hasUnknown(newInputs.dnsNames)) changes.dnsNames = "update";
    if (hasUnknown(newInputs)) return { changes };
    const plan = await planned(outputs, newInputs, context);
    for (const property of plan.order) changes[property] = "update";
    // The engine shows what changes among the outputs, but not why, and not what to.
    if (plan.order.includes("notAfter")) {
      context.warn(`The renewal is due since ${plan.renewal.renewAfter}; the certificate ends ${outputs.notAfter}.`);
    }
    if (plan.rebuildPfx) changes.pfxEncryption = "update";
    return { changes };
  },

  async preview(inputs, old, context) {
    if (hasUnknown(inputs)) return {};
    const dnsNames = asciiNames(inputs.dnsNames);
    if (!old) return { dnsNames };
    const { accountKeyPem } = old.outputs;
    const plan = await planned(old.outputs, inputs, context);
    if (plan.order.length > 0) return { dnsNames, accountKeyPem };
    const { pfxBase64, ...kept } = old.outputs;
    return { ...kept, ...plan.renewal, ...(plan.rebuildPfx ? {} : { pfxBase64 }) };
  },

  async create(inputs, context) {
    const { orderCertificate } = await import("./order.ts");
    const outputs = await orderCertificate(inputs, undefined, context);
    return { id: randomBytes(8).toString("hex"), outputs };
  },

  async read(id, old, context) {
    if (!old) {
      throw new UserError("CERTIFICATE_NOT_IMPORTABLE", {
        what: `Importing certificate ${id}`,
        why: "the authority keeps no private key, so an existing certificate cannot be taken over",
        next: "Let the kit order its own; the old one can stay in use until then.",
      });
    }
    if (isIntact(old.outputs)) return { id, inputs: old.inputs, outputs: old.outputs };
    context.warn("The certificate in the state is damaged; the next up orders a new one.");
    return undefined;
  },

  async update(_id, outputs, newInputs, _oldInputs, context) {
    const plan = await planned(outputs, newInputs, context);
    const { orderCertificate, pfxOf } = await import("./order.ts");
    if (plan.order.length > 0) return orderCertificate(newInputs, outputs, context);
    const updated = { ...outputs, ...plan.renewal };
    return plan.rebuildPfx ? { ...updated, pfxBase64: pfxOf(updated, newInputs) } : updated;
  },

  async delete(_id, outputs, inputs, context) {
    if (!context.connections.configuration.acme && !inputs.revokeOnDelete) return;
    const acme = await context.connections.acme();
    // Whatever an interrupted run ordered, nobody wants it any more.
    await acme.checkpoints.settle(checkpointKey(acme, context.urn), () => true);
    if (!inputs.revokeOnDelete) return;
    context.progress("revoking the certificate");
    const by = {
      accountKeyPem: outputs.accountKeyPem,
      reason: inputs.revocationReason ?? "cessationOfOperation",
    } as const;
    await acme.revoke(outputs.certificatePem, by, { signal: context.signal });
  },
};

async function planned(
  outputs: CertificateOutputs,
  inputs: CertificateInputs,
  context: Context,
): Promise<CertificatePlan> {
  return planCertificate(outputs, inputs, context.now(), await authoritysWindow(outputs, context));
}

async function authoritysWindow(outputs: CertificateOutputs, context: Context): Promise<RenewalWindow | undefined> {
  if (!context.connections.configuration.acme) return undefined;
  const acme = await context.connections.acme();
  // The engine has saved the certificate: what was kept in case it would not is needed no more.
  await acme.checkpoints.settle(
    checkpointKey(acme, context.urn),
    (record) => record.isFinished === true && record.privateKeyPem === outputs.privateKeyPem,
  );
  return acme.renewalWindow(outputs.certificatePem, { signal: context.signal });
}

/**
 * What is compared as it was written: all but the names, which the certificate itself answers for, and the trigger, which counts only
 * against the one that the certificate was ordered with. Azure ignores case in ids.
 */
function settings({ dnsNames: _, renewalTrigger: __, dnsZoneId, ...others }: CertificateInputs): object {
  return { ...others, dnsZoneId: isUnknown(dnsZoneId) ? dnsZoneId : dnsZoneId?.toLowerCase() };
}

/** The state is a file that people edit and merge: what it holds must still fit together. */
function isIntact(outputs: CertificateOutputs): boolean {
  try {
    return keyBelongsTo(outputs.privateKeyPem, outputs.certificatePem);
  } catch {
    return false;
  }
}
