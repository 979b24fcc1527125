import type { RuleExamples } from "./example.ts";
import { notKnownYet, resource } from "./resources.ts";

const address = (properties: Record<string, unknown>) =>
  resource("azure-native:network:PublicIPAddress", "address", properties);

export const examples: RuleExamples = {
  passing: { title: "a static address", resources: [address({ publicIPAllocationMethod: "Static" })] },
  failing: {
    title: "a dynamic address",
    resources: [address({ publicIPAllocationMethod: "Dynamic" })],
    says: "publicIPAllocationMethod of address is Dynamic",
    where: "address",
  },
  unknown: {
    title: "a method that is not known yet",
    resources: [address({ publicIPAllocationMethod: notKnownYet })],
    says: "publicIPAllocationMethod of address",
    where: "address",
  },
  malformed: {
    title: "a truth value in place of the method",
    resources: [address({ publicIPAllocationMethod: true })],
    says: "publicIPAllocationMethod of address is true",
    where: "address",
  },
};
