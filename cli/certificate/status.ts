import type { X509Certificate } from "node:crypto";
import type { StackOutputs } from "../../components/stackOutputs.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { presentedBy } from "../endpoint/presented.ts";
import { doors } from "../endpoint/tlsChecks.ts";

/** What the endpoint shows. */
export interface ServedCertificate {
  subject: string;
  issuer: string;
  thumbprint: string;
  serialNumber: string;
  /** ISO 8601. */
  notBefore: string;
  /** ISO 8601. */
  notAfter: string;
}

/** The certificate in the stack and the one that the endpoint serves. */
export interface CertificateStatus {
  hostName: string;
  stack: Omit<StackOutputs["certificate"], "history">;
  served: ServedCertificate | { fault: string };
}

/** Looks at the endpoint; what is wrong with it is part of the answer. */
export async function certificateStatus(
  endpoint: Endpoint,
  { history: _, ...stack }: StackOutputs["certificate"],
): Promise<CertificateStatus> {
  return { hostName: endpoint.hostName, stack, served: await served(endpoint) };
}

async function served(endpoint: Endpoint): Promise<CertificateStatus["served"]> {
  try {
    const found = await doors(endpoint);
    const seen = await Promise.all(found.map((door) => presentedBy(door, endpoint.trustedRoots)));
    const bad = seen.find(({ distrust }) => distrust !== undefined);
    if (bad !== undefined) return { fault: bad.distrust as string };
    const leaves = seen.map(({ chain: [leaf] }) => leaf as X509Certificate);
    const other = leaves.find((leaf) => leaf.checkHost(endpoint.hostName, { subject: "never" }) === undefined);
    if (other !== undefined) return { fault: `its certificate is for ${other.subjectAltName ?? "no name"}` };
    // Where several addresses answer, the one that ends first is the one that matters.
    return factsOf(leaves.sort((a, b) => +a.validToDate - +b.validToDate)[0] as X509Certificate);
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

function factsOf(leaf: X509Certificate): ServedCertificate {
  return {
    subject: oneLine(leaf.subject) || (leaf.subjectAltName ?? ""),
    issuer: oneLine(leaf.issuer),
    thumbprint: leaf.fingerprint.replaceAll(":", ""),
    serialNumber: leaf.serialNumber,
    notBefore: leaf.validFromDate.toISOString(),
    notAfter: leaf.validToDate.toISOString(),
  };
}

/** Most specific part first. */
function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").reverse().join(", ");
}
