import { deployGuide } from "../../references.ts";
import { cannotTell, type Finding, type StackRule, violation } from "../../rule.ts";
import { isMfaStack, type StackResource } from "../../stack.ts";
import { UNKNOWN } from "../../values.ts";
import { isWindows, virtualMachine } from "./virtualMachines.ts";
import { windowsServerYear } from "./windowsVersions.ts";

/** On later versions the activation can fail in Azure, says Microsoft's guide. */
const newest = 2016;
const property = "storageProfile.imageReference.sku";

export const activatableWindows: StackRule = {
  kind: "stack",
  id: "MFA-HOST-007",
  family: "host",
  title: "The product can be activated on the host's Windows.",
  prerequisite:
    "Enter the Activation Credentials that were generated earlier in the boxes provided and click Activate.",
  step: "Installing MFA Server, step 5",
  rationale: "On an Azure machine with Windows Server 2019 or later the activation can fail.",
  level: "advisory",
  severity: "medium",
  references: [deployGuide],
  check(stack) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const machines = stack.ofType(virtualMachine).filter(({ properties }) => isWindows(properties) !== false);
    if (machines.length === 0) return { notApplicable: "no Windows machine in this stack" };
    return machines.flatMap(judge);
  },
};

function judge({ urn, name, properties }: StackResource): Finding[] {
  const year = windowsServerYear(properties);
  if (year === UNKNOWN) return [cannotTell(urn, `which Windows Server ${name} runs`, undefined, property)];
  if (year <= newest) return [];
  const mend = "pulumi config set --path mfa-server:host.image.sku 2016-datacenter-gensecond";
  return [
    violation(urn, `${name} runs Windows Server ${year}: the activation can fail there`, mend, {
      property,
      value: year,
    }),
  ];
}
