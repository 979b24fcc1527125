import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openKeyVault } from "../../../provider/connections/keyVault.ts";
import { certificate } from "../../../provider/keyVault/definition.ts";
import type { CertificateInputs } from "../../../provider/keyVault/schema.ts";
import { type CertificateAuthority, openCertificateAuthority } from "../../../sandbox/pki/index.ts";
import { startTestCloud, type TestCloud } from "../../support/azureCloud.ts";
import {
  assignRole,
  certificatesOfficer,
  makeVault,
  newPfx,
  vaultBody,
  vaultContext,
  vaultPath,
} from "../../support/vaultedCertificate.ts";

const { lifecycle } = certificate;

describe("a certificate in Key Vault", { timeout: 60_000 }, () => {
  let cloud: TestCloud;
  let vaultUri: string;
  let authority: CertificateAuthority;
  const folder = mkdtempSync(join(tmpdir(), "mfakit-vault-"));
  beforeAll(async () => {
    cloud = await startTestCloud();
    vaultUri = await makeVault(cloud, "kv-mfa-test");
    authority = await openCertificateAuthority(folder);
  });
  afterAll(async () => {
    await cloud?.stop();
    rmSync(folder, { recursive: true });
  });

  const context = () => vaultContext(cloud.connection);
  const inputsOf = async (name: string, more: Partial<CertificateInputs> = {}): Promise<CertificateInputs> => ({
    vaultUri,
    name,
    ...(await newPfx(authority)),
    tags: { environment: "dev" },
    rolePatienceSeconds: 0,
    ...more,
  });
  const client = () => openKeyVault(cloud.connection);
  const fault = (name: string, method: string, more: object) =>
    cloud.fault({ match: { method, path: `/certificates/${name}` }, action: "status", ...more });

  test("is imported with the kit's tag, and its address for the host names no version", async () => {
    const inputs = await inputsOf("imported");
    const { id, outputs } = await lifecycle.create(inputs, context());
    expect(id).toBe(`${vaultUri}certificates/imported`);
    expect(outputs).toEqual({
      vaultUri,
      name: "imported",
      thumbprint: inputs.thumbprint,
      version: expect.stringMatching(/^[0-9a-f]{32}$/),
      notAfter: expect.stringMatching(/^\d{4}-/),
      secretUri: `${vaultUri}secrets/imported`,
      tags: { environment: "dev" },
    });
    const found = await (await client()).get(inputs);
    expect(found).toMatchObject({ version: outputs.version, tags: { environment: "dev", createdBy: "mfakit" } });
  });

  test("gets a new version when it is renewed, and changed tags without one", async () => {
    const inputs = await inputsOf("renewed");
    const { id, outputs: first } = await lifecycle.create(inputs, context());
    const tagged = await lifecycle.update(id, first, { ...inputs, tags: { environment: "prod" } }, inputs, context());
    expect(tagged).toEqual({ ...first, tags: { environment: "prod" } });
    const renewed = await inputsOf("renewed");
    const second = await lifecycle.update(id, tagged, renewed, inputs, context());
    expect(second.thumbprint).toBe(renewed.thumbprint);
    expect(second.version).not.toBe(first.version);
    expect(second.secretUri).toBe(first.secretUri);
  });

  test("differs by its thumbprint and tags, not by another PFX around it", async () => {
    const inputs = await inputsOf("compared");
    const diff = (change: Partial<CertificateInputs>) =>
      lifecycle.diff?.("id", inputs, {} as never, { ...inputs, ...change }, context());
    expect(await diff({ pfxBase64: "x", pfxPassword: "y", rolePatienceSeconds: 9 })).toEqual({ changes: {} });
    expect(await diff({ thumbprint: "0".repeat(40) })).toEqual({ changes: { thumbprint: "update" } });
  });

  test("shows as drift what somebody else has imported, and is put back", async () => {
    const inputs = await inputsOf("drifted");
    const { id, outputs } = await lifecycle.create(inputs, context());
    const other = await newPfx(authority);
    await (await client()).import(inputs, { ...other, tags: { createdBy: "mfakit", environment: "dev" } });

    const read = await lifecycle.read(id, { inputs, outputs }, context());
    expect(read?.inputs).toEqual({ ...inputs, thumbprint: other.thumbprint });
    expect(read?.outputs.thumbprint).toBe(other.thumbprint);
    const mended = await lifecycle.update(id, read?.outputs ?? outputs, inputs, read?.inputs ?? inputs, context());
    expect(mended.thumbprint).toBe(inputs.thumbprint);
    expect(mended.version).not.toBe(outputs.version);
  });

  test("reads back as it was when nothing happened, and as gone when it is deleted", async () => {
    const inputs = await inputsOf("quiet");
    const { id, outputs } = await lifecycle.create(inputs, context());
    expect(await lifecycle.read(id, { inputs, outputs }, context())).toEqual({ id, inputs, outputs });
    await lifecycle.delete(id, outputs, inputs, context());
    expect(await lifecycle.read(id, { inputs, outputs }, context())).toBeUndefined();
    await lifecycle.delete(id, outputs, inputs, context());
  });

  test("is recovered when an earlier run deleted it, and refused when somebody else did", async () => {
    const inputs = await inputsOf("deleted");
    const { id, outputs } = await lifecycle.create(inputs, context());
    await lifecycle.delete(id, outputs, inputs, context());
    const run = context();
    const again = await lifecycle.create(inputs, run);
    expect(run.said).toContain("recovering the deleted certificate deleted");
    // The very same certificate needs no second version.
    expect(again.outputs.version).toBe(outputs.version);

    const vault = await client();
    const theirs = await inputsOf("theirs-deleted");
    await vault.import(theirs, { ...theirs, tags: {} });
    await vault.delete(theirs);
    await expect(lifecycle.create(theirs, context())).rejects.toMatchObject({
      code: "KEY_VAULT_CERTIFICATE_DELETED",
      message: expect.stringContaining("certificate.keyVault.certificateName"),
    });
  });

  test("never takes over what somebody else made", async () => {
    const inputs = await inputsOf("theirs");
    const vault = await client();
    const before = await vault.import(inputs, { ...(await newPfx(authority)), tags: { createdBy: "terraform" } });
    await expect(lifecycle.create(inputs, context())).rejects.toMatchObject({ code: "KEY_VAULT_CERTIFICATE_EXISTS" });
    expect(await vault.get(inputs)).toEqual(before);
  });

  test("costs one version when the answer to the import is lost", async () => {
    const inputs = await inputsOf("lost");
    await cloud.fault({ match: { method: "POST", path: "/certificates/lost/import" }, action: "dropResponse" });
    await expect(lifecycle.create(inputs, context())).rejects.toMatchObject({ code: "KEY_VAULT_UNREACHABLE" });
    const made = await (await client()).get(inputs);
    const { outputs } = await lifecycle.create(inputs, context());
    expect(outputs.version).toBe(made?.version);
  });

  test("waits out throttling", async () => {
    const inputs = await inputsOf("throttled");
    await fault("throttled", "GET", { status: 429, retryAfter: 0 });
    await fault("throttled", "POST", { status: 429, retryAfter: 0 });
    const { outputs } = await lifecycle.create(inputs, context());
    expect(outputs.thumbprint).toBe(inputs.thumbprint);
  });

  test("waits for a role that was just assigned, and says so", async () => {
    await cloud.put(vaultPath("kv-late-role"), vaultBody());
    const late = vaultUri.replace("kv-mfa-test", "kv-late-role");
    const inputs = await inputsOf("late", { vaultUri: late, rolePatienceSeconds: 60 });
    const run = context();
    const creating = lifecycle.create(inputs, {
      ...run,
      progress: (message) => {
        run.progress(message);
        if (run.said.length === 1) void assignRole(cloud, "kv-late-role", certificatesOfficer, cloud.clientObjectId);
      },
    });
    expect((await creating).outputs.thumbprint).toBe(inputs.thumbprint);
    expect(run.said[0]).toMatch(/^waiting until the vault knows the role of the identity that deploys \(\d+ s\)$/);
  });

  const refusals: [status: number, code: string, next: RegExp][] = [
    [401, "Unauthorized", /azure\.keyVaultAudience/],
    [403, "ForbiddenByRbac", /role Key Vault Certificates Officer/],
    [403, "ForbiddenByFirewall", /certificate\.keyVault\.allowedNetworks/],
    [403, "ForbiddenByPolicy", /role-based access/],
    [404, "VaultNotFound", /vault still exists/],
    [409, "ObjectIsDeletedButRecoverable", /Recover or purge/],
    [429, "Throttled", /Wait a minute/],
  ];
  test.each(refusals)("explains %i %s by cause and next action", async (status, code, next) => {
    const inputs = await inputsOf(`refused-${status}-${code}`);
    // A wait that nobody sits out is handed to the caller.
    const patience = status === 429 ? { retryAfter: 3600 } : {};
    await fault(inputs.name, "POST", { status, code, times: 0, ...patience });
    const failed = await lifecycle.create(inputs, context()).catch((error: Error) => error);
    expect(failed).toMatchObject({ code: "KEY_VAULT_REQUEST_FAILED", status, vaultCode: code });
    expect((failed as Error).message).toMatch(next);
    expect((failed as Error).message).not.toContain(inputs.pfxPassword);
    expect((failed as Error).message).not.toContain(inputs.pfxBase64.slice(0, 40));
  });

  test("sends its token to no other address than vaults of the cloud", async () => {
    const inputs = await inputsOf("stray", { vaultUri: "https://vault.azure.net.example.com/" });
    await expect(lifecycle.create(inputs, context())).rejects.toMatchObject({ code: "KEY_VAULT_FOREIGN_ADDRESS" });
  });

  test("names the vault that does not answer", async () => {
    const connection = { ...cloud.connection, keyVaultAudience: "https://localhost" };
    const inputs = await inputsOf("away", { vaultUri: "https://no-such-vault.localhost/" });
    const failed = await lifecycle.create(inputs, vaultContext(connection)).catch((error: Error) => error);
    expect(failed).toMatchObject({
      code: "KEY_VAULT_UNREACHABLE",
      message: expect.stringContaining("https://no-such-vault.localhost"),
    });
  });

  test("cannot be imported, and the tag by which the kit knows its own is not the program's", async () => {
    await expect(lifecycle.read("x", undefined, context())).rejects.toMatchObject({
      code: "CERTIFICATE_NOT_IMPORTABLE",
    });
    const inputs = await inputsOf("tagged", { tags: { createdBy: "me" } });
    expect(await lifecycle.check?.(inputs, context())).toEqual([
      { property: "tags", reason: expect.stringContaining("createdBy") },
    ]);
  });
});
