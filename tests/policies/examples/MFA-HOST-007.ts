import type { RuleExamples } from "./example.ts";
import { image, machine, mfaServer, notKnownYet } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "Windows Server 2016", resources: [mfaServer, machine()] },
  failing: {
    title: "Windows Server 2019",
    resources: [mfaServer, machine({ storageProfile: image({ sku: "2019-datacenter-gensecond" }) })],
    says: "vm runs Windows Server 2019: the activation can fail there",
    where: "vm",
  },
  unknown: {
    title: "an image that is not known yet",
    resources: [mfaServer, machine({ storageProfile: image({ sku: notKnownYet }) })],
    says: "which Windows Server vm runs",
    where: "vm",
  },
  malformed: {
    title: "a list in place of the SKU",
    resources: [mfaServer, machine({ storageProfile: image({ sku: ["2016"] }) })],
    says: "which Windows Server vm runs",
    where: "vm",
  },
};
