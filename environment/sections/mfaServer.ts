import { z } from "zod";
import { sha256, windowsPath } from "../fields.ts";

const hashedFile = (what: string, example: string) =>
  z.strictObject({
    path: windowsPath.meta({ description: `Where ${what} lies on the host.`, examples: [example] }),
    sha256: sha256.describe(`SHA-256 of ${what}, recorded when it was downloaded; another file is not run.`),
  });

const visualCpp = z.strictObject({
  x64: hashedFile("the 64-bit package", "C:\\Install\\vc_redist.x64.exe").describe("The 64-bit package."),
  x86: hashedFile("the 32-bit package", "C:\\Install\\vc_redist.x86.exe").describe("The 32-bit package."),
});

const application = (what: string, name: string) =>
  z.strictObject({
    applicationName: z
      .string()
      .max(80)
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/)
      .default(name)
      .meta({
        description: `Application (virtual directory) of ${what} on Default Web Site; the last part of its address.`,
        accepted: "letters, digits, _ and -; a letter or digit first",
        examples: [name],
      }),
  });

/** The product on the host. */
export const mfaServerSection = z.strictObject({
  profile: z
    .enum(["v7", "v8"])
    .describe("Version line of the product: `v7` has the Mobile App Web Service, `v8` does not need it."),
  activatedBefore2019: z.literal(true).meta({
    description:
      "States that the tenant was activated before 1 July 2019. Microsoft takes no new deployments since then.",
    accepted: "true; a tenant that was not activated before cannot be deployed any more",
    examples: [true],
  }),
  installer: hashedFile("the server's set-up program", "C:\\Install\\MultiFactorAuthenticationServerSetup.exe")
    .extend({
      arguments: z
        .string()
        .min(1)
        .max(500)
        .optional()
        .meta({
          description:
            "Arguments of the set-up program. Microsoft documents no silent switch; without one it waits for a person at the host's desktop.",
          accepted: "1 to 500 characters",
          examples: ["/quiet"],
        }),
    })
    .describe("The product's set-up program."),
  visualCpp: visualCpp.describe(
    "Visual C++ redistributable packages (2015 Update 1 or later for v7, 2017 for v8); the web services need both.",
  ),
  companyName: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({
      description: "Name of the organisation, shown in the manual steps that the product's console asks for.",
      accepted: "1 to 100 characters",
      examples: ["Contoso"],
    }),
  userPortal: application("the User Portal", "MultiFactorAuth").prefault({}).describe("The User Portal."),
  webServiceSdk: application("the Web Service SDK", "MultiFactorAuthWebServiceSdk")
    .prefault({})
    .describe("The Web Service SDK."),
  mobileAppWebService: application("the Mobile App Web Service", "MultiFactorAuthMobileAppWebService")
    .extend({
      encrypt: z
        .boolean()
        .default(false)
        .meta({
          description:
            "Encrypts the service account's password in web.config with the host's own key (DPAPI); the policy MFA-SEC-005 advises it.",
          accepted: "true or false",
          examples: [true],
        }),
    })
    .optional()
    .describe("The Mobile App Web Service; always there with profile v7, refused with v8."),
});
