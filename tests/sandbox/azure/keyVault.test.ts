import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { certificateFacts } from "../../../provider/acme/certificateFacts.ts";
import { KeyVaultError, openKeyVault } from "../../../provider/connections/keyVault.ts";
import { type CertificateAuthority, openCertificateAuthority } from "../../../sandbox/pki/index.ts";
import { finished, startTestCloud, type TestCloud } from "../../support/azureCloud.ts";
import { assignRole, makeVault, newPfx, secretsUser, vaultBody, vaultPath } from "../../support/vaultedCertificate.ts";
import { type ControlSocket, startControlSocket } from "./controlSocket.ts";
import { ids, machineParts, make } from "./fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "mfakit-vault-"));
let cloud: TestCloud;
let control: ControlSocket;
let authority: CertificateAuthority;

beforeAll(async () => {
  control = await startControlSocket(folder);
  // The address of the fixtures' machine.
  const host = { controlSocket: control.path, privateIpAddress: "10.20.1.10", address: "127.0.0.1", httpsPort: 1 };
  cloud = await startTestCloud({ host, publicPort: 1 + Math.floor(Math.random() * 20_000) + 30_000 });
  authority = await openCertificateAuthority(folder);
});
afterAll(async () => {
  await cloud?.stop();
  await control?.close();
  rmSync(folder, { recursive: true });
});

describe("a vault", () => {
  it("wants its tenant and its sku", async () => {
    await makeVault(cloud, "kv-complete");
    for (const missing of ["tenantId", "sku"]) {
      const answer = await cloud.arm("PUT", vaultPath("kv-wanting"), vaultBody({ [missing]: undefined }));
      expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining(missing) } } });
    }
  });

  it("keeps its purge protection", async () => {
    await makeVault(cloud, "kv-protected");
    const without = vaultBody({ enablePurgeProtection: undefined });
    const answer = await cloud.arm("PUT", vaultPath("kv-protected"), without);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "BadRequest" } } });
  });

  it("keeps its name when it is deleted, and comes back with its certificates", async () => {
    const vaultUri = await makeVault(cloud, "kv-deleted");
    const vault = await openKeyVault(cloud.connection);
    const place = { vaultUri, name: "kept" };
    const before = await vault.import(place, { ...(await newPfx(authority)), tags: {} });
    expect((await cloud.arm("DELETE", vaultPath("kv-deleted"))).status).toBe(200);
    await expect(vault.get(place)).resolves.toBeUndefined();

    const refused = await cloud.arm("PUT", vaultPath("kv-deleted"), vaultBody());
    expect(refused).toMatchObject({ status: 409, body: { error: { code: "ConflictError" } } });
    const recovered = await cloud.arm("PUT", vaultPath("kv-deleted"), vaultBody({ createMode: "recover" }));
    expect(recovered.status).toBe(201);
    expect(recovered.body.properties.createMode).toBeUndefined();
    // Its role assignments went for good.
    await expect(vault.get(place)).rejects.toMatchObject({ vaultCode: "ForbiddenByRbac" });
    await makeVault(cloud, "kv-deleted");
    expect(await vault.get(place)).toEqual(before);
  });

  it("is not recovered when there is nothing to recover", async () => {
    const answer = await cloud.arm("PUT", vaultPath("kv-never"), vaultBody({ createMode: "recover" }));
    expect(answer.status).toBe(404);
  });
});

describe("the data plane", () => {
  const connect = async (name: string) => {
    const vaultUri = await makeVault(cloud, name);
    return { vaultUri, vault: await openKeyVault(cloud.connection) };
  };
  /** A request without the kit's client. */
  const raw = async (method: string, path: string, audience: string, body?: object) => {
    const { clientId, clientSecret = "" } = cloud.connection;
    const login = await cloud.login({
      grant_type: "client_credentials",
      client_id: clientId ?? "",
      client_secret: clientSecret,
      scope: `${audience}/.default`,
    });
    const headers = { authorization: `Bearer ${login.body.access_token}` };
    return cloud.raw(cloud.ports.keyVault, method, path, body && JSON.stringify(body), headers);
  };
  const audience = "https://vault.azure.net";

  it("refuses a token for another service, a missing version and a PFX that cannot be read", async () => {
    const { vaultUri } = await connect("kv-strict");
    const { pathname } = new URL(vaultUri);
    const other = await raw("GET", `${pathname}certificates/x?api-version=7.4`, "https://management.azure.com");
    expect(other).toMatchObject({ status: 401, headers: { "www-authenticate": expect.stringContaining("resource=") } });
    expect(await raw("GET", `${pathname}certificates/x`, audience)).toMatchObject({ status: 400 });
    const path = `${pathname}certificates/x/import?api-version=7.4`;
    for (const body of [{}, { value: "bm90IGEgUEZY" }, { value: (await newPfx(authority)).pfxBase64, pwd: "wrong" }]) {
      const answer = await raw("POST", path, audience, body);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "BadParameter" } } });
    }
  });

  it("never shows a key", async () => {
    const { vaultUri } = await connect("kv-silent");
    const { pfxBase64, pfxPassword } = await newPfx(authority);
    const path = `${new URL(vaultUri).pathname}certificates/x`;
    const body = { value: pfxBase64, pwd: pfxPassword };
    const imported = await raw("POST", `${path}/import?api-version=7.4`, audience, body);
    expect(imported.status).toBe(200);
    const shown = await raw("GET", `${path}?api-version=7.4`, audience);
    expect(shown.body).toEqual(imported.body);
    expect(JSON.stringify(shown.body)).not.toContain("PRIVATE KEY");
  });

  it("keeps the name of a deleted certificate, and does not purge it where that is forbidden", async () => {
    const { vaultUri, vault } = await connect("kv-certificates");
    const place = { vaultUri, name: "gone" };
    const pfx = { ...(await newPfx(authority)), tags: { a: "b" } };
    const before = await vault.import(place, pfx);
    await vault.delete(place);
    expect(await vault.deletedTags(place)).toEqual({ a: "b" });
    const again = await vault.import(place, pfx).catch((error: KeyVaultError) => error);
    expect(again).toBeInstanceOf(KeyVaultError);
    expect(again).toMatchObject({ status: 409, vaultCode: "ObjectIsDeletedButRecoverable" });
    const path = `${new URL(vaultUri).pathname}deletedcertificates/gone?api-version=7.4`;
    expect(await raw("DELETE", path, audience)).toMatchObject({ status: 403 });
    await vault.recover(place);
    expect(await vault.get(place)).toEqual(before);
  });
});

describe("KeyVaultForWindows", () => {
  const extension = `${ids.vm}/extensions/KeyVaultForWindows?api-version=2024-11-01`;
  const run = async (url: string, more: object = {}) => {
    const accepted = await cloud.arm("PUT", extension, {
      location: "westeurope",
      properties: {
        publisher: "Microsoft.Azure.KeyVault",
        type: "KeyVaultForWindows",
        typeHandlerVersion: "3.0",
        settings: {
          secretsManagementSettings: {
            observedCertificates: [{ url, certificateStoreName: "MY", certificateStoreLocation: "LocalMachine" }],
          },
        },
        ...more,
      },
    });
    await finished(accepted, cloud.arm);
  };
  const delivered = () =>
    control.calls
      .filter(({ path }) => path === "/install-certificate")
      .map(({ body }) => certificateFacts(String(body.certificatePem)).thumbprint);

  it("brings the newest version to the guest when it runs, and only with the role to read it", async () => {
    await make(cloud, ...machineParts);
    const vaultUri = await makeVault(cloud, "kv-extension");
    const vault = await openKeyVault(cloud.connection);
    const place = { vaultUri, name: "mfa" };
    const url = `${vaultUri}secrets/mfa`;
    const first = await newPfx(authority);
    await vault.import(place, { ...first, tags: {} });

    await expect(run(url)).rejects.toThrow(/VMExtensionProvisioningError.*403 ForbiddenByRbac/);
    const machine = await cloud.arm("GET", `${ids.vm}?api-version=2024-11-01`);
    await assignRole(cloud, "kv-extension", secretsUser, machine.body.identity.principalId);
    await run(url);
    expect(delivered()).toEqual([first.thumbprint]);
    const [call] = control.calls.filter(({ path }) => path === "/install-certificate");
    expect(call?.body).toMatchObject({ storeLocation: "LocalMachine", storeName: "MY", issuersPem: [] });

    const second = await newPfx(authority);
    await vault.import(place, { ...second, tags: {} });
    await run(url);
    expect(delivered()).toEqual([first.thumbprint]);
    await run(url, { forceUpdateTag: second.thumbprint });
    expect(delivered()).toEqual([first.thumbprint, second.thumbprint]);
  });

  it("fails over a certificate that is not there", async () => {
    await make(cloud, ...machineParts);
    const vaultUri = await makeVault(cloud, "kv-empty");
    const machine = await cloud.arm("GET", `${ids.vm}?api-version=2024-11-01`);
    await assignRole(cloud, "kv-empty", secretsUser, machine.body.identity.principalId);
    await expect(run(`${vaultUri}secrets/none`)).rejects.toThrow(/404 CertificateNotFound/);
    await expect(run("https://kv-elsewhere.vault.azure.net/secrets/mfa")).rejects.toThrow(/no secret of a vault/);
  });
});
