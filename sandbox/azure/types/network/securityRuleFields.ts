import { choice, computed, type Fields, integer, list, text } from "../../arm/shape.ts";

/** What a security rule consists of, its own and the ones that every group has. */
export const securityRuleFields: Fields = {
  description: text({ maxLength: 140 }),
  protocol: choice(["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"], { required: true }),
  sourcePortRange: text(),
  sourcePortRanges: list(text()),
  destinationPortRange: text(),
  destinationPortRanges: list(text()),
  sourceAddressPrefix: text(),
  sourceAddressPrefixes: list(text()),
  destinationAddressPrefix: text(),
  destinationAddressPrefixes: list(text()),
  access: choice(["Allow", "Deny"], { required: true }),
  priority: integer({ required: true, minimum: 100, maximum: 4096 }),
  direction: choice(["Inbound", "Outbound"], { required: true }),
  provisioningState: computed(text()),
};
