import { z } from "zod";
import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { at, UNKNOWN } from "../../values.ts";
import { certificatesOf } from "./certificates.ts";

interface Config {
  minimumDaysLeft: number;
}

const day = 24 * 60 * 60 * 1000;
/** Certificates of a few days are renewed daily: for them the last fifth of their life counts. */
const shortestShare = 1 / 5;

const renew = "run pulumi up: it renews the certificate and binds the new one";

/** What makes the renewal due before this rule complains; the share is 0 when the lifetime is not known. */
function renewEarlier(share: number): string {
  const above = share > 0 ? ` above ${(Math.ceil(share * 100) / 100).toFixed(2)}` : "";
  return `raise certificate.renewBefore${above} (the share of the lifetime that is left at the renewal), or, where the authority's renewal information decides, lower minimumDaysLeft of this rule`;
}

export const notExpiring: StackRule<Config> = {
  kind: "stack",
  id: "MFA-CERT-002",
  family: "certificate",
  title: "The certificate is valid and not about to expire.",
  prerequisite: "A valid SSL certificate needs to be installed on the MFA Server.",
  step: "Prerequisites",
  rationale: "With an expired certificate no phone and no browser reaches the service.",
  level: "mandatory",
  severity: "critical",
  references: [procedure],
  configuration: z.strictObject({ minimumDaysLeft: z.number().min(0).default(7) }),
  check(stack, { minimumDaysLeft }, now) {
    const certificates = certificatesOf(stack);
    if (certificates.length === 0) return { notApplicable: "no certificate in this stack" };
    return certificates.flatMap(({ urn, name, properties }) => {
      const [notBefore, notAfter] = ["notBefore", "notAfter"].map((field) => at(properties, field));
      if (notAfter === UNKNOWN || notAfter === undefined) return [cannotTell(urn, `when ${name} expires`)];
      const [start, end] = [Date.parse(String(notBefore)), Date.parse(String(notAfter))];
      if (Number.isNaN(end))
        return [violation(urn, `notAfter of ${name} is ${String(notAfter)}, no date`, "run pulumi up --refresh")];
      const lifetime = Number.isNaN(start) ? Number.POSITIVE_INFINITY : end - start;
      const needed = Math.min(minimumDaysLeft * day, lifetime * shortestShare);
      const left = end - now.getTime();
      if (left > needed)
        return start > now.getTime()
          ? [
              violation(
                urn,
                `${name} is valid only from ${String(notBefore)} on`,
                "check the clock of the machine that runs Pulumi",
              ),
            ]
          : [];
      if (left <= 0) return [violation(urn, `${name} expired at ${String(notAfter)}`, renew)];
      return [
        violation(
          urn,
          `${name} expires at ${String(notAfter)}, in ${Math.floor(left / day)} days`,
          `${renew}; if it is not due yet, ${renewEarlier(needed / lifetime)}`,
        ),
      ];
    });
  },
};
