import { randomBytes, type X509Certificate } from "node:crypto";
import { parsePfx } from "../../host/windows/certificates.ts";
import { WindowsError } from "../../host/windowsError.ts";
import { asList, asObject, asText, type JsonObject, texts } from "../arm/json.ts";
import type { Store, StoredResource } from "../arm/store.ts";
import { badParameter, notFound, VaultRefusal } from "./refusal.ts";

/** One version with its key, in the vault's inner state. */
export interface CertificateVersion {
  version: string;
  certificatePem: string;
  privateKeyPem: string;
  issuersPem: string[];
  created: number;
  updated: number;
  tags: Record<string, string>;
}

/** The certificates of one vault. They live in the vault's inner state, so that they go and come back with it. */
export class VaultCertificates {
  readonly #vault: StoredResource;
  readonly #store: Store;

  constructor(vault: StoredResource, store: Store) {
    this.#vault = vault;
    this.#store = store;
  }

  /** Newest version last. */
  versions(name: string, state: "certificates" | "deletedCertificates" = "certificates"): CertificateVersion[] {
    return asList(asObject(this.#vault.internal[state])[key(name)]) as unknown as CertificateVersion[];
  }

  /** The version of that name, or the newest. Throws 404. */
  get(name: string, version?: string): CertificateVersion {
    const found = this.versions(name).findLast((each) => version === undefined || each.version === version);
    if (found === undefined) throw notFound("Certificate", name);
    return found;
  }

  getDeleted(name: string): CertificateVersion {
    const found = this.versions(name, "deletedCertificates").at(-1);
    if (found === undefined) throw notFound("DeletedCertificate", name);
    return found;
  }

  async import(name: string, body: JsonObject): Promise<CertificateVersion> {
    if (this.versions(name, "deletedCertificates").length > 0) {
      throw new VaultRefusal(
        409,
        "Conflict",
        `Certificate ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the certificate can only be recovered or purged.`,
        { inner: "ObjectIsDeletedButRecoverable" },
      );
    }
    const value = asText(body.value);
    if (value === undefined) throw badParameter("The specified PKCS#12 X.509 certificate content is missing.");
    const content = await open(value, asText(body.pwd) ?? "");
    const now = Math.floor(Date.now() / 1000);
    const made: CertificateVersion = {
      version: randomBytes(16).toString("hex"),
      ...content,
      created: now,
      updated: now,
      tags: tagsOf(body),
    };
    this.#put("certificates", name, [...this.versions(name), made]);
    return made;
  }

  tag(name: string, version: string, body: JsonObject): CertificateVersion {
    const old = this.get(name, version);
    const made = { ...old, tags: tagsOf(body), updated: Math.floor(Date.now() / 1000) };
    this.#put(
      "certificates",
      name,
      this.versions(name).map((each) => (each.version === old.version ? made : each)),
    );
    return made;
  }

  delete(name: string): CertificateVersion {
    const newest = this.get(name);
    this.#put("deletedCertificates", name, this.versions(name));
    this.#put("certificates", name, []);
    return newest;
  }

  recover(name: string): CertificateVersion {
    const newest = this.getDeleted(name);
    this.#put("certificates", name, this.versions(name, "deletedCertificates"));
    this.#put("deletedCertificates", name, []);
    return newest;
  }

  purge(name: string): void {
    this.getDeleted(name);
    this.#put("deletedCertificates", name, []);
  }

  #put(state: "certificates" | "deletedCertificates", name: string, versions: CertificateVersion[]): void {
    const { [key(name)]: _, ...others } = asObject(this.#vault.internal[state]);
    const kept = versions.length === 0 ? others : { ...others, [key(name)]: versions as unknown as JsonObject[] };
    this.#vault.internal[state] = kept;
    this.#store.put(this.#vault);
  }
}

/** Names are compared without case. */
function key(name: string): string {
  return name.toLowerCase();
}

function tagsOf({ tags }: JsonObject): Record<string, string> {
  const given = asObject(tags);
  if (Object.keys(given).length > 15) throw badParameter("A certificate takes at most 15 tags.");
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => texts(value).map((text) => [name, text])));
}

async function open(value: string, password: string) {
  try {
    const { leaf, privateKeyPem, issuers } = await parsePfx(Buffer.from(value, "base64"), password);
    const pem = (certificate: X509Certificate) => certificate.toString();
    return { certificatePem: pem(leaf), privateKeyPem, issuersPem: issuers.map(pem) };
  } catch (error) {
    if (!(error instanceof WindowsError)) throw error;
    throw badParameter(
      `The specified PKCS#12 X.509 certificate content can not be read. Please check if certificate is in valid PKCS#12 format. (${error.message})`,
    );
  }
}
