import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificateFacts } from "../../provider/acme/certificateFacts.ts";
import { renewalOf } from "../../provider/acme/certificatePlan.ts";
import { withHistory } from "../../provider/acme/history.ts";
import { buildPfx } from "../../provider/acme/pfx.ts";
import type { CertificateInputs, CertificateOutputs } from "../../provider/acme/schema.ts";
import type { AcmeConnection, AzureConnection } from "../../provider/configuration.ts";
import { openAcme } from "../../provider/connections/acme.ts";
import { openArm } from "../../provider/connections/arm.ts";
import type { Connections } from "../../provider/connections/connections.ts";
import type { LifecycleContext } from "../../provider/engine/definition.ts";
import type { CertificateAuthority } from "../../sandbox/pki/index.ts";

/** Inputs as `check` hands them on, for a name of the zone. */
export function certificateInputs(
  zone: { id: string; name: string },
  change: Partial<CertificateInputs> = {},
): CertificateInputs {
  return {
    dnsNames: [`mfa.${zone.name}`],
    dnsZoneId: zone.id,
    keyType: "rsa2048",
    renewBefore: 1 / 3,
    pfxEncryption: "compatible",
    revokeOnDelete: false,
    ...change,
  };
}

/** A certificate as the state holds it, issued by a CA of the test's own; `lifetimeDays` counts from five minutes ago. */
export async function storedCertificate(
  authority: CertificateAuthority,
  dnsNames: string[],
  lifetimeDays: number,
): Promise<CertificateOutputs> {
  const notAfter = new Date(Date.now() + lifetimeDays * 24 * 60 * 60 * 1000);
  const { certPem, keyPem } = await authority.issueCertificate({ dnsNames, notAfter });
  const pem = { certificatePem: certPem, chainPem: authority.caPem, privateKeyPem: keyPem };
  const pfx = buildPfx({ ...pem, password: "password" }, "compatible");
  const facts = certificateFacts(certPem);
  const renewal = renewalOf(facts, 1 / 3, undefined);
  return {
    ...pem,
    pfxBase64: pfx.toString("base64"),
    pfxPassword: "password",
    ...facts,
    ...renewal,
    history: withHistory(facts, undefined),
  };
}

/** The context of one operation with real connections; remembers what was said. */
export function certificateContext(
  azure: AzureConnection,
  acme: AcmeConnection,
  options: { now?: () => Date; signal?: AbortSignal; dnsServers?: string[]; orderFolder?: string } = {},
): LifecycleContext<Connections> & { messages: string[]; warnings: string[] } {
  const configured = options.dnsServers ? { ...acme, dnsServers: options.dnsServers } : acme;
  let arm: ReturnType<typeof openArm> | undefined;
  let authority: ReturnType<typeof openAcme> | undefined;
  const folder = options.orderFolder ?? mkdtempSync(join(tmpdir(), "mfakit-orders-"));
  const messages: string[] = [];
  const warnings: string[] = [];
  const connections: Connections = {
    arm: () => (arm ??= openArm(azure)),
    acme: () => (authority ??= openAcme(configured, folder)),
    directory: () => Promise.reject(new Error("not part of this test")),
    graph: () => Promise.reject(new Error("not part of this test")),
    keyVault: () => Promise.reject(new Error("not part of this test")),
    host: () => Promise.reject(new Error("not part of this test")),
    configuration: { azure, acme: configured },
    close: async () => {
      (await arm)?.close();
      await (await authority)?.close();
      if (options.orderFolder === undefined) rmSync(folder, { recursive: true });
    },
  };
  return {
    connections,
    urn: "urn:pulumi:dev::mfa-server::mfakit:acme:Certificate::mfa",
    signal: options.signal ?? new AbortController().signal,
    now: options.now ?? (() => new Date()),
    progress: (message) => messages.push(message),
    warn: (message) => warnings.push(message),
    messages,
    warnings,
  };
}
