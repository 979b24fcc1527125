import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { completeSettings } from "../../environment/complete.ts";
import { configPath } from "../../environment/configPath.ts";
import { deriveNames } from "../../environment/derive.ts";
import { EnvironmentError } from "../../environment/error.ts";
import { loadEnvironment, loadSettings } from "../../environment/load.ts";
import { plainSource } from "../../environment/sources/plain.ts";
import { devSecrets, devSettings } from "../support/environment.ts";

/** All paths of a value, inner ones too. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, part]) => pathsOf(part, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

function put(value: unknown, [name, ...rest]: string[], part: unknown): void {
  const parent = value as Record<string, unknown>;
  if (name === undefined) return;
  if (rest.length === 0) parent[name] = part;
  else put(parent[name], rest, part);
}

describe("whatever stands in the configuration", () => {
  it("is accepted or told as problems with a mend, never as a crash", () => {
    const paths = pathsOf(devSettings());
    const change = fc.record({ path: fc.constantFrom(...paths), value: fc.jsonValue() });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const settings = devSettings();
        for (const { path, value } of changes.toSorted((a, b) => b.path.length - a.path.length))
          put(settings, path, value);
        try {
          loadSettings(plainSource(settings));
        } catch (error) {
          if (!(error instanceof EnvironmentError)) throw error;
          expect(error.problems.length).toBeGreaterThan(0);
          expect(new Set(error.problems.map(({ path }) => path)).size).toBe(error.problems.length);
          for (const problem of error.problems) {
            expect(problem.path).toMatch(/^mfa-server:./);
            expect(problem.mend).toMatch(/^pulumi config (?:set|rm) /);
            expect(problem.mend).not.toContain("undefined");
            expect(problem.accepted).not.toBe("");
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it("never shows a secret in a message", () => {
    const secret = fc.string({ minLength: 6, unit: "grapheme" }).filter((text) => text.trim().length > 5);
    const names = fc.constantFrom(
      ...Object.keys(devSecrets()),
      "serviceAccountPassword",
      "acmeAccountKey",
      "acmeFormerAccountKey",
      "acmeExternalAccountKey",
      "dnsUpdateKey",
      "adminPasword",
    );
    fc.assert(
      fc.property(names, secret, (name, text) => {
        const marked = `hush${text}hush`;
        try {
          loadEnvironment(plainSource({ ...devSettings(), ...devSecrets(), [name]: marked }));
        } catch (error) {
          if (!(error instanceof EnvironmentError)) throw error;
          expect(JSON.stringify(error.problems) + error.message).not.toContain("hush");
        }
      }),
    );
  });
});

describe("addresses", () => {
  it("are accepted exactly where Azure would take them", () => {
    const network = fc.record({
      base: fc.nat({ max: 2 ** 32 - 1 }),
      bits: fc.integer({ min: 8, max: 29 }),
      offset: fc.integer({ min: -3, max: 2 ** 10 }),
    });
    fc.assert(
      fc.property(network, ({ base, bits, offset }) => {
        const size = 2 ** (32 - bits);
        const first = Math.floor(base / size) * size;
        const address = first + offset;
        fc.pre(address >= 0 && address < 2 ** 32);
        const settings = devSettings();
        settings.network.addressSpace = `${dotted(first)}/${bits}`;
        settings.network.subnetPrefix = `${dotted(first)}/${bits}`;
        settings.host.privateIpAddress = dotted(address);
        const fits = offset >= 4 && offset < size - 1;
        const load = () => loadSettings(plainSource(settings));
        if (fits) expect(load).not.toThrow();
        else expect(load).toThrow(/mfa-server:host\.privateIpAddress/);
      }),
    );
  });

  it("of a subnet lie inside the address space", () => {
    const prefix = fc.record({ base: fc.nat({ max: 255 }), bits: fc.integer({ min: 8, max: 16 }) });
    fc.assert(
      fc.property(prefix, prefix, (space, subnet) => {
        const settings = devSettings();
        const of = ({ base, bits }: { base: number; bits: number }) =>
          Math.floor((10 * 2 ** 24 + base * 2 ** 16) / 2 ** (32 - bits)) * 2 ** (32 - bits);
        settings.network.addressSpace = `${dotted(of(space))}/${space.bits}`;
        settings.network.subnetPrefix = `${dotted(of(subnet))}/${subnet.bits}`;
        settings.host.privateIpAddress = dotted(of(subnet) + 10);
        const inside =
          of(subnet) >= of(space) && of(subnet) + 2 ** (32 - subnet.bits) <= of(space) + 2 ** (32 - space.bits);
        const load = () => loadSettings(plainSource(settings));
        if (inside) expect(load).not.toThrow();
        else expect(load).toThrow(/mfa-server:network\.subnetPrefix/);
      }),
    );
  });
});

function dotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

describe("derived names", () => {
  it("agree with the settings", () => {
    const settings = loadSettings(plainSource(devSettings()));
    expect(deriveNames(settings)).toEqual({
      baseDn: "DC=corp,DC=contoso,DC=com",
      dnsZoneId:
        "/subscriptions/2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10/resourceGroups/rg-dns/providers/Microsoft.Network/dnsZones/dev.contoso.com",
      recordName: "mfa",
      hostFqdn: "MFADEV01.corp.contoso.com",
      computerAccount: "MFADEV01$",
      serviceAccountName: "CORP\\MfaWebService",
      siteUrl: "https://mfa.dev.contoso.com",
      userPortalUrl: "https://mfa.dev.contoso.com/MultiFactorAuth/",
      webServiceSdkUrl: "https://mfa.dev.contoso.com/MultiFactorAuthWebServiceSdk/PfWsSdk.asmx",
      mobileAppWebServiceUrl: "https://mfa.dev.contoso.com/MultiFactorAuthMobileAppWebService/PfPaWs.asmx",
    });
    settings.publicEndpoint.hostName = "DEV.contoso.com";
    expect(deriveNames(settings).recordName).toBe("@");
  });

  it("leave complete settings complete", () => {
    const settings = loadSettings(plainSource(devSettings()));
    expect(completeSettings(settings)).toEqual(settings);
  });
});

describe("configuration paths", () => {
  it("are written as pulumi reads them", () => {
    expect(configPath(["tags", "cost.center"])).toBe('mfa-server:tags["cost.center"]');
    expect(configPath(["network", "dnsServers", 1])).toBe("mfa-server:network.dnsServers[1]");
    expect(configPath(["adminPassword"])).toBe("mfa-server:adminPassword");
  });
});
