import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PartialFailure } from "../../../provider/engine/definition.ts";
import { type Properties, Secret, UNKNOWN } from "../../../provider/engine/values.ts";
import { subscription } from "../../support/azureCloud.ts";
import { startProvider } from "./providerHarness.ts";

const group = "azure-native:resources:ResourceGroup";
const vnet = "azure-native:network:VirtualNetwork";
const subnet = "azure-native:network:Subnet";
const nsg = "azure-native:network:NetworkSecurityGroup";
const rule = "azure-native:network:SecurityRule";
const publicIp = "azure-native:network:PublicIPAddress";
const record = "azure-native:dns:RecordSet";
const zone = "azure-native:dns:Zone";
const vault = "azure-native:keyvault:Vault";

const groupInputs = { resourceGroupName: "rg", location: "westeurope" };
const vnetInputs = {
  resourceGroupName: "rg",
  virtualNetworkName: "net",
  location: "westeurope",
  addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
};
const subnetInputs = {
  resourceGroupName: "rg",
  virtualNetworkName: "net",
  subnetName: "one",
  addressPrefix: "10.0.1.0/24",
};
const ruleInputs = {
  resourceGroupName: "rg",
  networkSecurityGroupName: "nsg",
  securityRuleName: "https",
  access: "Allow",
  direction: "Inbound",
  priority: 100,
  protocol: "Tcp",
  sourceAddressPrefix: "*",
  sourcePortRange: "*",
  destinationAddressPrefix: "*",
  destinationPortRange: "443",
};

describe("the simulated azure-native provider", () => {
  let provider: ReturnType<typeof startProvider>;
  beforeEach(() => {
    provider = startProvider();
  });
  afterEach(() => provider.stop());

  describe("check", () => {
    it("makes up a name from the engine's seed, keeps it, and says that it did", async () => {
      const first = await provider.check(nsg, { resourceGroupName: "rg", location: "westeurope" });
      expect(first.inputs).toMatchObject({ networkSecurityGroupName: "own10111213", __createBeforeDelete: true });
      const olds = { ...first.inputs, networkSecurityGroupName: "own99999999" };
      const second = await provider.check(nsg, { resourceGroupName: "rg", location: "westeurope" }, olds);
      expect(second.inputs.networkSecurityGroupName).toBe("own99999999");
    });
    it("makes up a GUID for a role assignment", async () => {
      const { inputs } = await provider.check("azure-native:authorization:RoleAssignment", {
        scope: "/x",
        principalId: "p",
        roleDefinitionId: "r",
      });
      expect(inputs.roleAssignmentName).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(inputs).not.toHaveProperty("__createBeforeDelete");
    });
    it("takes the location from the configuration before the group", async () => {
      await provider.create(group, groupInputs);
      const news = { resourceGroupName: "rg", networkSecurityGroupName: "n" };
      expect((await provider.check(nsg, news)).inputs.location).toBe("westeurope");
      const configured = startProvider({ location: "northeurope" });
      expect((await configured.check(nsg, news)).inputs.location).toBe("northeurope");
      await configured.stop();
    });
    it("leaves the location open while the group is not there, and asks for one without a group", async () => {
      expect((await provider.check(nsg, { resourceGroupName: "none" })).inputs.location).toBe(UNKNOWN);
      expect((await provider.check(nsg, { resourceGroupName: UNKNOWN })).inputs.location).toBe(UNKNOWN);
      expect((await provider.check(group, {})).reasons[0]).toContain("pulumi config set azure-native:location");
    });
    it("reports everything at once, the property inside the reason", async () => {
      const { reasons } = await provider.check(rule, {
        networkSecurityGroupName: "n",
        priority: "100",
        protocol: 6,
        colour: "red",
      });
      expect(reasons).toEqual([
        "missing required property 'resourceGroupName'",
        "'priority' should be of type 'integer' but got a string",
        "'protocol' should be of type 'string' but got a number",
        "'colour' is not a property that the simulated type has",
        "missing required property 'access'",
        "missing required property 'direction'",
      ]);
    });
    it("looks inside", async () => {
      const { reasons } = await provider.check(vault, {
        resourceGroupName: "rg",
        location: "x",
        properties: { sku: { name: "standard" }, tenantid: "t" },
      });
      expect(reasons).toEqual([
        "missing required property 'properties.sku.family'",
        "'properties.tenantid' is not a property that the simulated type has",
        "missing required property 'properties.tenantId'",
      ]);
    });
    it("leaves choices to ARM, so that they pass a preview and fail at apply", async () => {
      await provider.create(group, groupInputs);
      await provider.create(nsg, { resourceGroupName: "rg", networkSecurityGroupName: "nsg", location: "westeurope" });
      const wrong = { ...ruleInputs, protocol: "Http" };
      expect((await provider.check(rule, wrong)).reasons).toEqual([]);
      await expect(provider.create(rule, wrong)).rejects.toThrow(
        /Status=400 Code="InvalidParameter".*accepted are Tcp, Udp/,
      );
    });
    it("lets unknown values pass and drops nulls", async () => {
      const { inputs, reasons } = await provider.check(subnet, {
        ...subnetInputs,
        addressPrefix: UNKNOWN,
        networkSecurityGroup: { id: UNKNOWN },
        natGateway: null,
      });
      expect(reasons).toEqual([]);
      expect(inputs).not.toHaveProperty("natGateway");
    });
  });

  describe("diff", () => {
    it("compares inputs, and a path parameter replaces, the old one deleted first", async () => {
      const result = await provider.diff(subnet, subnetInputs, { ...subnetInputs, subnetName: "two" });
      expect(result).toMatchObject({
        changes: "some",
        replaces: ["subnetName"],
        deleteBeforeReplace: true,
        detailedDiff: { subnetName: { kind: "update-replace" } },
      });
    });
    it("creates first when the name was made up", async () => {
      const olds = { ...subnetInputs, __createBeforeDelete: true };
      expect(await provider.diff(subnet, olds, { ...olds, virtualNetworkName: "other" })).toMatchObject({
        deleteBeforeReplace: false,
      });
    });
    it("finds one region in two spellings", async () => {
      expect(await provider.diff(vnet, { ...vnetInputs, location: "West Europe" }, vnetInputs)).toMatchObject({
        changes: "none",
      });
      expect(await provider.diff(vnet, vnetInputs, { ...vnetInputs, location: "northeurope" })).toMatchObject({
        replaces: ["location"],
      });
    });
    it("updates what azure-native knows no replacement for: a create-only property of a machine", async () => {
      const machine = { osProfile: { computerName: "A" }, zones: ["1"] };
      const result = await provider.diff("azure-native:compute:VirtualMachine", machine, {
        osProfile: { computerName: "B" },
        zones: ["2"],
      });
      expect(result).toMatchObject({
        replaces: [],
        detailedDiff: { "osProfile.computerName": { kind: "update" }, "zones[0]": { kind: "update" } },
      });
    });
    it("replaces a public address for any change of its SKU", async () => {
      const before = { sku: { name: "Standard" }, publicIPAddressVersion: "IPv4" };
      const result = await provider.diff(publicIp, before, {
        sku: { name: "Standard", tier: "Global" },
        publicIPAddressVersion: "IPv4",
      });
      expect(result).toMatchObject({ replaces: ["sku"], detailedDiff: { "sku.tier": { kind: "add-replace" } } });
    });
    it("sees a changed secret", async () => {
      const olds = { osProfile: { adminPassword: new Secret("a") } };
      const news = { osProfile: { adminPassword: new Secret("b") } };
      const machine = "azure-native:compute:VirtualMachine";
      expect(await provider.diff(machine, olds, news)).toMatchObject({
        detailedDiff: { "osProfile.adminPassword": { kind: "update" } },
      });
    });
    it("compares lists by position", async () => {
      const olds = { addressSpace: { addressPrefixes: ["a", "b"] } };
      const result = await provider.diff(vnet, olds, { addressSpace: { addressPrefixes: ["b"] } });
      expect(result?.detailedDiff).toEqual({
        "addressSpace.addressPrefixes[0]": { kind: "update", inputDiff: true },
        "addressSpace.addressPrefixes[1]": { kind: "delete", inputDiff: true },
      });
    });
  });

  describe("create", () => {
    it("knows in a preview what the inputs say and nothing else, and asks nobody", async () => {
      const { id, outputs } = await provider.create(vnet, vnetInputs, true);
      expect(id).toBe("");
      expect(outputs).toMatchObject({ ...vnetInputs, resourceGuid: UNKNOWN, name: UNKNOWN, subnets: UNKNOWN });
      expect(provider.arm.counters.toJson().total).toBe(0);
    });
    it("reads back what ARM made of it", async () => {
      await provider.create(group, groupInputs);
      const { id, outputs } = await provider.create(vnet, vnetInputs);
      expect(id).toBe(`${subscription}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/net`);
      expect(outputs).toMatchObject({
        name: "net",
        type: "Microsoft.Network/virtualNetworks",
        provisioningState: "Succeeded",
        subnets: [],
        azureApiVersion: "2024-05-01",
        enableDdosProtection: false,
      });
    });
    it("refuses what is there already", async () => {
      const { id } = await provider.create(group, groupInputs);
      await expect(provider.create(group, groupInputs)).rejects.toThrow(
        `cannot create already existing resource '${id}'`,
      );
    });
    it("stops when it may not look", async () => {
      provider.arm.faults.add([{ match: { method: "GET" }, action: "status", status: 403, times: 1 }]);
      await expect(provider.create(group, groupInputs)).rejects.toThrow(
        /cannot check existence of resource .*AuthorizationFailed/,
      );
    });
    it("marks an echoed secret again", async () => {
      const { outputs } = await provider.create(group, { ...groupInputs, tags: { key: new Secret("hidden value") } });
      expect(outputs.tags).toEqual({ key: new Secret("hidden value") });
    });
    it("retries throttling, server errors and lost responses", async () => {
      provider.arm.faults.add([
        { match: { method: "PUT" }, action: "status", status: 429, retryAfter: 0, times: 1 },
        { match: { method: "PUT" }, action: "status", status: 503, retryAfter: 0, times: 1 },
        { match: { method: "PUT" }, action: "dropResponse", times: 1 },
      ]);
      const { outputs } = await provider.create(group, groupInputs);
      expect(outputs.name).toBe("rg");
      expect(provider.arm.counters.toJson().byRequest["PUT Microsoft.Resources/resourceGroups"]).toBeGreaterThanOrEqual(
        3,
      );
    });
    it("loses a resource whose response is lost for good", async () => {
      provider.arm.faults.add([{ match: { method: "PUT" }, action: "dropResponse", times: 4 }]);
      await expect(provider.create(group, groupInputs)).rejects.toThrow(/connection was closed/);
      await expect(provider.create(group, groupInputs)).rejects.toThrow(/already existing/);
    });
    it("keeps a resource whose operation failed, as unfinished", async () => {
      await provider.create(group, groupInputs);
      const poll = {
        match: { method: "GET", path: "/operations/" },
        action: "status" as const,
        status: 409,
        code: "AllocationFailed",
        times: 1,
      };
      provider.arm.faults.add([poll]);
      const failure = await provider.create(vnet, vnetInputs).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PartialFailure);
      expect(failure).toMatchObject({ id: expect.stringContaining("/virtualNetworks/net"), outputs: { name: "net" } });
    });
  });

  describe("update", () => {
    it("keeps name and location known in a preview", async () => {
      const old = { name: "net", location: "westeurope", resourceGuid: "g" };
      const outputs = await provider.update(vnet, "x", vnetInputs, old, { ...vnetInputs, tags: { a: "b" } }, true);
      expect(outputs).toMatchObject({ name: "net", location: "westeurope", resourceGuid: UNKNOWN, tags: { a: "b" } });
    });
    it("puts back subnets that the program does not list", async () => {
      await provider.create(group, groupInputs);
      const { id, outputs } = await provider.create(vnet, vnetInputs);
      await provider.create(subnet, subnetInputs);
      provider.arm.counters.reset();
      const after = await provider.update(vnet, id, vnetInputs, outputs, { ...vnetInputs, tags: { a: "b" } });
      expect(after).toMatchObject({ tags: { a: "b" }, subnets: [{ name: "one" }] });
      // One look for the collection before the write, one for the outputs after it.
      expect(provider.arm.counters.toJson().byRequest["GET Microsoft.Network/virtualNetworks"]).toBe(2);
    });
    it("deletes them when the program lists others", async () => {
      await provider.create(group, groupInputs);
      const { id, outputs } = await provider.create(vnet, vnetInputs);
      await provider.create(subnet, subnetInputs);
      const news = { ...vnetInputs, subnets: [{ name: "two", addressPrefix: "10.0.2.0/24" }] };
      expect(await provider.update(vnet, id, vnetInputs, outputs, news)).toMatchObject({
        subnets: [{ name: "two", addressPrefix: "10.0.2.0/24" }],
      });
    });
  });

  describe("read", () => {
    async function made(type: string, inputs: Properties) {
      const { id, outputs } = await provider.create(type, inputs);
      return { id, inputs, outputs };
    }
    it("finds no change where there is none, whatever the service added", async () => {
      await provider.create(group, groupInputs);
      await provider.create(vnet, vnetInputs);
      const own = await made(subnet, subnetInputs);
      const read = await provider.read(subnet, own.id, own.inputs, own.outputs);
      expect(read).toEqual(own);
    });
    it("puts exactly the changed property into the inputs", async () => {
      await provider.create(group, groupInputs);
      await provider.create(nsg, { resourceGroupName: "rg", networkSecurityGroupName: "nsg", location: "westeurope" });
      const own = await made(rule, ruleInputs);
      await provider.update(rule, own.id, own.inputs, own.outputs, {
        ...ruleInputs,
        access: "Deny",
        destinationPortRange: "80",
      });
      const read = await provider.read(rule, own.id, own.inputs, own.outputs);
      expect(read?.inputs).toEqual({ ...ruleInputs, access: "Deny", destinationPortRange: "80" });
    });
    it("sees tags that came and went", async () => {
      const own = await made(group, { ...groupInputs, tags: { kept: "1", gone: "2" } });
      await provider.update(group, own.id, own.inputs, own.outputs, { ...groupInputs, tags: { kept: "1", come: "3" } });
      expect((await provider.read(group, own.id, own.inputs, own.outputs))?.inputs).toMatchObject({
        tags: { kept: "1", come: "3" },
      });
    });
    it("does not know what is gone", async () => {
      const own = await made(group, groupInputs);
      await provider.delete(group, own.id);
      expect(await provider.read(group, own.id, own.inputs, own.outputs)).toBeUndefined();
    });
    it("makes inputs from the id and the body on import", async () => {
      await provider.create(group, groupInputs);
      await provider.create(zone, { resourceGroupName: "rg", zoneName: "dev.contoso.com", location: "global" });
      const inputs = {
        resourceGroupName: "rg",
        zoneName: "dev.contoso.com",
        recordType: "TXT",
        relativeRecordSetName: "a.b",
        ttl: 60,
        txtRecords: [{ value: ["x"] }],
      };
      const { id } = await provider.create(record, inputs);
      const read = await provider.read(record, id);
      expect(read?.inputs).toMatchObject(inputs);
      expect(read?.inputs).not.toHaveProperty("fqdn");
      expect(read?.outputs.fqdn).toBe("a.b.dev.contoso.com.");
    });
  });

  it("deletes what is there and what is not", async () => {
    const { id } = await provider.create(group, groupInputs);
    await provider.delete(group, id);
    await provider.delete(group, id);
  });

  it("answers getters, and says what it does not find or know", async () => {
    await provider.create(group, groupInputs);
    const found = await provider.invoke("azure-native:resources:getResourceGroup", { resourceGroupName: "rg" });
    expect(found?.result).toMatchObject({
      name: "rg",
      location: "westeurope",
      properties: { provisioningState: "Succeeded" },
    });
    await expect(
      provider.invoke("azure-native:resources:getResourceGroup", { resourceGroupName: "none" }),
    ).rejects.toThrow(/request failed .*none/);
    expect(await provider.invoke("azure-native:network:getSubnet", {})).toMatchObject({ failures: [{}, {}, {}] });
    await expect(provider.invoke("azure-native:web:getWebApp", {})).rejects.toThrow(/does not simulate the function/);
  });

  it("refuses a type that it does not simulate", async () => {
    await expect(provider.check("azure-native:web:WebApp", {})).rejects.toThrow(
      "does not simulate resources of type 'azure-native:web:WebApp'",
    );
  });
});
