import { describe, expect, test } from "vitest";
import { asFound, differingProperties, withoutCredentials } from "../../../provider/dsc/compare.ts";
import { contractOf } from "../../../provider/dsc/identity.ts";

const found = (
  resource: string,
  declared: Record<string, unknown>,
  current: Record<string, unknown>,
  module = "WebAdministrationDsc",
) => asFound(module, contractOf(module, resource), declared, current);

describe("spelling is not drift", () => {
  test.each([
    ["case of an enum", { State: "Started" }, { State: "started" }],
    ["case of a property's name", { PhysicalPath: "C:\\x" }, { physicalPath: "C:\\X" }],
    ["a number as text", { SiteId: 1 }, { SiteId: "1" }],
    ["a truth value as text", { ServerAutoStart: true }, { ServerAutoStart: "True" }],
    ["the order of a list", { LogFlags: ["Date", "Time"] }, { LogFlags: ["time", "date"] }],
    ["a list of one that PowerShell unrolled", { LogFlags: ["Date"] }, { LogFlags: "Date" }],
    [
      "what an embedded instance has beside the declared",
      { BindingInfo: [{ Protocol: "https", Port: 443 }] },
      { BindingInfo: [{ Protocol: "https", Port: "443", IPAddress: "*" }] },
    ],
    ["an empty text for nothing", { DefaultPage: [] }, { DefaultPage: null }],
  ])("%s", (_case, declared, current) => {
    expect(found("WebSite", declared, current)).toEqual(declared);
  });
});

describe("what differs is shown in the declaration's own terms", () => {
  test.each([
    ["another value", { State: "Started" }, { State: "Stopped" }, { State: "Stopped" }],
    ["a number", { SiteId: 1 }, { SiteId: "7" }, { SiteId: 7 }],
    ["nothing there", { ApplicationPool: "P" }, { ApplicationPool: "" }, {}],
    [
      "another binding, with the declared properties only",
      { BindingInfo: [{ Protocol: "https", Port: 443, CertificateThumbprint: "AA" }] },
      { BindingInfo: [{ Protocol: "https", Port: 443, CertificateThumbprint: "BB", IPAddress: "*", HostName: "" }] },
      { BindingInfo: [{ Protocol: "https", Port: 443, CertificateThumbprint: "BB" }] },
    ],
    [
      "one binding more",
      { BindingInfo: [{ Protocol: "https", Port: 443 }] },
      {
        BindingInfo: [
          { Protocol: "https", Port: 443 },
          { Protocol: "http", Port: 80 },
        ],
      },
      {
        BindingInfo: [
          { Protocol: "https", Port: 443 },
          { Protocol: "http", Port: 80 },
        ],
      },
    ],
  ])("%s", (_case, declared, current, shown) => {
    const result = found("WebSite", declared, current);
    expect(result).toEqual(shown);
    expect(differingProperties(declared, result)).toEqual(Object.keys(declared));
  });

  test("an object that is not there differs in Ensure alone", () => {
    const declared = { Name: "x", Ensure: "Present", State: "Started", SiteId: 1 };
    expect(found("WebSite", declared, { Name: "x", Ensure: "Absent", State: null, SiteId: null })).toEqual({
      ...declared,
      Ensure: "Absent",
    });
  });

  test("also when Ensure was not declared", () => {
    const declared = { Name: "x", State: "Started" };
    const result = found("WebSite", declared, { Name: "x", Ensure: "Absent" });
    expect(result).toEqual({ ...declared, Ensure: "Absent" });
    expect(differingProperties(declared, result)).toEqual(["Ensure"]);
  });

  test("an object that should be gone differs in Ensure", () => {
    expect(
      found("WebSite", { Name: "x", Ensure: "Absent" }, { Name: "x", Ensure: "Present", State: "Started" }),
    ).toEqual({
      Name: "x",
      Ensure: "Present",
    });
  });
});

test("credentials are never compared, and never kept", () => {
  const declared = { Name: "P", Credential: { userName: "u", password: "p" } };
  expect(found("WebAppPool", declared, { Name: "P", Credential: { UserName: "other", Password: null } })).toEqual(
    declared,
  );
  const contract = contractOf("WebAdministrationDsc", "WebAppPool");
  expect(withoutCredentials(contract, { Name: "P", credential: { UserName: "u" }, State: null })).toEqual({
    Name: "P",
  });
});

test("a property that Get does not report stays as declared", () => {
  expect(found("WebSite", { LogPath: "C:\\logs" }, { Name: "x" })).toEqual({ LogPath: "C:\\logs" });
});
