import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSettings } from "../../environment/load.ts";
import { yamlSource } from "../../environment/sources/yaml.ts";
import { openKeyVault } from "../../provider/connections/keyVault.ts";
import { openCertificateAuthority } from "../../sandbox/pki/index.ts";
import { secretFile } from "../../sandbox/secrets.ts";
import { askOutside } from "../support/askOutside.ts";
import { devSettings } from "../support/environment.ts";
import { startTestSandbox, type TestSandbox } from "../support/sandbox.ts";
import { newPfx } from "../support/vaultedCertificate.ts";

const VAULT = "kv-mfa-deployment";
const CERTIFICATE = "mfa-dev-contoso-com";

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  await setKeyVault({ name: VAULT });
  const up = await sandbox.pulumi("up", "--yes", "--skip-preview", "--policy-pack", "policies");
  expect(up.exitCode, up.output).toBe(0);
  // The baseline of the dev environment only advises: nobody has named networks here.
  expect(up.output).toContain("MFA-SEC-003");
  expect(up.output).not.toContain("MFA-SEC-002");
}, 400_000);

afterAll(() => sandbox?.down());

function setKeyVault(keyVault: object | undefined): Promise<void> {
  const { certificate } = devSettings();
  return sandbox.set(["mfa-server:certificate"], { ...certificate, ...(keyVault && { keyVault }) });
}

const thumbprints = async (): Promise<string[]> =>
  JSON.parse((await sandbox.mfakit("certificate", "history", "--json")).output).map(
    ({ thumbprint }: { thumbprint: string }) => thumbprint,
  );

/** Certificates with a key in the host's own store. */
function hostCertificates(): { thumbprint: string; exportable: boolean }[] {
  const state = JSON.parse(readFileSync(join(sandbox.layout.part("host"), "state.json"), "utf8"));
  return state.windows.certificates.filter(({ store }: { store: string }) => store.toLowerCase() === "my");
}

interface Exported {
  type: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

async function resources(...options: string[]): Promise<{ text: string; ofType(type: string): Exported[] }> {
  const { output } = await sandbox.pulumi("stack", "export", ...options);
  const { deployment } = JSON.parse(output) as { deployment: { resources: Exported[] } };
  return { text: output, ofType: (type) => deployment.resources.filter((each) => each.type === type) };
}

/** With its secrets shown, a secret is its JSON text. */
function plaintextOf(resource: Exported | undefined, input: string): string {
  const secret = resource?.inputs?.[input] as { plaintext: string } | undefined;
  return secret?.plaintext ?? '""';
}

async function vaultUri(): Promise<string> {
  const [vault] = (await resources()).ofType("mfakit:keyVault:Certificate");
  return String(vault?.outputs?.vaultUri);
}

/** Somebody else with the rights of the application that deploys. */
async function openVault() {
  const { azure } = loadSettings(yamlSource(sandbox.context.configFile));
  const clientSecret = readFileSync(secretFile(sandbox.layout, "azureClientSecret"), "utf8").trim();
  return openKeyVault({ ...azure, clientSecret } as Parameters<typeof openKeyVault>[0]);
}

describe("the certificate's way through Key Vault", { shuffle: false, timeout: 400_000 }, () => {
  test("leads from the vault by the extension to the binding, with a key that cannot be exported", async () => {
    const [now] = await thumbprints();
    expect(hostCertificates()).toMatchObject([{ thumbprint: now, exportable: false }]);
    const current = await (await openVault()).get({ vaultUri: await vaultUri(), name: CERTIFICATE });
    expect(current).toMatchObject({ thumbprint: now, tags: { createdBy: "mfakit" } });
    const { ofType } = await resources();
    const imports = ofType("mfakit:dsc:Resource").filter(({ inputs }) => inputs?.resource === "PfxImport");
    expect(imports).toHaveLength(1);
    expect(imports[0]?.inputs?.properties).not.toHaveProperty("Content");
    const verified = await sandbox.mfakit("verify", "endpoint");
    expect(verified.exitCode, verified.output).toBe(0);
  });

  test("leaves no key and no password in plain text in the state", async () => {
    const plain = await resources("--show-secrets");
    const [inVault] = plain.ofType("mfakit:keyVault:Certificate");
    const secretOf = (name: string): string => JSON.parse(plaintextOf(inVault, name));
    expect(secretOf("pfxPassword")).toMatch(/^[A-Za-z0-9]{32}$/);
    const { text } = await resources();
    for (const name of ["pfxPassword", "pfxBase64"]) expect(text.includes(secretOf(name))).toBe(false);
    // The host's bootstrap script, which is in the state, speaks of OpenSSH keys.
    expect(/BEGIN (RSA |EC )?PRIVATE KEY/.test(text)).toBe(false);
  });

  test("shows nothing to do while nothing changes", async () => {
    const idle = await sandbox.pulumi("preview", "--refresh", "--expect-no-changes");
    expect(idle.exitCode, idle.output).toBe(0);
  });

  test("brings a renewed certificate without a failed connection, and takes the old one away", async () => {
    const [before] = await thumbprints();
    const stop = await askOutside(sandbox);
    const renewed = await sandbox.mfakit("certificate", "renew", "--yes");
    const { failures, thumbprints: seen } = await stop();

    expect(renewed.exitCode, renewed.output).toBe(0);
    expect(failures).toEqual([]);
    const [now] = await thumbprints();
    expect(seen).toEqual([before, now]);
    expect(hostCertificates()).toMatchObject([{ thumbprint: now, exportable: false }]);
    const idle = await sandbox.pulumi("preview", "--refresh", "--expect-no-changes");
    expect(idle.exitCode, idle.output).toBe(0);
  });

  test("is put right again when somebody else imports another certificate", async () => {
    const [now] = await thumbprints();
    const vault = await openVault();
    const place = { vaultUri: await vaultUri(), name: CERTIFICATE };
    const other = await newPfx(await openCertificateAuthority(sandbox.layout.pki));
    await vault.import(place, { ...other, tags: { createdBy: "mfakit" } });

    const drift = await sandbox.pulumi("preview", "--refresh", "--diff", "--expect-no-changes");
    expect(drift.exitCode).not.toBe(0);
    expect(drift.output).toContain(other.thumbprint);
    const up = await sandbox.pulumi("up", "--yes", "--refresh", "--skip-preview");
    expect(up.exitCode, up.output).toBe(0);
    expect(await vault.get(place)).toMatchObject({ thumbprint: now });
    expect(hostCertificates()).toMatchObject([{ thumbprint: now }]);
  });

  test("gives way to the direct import and back, always answering; a deleted vault is only taken by a word", async () => {
    const [now] = await thumbprints();
    await setKeyVault(undefined);
    const stop = await askOutside(sandbox);
    const direct = await sandbox.pulumi("up", "--yes", "--skip-preview");
    const { failures, thumbprints: seen } = await stop();
    expect(direct.exitCode, direct.output).toBe(0);
    expect(failures).toEqual([]);
    expect(seen).toEqual([now]);
    expect(hostCertificates()).toMatchObject([{ thumbprint: now }]);

    await setKeyVault({ name: VAULT });
    const refused = await sandbox.pulumi("up", "--yes", "--skip-preview");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain("already exists in deleted state");

    await setKeyVault({ name: VAULT, recover: true });
    const back = await sandbox.pulumi("up", "--yes", "--skip-preview");
    expect(back.exitCode, back.output).toBe(0);
    expect(hostCertificates()).toMatchObject([{ thumbprint: now }]);
    const verified = await sandbox.mfakit("verify", "endpoint");
    expect(verified.exitCode, verified.output).toBe(0);
  });

  test("goes with the environment", async () => {
    const destroyed = await sandbox.pulumi("destroy", "--yes", "--skip-preview");
    expect(destroyed.exitCode, destroyed.output).toBe(0);
    const cloud = JSON.parse(readFileSync(join(sandbox.layout.part("azure"), "cloud.json"), "utf8"));
    const types = cloud.resources.map(({ type }: { type: string }) => type);
    expect(types).not.toContain("Microsoft.KeyVault/vaults");
    expect(types).toContain("Microsoft.KeyVault/locations/deletedVaults");
  });
});
