import { describe, expect, test } from "vitest";
import { checkInputs } from "../../../provider/dsc/check.ts";
import { embeddedContract, moduleContracts } from "../../../provider/dsc/contract.ts";
import type { DscResourceInputs } from "../../../provider/dsc/schema.ts";
import { UNKNOWN } from "../../../provider/engine/values.ts";

const site: DscResourceInputs = {
  module: "WebAdministrationDsc",
  resource: "WebSite",
  properties: {
    Name: "Default Web Site",
    Ensure: "Present",
    SiteId: 1,
    BindingInfo: [{ Protocol: "https", Port: 443, CertificateThumbprint: "AA", SslFlags: "0" }],
    LogFlags: ["Date", "Time"],
    ServerAutoStart: true,
  },
  onDestroy: "keep",
};
const failures = (change: object, base = site) =>
  checkInputs({ ...base, ...change }).map(({ property, reason }) => `${property}: ${reason}`);
const withProperty = (property: object, base = site) =>
  failures({ properties: { ...base.properties, ...property } }, base);

test("a valid declaration passes", () => {
  expect(checkInputs(site)).toEqual([]);
});

test("names and ValueMap values are compared as PowerShell does, without case", () => {
  expect(failures({ module: "webadministrationdsc", resource: "website" })).toEqual([]);
  expect(failures({ properties: { name: "x", ensure: "present" } })).toEqual([]);
});

test("an unknown module names the nearest and all that are known", () => {
  const [failure] = failures({ module: "WebAdministrationDcs" });
  expect(failure).toContain(
    `module: "WebAdministrationDcs" is no module. Did you mean WebAdministrationDsc? Known: WebAdministrationDsc, `,
  );
});

test("an unknown resource lists those of the module", () => {
  expect(failures({ resource: "Website2" })[0]).toContain(
    `resource: "Website2" is no DSC resource of WebAdministrationDsc. Did you mean WebSite? Known: IisModule, SslSettings, WebAppPool`,
  );
});

test("an unknown property names the nearest and what the module takes, read-only ones left out", () => {
  const [failure] = withProperty({ PhysicalPaht: "C:\\x" });
  expect(failure).toContain(
    `properties.PhysicalPaht: "PhysicalPaht" is no property of WebSite. Did you mean PhysicalPath? Known: Ensure, Name`,
  );
});

test("a read-only property cannot be declared", () => {
  const feature = {
    module: "PSDscResources",
    resource: "WindowsFeature",
    properties: { Name: "Web-Server" },
    onDestroy: "keep" as const,
  };
  expect(withProperty({ DisplayName: "x" }, feature)).toEqual([
    "properties.DisplayName: DisplayName of WindowsFeature is read-only: it cannot be declared.",
  ]);
});

test("a missing key and a missing required property are both named", () => {
  expect(failures({ resource: "WebApplication", properties: { Name: "x", WebAppPool: "p" } })).toEqual([
    "properties.Website: Website of WebApplication is missing: it identifies the instance.",
    "properties.PhysicalPath: PhysicalPath of WebApplication is missing: it is required by the module.",
  ]);
});

test.each([
  [
    { Ensure: "Presnt" },
    "properties.Ensure: It has a value that the module does not accept; it accepts Present, Absent.",
  ],
  [{ ServerAutoStart: "true" }, "properties.ServerAutoStart: It is a string, but the module takes a boolean."],
  [{ SiteId: -1 }, "properties.SiteId: It is outside 0 to 4294967295 (uint32)."],
  [{ SiteId: 1.5 }, "properties.SiteId: It is a number, but the module takes a whole number (uint32)."],
  [{ LogFlags: "Date" }, "properties.LogFlags: It is a string, but the module takes a list."],
  [{ LogFlags: ["Date", 1] }, "properties.LogFlags[1]: It is a number, but the module takes a string."],
  [
    { BindingInfo: [{ Protocol: "https", Port: 70000 }] },
    "properties.BindingInfo[0].Port: It is outside 0 to 65535 (uint16).",
  ],
  [
    { BindingInfo: [{ Port: 443 }] },
    "properties.BindingInfo[0].Protocol: Protocol of DSC_WebBindingInformation is missing: it is required by the module.",
  ],
  [
    { BindingInfo: ["https"] },
    expect.stringContaining("properties.BindingInfo[0]: It is a string, but the module takes an object with Protocol"),
  ],
  [{ Name: null }, "properties.Name: It is empty, but the module takes a string."],
])("%j is refused", (property, message) => {
  expect(withProperty(property)).toEqual([message]);
});

test("a bad credential is described by its kind, never by its content", () => {
  const pfx = {
    module: "CertificateDsc",
    resource: "PfxImport",
    properties: { Thumbprint: "AA", Location: "LocalMachine", Store: "My" },
    onDestroy: "keep" as const,
  };
  const found = withProperty({ Credential: "hunter2" }, pfx);
  expect(found).toEqual(["properties.Credential: It is a string, but the module takes {userName, password}."]);
  expect(withProperty({ Credential: { userName: "x", password: "hunter2", domain: "y" } }, pfx).join()).not.toContain(
    "hunter2",
  );
  expect(withProperty({ Credential: { userName: "x", password: "y" } }, pfx)).toEqual([]);
});

describe("what is unknown in a preview passes", () => {
  test.each([
    ["everything", { properties: UNKNOWN }],
    ["a property", { properties: { ...site.properties, Name: UNKNOWN } }],
    ["a list", { properties: { ...site.properties, LogFlags: UNKNOWN } }],
    ["an element", { properties: { ...site.properties, LogFlags: ["Date", UNKNOWN] } }],
    [
      "part of an embedded instance",
      { properties: { ...site.properties, BindingInfo: [{ Protocol: "https", CertificateThumbprint: UNKNOWN }] } },
    ],
    ["the resource", { resource: UNKNOWN }],
  ])("%s", (_case, change) => {
    expect(failures(change)).toEqual([]);
  });

  test("but a known mistake beside it is still refused", () => {
    expect(withProperty({ Name: UNKNOWN, Ensure: "maybe" })).toHaveLength(1);
  });
});

test("reverting on destroy needs an Ensure property", () => {
  const reboot = {
    module: "ComputerManagementDsc",
    resource: "PendingReboot",
    properties: { Name: "x" },
    onDestroy: "revert" as const,
  };
  expect(failures({}, reboot)).toEqual([
    "onDestroy: PendingReboot has no Ensure property, so nothing can be reverted; leave onDestroy out.",
  ]);
  expect(failures({ onDestroy: "revert" })).toEqual([]);
});

test("every type of every contract is one that the check knows", () => {
  for (const [module, { resources, embedded }] of Object.entries(moduleContracts)) {
    for (const contract of [...Object.values(resources), ...Object.values(embedded)]) {
      for (const property of Object.values(contract)) {
        expect(property.type).toMatch(/^(string|boolean|[us]int(8|16|32|64))(\[\])?$/);
        const known = property.embedded === undefined || embeddedContract(module, property.embedded) !== undefined;
        expect(known).toBe(true);
      }
    }
  }
});
