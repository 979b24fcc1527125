import { z } from "zod";
import { cannotTell, type Finding, type ResourceRule, violation } from "../../rule.ts";
import { at, UNKNOWN } from "../../values.ts";

interface Config {
  required: string[];
}

export const tagged: ResourceRule<Config> = {
  kind: "resource",
  id: "MFA-LIFE-005",
  family: "lifecycle",
  title: "What is in Azure says whose it is.",
  prerequisite: "Baseline: tags.",
  step: "Security baseline",
  rationale: "What nobody owns is neither patched nor taken down.",
  level: "mandatory",
  baselines: { dev: "advisory" },
  severity: "low",
  references: [],
  configuration: z.strictObject({
    required: z
      .array(z.string().min(1))
      .default(["environment", "owner"])
      .describe("Names of the tags; Azure tells no upper from lower case."),
  }),
  types: [
    "azure-native:resources:ResourceGroup",
    "azure-native:compute:VirtualMachine",
    "azure-native:network:VirtualNetwork",
    "azure-native:network:NetworkSecurityGroup",
    "azure-native:network:NetworkInterface",
    "azure-native:network:PublicIPAddress",
    "azure-native:keyvault:Vault",
    "azure-native:storage:StorageAccount",
  ],
  check({ urn, name, properties }, { required }) {
    const tags = at(properties, "tags");
    if (tags === UNKNOWN) return [cannotTell(urn, `the tags of ${name}`, undefined, "tags")];
    const given = new Map(
      Object.entries(typeof tags === "object" && tags !== null ? tags : {}).map(([tag, value]) => [
        tag.toLowerCase(),
        value,
      ]),
    );
    return required.flatMap((tag): Finding[] => {
      const property = `tags.${tag}`;
      const value = given.get(tag.toLowerCase());
      if (value === UNKNOWN) return [cannotTell(urn, `the tag ${tag} of ${name}`, undefined, property)];
      if (typeof value === "string" && value.trim() !== "") return [];
      return [
        violation(urn, `${name} has no tag ${tag}`, `pulumi config set --path mfa-server:tags.${tag} <value>`, {
          property,
          value,
        }),
      ];
    });
  },
};
