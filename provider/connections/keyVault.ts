import { setTimeout as sleep } from "node:timers/promises";
import type { HttpMethods } from "@azure/core-rest-pipeline";
import type { AzureConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import { jsonOf, openAzureService } from "./azureService.ts";
import { KeyVaultError, type KeyVaultErrorBody } from "./keyVaultError.ts";

export { isRoleMissing, KeyVaultError } from "./keyVaultError.ts";

/** A certificate's place. */
export interface CertificatePlace {
  /** As Azure Resource Manager names it: `https://<vault>.vault.azure.net/`. */
  vaultUri: string;
  name: string;
}

/** The current version of a certificate, as far as the kit reads it. */
export interface VaultCertificate {
  /** Name of the version, 32 hexadecimal digits. */
  version: string;
  /** SHA-1, 40 upper-case hexadecimal digits. */
  thumbprint: string;
  /** ISO 8601. */
  notAfter: string;
  tags: Record<string, string>;
}

/** What becomes a new version. */
export interface CertificateImport {
  pfxBase64: string;
  pfxPassword: string;
  tags: Record<string, string>;
}

/**
 * Certificates in Azure Key Vault (data plane, API 7.4). Throttling, server errors and names that are just being deleted or recovered
 * are waited for. Errors are {@link KeyVaultError} with Key Vault's code.
 */
export interface KeyVaultClient {
  /** `undefined` when there is none. */
  get(place: CertificatePlace, signal?: AbortSignal): Promise<VaultCertificate | undefined>;
  /** Tags of the deleted certificate of this name that can still be recovered; `undefined` when there is none. */
  deletedTags(place: CertificatePlace, signal?: AbortSignal): Promise<Record<string, string> | undefined>;
  import(place: CertificatePlace, content: CertificateImport, signal?: AbortSignal): Promise<VaultCertificate>;
  /** Replaces the tags of one version. */
  tag(
    place: CertificatePlace,
    version: string,
    tags: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<VaultCertificate>;
  /** Brings a deleted certificate back, and ends when it is there. */
  recover(place: CertificatePlace, signal?: AbortSignal): Promise<void>;
  /** Deletes it with all its versions; for a while it can be recovered. Deleting what does not exist succeeds. */
  delete(place: CertificatePlace, signal?: AbortSignal): Promise<void>;
  close(): void;
}

/** Key Vault of the global cloud. */
export const GLOBAL_KEY_VAULT = "https://vault.azure.net";
const API_VERSION = "7.4";
/** Recovering takes seconds; longer than this it has failed. Milliseconds. */
const RECOVERY_PATIENCE_MS = 120_000;

interface CertificateBundle {
  id?: string;
  x5t?: string;
  attributes?: { exp?: number };
  tags?: Record<string, string>;
}

/** Opens the client. Nothing is sent before the first request, which also fetches the token. */
export async function openKeyVault(connection: AzureConnection): Promise<KeyVaultClient> {
  const audience = new URL(connection.keyVaultAudience ?? GLOBAL_KEY_VAULT);
  const service = await openAzureService(connection, {
    endpoint: audience,
    name: "Azure Key Vault",
    unreachableCode: "KEY_VAULT_UNREACHABLE",
    alsoRetry: ({ status, bodyAsText }) =>
      status === 409 && /ObjectIsBeing(Deleted|Recovered|Created)/.test(bodyAsText ?? ""),
  });

  const request = async <T>(
    method: HttpMethods,
    { vaultUri, name }: CertificatePlace,
    path: string,
    { body, signal }: { body?: unknown; signal?: AbortSignal | undefined } = {},
  ): Promise<T | undefined> => {
    const url = ownUrl(audience, vaultUri, path.replace("{name}", encodeURIComponent(name)));
    const answer = await service.exchange(method, url, { body, ...(signal && { signal }) });
    if (answer.status >= 200 && answer.status < 300) return jsonOf(answer) as T;
    if (answer.status === 404 && method !== "POST") return undefined;
    const what = `${method} ${url.origin}${url.pathname}`;
    throw new KeyVaultError(what, answer.status, jsonOf(answer) as KeyVaultErrorBody | undefined);
  };

  const get: KeyVaultClient["get"] = async (place, signal) => {
    const bundle = await request<CertificateBundle>("GET", place, "certificates/{name}", { signal });
    return bundle && read(bundle);
  };

  return {
    get,
    async deletedTags(place, signal) {
      const bundle = await request<CertificateBundle>("GET", place, "deletedcertificates/{name}", { signal });
      return bundle && (bundle.tags ?? {});
    },
    async import(place, { pfxBase64, pfxPassword, tags }, signal) {
      // Without a policy of its own an import is exportable: the host gets the key through the vault's secret, and from nowhere else.
      const policy = { secret_props: { contentType: "application/x-pkcs12" } };
      const body = { value: pfxBase64, pwd: pfxPassword, policy, tags };
      return read((await request("POST", place, "certificates/{name}/import", { body, signal })) ?? {});
    },
    async tag(place, version, tags, signal) {
      const path = `certificates/{name}/${version}`;
      const bundle = await request<CertificateBundle>("PATCH", place, path, { body: { tags }, signal });
      if (bundle !== undefined) return read(bundle);
      throw new KeyVaultError(`Tagging ${place.name}`, 404, undefined);
    },
    async recover(place, signal) {
      await request("POST", place, "deletedcertificates/{name}/recover", { signal });
      const deadline = Date.now() + RECOVERY_PATIENCE_MS;
      for (let pause = 200; (await get(place, signal)) === undefined; pause = Math.min(pause * 2, 5_000)) {
        if (Date.now() > deadline) throw new KeyVaultError(`Recovering ${place.name}`, 404, undefined);
        await sleep(pause, undefined, { ...(signal && { signal }) });
      }
    },
    async delete(place, signal) {
      await request("DELETE", place, "certificates/{name}", { signal });
    },
    close: () => service.close(),
  };
}

/** Where a request goes. The token, and with it the key, goes only to vaults below the name that the token is made out for. */
function ownUrl(audience: URL, vaultUri: string, path: string): URL {
  const vault = new URL(vaultUri);
  const isBelow = vault.hostname.endsWith(`.${audience.hostname}`) && vault.port === audience.port;
  if (vault.protocol !== "https:" || (vault.origin !== audience.origin && !isBelow)) {
    throw new UserError("KEY_VAULT_FOREIGN_ADDRESS", {
      what: `The vault at ${vaultUri}`,
      why: `it does not lie below ${audience.origin}, so the access token must not be sent there`,
      next: "Check azure.cloud and azure.keyVaultAudience.",
    });
  }
  const url = new URL(path, vault.href.endsWith("/") ? vault : `${vault.href}/`);
  url.searchParams.set("api-version", API_VERSION);
  return url;
}

function read({ id, x5t, attributes, tags }: CertificateBundle): VaultCertificate {
  return {
    version: (id ?? "").split("/").at(-1) ?? "",
    thumbprint: Buffer.from(x5t ?? "", "base64url")
      .toString("hex")
      .toUpperCase(),
    notAfter: attributes?.exp === undefined ? "" : new Date(attributes.exp * 1000).toISOString(),
    tags: tags ?? {},
  };
}
