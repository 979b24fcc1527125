import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClientSecretCredential } from "@azure/identity";
import { CertificateClient } from "@azure/keyvault-certificates";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openKeyVault } from "../../../provider/connections/keyVault.ts";
import { openCertificateAuthority } from "../../../sandbox/pki/index.ts";
import { clientId, clientSecret, startTestCloud, type TestCloud, tenantId } from "../../support/azureCloud.ts";
import { makeVault, newPfx } from "../../support/vaultedCertificate.ts";

/** Microsoft's own client, its log-in by challenge included: it knows the data plane better than whoever wrote the simulator. */
describe("the official certificate client", () => {
  const folder = mkdtempSync(join(tmpdir(), "mfakit-vault-"));
  let cloud: TestCloud;
  let vaultUri: string;
  let client: CertificateClient;
  beforeAll(async () => {
    cloud = await startTestCloud();
    vaultUri = await makeVault(cloud, "kv-official");
    const tlsOptions = { ca: cloud.caPem };
    const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
      authorityHost: `https://${cloud.address}:${cloud.ports.login}/`,
      disableInstanceDiscovery: true,
      tlsOptions,
    });
    client = new CertificateClient(vaultUri.replace(/\/$/, ""), credential, {
      // The vault has an address and no name of Azure's.
      disableChallengeResourceVerification: true,
      serviceVersion: "7.4",
      tlsOptions,
    } as ConstructorParameters<typeof CertificateClient>[2]);
  });
  afterAll(async () => {
    await cloud?.stop();
    rmSync(folder, { recursive: true });
  });

  it("imports a PFX, which the kit's client then sees alike", async () => {
    const { pfxBase64, pfxPassword, thumbprint } = await newPfx(await openCertificateAuthority(folder));
    const tags = { environment: "dev" };
    const pfx = Buffer.from(pfxBase64, "base64");
    const made = await client.importCertificate("official", pfx, { password: pfxPassword, tags });
    expect(made.policy).toMatchObject({ exportable: true, contentType: "application/x-pkcs12", keyType: "RSA" });
    const seen = await (await openKeyVault(cloud.connection)).get({ vaultUri, name: "official" });
    expect(seen).toEqual({
      thumbprint,
      version: made.properties.version,
      notAfter: made.properties.expiresOn?.toISOString(),
      tags,
    });
    expect(Buffer.from(made.properties.x509Thumbprint ?? []).toString("hex")).toBe(thumbprint.toLowerCase());
  });

  it("reads, deletes and recovers what the kit's client imported", async () => {
    const kit = await openKeyVault(cloud.connection);
    const pfx = await newPfx(await openCertificateAuthority(folder));
    const place = { vaultUri, name: "kits" };
    const { version } = await kit.import(place, { ...pfx, tags: { createdBy: "mfakit" } });
    const read = await client.getCertificate("kits");
    expect(read.properties).toMatchObject({ version, enabled: true, tags: { createdBy: "mfakit" } });
    expect(read.secretId).toBe(`https://kv-official.vault.azure.net/secrets/kits/${version}`);

    const deleted = await (await client.beginDeleteCertificate("kits", { intervalInMs: 10 })).pollUntilDone();
    expect(deleted.name).toBe("kits");
    expect(await kit.get(place)).toBeUndefined();
    await (await client.beginRecoverDeletedCertificate("kits", { intervalInMs: 10 })).pollUntilDone();
    expect(await kit.get(place)).toMatchObject({ version });
  });

  it("is told what is not there, and that a deleted name is taken, in the codes that it knows", async () => {
    await expect(client.getCertificate("none")).rejects.toMatchObject({
      statusCode: 404,
      code: "CertificateNotFound",
    });
    const kit = await openKeyVault(cloud.connection);
    const pfx = await newPfx(await openCertificateAuthority(folder));
    await kit.import({ vaultUri, name: "taken" }, { ...pfx, tags: {} });
    await kit.delete({ vaultUri, name: "taken" });
    const again = client.importCertificate("taken", Buffer.from(pfx.pfxBase64, "base64"), {
      password: pfx.pfxPassword,
    });
    await expect(again).rejects.toMatchObject({ statusCode: 409, code: "Conflict" });
  });
});
