import { randomUUID } from "node:crypto";
import { certificateFacts } from "../../provider/acme/certificateFacts.ts";
import { buildPfx } from "../../provider/acme/pfx.ts";
import type { AzureConnection } from "../../provider/configuration.ts";
import type { Connections } from "../../provider/connections/connections.ts";
import { openKeyVault } from "../../provider/connections/keyVault.ts";
import type { LifecycleContext } from "../../provider/engine/definition.ts";
import type { CertificateAuthority } from "../../sandbox/pki/index.ts";
import { subscription, type TestCloud, tenantId } from "./azureCloud.ts";

export const vaultGroup = `${subscription}/resourceGroups/rg-vault`;
const roles = `${subscription}/providers/Microsoft.Authorization/roleDefinitions`;
export const certificatesOfficer = `${roles}/a4417e6f-fecd-4de8-b567-7b0420556985`;
export const secretsUser = `${roles}/4633458b-17de-408a-b874-0445c86b69e6`;
const VAULT_API = "2024-11-01";

export const vaultPath = (name: string) =>
  `${vaultGroup}/providers/Microsoft.KeyVault/vaults/${name}?api-version=${VAULT_API}`;

export const vaultBody = (properties: object = {}) => ({
  location: "westeurope",
  properties: {
    tenantId,
    sku: { family: "A", name: "standard" },
    enableRbacAuthorization: true,
    enablePurgeProtection: true,
    ...properties,
  },
});

/** Gives a principal a role on a vault. */
export async function assignRole(cloud: TestCloud, vault: string, roleDefinitionId: string, principalId: string) {
  const scope = vaultPath(vault).split("?")[0];
  await cloud.put(`${scope}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}?api-version=2022-04-01`, {
    properties: { principalId, principalType: "ServicePrincipal", roleDefinitionId },
  });
}

/** A vault of a test's own, in which the deploying application may do everything with certificates; its address. */
export async function makeVault(cloud: TestCloud, name: string, properties: object = {}): Promise<string> {
  await cloud.put(`${vaultGroup}?api-version=2024-03-01`, { location: "westeurope" });
  const made = await cloud.put(vaultPath(name), vaultBody(properties));
  await assignRole(cloud, name, certificatesOfficer, cloud.clientObjectId);
  return made.properties.vaultUri;
}

/** A certificate with its key, as the kit makes it for a host. */
export async function newPfx(authority: CertificateAuthority, name = "mfa.dev.contoso.com") {
  const { certPem, keyPem } = await authority.issueCertificate({ dnsNames: [name] });
  const pfxPassword = randomUUID();
  const contents = { certificatePem: certPem, privateKeyPem: keyPem, chainPem: "", password: pfxPassword };
  const pfxBase64 = buildPfx(contents, "compatible").toString("base64");
  return { thumbprint: certificateFacts(certPem).thumbprint, pfxBase64, pfxPassword };
}

/** The context of one operation that talks to a vault alone. */
export function vaultContext(azure: AzureConnection): LifecycleContext<Connections> & { said: string[] } {
  const other = () => Promise.reject(new Error("not part of this test"));
  let vault: ReturnType<typeof openKeyVault> | undefined;
  const said: string[] = [];
  return {
    connections: {
      keyVault: () => (vault ??= openKeyVault(azure)),
      directory: other,
      arm: other,
      graph: other,
      acme: other,
      host: other,
      configuration: { azure },
      close: async () => (await vault)?.close(),
    },
    urn: "urn:pulumi:dev::mfa-server::mfakit:keyVault:Certificate::mfa",
    signal: new AbortController().signal,
    now: () => new Date(),
    progress: (message) => said.push(message),
    warn: (message) => said.push(message),
    said,
  };
}
