import { X509Certificate } from "node:crypto";
import type { Stack, StackResource } from "../../stack.ts";
import { at, elements, UNKNOWN } from "../../values.ts";
import { bindingsOf, webSites } from "../web-server/dscResources.ts";

const types = ["mfakit:acme:Certificate", "mfakit:acme:ProvidedCertificate"];

/** The stack's certificates, ordered or given. */
export function certificatesOf(stack: Stack): StackResource[] {
  return types.flatMap((type) => stack.ofType(type));
}

/** The public names that the stack serves: the host names of its https bindings, else the names that certificates are asked for. */
export function publicNames(stack: Stack): string[] {
  const names = webSites(stack)
    .flatMap(bindingsOf)
    .filter((binding) => at(binding, "Protocol") === "https")
    .map((binding) => at(binding, "HostName"));
  const asked = certificatesOf(stack).map(({ properties }) => elements(at(properties, "dnsNames"))[0]);
  const given = names.some((name) => typeof name === "string" && name !== "") ? names : asked;
  return [...new Set(given.filter((name) => typeof name === "string" && name !== ""))] as string[];
}

/** True when a list of certificate names covers a host name; a wildcard covers one label (RFC 6125 6.4.3). */
export function covers(names: readonly unknown[], hostName: string): boolean {
  const host = hostName.toLowerCase();
  return names.some((name) => {
    if (typeof name !== "string") return false;
    const pattern = name.toLowerCase();
    return pattern === host || (pattern.startsWith("*.") && pattern.slice(1) === host.slice(host.indexOf(".")));
  });
}

/** The certificate that was really issued, `UNKNOWN` before there is one, `undefined` when the text is no certificate. */
export function issued(certificate: StackResource): X509Certificate | typeof UNKNOWN | undefined {
  const pem = at(certificate.properties, "certificatePem");
  if (pem === UNKNOWN || pem === undefined) return UNKNOWN;
  try {
    return new X509Certificate(String(pem));
  } catch {
    return undefined;
  }
}
