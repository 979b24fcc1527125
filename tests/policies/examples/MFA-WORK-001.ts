import type { RuleExamples } from "./example.ts";
import { dsc, notKnownYet, user } from "./resources.ts";

const portal = user("PFUP_MFADEV01");
const right = (identities: unknown) =>
  dsc("UserRightsAssignment", "batch-logon", { Policy: "Log_on_as_a_batch_job", Identity: identities });

export const examples: RuleExamples = {
  passing: { title: "the portal's account holds it", resources: [portal, right(["CORP\\PFUP_MFADEV01"])] },
  failing: {
    title: "taken away",
    resources: [portal, right(["BUILTIN\\Administrators"])],
    says: "PFUP_MFADEV01 does not hold the right",
    where: "batch-logon",
  },
  unknown: {
    title: "an account that is made by this deployment",
    resources: [portal, right([notKnownYet])],
    says: "whether PFUP_MFADEV01 holds the right",
    where: "batch-logon",
  },
  malformed: {
    title: "a text in place of the list",
    resources: [portal, right("CORP\\PFUP_MFADEV01")],
    says: "PFUP_MFADEV01 does not hold the right",
    where: "batch-logon",
  },
};
