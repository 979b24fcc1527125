import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import type { AcmeAccount } from "../connections/acme.ts";
import { challengeNames } from "../connections/acmeOrder.ts";
import type { ChallengeZone } from "../connections/challengeZone.ts";
import type { Connections } from "../connections/connections.ts";
import { dnsChallenges } from "../connections/dnsChallenge.ts";
import type { OrderCheckpoint } from "../connections/orderCheckpoint.ts";
import type { LifecycleContext } from "../engine/definition.ts";
import { UserError } from "../engine/userError.ts";
import { certificateFacts, keyBelongsTo } from "./certificateFacts.ts";
import { newPrivateKey } from "./certificateKey.ts";
import { renewalOf } from "./certificatePlan.ts";
import { certificateRequest, isMustStaple } from "./certificateRequest.ts";
import { checkpointKey } from "./checkpointKey.ts";
import { asciiNames, isInZone, sameNames } from "./dnsNames.ts";
import { withHistory } from "./history.ts";
import { buildPfx, newPfxPassword } from "./pfx.ts";
import type { CertificateInputs, CertificateOutputs } from "./schema.ts";

type Context = LifecycleContext<Connections>;

/**
 * Gets a new certificate from the authority; `former` is the one that it takes the place of. What an interrupted run ordered for the
 * same wish is taken up again.
 */
export async function orderCertificate(
  inputs: CertificateInputs,
  former: CertificateOutputs | undefined,
  context: Context,
): Promise<CertificateOutputs> {
  const { connections, signal } = context;
  const dnsNames = asciiNames(inputs.dnsNames);
  const progress = (message: string) => context.progress(message);
  const acme = await connections.acme();
  const wish = wishOf(inputs, former, connections);
  const checkpoint = await acme.checkpoints.open(checkpointKey(acme, context.urn), wish);
  const { left } = checkpoint;
  const resumed = left?.wish === wish ? left : undefined;
  const zones = await challengeZones(inputs, checkpoint, context);
  const challenges = dnsChallenges(zones, {
    dnsServers: connections.configuration.acme?.dnsServers,
    signal,
    progress,
    warn: (message) => context.warn(message),
    // What was left before is not removed yet.
    publishing: (values) => checkpoint.save({ challenges: [...(left?.challenges ?? []), ...values] }),
  });

  const privateKey = keyFor(inputs, resumed?.privateKeyPem, checkpoint);
  const csr = privateKey.then((key) =>
    certificateRequest(key, inputs.keyType, { dnsNames, ...(inputs.mustStaple && { mustStaple: true }) }),
  );
  // Awaited only once the names are proven; until then a failure must not count as unhandled.
  csr.catch(() => undefined);
  const { accountKeyPem, ...issued } = await acme.issue(
    {
      dnsNames,
      csr,
      accountKeyPem: former?.accountKeyPem ?? left?.accountKeyPem,
      replaces: former?.certificatePem,
      profile: inputs.profile,
      preferredChain: inputs.preferredChain,
      resumes: resumed?.orderUrl,
      abandoned: abandonedNames(former, left?.challenges?.map(({ name }) => name) ?? [], zones),
      journal: {
        account: (key) => checkpoint.save({ accountKeyPem: key }),
        placed: (orderUrl) => checkpoint.save({ orderUrl }),
      },
    },
    challenges,
    { signal, progress },
  );
  const privateKeyPem = await privateKey;
  const certificate = { ...issued, privateKeyPem, pfxPassword: newPfxPassword() };
  const facts = certificateFacts(issued.certificatePem);
  await refuseForeign(acme, dnsNames, facts.dnsNames, certificate, checkpoint);
  warnOfUnheard(inputs, issued, context);
  const window = await acme.renewalWindow(issued.certificatePem, { signal });
  await checkpoint.save({ isFinished: true });
  return {
    ...certificate,
    ...facts,
    dnsNames,
    pfxBase64: pfxOf(certificate, inputs),
    ...renewalOf(facts, inputs.renewBefore, window),
    history: withHistory(facts, former),
    ...(inputs.renewalTrigger === undefined ? {} : { renewalTrigger: inputs.renewalTrigger }),
    ...(inputs.profile === undefined ? {} : { profile: inputs.profile }),
    ...(inputs.mustStaple ? { mustStaple: true } : {}),
    ...(accountKeyPem === undefined ? {} : { accountKeyPem }),
  };
}

/** What tells this order from every other of the same resource. */
function wishOf(
  inputs: CertificateInputs,
  former: CertificateOutputs | undefined,
  { configuration }: Connections,
): string {
  const { accountKeyPem } = configuration.acme ?? {};
  const account = accountKeyPem && createPublicKey(accountKeyPem).export({ type: "spki", format: "pem" });
  const { keyType, profile, mustStaple = false } = inputs;
  const names = asciiNames(inputs.dnsNames).toSorted();
  const wish = { names, keyType, profile, mustStaple, account, replaces: former?.thumbprint };
  return createHash("sha256").update(JSON.stringify(wish)).digest("hex");
}

/** The key of the order that is taken up again, or a new one, which is safe before the authority sees a request made with it. */
async function keyFor(
  inputs: CertificateInputs,
  left: string | undefined,
  checkpoint: OrderCheckpoint,
): Promise<string> {
  if (left !== undefined) return left;
  const privateKeyPem = await newPrivateKey(inputs.keyType);
  await checkpoint.save({ privateKeyPem });
  return privateKeyPem;
}

/** The zones that may be written to. The one that the provider was given by itself comes before an Azure zone of the same name. */
async function challengeZones(
  inputs: CertificateInputs,
  { left }: OrderCheckpoint,
  { connections, urn }: Context,
): Promise<ChallengeZone[]> {
  const zones: ChallengeZone[] = [];
  const { dnsUpdate } = connections.configuration.acme ?? {};
  if (dnsUpdate) {
    const { dnsUpdateZone } = await import("../connections/dnsUpdateZone.ts");
    zones.push(dnsUpdateZone(dnsUpdate, left?.challenges ?? []));
  }
  const ids = [...(inputs.dnsZoneId === undefined ? [] : [inputs.dnsZoneId]), ...(inputs.delegatedZoneIds ?? [])];
  if (ids.length > 0) {
    const { azureChallengeZone } = await import("../connections/azureChallengeZone.ts");
    const owner = `mfakit-${createHash("sha256").update(urn).digest("hex").slice(0, 16)}`;
    const arm = await connections.arm();
    zones.push(...ids.map((id) => azureChallengeZone(arm, id, owner)));
  }
  return zones;
}

/** Names at which an interrupted run may have left a challenge although the new certificate does not have them. */
function abandonedNames(former: CertificateOutputs | undefined, left: string[], zones: ChallengeZone[]): string[] {
  return [...challengeNames(former?.dnsNames ?? []), ...left].filter((name) =>
    zones.some((zone) => isInZone(name, zone.name)),
  );
}

/** What was asked for as a favour, and not given: the certificate is good all the same. */
function warnOfUnheard(
  { mustStaple, preferredChain }: CertificateInputs,
  { certificatePem, chainPem }: { certificatePem: string; chainPem: string },
  context: Context,
): void {
  if (mustStaple && !isMustStaple(new X509Certificate(certificatePem).raw)) {
    context.warn("The authority left out must-staple; the certificate is used without it.");
  }
  if (preferredChain !== undefined && !hasIssuer(certificatePem + chainPem, preferredChain)) {
    context.warn(`The authority offers no chain with "${preferredChain}"; its first one is used.`);
  }
}

function hasIssuer(pem: string, commonName: string): boolean {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return certificates.some((one) => new X509Certificate(one).issuer.split("\n").includes(`CN=${commonName}`));
}

async function refuseForeign(
  acme: AcmeAccount,
  wanted: string[],
  named: string[],
  certificate: { privateKeyPem: string; certificatePem: string },
  checkpoint: OrderCheckpoint,
): Promise<void> {
  if (sameNames(wanted, named) && keyBelongsTo(certificate.privateKeyPem, certificate.certificatePem)) return;
  // The next run must not take up this order again.
  await checkpoint.remove();
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
