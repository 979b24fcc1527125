import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { loadEnvironment, loadSettings } from "../../environment/load.ts";
import { configMapSource } from "../../environment/sources/configMap.ts";
import { pulumiSource } from "../../environment/sources/pulumi.ts";
import { yamlSource } from "../../environment/sources/yaml.ts";
import { UserError } from "../../provider/engine/userError.ts";
import { devSecrets, devSettings } from "../support/environment.ts";

/** Settings and secrets as the engine hands them over: objects as JSON text. */
function asText(values: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      `mfa-server:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

const secretKeys = Object.keys(devSecrets()).map((name) => `mfa-server:${name}`);

describe("a running Pulumi program", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  it("gets plain settings and secret outputs", async () => {
    const secrets = devSecrets();
    pulumi.runtime.setAllConfig(
      { ...asText({ ...devSettings(), ...secrets }), "azure-native:location": "x" },
      secretKeys,
    );
    const environment = loadEnvironment(pulumiSource());
    expect(environment.settings.network.dnsServers).toEqual(["10.10.0.4", "10.10.0.5"]);
    expect(await pulumi.isSecret(environment.secrets.adminPassword)).toBe(true);
    const plain = await new Promise((resolve) => environment.secrets.adminPassword.apply(resolve));
    expect(plain).toBe(secrets.adminPassword);
  });

  it("is told about a secret that is stored as plain text", () => {
    pulumi.runtime.setAllConfig(asText({ ...devSettings(), ...devSecrets() }), secretKeys.slice(1));
    expect(() => loadEnvironment(pulumiSource())).toThrow(
      /mfa-server:adminPassword is stored as plain text[\s\S]*pulumi config set --secret mfa-server:adminPassword$/,
    );
  });

  it("sees no value of a section that is stored encrypted", () => {
    const settings = { ...devSettings(), host: { ...devSettings().host, size: "hush-hush" } };
    pulumi.runtime.setAllConfig(asText({ ...settings, ...devSecrets() }), [...secretKeys, "mfa-server:host"]);
    expect(() => loadEnvironment(pulumiSource())).toThrow(/mfa-server:host.size is a value that is not shown here/);
    expect(() => loadEnvironment(pulumiSource())).not.toThrow(/hush/);
  });

  it("tells of text where a section should be", () => {
    pulumi.runtime.setAllConfig(
      { ...asText({ ...devSettings(), ...devSecrets() }), "mfa-server:host": "{broken" },
      secretKeys,
    );
    expect(() => loadEnvironment(pulumiSource())).toThrow(
      /mfa-server:host is "{broken": text is not a group of settings/,
    );
  });
});

describe("the Automation API's configuration", () => {
  it("gives settings and plain secrets", () => {
    const secrets = devSecrets();
    const map = Object.fromEntries(
      Object.entries(asText({ ...devSettings(), ...secrets })).map(([key, value]) => [
        key,
        { value, secret: secretKeys.includes(key) },
      ]),
    );
    const environment = loadEnvironment(configMapSource(map, { name: "the stack dev", directory: "." }));
    expect(environment.secrets).toEqual(secrets);
    expect(environment.settings.host.computerName).toBe("MFADEV01");
  });
});

describe("a configuration file", () => {
  const folder = mkdtempSync(join(tmpdir(), "mfakit-yaml-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (text: string): string => {
    const path = join(folder, "Pulumi.test.yaml");
    writeFileSync(path, text);
    return path;
  };
  const config = Object.fromEntries(Object.entries(devSettings()).map(([key, value]) => [`mfa-server:${key}`, value]));

  it("is read without its encrypted values", () => {
    const path = file(JSON.stringify({ config: { ...config, "mfa-server:adminPassword": { secure: "v1:abc" } } }));
    expect(loadSettings(yamlSource(path)).domain.netbiosName).toBe("CORP");
  });

  it("with a plain password is refused without showing it", () => {
    const path = file(JSON.stringify({ config: { ...config, "mfa-server:adminPassword": "hush-hush" } }));
    expect(() => loadSettings(yamlSource(path))).toThrow(
      /Pulumi.test.yaml has one problem:[\s\S]*stored as plain text/,
    );
    expect(() => loadSettings(yamlSource(path))).not.toThrow(/hush/);
  });

  it("reads certificates beside it", () => {
    const path = file(
      JSON.stringify({
        config: { ...config, "mfa-server:directory": { ...devSettings().directory, caCertificates: "ca.pem" } },
      }),
    );
    writeFileSync(join(folder, "ca.pem"), "nothing");
    expect(() => loadSettings(yamlSource(path))).toThrow(/is "ca.pem": it holds no certificate/);
  });

  it.each([
    ["is no YAML", "config: [", "ENVIRONMENT_UNREADABLE"],
    ["is a list", "- a", "ENVIRONMENT_UNREADABLE"],
    ["has text for its config", "config: text", "ENVIRONMENT_UNREADABLE"],
    ["is empty", "", "ENVIRONMENT_UNREADABLE"],
  ])("that %s is told in one sentence", (_, text, code) => {
    expect(() => loadSettings(yamlSource(file(text)))).toThrow(expect.objectContaining({ code }));
  });

  it("that is not there is told in one sentence", () => {
    expect(() => yamlSource(join(folder, "none.yaml"))).toThrow(UserError);
  });
});
