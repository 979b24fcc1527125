import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ArmServer, SECRET, startArmServer } from "../../support/armServer.ts";
import { createZone, startDnsServer, type TestZone } from "../../support/dnsZone.ts";
import { createWorkspace, type Workspace } from "../../support/engine.ts";
import { startPebble, type TestPebble } from "../../support/pebble.ts";

const root = new URL("../../../", import.meta.url).pathname;

/** A program with one certificate; the settings of `certificate` are its arguments beside the zone. */
const program = (configuration: object, zoneId: string, certificate: object) => `
  import * as pulumi from "@pulumi/pulumi";
  import { Certificate } from "${root}provider/acme/resource.ts";
  import { Provider } from "${root}provider/resource.ts";
  const { azure, acme } = ${JSON.stringify(configuration)};
  const provider = new Provider("mfakit", { azure: { ...azure, clientSecret: pulumi.secret(azure.clientSecret) }, acme });
  const certificate = new Certificate("mfa", { dnsZoneId: "${zoneId}", ...${JSON.stringify(certificate)} }, { provider });
  export const { thumbprint, notAfter, certificatePem, privateKeyPem, pfxPassword } = certificate;
`;

describe("a certificate under the real engine", { timeout: 240_000, shuffle: false }, () => {
  let zone: TestZone;
  let arm: ArmServer;
  let dns: Awaited<ReturnType<typeof startDnsServer>>;
  let pebble: TestPebble;
  let stack: Workspace;
  const programWith = (certificate: object) =>
    program({ azure: arm.connection, acme: pebble.connection }, zone.id, certificate);

  beforeAll(async () => {
    zone = createZone();
    dns = await startDnsServer((name) => zone.texts(name));
    arm = await startArmServer((request) => zone.handler(request));
    pebble = await startPebble(dns.address);
    stack = await createWorkspace({
      program: programWith({ dnsNames: ["mfa.dev.contoso.com"] }),
      plugins: { mfakit: `${root}provider` },
    });
  });
  afterAll(() => Promise.all([stack?.remove(), pebble?.stop(), arm?.close(), dns?.close()]));
  const outputs = () => stack.outputs() as Promise<Record<string, string>>;

  test("is planned, issued, silent, renewed when due, changed on wish, revoked and forgotten", async () => {
    const plan = await stack.succeed(["preview", "--diff"]);
    expect(plan.output).toContain('"mfa.dev.contoso.com"');
    expect(zone.writes).toEqual([]);

    const up = await stack.succeed(["up", "--yes", "--skip-preview"]);
    const first = await outputs();
    const state = await stack.stateText();
    for (const secret of [first.privateKeyPem, first.pfxPassword, SECRET]) {
      expect(secret).toBeTruthy();
      expect(up.output).not.toContain(secret);
      expect(state).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
    expect(state).not.toContain("PRIVATE KEY");
    await stack.succeed(["preview", "--expect-no-changes"]);
    await stack.succeed(["preview", "--refresh", "--expect-no-changes"]);
    await stack.succeed(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);

    await callIn(pebble, first.certificatePem ?? "");
    const due = await stack.succeed(["preview", "--diff"]);
    expect(due.output).toMatch(/notAfter *: "20/);
    expect(due.output).toMatch(/The renewal is due since 20\S+Z; the certificate ends 20/);
    await stack.succeed(["up", "--yes", "--skip-preview"]);
    const renewed = await outputs();
    expect(renewed.thumbprint).not.toBe(first.thumbprint);
    await stack.succeed(["preview", "--expect-no-changes"]);

    await stack.setProgram(
      programWith({ dnsNames: ["mfa.dev.contoso.com", "portal.dev.contoso.com"], revokeOnDelete: true }),
    );
    expect((await stack.succeed(["preview", "--diff"])).output).toMatch(
      /\+ +\[1\]: "portal\.dev\.contoso\.com"|~ dnsNames/,
    );
    await stack.succeed(["up", "--yes", "--skip-preview"]);
    const widened = new X509Certificate((await outputs()).certificatePem ?? "");
    expect(widened.subjectAltName).toContain("DNS:portal.dev.contoso.com");

    await stack.succeed(["destroy", "--yes", "--skip-preview"]);
    const status = `${pebble.managementUrl}/cert-status-by-serial/${widened.serialNumber.toLowerCase()}`;
    expect(JSON.parse(await pebble.request("GET", status))).toMatchObject({ Status: "Revoked" });
    expect(zone.sets.size).toBe(0);
  });

  test("shows all that is wrong with the names before anything is touched", async () => {
    await stack.setProgram(programWith({ dnsNames: ["mfa.other.com", "bad name.dev.contoso.com"], renewBefore: 2 }));
    const writes = zone.writes.length;
    const { exitCode, output } = await stack.run(["preview"]);
    expect(exitCode).not.toBe(0);
    expect(output).toContain("renewBefore");
    expect(output).not.toMatch(/\n +at /);
    await stack.setProgram(programWith({ dnsNames: ["mfa.other.com", "bad name.dev.contoso.com"] }));
    const second = await stack.run(["preview"]);
    expect(second.output).toContain('"mfa.other.com" is not in the zone "dev.contoso.com"');
    expect(second.output).toContain('"bad name.dev.contoso.com" is not a DNS name');
    expect(zone.writes.length).toBe(writes);
  });
});

/** Lets the authority say that the certificate should have been replaced a minute ago. */
async function callIn(pebble: TestPebble, certificatePem: string): Promise<void> {
  const start = new Date(Date.now() - 120_000).toISOString();
  const end = new Date(Date.now() - 60_000).toISOString();
  await pebble.request("POST", `${pebble.managementUrl}/set-renewal-info/`, {
    Certificate: certificatePem,
    ARIResponse: JSON.stringify({ suggestedWindow: { start, end } }),
  });
}
