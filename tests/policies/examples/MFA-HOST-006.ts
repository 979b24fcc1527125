import type { RuleExamples } from "./example.ts";
import { image, machine } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "Windows Server 2016", resources: [machine()] },
  failing: {
    title: "Windows Server 2008 R2",
    resources: [machine({ storageProfile: image({ sku: "2008-R2-SP1" }) })],
    says: "holds Windows Server 2008, which is older than 2012",
    where: "vm",
  },
  unknown: {
    title: "an image of one's own",
    resources: [machine({ storageProfile: { imageReference: { id: "/subscriptions/s/images/i" } } })],
    says: "storageProfile.imageReference of vm",
    where: "vm",
  },
  malformed: {
    title: "a number in place of the SKU",
    resources: [machine({ storageProfile: image({ sku: 2016 }) })],
    says: "storageProfile.imageReference of vm",
    where: "vm",
  },
};
