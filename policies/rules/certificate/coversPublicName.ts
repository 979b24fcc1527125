import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { isMfaStack } from "../../stack.ts";
import { at, elements, UNKNOWN } from "../../values.ts";
import { certificatesOf, covers, issued, publicNames } from "./certificates.ts";

export const coversPublicName: StackRule = {
  kind: "stack",
  id: "MFA-CERT-001",
  family: "certificate",
  title: "The certificate covers the public name.",
  prerequisite: "A valid SSL certificate needs to be installed on the MFA Server.",
  step: "Prerequisites",
  rationale: "The app refuses a certificate of another name, and browsers warn.",
  level: "mandatory",
  severity: "critical",
  references: [procedure],
  check(stack) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const certificates = certificatesOf(stack);
    const names = publicNames(stack);
    const mend =
      "pulumi config set --path mfa-server:publicEndpoint.hostName <name>: the certificate is ordered for it";
    if (certificates.length === 0) return [violation(undefined, "the stack has no certificate", mend)];
    if (names.length === 0) return [cannotTell(certificates[0]?.urn, "the public name")];
    return names.flatMap((name) => {
      const asked = certificates.filter(({ properties }) => covers(elements(at(properties, "dnsNames")), name));
      const [first] = asked;
      if (first === undefined) {
        return [violation(certificates[0]?.urn, `no certificate of this stack is asked for ${name}`, mend)];
      }
      const read = asked.map(issued);
      if (read.some((certificate) => certificate instanceof Object && certificate.checkHost(name) !== undefined))
        return [];
      if (read.includes(UNKNOWN)) return [cannotTell(first.urn, `the names in the certificate for ${name}`)];
      return [
        violation(
          first.urn,
          `the certificate that was issued does not cover ${name}`,
          "run pulumi up --refresh: it orders a new one",
        ),
      ];
    });
  },
};
