import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finished, startTestCloud, stateText, subscription, type TestCloud } from "../../support/azureCloud.ts";
import {
  everything,
  fixtures,
  group,
  ids,
  machineBody,
  machineParts,
  make,
  osProfile,
  path,
  storageProfile,
} from "./fixtures.ts";

const zoneRecord = (name: string) => `${ids.zone}/TXT/${name}?api-version=2018-05-01`;
const txt = (...values: string[]) => ({
  properties: { TTL: 60, TXTRecords: values.map((value) => ({ value: [value] })) },
});

describe("ARM over HTTPS", { shuffle: false }, () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud();
    await make(cloud, ...everything);
  });
  afterAll(async () => {
    await cloud?.stop();
  });

  describe("authentication", () => {
    const versioned = `${group}?api-version=2024-03-01`;
    it("refuses a request without a token", async () => {
      const answer = await cloud.raw(cloud.ports.arm, "GET", versioned);
      expect([answer.status, answer.body.error.code]).toEqual([401, "AuthenticationFailed"]);
      expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
    });
    it("refuses a token that it did not issue", async () => {
      const answer = await cloud.raw(cloud.ports.arm, "GET", versioned, undefined, { authorization: "Bearer a.b.c" });
      expect([answer.status, answer.body.error.code]).toEqual([401, "InvalidAuthenticationToken"]);
    });
  });

  describe("requests", () => {
    it("want an API version", async () => {
      const answer = await cloud.arm("GET", ids.vnet);
      expect([answer.status, answer.body.error.code]).toEqual([400, "MissingApiVersionParameter"]);
    });
    it("want one that exists, and list them", async () => {
      const answer = await cloud.arm("GET", `${ids.vnet}?api-version=2001-01-01`);
      expect([answer.status, answer.body.error.code]).toEqual([400, "NoRegisteredProviderFound"]);
      expect(answer.body.error.message).toContain("2024-05-01");
    });
    it("are about one subscription", async () => {
      const other = group.replace(subscription, "/subscriptions/00000000-0000-0000-0000-000000000000");
      const answer = await cloud.arm("GET", `${other}?api-version=2024-03-01`);
      expect([answer.status, answer.body.error.code]).toEqual([404, "SubscriptionNotFound"]);
    });
    it("for a type that the cloud does not know are refused", async () => {
      const answer = await cloud.arm("PUT", `${group}/providers/Microsoft.Web/sites/x?api-version=2024-01-01`, {});
      expect([answer.status, answer.body.error.code]).toEqual([404, "InvalidResourceType"]);
    });
    it("find a resource whatever the case of its id", async () => {
      const answer = await cloud.arm(
        "GET",
        path(fixtures.vnet).replace(group, group.toLowerCase()).replace("Networks/vnet", "NETWORKS/VNET"),
      );
      expect(answer.body.id).toBe(ids.vnet);
    });
    it.each([
      ["a missing resource", `${ids.vnet}-none?api-version=2024-05-01`, "ResourceNotFound"],
      ["a missing group", `${group}-none?api-version=2024-03-01`, "ResourceGroupNotFound"],
      ["a missing record set", zoneRecord("none"), "NotFound"],
    ])("answer 404 for %s", async (_, missing, code) => {
      const answer = await cloud.arm("GET", missing);
      expect([answer.status, answer.body.error.code]).toEqual([404, code]);
      expect(answer.headers["x-ms-request-id"]).toBeDefined();
    });
    it("carry JSON", async () => {
      const token = { authorization: "Bearer x" };
      expect((await cloud.raw(cloud.ports.arm, "PUT", path(fixtures.group), "{", token)).status).toBe(401);
      const answer = await cloud.arm("PUT", path(fixtures.group), [] as never);
      expect([answer.status, answer.body.error.code]).toEqual([400, "InvalidRequestContent"]);
    });
  });

  describe("long operations", () => {
    const spare = `${ids.nsg}-spare?api-version=2024-05-01`;
    it("answer 201 with an unfinished resource, then say how they ended", async () => {
      await cloud.fault({ match: { method: "PUT", path: "nsg-spare" }, action: "slowOperation", ms: 50 });
      const accepted = await cloud.arm("PUT", spare, { location: "westeurope" });
      expect([accepted.status, accepted.body.properties.provisioningState]).toEqual([201, "Creating"]);
      await finished(accepted, cloud.arm);
      expect((await cloud.arm("GET", spare)).body.properties.provisioningState).toBe("Succeeded");
      const location = new URL(accepted.headers.location as string);
      const result = await cloud.arm("GET", location.pathname + location.search);
      expect([result.status, result.body.id]).toEqual([200, `${ids.nsg}-spare`]);
    });
    it("delete with 202, and a second time with 204", async () => {
      const accepted = await cloud.arm("DELETE", spare);
      expect(accepted.status).toBe(202);
      await finished(accepted, cloud.arm);
      expect((await cloud.arm("GET", spare)).status).toBe(404);
      expect((await cloud.arm("DELETE", spare)).status).toBe(204);
    });
    it("lock a virtual network while one of its subnets is written", async () => {
      await cloud.fault({ match: { method: "PUT", path: "/subnets/a$" }, action: "slowOperation", ms: 200 });
      const subnet = (name: string) => `${ids.vnet}/subnets/${name}?api-version=2024-05-01`;
      const first = await cloud.arm("PUT", subnet("a"), { properties: { addressPrefix: "10.20.50.0/24" } });
      const second = await cloud.arm("PUT", subnet("b"), { properties: { addressPrefix: "10.20.51.0/24" } });
      expect([second.status, second.body.error.code]).toEqual([429, "RetryableErrorDueToAnotherOperation"]);
      expect(second.headers["retry-after"]).toBe("1");
      await finished(first, cloud.arm);
      expect((await cloud.arm("PUT", subnet("b"), { properties: { addressPrefix: "10.20.51.0/24" } })).status).toBe(
        201,
      );
    });
  });

  describe("what is in use", () => {
    it.each([
      ["an interface", ids.nic, "2024-05-01", "NicInUse"],
      ["a subnet", ids.subnet, "2024-05-01", "InUseSubnetCannotBeDeleted"],
      ["a network", ids.vnet, "2024-05-01", "InUseVirtualNetworkCannotBeDeleted"],
      ["a security group", ids.nsg, "2024-05-01", "InUseNetworkSecurityGroupCannotBeDeleted"],
      ["a public address", ids.publicIp, "2024-05-01", "PublicIPAddressCannotBeDeleted"],
      ["a NAT gateway", ids.nat, "2024-05-01", "InUseNatGatewayCannotBeDeleted"],
    ])("is not deleted: %s", async (_, id, version, code) => {
      const answer = await cloud.arm("DELETE", `${id}?api-version=${version}`);
      expect([answer.status, answer.body.error.code]).toEqual([400, code]);
    });
    it("is not deleted: the apex records of a zone", async () => {
      for (const type of ["NS", "SOA"]) {
        expect((await cloud.arm("DELETE", `${ids.zone}/${type}/@?api-version=2018-05-01`)).status).toBe(400);
      }
    });
  });

  describe("what other resources know", () => {
    it("shows at an address, a subnet, a group and an interface", async () => {
      const get = async (name: keyof typeof fixtures) => (await cloud.arm("GET", path(fixtures[name]))).body.properties;
      const configuration = { id: `${ids.nic}/ipConfigurations/primary` };
      expect((await get("publicIp")).ipConfiguration).toEqual(configuration);
      expect((await get("subnet")).ipConfigurations).toEqual([configuration]);
      expect((await get("nsg")).subnets).toEqual([{ id: ids.subnet }]);
      expect((await get("nic")).virtualMachine).toEqual({ id: ids.vm });
    });
    it("shows the default rules and the own ones by priority", async () => {
      const { properties } = (await cloud.arm("GET", path(fixtures.nsg))).body;
      expect(properties.defaultSecurityRules.map((rule: { name: string }) => rule.name)).toContain("DenyAllInBound");
      expect(properties.securityRules.map((rule: { name: string }) => rule.name)).toEqual(["allow-https"]);
    });
    it("shows the power state of a machine when it is asked for", async () => {
      const plain = await cloud.arm("GET", path(fixtures.vm));
      const expanded = await cloud.arm("GET", `${path(fixtures.vm)}&$expand=instanceView`);
      expect(plain.body.properties.instanceView).toBeUndefined();
      expect(expanded.body.properties.instanceView.statuses).toContainEqual(
        expect.objectContaining({ code: "PowerState/running" }),
      );
    });
    it("resolves the version latest once", async () => {
      const { imageReference } = (await cloud.arm("GET", path(fixtures.vm))).body.properties.storageProfile;
      expect(imageReference).toMatchObject({
        version: "latest",
        exactVersion: expect.stringMatching(/^20348\.\d+\.\d+$/),
      });
    });
  });

  describe("create-only properties of a machine", () => {
    const [image, disk] = [
      storageProfile({ sku: "2019-datacenter-gensecond" }),
      storageProfile({}, { name: "another" }),
    ];
    it.each([
      ["osProfile.computerName", machineBody({ osProfile: osProfile({ computerName: "OTHER" }) })],
      ["osProfile.adminUsername", machineBody({ osProfile: osProfile({ adminUsername: "other" }) })],
      ["adminPassword", machineBody({ osProfile: osProfile({ adminPassword: "Another-Horse-8" }) })],
      ["customData", machineBody({ osProfile: osProfile({ customData: "YWJj" }) })],
      ["storageProfile.imageReference", machineBody({ storageProfile: image })],
      ["storageProfile.osDisk.name", machineBody({ storageProfile: disk })],
      ["zones", { ...machineBody(), zones: ["1"] }],
      ["securityProfile.securityType", machineBody({ securityProfile: { encryptionAtHost: true } })],
    ])("%s cannot be changed", async (target, body) => {
      const answer = await cloud.arm("PUT", path(fixtures.vm), body);
      expect([answer.status, answer.body.error.code, answer.body.error.target]).toEqual([
        409,
        "PropertyChangeNotAllowed",
        target,
      ]);
    });
    it("may be sent again with the same values, and left out", async () => {
      const before = (await cloud.arm("GET", path(fixtures.vm))).body;
      const { adminPassword: _, ...withoutPassword } = osProfile();
      for (const body of [machineBody(), machineBody({ osProfile: withoutPassword })]) {
        const after = await cloud.put(path(fixtures.vm), body);
        expect(after.properties.vmId).toBe(before.properties.vmId);
        expect(after.properties.storageProfile).toEqual(before.properties.storageProfile);
      }
    });
    it("leave the size alone, which can be changed", async () => {
      const after = await cloud.put(path(fixtures.vm), machineBody({ hardwareProfile: { vmSize: "Standard_D4s_v5" } }));
      expect(after.properties.hardwareProfile.vmSize).toBe("Standard_D4s_v5");
    });
  });

  describe("write-only values", () => {
    it("are neither kept nor shown", async () => {
      const shown = [];
      for (const name of everything)
        shown.push((await cloud.arm("GET", `${path(fixtures[name])}&$expand=instanceView`)).body);
      const written = JSON.stringify(shown) + stateText(cloud);
      expect(written).toContain("MFADEV01");
      for (const secret of ["Correct-Horse-7", "Join-Password-1", "a-protected-value", "a-vault-secret-value"]) {
        expect(written).not.toContain(secret);
      }
    });
    it("are hidden in a refusal", async () => {
      const body = machineBody({ osProfile: osProfile({ adminPassword: ["in-a-list-1"] }) });
      const answer = await cloud.arm("PUT", path(fixtures.vm), body);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).not.toContain("in-a-list-1");
    });
  });

  describe("preconditions of a record set", () => {
    const status = async (method: string, name: string, body: object | undefined, headers: Record<string, string>) =>
      (await cloud.arm(method, zoneRecord(name), body, headers)).status;
    it("If-None-Match: * creates only what is not there", async () => {
      expect(await status("PUT", "once", txt("a"), { "if-none-match": "*" })).toBe(201);
      const again = await cloud.arm("PUT", zoneRecord("once"), txt("b"), { "if-none-match": "*" });
      expect([again.status, again.body.error.code]).toEqual([412, "PreconditionFailed"]);
    });
    it("If-Match with an etag changes only what has not changed in between", async () => {
      const first = await cloud.arm("PUT", zoneRecord("etag"), txt("a"));
      const second = await cloud.arm("PUT", zoneRecord("etag"), txt("a", "b"), { "if-match": first.body.etag });
      expect([second.status, second.body.properties.TXTRecords.length]).toEqual([200, 2]);
      expect(second.body.etag).not.toBe(first.body.etag);
      expect(await status("PUT", "etag", txt("c"), { "if-match": first.body.etag })).toBe(412);
      expect(await status("DELETE", "etag", undefined, { "if-match": first.body.etag })).toBe(412);
      expect(await status("DELETE", "etag", undefined, { "if-match": second.body.etag })).toBe(200);
    });
    it("If-Match: * wants that it is there", async () => {
      expect(await status("PUT", "star", txt("a"), { "if-match": "*" })).toBe(412);
    });
    it("without any, a delete of what is gone is 204", async () => {
      expect(await status("DELETE", "gone", undefined, {})).toBe(204);
    });
    it("metadata is kept as it was sent", async () => {
      const body = { properties: { ...txt("a").properties, metadata: { "mfakit-0123456789abcdef": "x" } } };
      await cloud.arm("PUT", zoneRecord("meta"), body);
      expect((await cloud.arm("GET", zoneRecord("meta"))).body.properties.metadata).toEqual(body.properties.metadata);
    });
  });

  describe("lists", () => {
    const names = async (listed: string) =>
      (await cloud.arm("GET", listed)).body.value.map((r: { name: string }) => r.name);
    it.each([
      ["groups", `${subscription}/resourcegroups?api-version=2021-04-01`, "rg-test"],
      ["a group's resources", `${group}/resources?api-version=2021-04-01`, "vnet-test"],
      [
        "resources of a type in a group",
        `${group}/providers/Microsoft.Compute/virtualMachines?api-version=2024-11-01`,
        "vm-test",
      ],
      [
        "resources of a type in the subscription",
        `${subscription}/providers/Microsoft.Network/dnszones?api-version=2018-05-01`,
        "dev.contoso.com",
      ],
      ["children", `${ids.vnet}/subnets?api-version=2024-05-01`, "snet-test"],
      ["record sets of a type", `${ids.zone}/A?api-version=2018-05-01`, "mfa"],
      ["all record sets", `${ids.zone}/recordsets?api-version=2018-05-01`, "@"],
    ])("show %s", async (_, listed, name) => {
      expect(await names(listed)).toContain(name);
    });
    it("come in pages", async () => {
      const first = await cloud.arm("GET", `${ids.zone}/all?api-version=2018-05-01&$top=2`);
      expect(first.body.value).toHaveLength(2);
      const { pathname, search } = new URL(first.body.nextLink);
      const second = await cloud.arm("GET", pathname + search);
      expect(second.body.value[0].id).not.toBe(first.body.value[0].id);
    });
  });

  it("PATCH changes tags and leaves the rest", async () => {
    const before = (await cloud.arm("GET", path(fixtures.vnet))).body;
    await finished(await cloud.arm("PATCH", path(fixtures.vnet), { tags: { stage: "test" } }), cloud.arm);
    const after = (await cloud.arm("GET", path(fixtures.vnet))).body;
    expect(after.tags).toEqual({ owner: "team", stage: "test" });
    expect(after.properties).toEqual(before.properties);
  });

  it("an inline list replaces the collection, a missing one leaves it, and [] empties it", async () => {
    const own = `${ids.vnet}-inline?api-version=2024-05-01`;
    const body = (subnets?: object[]) => ({
      location: "westeurope",
      properties: { addressSpace: { addressPrefixes: ["10.40.0.0/16"] }, ...(subnets && { subnets }) },
    });
    const named = (name: string, third: number) => ({ name, properties: { addressPrefix: `10.40.${third}.0/24` } });
    const subnets = async (sent: object) =>
      (await cloud.put(own, sent)).properties.subnets.map((subnet: { name: string }) => subnet.name);
    expect(await subnets(body([named("a", 1), named("b", 2)]))).toEqual(["a", "b"]);
    expect(await subnets(body())).toEqual(["a", "b"]);
    expect(await subnets(body([named("b", 2), named("c", 3)]))).toEqual(["b", "c"]);
    expect(await subnets(body([]))).toEqual([]);
  });

  it("deleting a group deletes what is in it", async () => {
    const own = startTestCloud();
    const small = await own;
    try {
      await make(small, ...machineParts, "zone", "a");
      await finished(await small.arm("DELETE", path(fixtures.group)), small.arm);
      expect((await small.arm("GET", path(fixtures.group))).status).toBe(404);
      expect(stateText(small)).not.toContain("vm-test");
    } finally {
      await small.stop();
    }
  });

  it("goes on after a restart, and what was under way then has failed", async () => {
    const small = await startTestCloud();
    try {
      await make(small, "group", "vnet", "nsg");
      const kept = JSON.parse(stateText(small));
      // As the file is when the process ends in the middle of the operation.
      kept.resources.at(-1).body.properties.provisioningState = "Updating";
      await small.restart(JSON.stringify(kept));
      expect((await small.arm("GET", path(fixtures.nsg))).body.properties.provisioningState).toBe("Failed");
      expect((await small.arm("GET", path(fixtures.vnet))).body.id).toBe(ids.vnet);
      const mended = await small.put(path(fixtures.nsg), fixtures.nsg.body);
      expect(mended.properties.provisioningState).toBe("Succeeded");
    } finally {
      await small.stop();
    }
  });
});
