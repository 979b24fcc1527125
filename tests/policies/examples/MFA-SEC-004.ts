import type { RuleExamples } from "./example.ts";
import { notKnownYet, resource, vault } from "./resources.ts";

const setting = (logs: unknown) =>
  resource("azure-native:monitor:DiagnosticSetting", "setting", { resourceUri: "/subscriptions/s/vaults/kv", logs });

export const examples: RuleExamples = {
  passing: { title: "audit events", resources: [vault({}), setting([{ category: "AuditEvent", enabled: true }])] },
  failing: {
    title: "metrics alone",
    resources: [vault({}), setting([])],
    says: "vault does not log who reads it",
    where: "setting",
  },
  unknown: {
    title: "logs that are not known yet",
    resources: [vault({}), setting(notKnownYet)],
    says: "whether vault logs who reads it",
    where: "vault",
  },
  malformed: {
    title: "a text in place of the logs",
    resources: [vault({}), setting("AuditEvent")],
    says: "vault does not log who reads it",
    where: "setting",
  },
};
