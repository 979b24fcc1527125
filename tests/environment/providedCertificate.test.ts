import { describe, expect, it } from "vitest";
import { EnvironmentError } from "../../environment/error.ts";
import { loadEnvironment } from "../../environment/load.ts";
import type { Secrets } from "../../environment/secrets/definitions.ts";
import { plainSource } from "../../environment/sources/plain.ts";
import { devSecrets, devSettings, projectDirectory, rsaPem } from "../support/environment.ts";

const key = rsaPem(2048);

function problems(certificate: object, secrets: Partial<Secrets<string>>): string[] {
  const settings = { ...devSettings(), certificate };
  try {
    loadEnvironment(plainSource({ ...settings, ...devSecrets(), ...secrets } as never));
    return [];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return error.problems.map(({ path, what }) => `${path} ${what}`);
  }
}

describe("a provided certificate", () => {
  it("needs a PFX, or a file and its key", () => {
    expect(problems({ source: "provided" }, {})).toEqual([
      "mfa-server:certificatePfx is missing, and certificate.source is `provided`",
    ]);
    expect(problems({ source: "provided" }, { certificatePfx: "MIIB" })).toEqual([]);
    expect(problems({ source: "provided" }, { certificatePfx: "MIIB", certificatePfxPassword: "x" })).toEqual([]);
    expect(problems({ source: "provided" }, { certificatePrivateKey: key })).toEqual([
      "mfa-server:certificate.certificateFile is missing, but its key certificatePrivateKey is set",
    ]);
  });

  it("needs the certificates that its file names", () => {
    const file = `${projectDirectory}/package.json`;
    expect(problems({ source: "provided", certificateFile: file }, { certificatePrivateKey: key })).toEqual([
      expect.stringMatching(/certificateFile is ".*": it holds no certificate that can be read$/),
    ]);
  });

  it("has one form only", () => {
    expect(problems({ source: "provided" }, { certificatePfx: "MIIB", certificatePrivateKey: key })).toEqual([
      "mfa-server:certificatePrivateKey is set beside certificatePfx, which holds the key already",
    ]);
  });

  it("is useless while an ACME authority is asked", () => {
    expect(problems({ source: "acme" }, { certificatePfx: "MIIB", certificatePrivateKey: key })).toEqual([
      "mfa-server:certificatePfx is set, but certificate.source is `acme`",
      "mfa-server:certificatePrivateKey is set, but certificate.source is `acme`",
    ]);
  });

  it("is told what is no PFX and no key, without repeating it", () => {
    expect(problems({ source: "provided" }, { certificatePfx: "hush hush!" })).toEqual([
      "mfa-server:certificatePfx is not Base64",
    ]);
    expect(problems({ source: "provided" }, { certificatePfx: "aHVzaA==" })).toEqual([
      "mfa-server:certificatePfx is not the Base64 of a PFX",
    ]);
  });
});
