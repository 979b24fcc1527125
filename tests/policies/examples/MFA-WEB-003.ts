import type { RuleExamples } from "./example.ts";
import { hostName, mfaServer, notKnownYet, site } from "./resources.ts";

const https = { Protocol: "https", Port: 443, HostName: hostName, CertificateThumbprint: "AB".repeat(20) };

export const examples: RuleExamples = {
  passing: { title: "one https binding", resources: [mfaServer, site([https])] },
  failing: {
    title: "http beside https",
    resources: [mfaServer, site([https, { Protocol: "http", Port: 80 }])],
    says: "Default Web Site answers on http port 80",
    where: "site",
  },
  unknown: {
    title: "a certificate that is ordered by this deployment",
    resources: [mfaServer, site([{ ...https, CertificateThumbprint: notKnownYet }])],
    says: "the certificate of Default Web Site",
    where: "site",
  },
  malformed: {
    title: "a text in place of the bindings",
    resources: [mfaServer, site("https:*:443")],
    says: "Default Web Site has no binding",
    where: "site",
  },
};
