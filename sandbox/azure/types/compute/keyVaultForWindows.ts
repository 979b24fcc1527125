import { ArmError } from "../../arm/errors.ts";
import { asList, asObject, asText, valueAt } from "../../arm/json.ts";
import { parentOf } from "../../arm/resourceId.ts";
import type { RuleContext } from "../../arm/resourceType.ts";
import { VaultCertificates } from "../../keyVault/certificates.ts";
import { VaultRefusal } from "../../keyVault/refusal.ts";
import { checkRole } from "../../keyVault/roles.ts";
import { vaultUriOf } from "../../keyVault/vaultUri.ts";
import { isHost } from "./virtualMachine.ts";

/**
 * The Key Vault extension: as the machine's identity it fetches each observed certificate and puts it into the guest's store. It does
 * so when it runs, and not every few minutes as the real one.
 */
export async function deliverCertificates(context: RuleContext): Promise<void> {
  const { id, store, effects, cloud } = context;
  const machine = store.get(parentOf(id) ?? "");
  if (machine === undefined) return;
  const management = asObject(valueAt(context.body, "properties.settings.secretsManagementSettings"));
  const observed = asList(management.observedCertificates);
  if (observed.length === 0) throw failure("secretsManagementSettings.observedCertificates is empty");
  for (const each of observed.map(asObject)) {
    const certificate = fetchCertificate(asText(each.url) ?? "", principalOf(machine.body), context);
    if (!isHost(machine.body, store, cloud)) continue;
    const { certificatePem, privateKeyPem, issuersPem } = certificate;
    await effects.host?.installCertificate({
      storeLocation: asText(each.certificateStoreLocation) ?? "LocalMachine",
      storeName: asText(each.certificateStoreName) ?? "MY",
      certificatePem,
      privateKeyPem,
      issuersPem,
    });
  }
}

function principalOf(machine: Parameters<typeof valueAt>[0]): string {
  const principal = asText(valueAt(machine, "identity.principalId"));
  if (principal === undefined) throw failure("the machine has no managed identity");
  return principal;
}

/** The newest version, with its key, out of the vault that the address names. */
function fetchCertificate(url: string, principalId: string, { store, cloud }: RuleContext) {
  const vault = store
    .ofType("Microsoft.KeyVault/vaults")
    .find(({ name }) => url.toLowerCase().startsWith(`${vaultUriOf(name, cloud)}secrets/`.toLowerCase()));
  if (vault === undefined) throw failure(`${url} is no secret of a vault that can be reached`);
  const [name = "", version] = url.slice(`${vaultUriOf(vault.name, cloud)}secrets/`.length).split("/");
  try {
    checkRole(vault, principalId, "secrets", store);
    return new VaultCertificates(vault, store).get(name, version);
  } catch (error) {
    if (!(error instanceof VaultRefusal)) throw error;
    throw failure(`${url}: ${error.status} ${error.inner ?? error.code}: ${error.message.split("\r\n")[0]}`);
  }
}

function failure(cause: string): ArmError {
  return new ArmError(
    409,
    "VMExtensionProvisioningError",
    "VM has reported a failure when processing extension 'KeyVaultForWindows' (publisher 'Microsoft.Azure.KeyVault' and type " +
      `'KeyVaultForWindows'). Error message: 'Failed to install certificates: ${cause}'.`,
  );
}
