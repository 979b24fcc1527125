import { z } from "zod";
import { azureSection } from "./sections/azure.ts";
import { certificateSection } from "./sections/certificate.ts";
import { directorySection } from "./sections/directory.ts";
import { domainSection } from "./sections/domain.ts";
import { entraSection } from "./sections/entra.ts";
import { hostSection } from "./sections/host.ts";
import { mfaServerSection } from "./sections/mfaServer.ts";
import { networkSection } from "./sections/network.ts";
import { publicEndpointSection } from "./sections/publicEndpoint.ts";
import { tagsSection } from "./sections/tags.ts";

/** The namespace of the kit's settings in `Pulumi.<environment>.yaml`. */
export const namespace = "mfa-server";

/** Everything about one environment that is not secret, one entry per configuration key. */
export const settingsSchema = z.strictObject({
  azure: azureSection.describe("Where in Azure the environment lives, and which application deploys it."),
  network: networkSection.describe("The virtual network of the host and who may reach it."),
  host: hostSection.describe("The Windows host."),
  domain: domainSection.describe("The Active Directory domain that the host joins."),
  directory: directorySection.describe("What the kit reads and writes in Active Directory."),
  entra: entraSection.prefault({}).describe("What the kit reads and writes in Entra ID."),
  publicEndpoint: publicEndpointSection.describe("The public name of the service."),
  certificate: certificateSection
    .prefault({})
    .describe("The certificate of the public name: ordered from an ACME certificate authority, or provided."),
  mfaServer: mfaServerSection.describe("The product on the host."),
  tags: tagsSection,
});

/** Settings as somebody writes them: what has a default may be missing. */
export type SettingsInput = z.input<typeof settingsSchema>;
/** Settings with the schema's defaults, before {@link completeSettings} fills in what follows from other settings. */
export type ParsedSettings = z.output<typeof settingsSchema>;
