import { createHash } from "node:crypto";
import type { AcmeAccount } from "../connections/acme.ts";
import { challengeNames } from "../connections/acmeOrder.ts";
import type { Connections } from "../connections/connections.ts";
import { azureDnsChallenges } from "../connections/dnsChallenge.ts";
import type { LifecycleContext } from "../engine/definition.ts";
import { UserError } from "../engine/userError.ts";
import { certificateFacts, keyBelongsTo } from "./certificateFacts.ts";
import { newPrivateKey } from "./certificateKey.ts";
import { renewalOf } from "./certificatePlan.ts";
import { certificateRequest } from "./certificateRequest.ts";
import { asciiNames, isInZone, sameNames } from "./dnsNames.ts";
import { zoneName } from "./dnsZone.ts";
import { buildPfx, newPfxPassword } from "./pfx.ts";
import type { CertificateInputs, CertificateOutputs } from "./schema.ts";

/** Gets a new certificate from the authority; `former` is the one that it takes the place of. */
export async function orderCertificate(
  inputs: CertificateInputs,
  former: CertificateOutputs | undefined,
  context: LifecycleContext<Connections>,
): Promise<CertificateOutputs> {
  const { connections, signal } = context;
  const dnsNames = asciiNames(inputs.dnsNames);
  const progress = (message: string) => context.progress(message);
  const [acme, arm] = await Promise.all([connections.acme(), connections.arm()]);
  const challenges = azureDnsChallenges(arm, {
    zoneId: inputs.dnsZoneId,
    owner: `mfakit-${createHash("sha256").update(context.urn).digest("hex").slice(0, 16)}`,
    dnsServers: connections.configuration.acme?.dnsServers,
    signal,
    progress,
    warn: (message) => context.warn(message),
  });
  await challenges.cleanUp(abandonedNames(former, dnsNames, inputs.dnsZoneId));

  const privateKey = newPrivateKey(inputs.keyType);
  const csr = privateKey.then((key) => certificateRequest(key, dnsNames));
  // Awaited only once the names are proven; until then a failure must not count as unhandled.
  csr.catch(() => undefined);
  const { accountKeyPem, ...issued } = await acme.issue(
    { dnsNames, csr, accountKeyPem: former?.accountKeyPem, replaces: former?.certificatePem },
    challenges,
    { signal, progress },
  );
  const privateKeyPem = await privateKey;
  const certificate = { ...issued, privateKeyPem, pfxPassword: newPfxPassword() };
  const facts = certificateFacts(issued.certificatePem);
  refuseForeign(acme, dnsNames, facts.dnsNames, certificate);
  const window = await acme.renewalWindow(issued.certificatePem, { signal });
  return {
    ...certificate,
    ...facts,
    dnsNames,
    pfxBase64: pfxOf(certificate, inputs),
    ...renewalOf(facts, inputs.renewBefore, window),
    ...(accountKeyPem === undefined ? {} : { accountKeyPem }),
  };
}

/** Names at which an interrupted run may have left a challenge although the new certificate does not have them. */
function abandonedNames(former: CertificateOutputs | undefined, dnsNames: string[], zoneId: string): string[] {
  const gone = (former?.dnsNames ?? []).filter((name) => isInZone(name, zoneName(zoneId) ?? ""));
  const kept = challengeNames(dnsNames);
  return challengeNames(gone).filter((name) => !kept.includes(name));
}

function refuseForeign(
  acme: AcmeAccount,
  wanted: string[],
  named: string[],
  certificate: { privateKeyPem: string; certificatePem: string },
): void {
  if (sameNames(wanted, named) && keyBelongsTo(certificate.privateKeyPem, certificate.certificatePem)) return;
  throw new UserError("ACME_WRONG_CERTIFICATE", {
    what: `The certificate from ${acme.directoryUrl}`,
    why: `it is not the one that was ordered: it names ${named.join(", ") || "nothing"} instead of ${wanted.join(", ")}, or has another key`,
    next: "Report this to the authority; the old certificate stays in use.",
  });
}

/** The certificate as Windows imports it. */
export function pfxOf(
  certificate: Pick<CertificateOutputs, "privateKeyPem" | "certificatePem" | "chainPem" | "pfxPassword">,
  inputs: CertificateInputs,
): string {
  const { privateKeyPem, certificatePem, chainPem, pfxPassword } = certificate;
  const pfx = buildPfx({ privateKeyPem, certificatePem, chainPem, password: pfxPassword }, inputs.pfxEncryption);
  return pfx.toString("base64");
}
