import type { RuleExamples } from "./example.ts";
import { mfaServer, notKnownYet, people } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "everybody is ready", resources: [mfaServer, people({})] },
  failing: {
    title: "somebody without a number",
    resources: [
      mfaServer,
      people({ unready: [{ name: "carol", distinguishedName: "CN=Carol,DC=corp", reasons: ["noMobile"] }] }),
    ],
    says: "carol has no mobile number",
    where: "people",
  },
  unknown: {
    title: "people who were not looked up yet",
    resources: [mfaServer, people({ unready: notKnownYet })],
    says: "who has a mobile number",
    where: "people",
  },
  malformed: {
    title: "a text in place of the list",
    resources: [mfaServer, people({ unready: "nobody" })],
    says: "who has a mobile number",
    where: "people",
  },
};
