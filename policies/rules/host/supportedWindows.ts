import { z } from "zod";
import { deployGuide, procedure } from "../../references.ts";
import { UNKNOWN } from "../../values.ts";
import { machineRule } from "./machineRule.ts";
import { windowsServerYear } from "./windowsVersions.ts";

interface Config {
  oldest: number;
}

export const supportedWindows = machineRule<Config>({
  id: "MFA-HOST-006",
  title: "The host runs a Windows Server that the product supports.",
  prerequisite: "You must have a server running Windows 2008 R2 or higher.",
  step: "Prerequisites",
  rationale:
    "Of 2008 and 2008 R2 Microsoft supports only machines with extended updates, and nobody patches the others.",
  level: "mandatory",
  severity: "high",
  references: [procedure, deployGuide],
  configuration: z.strictObject({
    oldest: z.int().min(2008).default(2012).describe("Year in the name of the oldest Windows Server that is taken."),
  }),
  path: ["storageProfile", "imageReference"],
  fault(_image, properties, { oldest }) {
    const year = windowsServerYear(properties);
    if (year === UNKNOWN) return UNKNOWN;
    return year < oldest ? `holds Windows Server ${year}, which is older than ${oldest}` : undefined;
  },
  mend: "pulumi config set --path mfa-server:host.image.sku 2016-datacenter-gensecond",
});
