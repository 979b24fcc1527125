import type { Arm } from "../arm/arm.ts";
import type { JsonObject } from "../arm/json.ts";
import type { StoredResource } from "../arm/store.ts";
import { bundleOf, isPurgeProtected } from "./bundle.ts";
import { VaultCertificates } from "./certificates.ts";
import { badParameter, VaultRefusal } from "./refusal.ts";
import { checkRole } from "./roles.ts";
import { azureUriOf } from "./vaultUri.ts";

export interface VaultRequest {
  method: string;
  /** `/<vault>/certificates/<name>...` */
  path: string;
  body: JsonObject;
  /** Object id of the caller. */
  principalId: string;
}

/** Carries out one request about certificates. Throws a {@link VaultRefusal}. */
export async function answerVault({ store }: Arm, request: VaultRequest): Promise<object> {
  const [vaultName = "", collection = "", name = "", last] = request.path.split("/").filter(Boolean);
  const vault = findVault(store.ofType("Microsoft.KeyVault/vaults"), vaultName);
  checkRole(vault, request.principalId, "certificates", store);
  const certificates = new VaultCertificates(vault, store);
  const uri = azureUriOf(vault.name);
  const show = (version: Parameters<typeof bundleOf>[2]) => bundleOf(uri, name, version, vault);
  const showDeleted = (version: Parameters<typeof bundleOf>[2]) => ({
    ...show(version),
    recoveryId: `${uri}deletedcertificates/${name}`,
  });
  const action = last === "import" || last === "recover" ? `/${last}` : "";
  switch (`${request.method} ${collection}${action}`) {
    case "POST certificates/import":
      return show(await certificates.import(name, request.body));
    case "GET certificates":
      return show(certificates.get(name, last));
    case "PATCH certificates":
      if (last === undefined) throw badParameter("The version of the certificate is missing.");
      return show(certificates.tag(name, last, request.body));
    case "DELETE certificates":
      return showDeleted(certificates.delete(name));
    case "GET deletedcertificates":
      return showDeleted(certificates.getDeleted(name));
    case "POST deletedcertificates/recover":
      return show(certificates.recover(name));
    case "DELETE deletedcertificates":
      if (isPurgeProtected(vault)) {
        throw new VaultRefusal(
          403,
          "Forbidden",
          'Operation "purge" is not allowed because purge protection is enabled.',
        );
      }
      certificates.purge(name);
      return {};
    default:
      throw new VaultRefusal(
        405,
        "MethodNotAllowed",
        `The simulated Key Vault does not know ${request.method} ${collection}${action}.`,
      );
  }
}

function findVault(vaults: readonly StoredResource[], name: string): StoredResource {
  const vault = vaults.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (vault !== undefined) return vault;
  // Azure answers with no address at all: the name does not resolve.
  throw new VaultRefusal(404, "VaultNotFound", `There is no vault ${name}.`);
}
