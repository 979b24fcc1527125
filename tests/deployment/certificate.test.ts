import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { captureEngine } from "../../cli/engine.ts";
import { openCertificateAuthority } from "../../sandbox/pki/index.ts";
import { askOutside } from "../support/askOutside.ts";
import { startTestSandbox, type TestSandbox } from "../support/sandbox.ts";

let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  const up = await sandbox.pulumi("up", "--yes", "--skip-preview");
  expect(up.exitCode, up.output).toBe(0);
}, 300_000);

afterAll(() => sandbox?.down());

interface Certificate {
  thumbprint: string;
  serialNumber: string;
}

const history = async (): Promise<Certificate[]> =>
  JSON.parse((await sandbox.mfakit("certificate", "history", "--json")).output);

/** Certificates with a key in the host's store of its own certificates. */
function hostCertificates(): { thumbprint: string; exportable: boolean }[] {
  const state = JSON.parse(readFileSync(join(sandbox.layout.part("host"), "state.json"), "utf8"));
  return state.windows.certificates.filter(({ store }: { store: string }) => store === "My");
}

/** Makes a file the roots by which the public chain is verified. The sandbox overlays this setting, so it is changed behind it. */
async function trustOnly(file: string): Promise<void> {
  const settings = parseDocument(readFileSync(sandbox.context.configFile, "utf8"));
  settings.setIn(["config", "mfa-server:publicEndpoint", "trustedRoots"], file);
  writeFileSync(sandbox.context.configFile, settings.toString());
}

describe("the public endpoint", { shuffle: false, timeout: 400_000 }, () => {
  test("holds every check", async () => {
    const { exitCode, output } = await sandbox.mfakit("verify", "endpoint");
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/pass +hsts .*max-age=31536000/);
    expect(output).toMatch(/pass +caa .*0 issue "letsencrypt.org"/);
  });

  test("is told to offer too old a TLS when somebody switches that on, and up mends it", async () => {
    await sandbox.tamper("old-tls");
    const verified = await sandbox.mfakit("verify", "endpoint");
    expect(verified.exitCode).toBe(1);
    expect(verified.output).toMatch(/fail +protocols .*: TLS 1\.0 is accepted/);
    expect(verified.output).toContain("1 of 11 checks fail.");
    const up = await sandbox.pulumi("up", "--yes", "--refresh", "--skip-preview");
    expect(up.exitCode, up.output).toBe(0);
    const mended = await sandbox.mfakit("verify", "endpoint");
    expect(mended.exitCode, mended.output).toBe(0);
  });

  test("serves the certificate of the stack, whose key cannot be exported", async () => {
    const { exitCode, output } = await sandbox.mfakit("certificate", "status");
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/^Endpoint +serves this certificate$/m);
    const [now] = await history();
    expect(hostCertificates()).toMatchObject([{ thumbprint: now?.thumbprint, exportable: false }]);
  });

  test.each([
    [
      ["--warning", "20", "--critical", "7"],
      0,
      /^CERTIFICATE OK - mfa\.dev\.contoso\.com: \d+ days left, until .* \| days_left=\d+;20:;7: /,
    ],
    [["--warning", "5000"], 1, /^CERTIFICATE WARNING - .*fewer than 5000 days are left/],
    [["--critical", "5000"], 2, /^CERTIFICATE CRITICAL - .*fewer than 5000 days are left/],
    [["--max-age", "soon"], 3, /^CERTIFICATE UNKNOWN - .*is not a number of days/],
  ])("is reported to monitoring with %j", async (limits, code, line) => {
    const { exitCode, output } = await sandbox.mfakit("certificate", "status", ...limits);
    expect(output).toMatch(line);
    expect(output.trim().split("\n")).toHaveLength(1);
    expect(exitCode).toBe(code);
  });

  test("is renewed without a failed connection, and the old certificate goes when the new one answers", async () => {
    const [before] = await history();
    const stop = await askOutside(sandbox);
    const renewed = await sandbox.mfakit("certificate", "renew", "--yes");
    const { failures, thumbprints, count } = await stop();

    expect(renewed.exitCode, renewed.output).toBe(0);
    expect(failures).toEqual([]);
    expect(count).toBeGreaterThan(20);
    const [now, former] = await history();
    expect(former).toEqual(before);
    expect(thumbprints).toEqual([before?.thumbprint, now?.thumbprint]);
    expect(hostCertificates().map(({ thumbprint }) => thumbprint)).toEqual([now?.thumbprint]);
    const idle = await sandbox.pulumi("preview", "--refresh", "--expect-no-changes");
    expect(idle.exitCode, idle.output).toBe(0);
  });

  test("keeps the old certificate while nobody outside trusts the new one", async () => {
    const [before] = await history();
    const roots = sandbox.layout.trustedRootsFile;
    await trustOnly(join(sandbox.layout.pki, "ca.pem"));
    const renewed = await sandbox.mfakit("certificate", "renew", "--yes");
    expect(renewed.exitCode, renewed.output).not.toBe(0);
    expect(renewed.output).toContain("does not answer with the certificate");
    expect(hostCertificates().map(({ thumbprint }) => thumbprint)).toContain(before?.thumbprint);
    expect(hostCertificates()).toHaveLength(2);

    await trustOnly(roots);
    const mended = await sandbox.pulumi("up", "--yes", "--skip-preview");
    expect(mended.exitCode, mended.output).toBe(0);
    const [now] = await history();
    expect(now).not.toEqual(before);
    expect(hostCertificates().map(({ thumbprint }) => thumbprint)).toEqual([now?.thumbprint]);
  });

  test("gives way to a certificate of the organisation's own, again without a failed connection", async () => {
    const [before] = await history();
    const authority = await openCertificateAuthority(sandbox.layout.pki);
    const { certPem, keyPem } = await authority.issueCertificate({ dnsNames: ["mfa.dev.contoso.com"] });
    const file = join(sandbox.layout.root, "provided.pem");
    writeFileSync(file, certPem);
    await sandbox.set(["mfa-server:certificate", "source"], "provided");
    await sandbox.set(["mfa-server:certificate", "certificateFile"], file);
    await captureEngine(sandbox.context, ["config", "set", "--secret", "mfa-server:certificatePrivateKey"], keyPem);

    const stop = await askOutside(sandbox);
    const up = await sandbox.pulumi("up", "--yes", "--skip-preview", "--policy-pack", "policies");
    const { failures, thumbprints } = await stop();
    expect(up.exitCode, up.output).toBe(0);
    expect(up.output).not.toContain("BEGIN PRIVATE KEY");
    expect(failures).toEqual([]);
    const provided = new X509Certificate(certPem).fingerprint.replaceAll(":", "");
    expect(thumbprints).toEqual([before?.thumbprint, provided]);
    expect(hostCertificates()).toMatchObject([{ thumbprint: provided, exportable: false }]);

    const status = await sandbox.mfakit("certificate", "status", "--json");
    expect(JSON.parse(status.output)).toMatchObject({
      stack: { source: "provided", thumbprint: provided },
      served: { thumbprint: provided },
    });
    const verified = await sandbox.mfakit("verify", "endpoint");
    expect(verified.exitCode, verified.output).toBe(0);
    const renewed = await sandbox.mfakit("certificate", "renew", "--yes");
    expect(renewed).toMatchObject({ exitCode: 1, output: expect.stringContaining("error CERTIFICATE_PROVIDED") });
  });
});
