import { existsSync, readFileSync } from "node:fs";
import { type Document, isMap, parseDocument } from "yaml";
import { writeFileAtomically } from "./atomicFile.ts";
import type { SandboxLayout } from "./layout.ts";
import type { SandboxNetwork } from "./network.ts";

/** What the sandbox knows of its running parts, as far as settings depend on it. */
export interface SandboxEndpoints {
  network: SandboxNetwork;
  resourceManagerEndpoint: string;
  authorityHost: string;
  graphEndpoint: string;
  keyVaultAudience: string;
  acmeDirectoryUrl: string;
  /** PEM file of the sandbox's own CA. */
  caFile: string;
  /** PEM file with the ACME roots as well. */
  trustedRootsFile: string;
  /** The operating system user as whom sshd lets the kit in. */
  sshUser: string;
  /** Path on the host to SHA-256, for the product's installers. */
  installers: Record<string, string>;
}

/**
 * Writes the sandbox's environment: the settings of `Pulumi.dev.yaml` with the endpoints, names of users and hashes that are
 * different here. Each of them is an ordinary setting of the kit. Secrets already in the file stay.
 */
export async function writeEnvironmentFile(
  layout: SandboxLayout,
  settingsFile: string,
  endpoints: SandboxEndpoints,
): Promise<void> {
  const document = parseDocument(readFileSync(settingsFile, "utf8"));
  document.commentBefore =
    " Written by the sandbox from Pulumi.dev.yaml at every start: change that file, not this one.\n" +
    " What differs from it: endpoints, private CAs, the SSH user and the installers' hashes.";
  for (const [path, value] of overlay(endpoints, installerPaths(document))) document.setIn(path, value);
  keepSecrets(layout.environmentFile, document);
  const text = document.toString({ lineWidth: 0 });
  if (existsSync(layout.environmentFile) && readFileSync(layout.environmentFile, "utf8") === text) return;
  await writeFileAtomically(layout.environmentFile, text, 0o600);
}

type Setting = [path: string[], value: unknown];

function overlay(endpoints: SandboxEndpoints, installers: [path: string[], file: string][]): Setting[] {
  const { network, caFile } = endpoints;
  const setting = (section: string, ...path: string[]) => ["config", `mfa-server:${section}`, ...path];
  return [
    [setting("azure", "resourceManagerEndpoint"), endpoints.resourceManagerEndpoint],
    [setting("azure", "authorityHost"), endpoints.authorityHost],
    [setting("azure", "keyVaultAudience"), endpoints.keyVaultAudience],
    [setting("azure", "caCertificates"), caFile],
    [setting("entra", "graphEndpoint"), endpoints.graphEndpoint],
    [setting("network", "dnsServers"), [network.domainController]],
    [setting("host", "management", "address"), network.host],
    [setting("host", "management", "user"), endpoints.sshUser],
    [setting("directory", "domainControllers"), [`ldaps://${network.domainController}`]],
    [setting("directory", "caCertificates"), caFile],
    [setting("publicEndpoint", "dnsServers"), [network.dns]],
    [setting("publicEndpoint", "trustedRoots"), endpoints.trustedRootsFile],
    [setting("certificate", "directoryUrl"), endpoints.acmeDirectoryUrl],
    [setting("certificate", "caCertificates"), caFile],
    // The simulated set-up program takes this switch; for the real one none is documented.
    [setting("mfaServer", "installer", "arguments"), "/quiet"],
    ...installers.flatMap(([path, file]): Setting[] => {
      const sha256 = endpoints.installers[file];
      return sha256 === undefined ? [] : [[[...path, "sha256"], sha256]];
    }),
  ];
}

/** Every `{path, sha256}` of the product's section. */
function installerPaths(document: Document): [path: string[], file: string][] {
  const found: [string[], string][] = [];
  const visit = (path: string[]) => {
    const node = document.getIn(path);
    if (!isMap(node)) return;
    const file = node.get("path");
    if (typeof file === "string" && node.has("sha256")) found.push([path, file]);
    for (const item of node.items) visit([...path, String((item.key as { value?: unknown }).value ?? item.key)]);
  };
  visit(["config", "mfa-server:mfaServer"]);
  return found;
}

function keepSecrets(previousFile: string, document: Document): void {
  if (!existsSync(previousFile)) return;
  const previous = parseDocument(readFileSync(previousFile, "utf8"));
  for (const key of ["secretsprovider", "encryptedkey", "encryptionsalt"]) {
    if (previous.has(key)) document.set(key, previous.get(key));
  }
  const config = previous.get("config");
  if (!isMap(config)) return;
  for (const item of config.items) {
    if (isMap(item.value) && item.value.has("secure")) document.setIn(["config", String(item.key)], item.value);
  }
}
