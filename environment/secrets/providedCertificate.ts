import { type LocatedProblem, problemOfBreak, secretProblem, uselessSecret } from "../messages.ts";
import type { PartialSettings } from "../rules.ts";

const secrets = ["certificatePfx", "certificatePfxPassword", "certificatePrivateKey"] as const;

/** What is missing or useless among the settings and secrets that make a provided certificate. */
export function providedCertificateProblems(
  { certificate }: PartialSettings,
  keys: readonly string[],
): LocatedProblem[] {
  const isSet = (name: (typeof secrets)[number]) => keys.includes(name);
  const file = certificate?.certificateFile !== undefined;
  if (certificate?.source === undefined) return [];
  if (certificate.source === "acme") {
    const useless = secrets
      .filter(isSet)
      .map((name) => uselessSecret(name, "is set, but certificate.source is `acme`"));
    return file ? [...useless, uselessFile("is set, but the source is `acme`")] : useless;
  }
  if (isSet("certificatePfx")) {
    return [
      ...(file ? [uselessFile("is set beside the secret certificatePfx, which holds the certificate already")] : []),
      ...(isSet("certificatePrivateKey")
        ? [uselessSecret("certificatePrivateKey", "is set beside certificatePfx, which holds the key already")]
        : []),
    ];
  }
  if (!file && !isSet("certificatePrivateKey")) {
    return [secretProblem("certificatePfx", "is missing, and certificate.source is `provided`")];
  }
  return [
    ...(file ? [] : [problemOfBreak({ path, what: "is missing, but its key certificatePrivateKey is set" })]),
    ...(isSet("certificatePrivateKey")
      ? []
      : [secretProblem("certificatePrivateKey", "is missing, and certificate.certificateFile is set")]),
    ...(isSet("certificatePfxPassword")
      ? [uselessSecret("certificatePfxPassword", "is set, but certificatePfx is not")]
      : []),
  ];
}

const path = ["certificate", "certificateFile"];

function uselessFile(what: string): LocatedProblem {
  return problemOfBreak({
    path,
    what,
    accepted: "only with `source: provided` and without certificatePfx",
    example: null,
  });
}
