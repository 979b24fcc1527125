import type { RuleExamples } from "./example.ts";
import { notKnownYet, resource, secret } from "./resources.ts";

const file = (appSettings: unknown, encrypt: unknown) =>
  resource("mfakit:web:ConfigFile", "app-config", { path: "C:\\web.config", appSettings, encrypt });

export const examples: RuleExamples = {
  passing: { title: "encrypted", resources: [file({ A_PASSWORD: secret("of the example") }, true)] },
  failing: {
    title: "clear text",
    resources: [file({ A_PASSWORD: secret("of the example") }, false)],
    says: "the password in app-config is in clear text",
    where: "app-config",
  },
  unknown: {
    title: "settings that are not known yet",
    resources: [file(notKnownYet, false)],
    says: "whether app-config holds a password",
    where: "app-config",
  },
  malformed: {
    title: "a text in place of a truth value",
    resources: [file({ A_PASSWORD: 7 }, "yes")],
    says: "the password in app-config is in clear text",
    where: "app-config",
  },
};
