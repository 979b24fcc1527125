import { X509Certificate } from "node:crypto";
import type { Agent } from "node:https";
import { httpsGet } from "./httpsGet.ts";
import { authorityKeyIdentifier } from "./x509.ts";

/** The time in which the authority wants a certificate to be replaced (RFC 9773, 4.2). */
export interface RenewalWindow {
  start: Date;
  end: Date;
}

/**
 * The certificate's name in ACME Renewal Information: base64url of the authority key identifier, a dot, base64url of the serial
 * number (RFC 9773, 4.1). `undefined` for a certificate without the identifier.
 */
export function renewalInfoId(certificatePem: string): string | undefined {
  const certificate = new X509Certificate(certificatePem);
  const authority = authorityKeyIdentifier(certificate.raw);
  if (!authority) return undefined;
  const hex = certificate.serialNumber.length % 2 ? `0${certificate.serialNumber}` : certificate.serialNumber;
  const serial = Buffer.from(hex, "hex");
  // The DER form counts: a leading zero byte keeps a number positive, and node leaves it out.
  const der = (serial[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), serial]) : serial;
  return `${authority.toString("base64url")}.${der.toString("base64url")}`;
}

/** Where the authority answers about renewals; `undefined` when it offers no renewal information. */
export async function renewalInfoUrl(
  directoryUrl: string,
  agent: Agent,
  signal: AbortSignal,
): Promise<string | undefined> {
  const directory = await httpsGet(directoryUrl, agent, signal);
  const { renewalInfo } = JSON.parse(directory.text) as { renewalInfo?: string };
  return renewalInfo?.replace(/\/$/, "");
}

/** Asks the authority; `undefined` when it does not know the certificate. */
export async function askRenewalWindow(
  infoUrl: string,
  id: string,
  agent: Agent,
  signal: AbortSignal,
): Promise<RenewalWindow | undefined> {
  const answer = await httpsGet(`${infoUrl}/${id}`, agent, signal);
  return answer.status === 200 ? readWindow(answer.text) : undefined;
}

/** A window that ends before it starts is invalid, and is to be treated as if there were none (RFC 9773, 4.2). */
function readWindow(text: string): RenewalWindow | undefined {
  const { suggestedWindow } = JSON.parse(text) as { suggestedWindow?: { start?: string; end?: string } };
  const start = new Date(suggestedWindow?.start ?? "");
  const end = new Date(suggestedWindow?.end ?? "");
  return start.getTime() < end.getTime() ? { start, end } : undefined;
}
