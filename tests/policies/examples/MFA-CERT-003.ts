import { rsaCertificate, weakCertificate } from "./certificates.ts";
import type { RuleExamples } from "./example.ts";
import { certificate, notKnownYet } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "RSA with 2048 bits", resources: [certificate({ certificatePem: rsaCertificate })] },
  failing: {
    title: "RSA with 1024 bits",
    resources: [certificate({ certificatePem: weakCertificate })],
    says: "the key of certificate is rsa 1024",
    where: "certificate",
  },
  unknown: {
    title: "a certificate that is ordered by this deployment",
    resources: [certificate({ certificatePem: notKnownYet })],
    says: "the key of certificate",
    where: "certificate",
  },
  malformed: {
    title: "a text that is no certificate",
    resources: [certificate({ certificatePem: "-----BEGIN nonsense" })],
    says: "what was issued for certificate is no certificate",
    where: "certificate",
  },
};
