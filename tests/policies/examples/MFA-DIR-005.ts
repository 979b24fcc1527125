import type { RuleExamples } from "./example.ts";
import { notKnownYet, people, resource, user } from "./resources.ts";

const member = (group: string) =>
  resource("mfakit:directory:Membership", "membership", { group, members: ["MfaWebService"] });

export const examples: RuleExamples = {
  passing: {
    title: "an ordinary member",
    resources: [user("MfaWebService"), people({}), member("PhoneFactor Admins")],
  },
  failing: {
    title: "a domain administrator",
    resources: [user("MfaWebService"), member("Domain Admins")],
    says: "MfaWebService is in Domain Admins",
    where: "membership",
  },
  unknown: {
    title: "a group that is not known yet",
    resources: [user("MfaWebService"), member(notKnownYet)],
    says: "which group membership is of",
    where: "membership",
  },
  malformed: {
    title: "an account without a name",
    resources: [user("MfaWebService", { name: 7 }), member("Domain Admins")],
    says: "whether MfaWebService is in Domain Admins",
    where: "MfaWebService",
  },
};
