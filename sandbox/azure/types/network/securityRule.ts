import { isIP } from "node:net";
import { badRequest, invalidParameter } from "../../arm/errors.ts";
import { asText, texts, valueAt } from "../../arm/json.ts";
import { parentOf } from "../../arm/resourceId.ts";
import type { ResourceType, RuleContext } from "../../arm/resourceType.ts";
import { object } from "../../arm/shape.ts";
import { childrenOf } from "../../arm/view.ts";
import { networkVersions } from "../versions.ts";
import { networkName } from "./names.ts";
import { securityRuleFields } from "./securityRuleFields.ts";

const type = "Microsoft.Network/networkSecurityGroups/securityRules";

/** `443`, `0-65535`, `*`. */
const portRange = /^(\*|\d{1,5}(-\d{1,5})?)$/;
/** Service tags: `Internet`, `VirtualNetwork`, `AzureCloud.WestEurope`, ... */
const serviceTag = /^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)?$/;

export const securityRule: ResourceType = {
  type,
  token: "azure-native:network:SecurityRule",
  apiVersion: "2024-05-01",
  otherApiVersions: networkVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}/securityRules/{securityRuleName}",
  autoname: "random",
  name: networkName,
  location: "none",
  body: {
    properties: object(securityRuleFields, { flatten: true, required: true }),
  },
  replaceOn: [],
  longRunning: true,
  etag: true,
  hooks: {
    check(context) {
      oneOf(context, "sourcePortRange", "sourcePortRanges", checkPort);
      oneOf(context, "destinationPortRange", "destinationPortRanges", checkPort);
      oneOf(context, "sourceAddressPrefix", "sourceAddressPrefixes", checkAddress);
      oneOf(context, "destinationAddressPrefix", "destinationAddressPrefixes", checkAddress);
      uniquePriority(context);
    },
  },
};

/** Singular or plural, never both, never neither. */
function oneOf(
  { body }: RuleContext,
  singular: string,
  plural: string,
  check: (value: string, target: string, several: boolean) => void,
): void {
  const single = valueAt(body, `properties.${singular}`);
  const several = valueAt(body, `properties.${plural}`);
  const values = texts(single, several);
  if (single !== undefined && single !== "" && Array.isArray(several) && several.length > 0) {
    throw badRequest("SecurityRuleParameterContainsBoth", `${singular} and ${plural} exclude each other.`, singular);
  }
  if (values.length === 0) {
    throw badRequest("SecurityRuleInvalidParameter", `Either ${singular} or ${plural} is required.`, singular);
  }
  for (const value of values) check(value, singular, Array.isArray(several) && several.length > 0);
}

function checkPort(value: string, target: string): void {
  const [from, to] = value.split("-").map(Number);
  const inRange = (port: number | undefined): boolean => port === undefined || (port >= 0 && port <= 65535);
  if (!portRange.test(value) || (value !== "*" && (!inRange(from) || !inRange(to) || (to ?? 65535) < (from ?? 0)))) {
    throw badRequest(
      "SecurityRuleInvalidPortRange",
      `Security rule has an invalid port range: '${value}'. Accepted are 0-65535, a range a-b, or *.`,
      target,
    );
  }
}

function checkAddress(value: string, target: string, several: boolean): void {
  const [address = "", bits] = value.split("/");
  const family = isIP(address);
  const validBits = bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
  if (family !== 0 && validBits) return;
  if (family === 0 && several && (value === "*" || serviceTag.test(value))) {
    throw invalidParameter(target, `'${value}': a list of prefixes takes addresses only, no service tag.`);
  }
  if (value !== "*" && !serviceTag.test(value)) {
    throw badRequest(
      "SecurityRuleInvalidAddressPrefix",
      `Security rule has an invalid address prefix: '${value}'. Accepted are a CIDR block, an address, a service tag, or *.`,
      target,
    );
  }
}

function uniquePriority({ id, body, store }: RuleContext): void {
  const direction = asText(valueAt(body, "properties.direction"));
  const priority = valueAt(body, "properties.priority");
  for (const sibling of childrenOf(store, parentOf(id) ?? "", type)) {
    if (sibling.id.toLowerCase() === id.toLowerCase()) continue;
    if (
      valueAt(sibling.body, "properties.priority") === priority &&
      asText(valueAt(sibling.body, "properties.direction")) === direction
    ) {
      throw badRequest(
        "SecurityRuleConflict",
        `Security rule conflicts with rule ${sibling.name}. Rules cannot have the same priority and direction. ` +
          `Priority: ${priority}, direction: ${direction}.`,
        "priority",
      );
    }
  }
}
