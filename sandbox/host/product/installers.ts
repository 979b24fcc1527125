import { createHash } from "node:crypto";

/** What running an installer does to the machine; see `setup.ts`. */
export type InstallerEffect =
  | "mfaServer"
  | "visualCppX64"
  | "visualCppX86"
  | "userPortal"
  | "webServiceSdk"
  | "mobileAppWebService";

/** An installer of the simulated product or of a library it needs. */
export interface Installer {
  fileName: string;
  /** Product code of an MSI, uninstall key of a setup program. */
  productId: string;
  /** As "Apps and features" and the uninstall key show it. */
  displayName: string;
  version: string;
  publisher: string;
  sizeKilobytes: number;
  effect: InstallerEffect;
}

export const installFolder = "C:\\Install";

const microsoft = "Microsoft Corporation";

/** Already on the machine when it starts, as somebody would have copied them there. */
export const providedInstallers: readonly Installer[] = [
  {
    fileName: "MultiFactorAuthenticationServerSetup.exe",
    productId: "{7B3F6E21-5C0D-4E57-9A43-6E0B1C8F2A10}",
    displayName: "Multi-Factor Authentication Server",
    version: "7.3.0.3",
    publisher: microsoft,
    sizeKilobytes: 131072,
    effect: "mfaServer",
  },
  {
    fileName: "vc_redist.x64.exe",
    productId: "{d992c12e-cab2-426f-bde3-fb8c53950b0d}",
    displayName: "Microsoft Visual C++ 2015 Redistributable (x64) - 14.0.24215",
    version: "14.0.24215.1",
    publisher: microsoft,
    sizeKilobytes: 23000,
    effect: "visualCppX64",
  },
  {
    fileName: "vc_redist.x86.exe",
    productId: "{e2803110-78b3-4664-a479-3611a381656a}",
    displayName: "Microsoft Visual C++ 2015 Redistributable (x86) - 14.0.24215",
    version: "14.0.24215.1",
    publisher: microsoft,
    sizeKilobytes: 19000,
    effect: "visualCppX86",
  },
];

/** Brought into the install folder by the server's setup. */
export const productInstallers: readonly Installer[] = [
  {
    fileName: "MultiFactorAuthenticationUserPortalSetup64.msi",
    productId: "{2E1D4C58-0B7A-4F0B-8C1E-51A7F9D3B611}",
    displayName: "Multi-Factor Authentication User Portal",
    version: "7.3.0.3",
    publisher: microsoft,
    sizeKilobytes: 9200,
    effect: "userPortal",
  },
  {
    fileName: "MultiFactorAuthenticationWebServiceSdkSetup64.msi",
    productId: "{A4C7F5D0-93E2-4B1C-BB0F-2D6E8A917C12}",
    displayName: "Multi-Factor Authentication Web Service SDK",
    version: "7.3.0.3",
    publisher: microsoft,
    sizeKilobytes: 5100,
    effect: "webServiceSdk",
  },
  {
    fileName: "MultiFactorAuthenticationMobileAppWebServiceSetup64.msi",
    productId: "{C95E0A37-4D18-49F6-A2B3-7F1C6D20E513}",
    displayName: "Multi-Factor Authentication Mobile App Web Service",
    version: "7.3.0.3",
    publisher: microsoft,
    sizeKilobytes: 4300,
    effect: "mobileAppWebService",
  },
];

const all = [...providedInstallers, ...productInstallers];
const signatures = { exe: Buffer.from("MZ"), msi: Buffer.from("d0cf11e0a1b11ae1", "hex") };

/**
 * The bytes of the file: the format's signature, a description and filler. They are always the same, so that the hash that a
 * program pins stays valid. It is no program; what it does is written in `setup.ts`.
 */
export function installerContent(installer: Installer): Buffer {
  const { fileName, displayName, version, effect } = installer;
  const text = JSON.stringify({ simulatedInstaller: fileName, displayName, version, effect });
  const filler = Buffer.alloc(64 * 1024, createHash("sha256").update(text).digest());
  return Buffer.concat([
    installerKind(installer) === "msi" ? signatures.msi : signatures.exe,
    Buffer.from(`\n${text}\n`),
    filler,
  ]);
}

export function installerKind(installer: Installer): "exe" | "msi" {
  return installer.fileName.endsWith(".msi") ? "msi" : "exe";
}

const hashes = new Map(all.map((installer) => [installerSha256(installer), installer]));

export function installerSha256(installer: Installer): string {
  return createHash("sha256").update(installerContent(installer)).digest("hex");
}

/** The installer that a file's content is, whatever the file is called. */
export function recogniseInstaller(content: Buffer): Installer | undefined {
  return hashes.get(createHash("sha256").update(content).digest("hex"));
}

export function installerOfProduct(productId: string): Installer | undefined {
  return all.find((installer) => installer.productId.toLowerCase() === productId.toLowerCase());
}

/** What somebody who downloaded the installers would have noted down about them. */
export function describeInstallers() {
  return providedInstallers.map((installer) => describe(installer, `${installFolder}\\${installer.fileName}`));
}

export function describe(installer: Installer, path: string) {
  const { productId, displayName, version } = installer;
  return { path, sha256: installerSha256(installer), productId, displayName, version };
}
