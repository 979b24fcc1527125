import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seedDirectory } from "../../../sandbox/directory/index.ts";
import { finished, startTestCloud, stateText, type TestCloud } from "../../support/azureCloud.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import {
  fixtures,
  group,
  ids,
  interfaceBody,
  joinBody,
  machineBody,
  machineParts,
  make,
  osProfile,
  path,
} from "./fixtures.ts";

const password = "Join-Password-1";
const controller = "10.10.0.4";

describe("JsonADDomainExtension against a real domain controller", () => {
  let domain: TestDomain;
  let cloud: TestCloud;
  let servers: string;

  beforeAll(async () => {
    domain = await startTestDomain();
    servers = `OU=Servers,${domain.baseDn}`;
    const admin = domain.connection().bindPassword;
    await seedDirectory(
      domain.running,
      { password: admin },
      {
        units: [servers, `OU=Closed,${domain.baseDn}`],
        accounts: [
          { name: "svc-domainjoin", password, delegations: [{ unit: servers, may: "joinComputers" }] },
          { name: "svc-other", password, delegations: [{ unit: servers, may: "joinComputers" }] },
        ],
        people: [],
      },
    );
    const { caFile } = domain.running;
    cloud = await startTestCloud({
      directory: {
        domain: "corp.contoso.com",
        domainControllerAddress: controller,
        ldapsUrl: domain.running.ldapsUrl,
        caFile,
      },
    });
    await make(cloud, ...machineParts);
  });
  afterAll(async () => {
    await cloud?.stop();
    await domain?.stop();
  });

  /** A machine of a test's own: name, interface, and the path of its join extension. */
  async function machine(computerName: string): Promise<string> {
    const nic = `${ids.nic}-${computerName}`;
    const vm = `${group}/providers/Microsoft.Compute/virtualMachines/vm-${computerName}`;
    const dynamic = { privateIPAllocationMethod: "Dynamic", privateIPAddress: undefined, publicIPAddress: undefined };
    await cloud.put(`${nic}?api-version=2024-05-01`, interfaceBody(dynamic));
    await cloud.put(
      `${vm}?api-version=2024-11-01`,
      machineBody({ osProfile: osProfile({ computerName }), networkProfile: { networkInterfaces: [{ id: nic }] } }),
    );
    return `${vm}/extensions/join?api-version=2024-11-01`;
  }
  const joinAs = async (extension: string, settings: Record<string, unknown> = {}, secret = password) => {
    const accepted = await cloud.arm("PUT", extension, joinBody({ OUPath: servers, ...settings }, secret));
    expect(accepted.status).toBeLessThan(300);
    await finished(accepted, cloud.arm);
  };
  const account = async (name: string) => {
    const { searchEntries } = await domain.admin.search(domain.baseDn, { filter: `(sAMAccountName=${name}$)` });
    return searchEntries[0];
  };

  it("creates the computer account where it is told to", async () => {
    await joinAs(await machine("MFA01"));
    expect(await account("MFA01")).toMatchObject({
      dn: `CN=MFA01,${servers}`,
      dNSHostName: "MFA01.corp.contoso.com",
      userAccountControl: "4096",
    });
    expect(stateText(cloud)).not.toContain(password);
  });

  it("reads its settings whatever their case, and binds a UPN as well", async () => {
    const extension = await machine("MFA02");
    const { Name: _1, OUPath: _2, User: _3, ...rest } = joinBody().properties.settings;
    const settings = { ...rest, name: "corp.contoso.com", ouPath: servers, user: "svc-domainjoin@corp.contoso.com" };
    const body = joinBody();
    await cloud.put(extension, {
      ...body,
      properties: { ...body.properties, settings, protectedSettings: { password } },
    });
    expect(await account("MFA02")).toBeDefined();
  });

  it.each([
    ["a wrong password", {}, "Wrong-Password-1", 1326],
    ["an unqualified user", { User: "svc-domainjoin" }, password, 1332],
    ["another domain", { Name: "other.contoso.com" }, password, 1355],
    ["a unit where the user may not", { OUPath: "OU=Closed,DC=corp,DC=contoso,DC=com" }, password, 5],
    ["a unit that is not there", { OUPath: "OU=None,DC=corp,DC=contoso,DC=com" }, password, 2],
  ])("fails for %s, and leaves a failed extension without an account", async (_, settings, secret, code) => {
    const name = `X${code}`;
    const extension = await machine(name);
    await expect(joinAs(extension, settings, secret)).rejects.toThrow(
      new RegExp(`VMExtensionProvisioningError.*Exception\\(s\\) occured while joining Domain.*Win32 error ${code} `),
    );
    expect((await cloud.arm("GET", extension)).body.properties.provisioningState).toBe("Failed");
    expect(await account(name)).toBeUndefined();
    await joinAs(extension);
    expect(await account(name)).toBeDefined();
  });

  it("does not join a machine a second time", async () => {
    const extension = await machine("MFA03");
    await joinAs(extension);
    await joinAs(extension);
    await expect(joinAs(extension, { Restart: "false" })).rejects.toThrow(/Win32 error 2691 /);
  });

  it("reuses an account of the joining user, and no one else's", async () => {
    await joinAs(await machine("MFA04"));
    const again = await machine("MFA05");
    await domain.admin.modifyDN(`CN=MFA04,${servers}`, `CN=MFA05,${servers}`);
    await rename("MFA05", "MFA04");
    await expect(joinAs(again, { User: "CORP\\svc-other" })).rejects.toThrow(/Win32 error 2732 /);
    await joinAs(again);
    expect(await account("MFA05")).toMatchObject({ dNSHostName: "MFA05.corp.contoso.com" });
  });

  it("finds no domain when the network asks other DNS servers", async () => {
    const extension = await machine("MFA06");
    const network = structuredClone(fixtures.vnet.body) as { properties: { dhcpOptions: { dnsServers: string[] } } };
    network.properties.dhcpOptions.dnsServers = ["8.8.8.8"];
    await cloud.put(path(fixtures.vnet), network);
    await expect(joinAs(extension)).rejects.toThrow(/Win32 error 1355 .*8\.8\.8\.8/);
    await cloud.put(path(fixtures.vnet), fixtures.vnet.body);
  });

  /** The account of one name goes on under another one, as when a machine is replaced. */
  async function rename(to: string, from: string): Promise<void> {
    const { Attribute, Change } = await import("ldapts");
    await domain.admin.modify(
      `CN=${to},${servers}`,
      new Change({ operation: "replace", modification: new Attribute({ type: "sAMAccountName", values: [`${to}$`] }) }),
    );
    expect(await account(from)).toBeUndefined();
  }
});
