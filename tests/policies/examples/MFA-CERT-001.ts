import { goodCertificate, otherCertificate } from "./certificates.ts";
import type { RuleExamples } from "./example.ts";
import { certificate, hostName, mfaServer, notKnownYet } from "./resources.ts";

export const examples: RuleExamples = {
  passing: {
    title: "a certificate of the name",
    resources: [mfaServer, certificate({ certificatePem: goodCertificate })],
  },
  failing: {
    title: "a certificate of another name",
    resources: [mfaServer, certificate({ certificatePem: otherCertificate })],
    says: `the certificate that was issued does not cover ${hostName}`,
    where: "certificate",
  },
  unknown: {
    title: "a certificate that is ordered by this deployment",
    resources: [mfaServer, certificate({ certificatePem: notKnownYet })],
    says: `the names in the certificate for ${hostName}`,
    where: "certificate",
  },
  malformed: {
    title: "a text that is no certificate",
    resources: [mfaServer, certificate({ certificatePem: "-----BEGIN nonsense" })],
    says: `does not cover ${hostName}`,
    where: "certificate",
  },
};
