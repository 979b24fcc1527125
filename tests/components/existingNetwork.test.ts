import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { azureNames } from "../../components/naming.ts";
import program from "../../index.ts";
import { startTestCloud, subscription, subscriptionId, type TestCloud } from "../support/azureCloud.ts";
import { createWorkspace, type Workspace } from "../support/engine.ts";
import { devSettings, projectDirectory } from "../support/environment.ts";
import { configurationOf, type Graph, recordGraph } from "./recordGraph.ts";

const hub = "/subscriptions/2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10/resourceGroups/rg-hub";
const virtualNetworkId = `${hub}/providers/Microsoft.Network/virtualNetworks/vnet-hub`;

describe("the program's resources in a virtual network that is there", () => {
  const graphOf = (existing: object, more: object = {}): Promise<Graph> => {
    const { addressSpace, dnsServers, ...network } = devSettings().network;
    const settings = { ...devSettings(), network: { ...network, existing, ...more } } as ReturnType<typeof devSettings>;
    return recordGraph(program, { config: configurationOf(settings) });
  };

  test("a subnet with the security group is added to it, and it is not made", async () => {
    const graph = await graphOf({ virtualNetworkId });
    expect(graph.ofType("azure-native:network:VirtualNetwork")).toEqual([]);
    expect(graph.get("network-subnet").inputs).toMatchObject({
      resourceGroupName: "rg-hub",
      virtualNetworkName: "vnet-hub",
      addressPrefix: "10.20.1.0/24",
      networkSecurityGroup: { id: "network-nsg-id" },
    });
    expect(graph.get("network-subnet").provider).toContain("::azure::");
    expect(graph.get("host-nic").inputs).not.toHaveProperty("networkSecurityGroup");
    expect(graph.get("host-nic").inputs).not.toHaveProperty("dnsSettings");
  });

  test("in another subscription the subnet is added through a provider of that one", async () => {
    const other = "11111111-7d0b-4b7c-9a55-0c6f1e5b7a10";
    const graph = await graphOf({ virtualNetworkId: virtualNetworkId.replace(subscriptionId, other) });
    expect(graph.get("network-subnet").provider).toContain("::azure-network::");
    expect(graph.get("azure-network").inputs.subscriptionId).toBe(other);
    expect(graph.get("network-nsg").provider).toContain("::azure::");
  });

  test("a subnet that is there is left alone; the interface has the group and the domain's DNS servers", async () => {
    const graph = await graphOf({ virtualNetworkId, subnetName: "snet-servers" }, { dnsServers: ["10.10.0.4"] });
    expect(graph.ofType("azure-native:network:Subnet")).toEqual([]);
    expect(graph.get("host-nic").inputs).toMatchObject({
      ipConfigurations: [{ subnet: { id: `${virtualNetworkId}/subnets/snet-servers` } }],
      networkSecurityGroup: { id: "network-nsg-id" },
      dnsSettings: { dnsServers: ["10.10.0.4"] },
    });
    const rules = graph.ofType("azure-native:network:SecurityRule").map(({ urn }) => urn);
    expect(graph.get("host-nic").dependencies).toEqual(expect.arrayContaining(rules));
  });
});

const networkProgram = `
import { NetworkInterface } from "@pulumi/azure-native/network/networkInterface.js";
import { Network } from ${JSON.stringify(`${projectDirectory}/components/platform/Network.ts`)};

const network = new Network("network", {
  resourceGroupName: "rg-mfa", location: "westeurope",
  names: ${JSON.stringify(azureNames({ workload: "mfa", environment: "dev", location: "westeurope", computerName: "MFADEV01" }))},
  virtualNetwork: JSON.parse(process.env.VIRTUAL_NETWORK), subnetPrefix: "10.30.5.0/24", allowHttpsFrom: ["Internet"],
});
const nic = new NetworkInterface("nic", {
  resourceGroupName: network.resourceGroupName, location: "westeurope", networkInterfaceName: "nic-mfa",
  ipConfigurations: [{
    name: "primary", subnet: { id: network.subnetId }, privateIPAllocationMethod: "Static", privateIPAddress: process.env.ADDRESS,
    publicIPAddress: { id: network.publicIpAddressId },
  }],
  ...(network.interfaceSecurityGroupId && { networkSecurityGroup: { id: network.interfaceSecurityGroupId } }),
});
export const subnetId = network.subnetId;
`;

describe("an existing virtual network in the simulated cloud", { timeout: 120_000 }, () => {
  let cloud: TestCloud;
  const servers = `${virtualNetworkId}/subnets/snet-servers`;
  const subnets = async (): Promise<string[]> =>
    (await cloud.arm("GET", `${virtualNetworkId}/subnets?api-version=2024-05-01`)).body.value.map(
      ({ name }: { name: string }) => name,
    );

  beforeAll(async () => {
    const group = (name: string) => `${subscription}/resourceGroups/${name}?api-version=2024-03-01`;
    cloud = await startTestCloud();
    await cloud.put(group("rg-hub"), { location: "westeurope" });
    await cloud.put(`${virtualNetworkId}?api-version=2024-05-01`, {
      location: "westeurope",
      properties: { addressSpace: { addressPrefixes: ["10.30.0.0/16"] } },
    });
    await cloud.put(`${servers}?api-version=2024-05-01`, { properties: { addressPrefix: "10.30.1.0/24" } });
  });
  afterAll(() => cloud?.stop());

  const deployed = async (virtualNetwork: object, address: string, look: (workspace: Workspace) => Promise<void>) => {
    const workspace = await createWorkspace({
      program: networkProgram,
      env: {
        PULUMI_DEBUG_PROVIDERS: cloud.debugProviders,
        VIRTUAL_NETWORK: JSON.stringify(virtualNetwork),
        ADDRESS: address,
      },
    });
    try {
      await workspace.succeed(["config", "set", "azure-native:subscriptionId", subscriptionId]);
      await workspace.succeed(["up", "--yes"]);
      await workspace.succeed(["preview", "--refresh", "--expect-no-changes"]);
      await look(workspace);
      await workspace.succeed(["destroy", "--yes"]);
    } finally {
      await workspace.remove();
    }
  };

  test("gets a subnet and loses it again, and keeps its own", async () => {
    await deployed({ id: virtualNetworkId }, "10.30.5.10", async (workspace) => {
      const added = `${virtualNetworkId}/subnets/snet-mfa-dev-westeurope`;
      expect(await workspace.outputs()).toMatchObject({ subnetId: added });
      expect(await subnets()).toEqual(expect.arrayContaining(["snet-servers", "snet-mfa-dev-westeurope"]));
    });
    expect(await subnets()).toEqual(["snet-servers"]);
  });

  test("lends a subnet and gets it back as it was", async () => {
    const before = (await cloud.arm("GET", `${servers}?api-version=2024-05-01`)).body;
    await deployed({ id: virtualNetworkId, subnetName: "snet-servers" }, "10.30.1.10", async () => {
      const nic = await cloud.arm(
        "GET",
        `${subscription}/resourceGroups/rg-mfa/providers/Microsoft.Network/networkInterfaces/nic-mfa?api-version=2024-05-01`,
      );
      expect(nic.body.properties.networkSecurityGroup.id).toMatch(/networkSecurityGroups\/nsg-mfa-dev-westeurope$/);
    });
    const after = (await cloud.arm("GET", `${servers}?api-version=2024-05-01`)).body;
    expect(after.properties).toEqual(before.properties);
  });
});
