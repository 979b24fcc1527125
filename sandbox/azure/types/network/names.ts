import type { NameRule } from "../../arm/resourceType.ts";

/** Names of subnets, security groups and rules, interfaces, public addresses and gateways. */
export const networkName: NameRule = {
  minLength: 1,
  maxLength: 80,
  pattern: /^[A-Za-z0-9](?:[-.\w]*\w)?$/,
  meaning: "1 to 80 letters, digits, '_', '-' or '.', starting with a letter or digit and ending with one or '_'",
};
