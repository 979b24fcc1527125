/** The longest common name that X.520 allows; a longer first name stands among the alternative names alone. */
const LONGEST_COMMON_NAME = 64;

/** A signed certificate request (PKCS#10 PEM) for the names; the first is the common name. */
export async function certificateRequest(privateKeyPem: string, dnsNames: string[]): Promise<string> {
  const { crypto } = await import("acme-client");
  const [first = ""] = dnsNames;
  const commonName = first.length <= LONGEST_COMMON_NAME ? { commonName: first } : {};
  const [, request] = await crypto.createCsr({ ...commonName, altNames: [...dnsNames] }, privateKeyPem);
  return request.toString();
}
