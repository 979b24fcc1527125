import { createHash } from "node:crypto";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostScriptInput, loaderCommandLine } from "../../../provider/connections/hostCommand.ts";
import { methods } from "../../../provider/dsc/protocol.ts";
import { pwsh } from "../../support/powershell.ts";
import { type AgentLines, publicName, startWindowsHost, type WindowsHost } from "../../support/windowsHost.ts";
import { dscDriver, makePfx, versions } from "./driver.ts";

/** The module's schema wants both, whatever the rule is about. */
const plainRule = { Authentication: "NotRequired", Encryption: "NotRequired", Direction: "Inbound" };

let host: WindowsHost;
let agent: AgentLines;
let dsc: ReturnType<typeof dscDriver>;

beforeAll(async () => {
  host = await startWindowsHost();
  await host.boot();
  const modules = Object.entries(versions).map(([name, version]) => ({ name, version }));
  agent = await host.agent();
  dsc = dscDriver(agent);
  const before = await dsc.raw("dsc.get", "NetworkingDsc/Firewall", { Name: "x" });
  expect(before.error).toMatchObject({ code: "MODULE_NOT_FOUND" });
  await host.run(loaderCommandLine, hostScriptInput("install-dsc-modules", { modules, source: "gallery" }));
});
afterAll(() => host.stop());

// One host lives through all of it: what stands first prepares what follows.
describe("the simulated host", { shuffle: false }, () => {
  describe("the protocol", () => {
    test("facts have the protocol's shape and name the modules", async () => {
      const facts = methods.facts.result.parse((await agent.request("facts")).result);
      expect(facts).toMatchObject({ computerName: "MFADEV01", partOfDomain: false, pendingReboot: false });
      expect(facts.modules).toMatchObject({ WebAdministrationDsc: [versions.WebAdministrationDsc] });
    });

    test.each([
      ["a line that is not JSON", "hello", { id: null, ok: false, error: { code: "BAD_REQUEST" } }],
      ["an unknown method", '{"id":90,"method":"format","params":{}}', { id: 90, error: { code: "UNKNOWN_METHOD" } }],
      [
        "an unknown parameter",
        '{"id":91,"method":"facts","params":{"x":1}}',
        { id: 91, error: { code: "BAD_REQUEST" } },
      ],
      ["a missing parameter", '{"id":92,"method":"file.read","params":{}}', { id: 92, error: { code: "BAD_REQUEST" } }],
    ])("%s is a bad request", async (_, line, answer) => {
      expect(await agent.send(line)).toMatchObject(answer);
    });
  });

  describe("property binding, as PowerShell does it", () => {
    test.each([
      ["an unknown resource", "NetworkingDsc/Fireball", { Name: "x" }, "RESOURCE_NOT_FOUND", /no DSC resource/],
      [
        "a value outside of the list",
        "NetworkingDsc/Firewall",
        { Name: "x", Action: "Burn" },
        "DSC_TEST_FAILED",
        /Burn/,
      ],
      ["a missing key", "NetworkingDsc/Firewall", { Action: "Allow" }, "DSC_TEST_FAILED", /mandatory.*Name/],
      [
        "a wrong type",
        "WebAdministrationDsc/WebAppPool",
        { Name: "x", autoStart: "yes" },
        "DSC_TEST_FAILED",
        /boolean.*autoStart|autoStart.*System\.Boolean/,
      ],
      [
        "a number that is too large",
        "WebAdministrationDsc/WebAppPool",
        { Name: "x", queueLength: 2 ** 33 },
        "DSC_TEST_FAILED",
        /uint32.*queueLength|queueLength.*System\.UInt32/,
      ],
      [
        "a plain object for an embedded instance",
        "WebAdministrationDsc/WebSite",
        { Name: "x", BindingInfo: [{ Protocol: "https" }] },
        "DSC_TEST_FAILED",
        /CIM instance/,
      ],
    ])("%s is refused", async (_, resource, properties, code, message) => {
      const { error } = await dsc.raw("dsc.apply", resource, properties);
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    });
  });

  // The real script leaves it out, as DSC does; the kit has refused it before.
  test.runIf(pwsh === undefined)("the simulation's own answers refuse an unknown property", async () => {
    const { error } = await dsc.raw("dsc.apply", "NetworkingDsc/Firewall", { Name: "x", Colour: "red" });
    expect(error).toMatchObject({ code: "DSC_TEST_FAILED", message: expect.stringContaining("'Colour'") });
  });

  describe("IIS", () => {
    test("the web resources need the role", async () => {
      const { error } = await dsc.raw("dsc.get", "WebAdministrationDsc/WebSite", { Name: "Default Web Site" });
      expect(error).toMatchObject({ code: "DSC_GET_FAILED", resource: "[WebSite]Default Web Site" });
    });

    test("a role service brings its role, its requirements and the default site", async () => {
      const applied = await dsc.apply("xPSDesiredStateConfiguration/xWindowsFeature", { Name: "Web-Asp-Net45" });
      expect(applied).toMatchObject({ changed: true, inDesiredState: true, current: { Ensure: "Present" } });
      for (const Name of ["Web-Server", "Web-ISAPI-Ext", "Web-Default-Doc", "Web-Net-Ext45"]) {
        expect(await dsc.get("PSDscResources/WindowsFeature", { Name })).toMatchObject({ inDesiredState: true });
      }
      expect(await dsc.get("PSDscResources/WindowsFeature", { Name: "Web-Basic-Auth" })).toMatchObject({
        inDesiredState: false,
      });
      const site = await dsc.get("WebAdministrationDsc/WebSite", { Name: "Default Web Site" });
      expect(site.current).toMatchObject({
        State: "Started",
        BindingInfo: [{ Protocol: "http", BindingInformation: "*:80:" }],
      });
    });

    test("an unknown feature is named", async () => {
      const { error } = await dsc.raw("dsc.get", "PSDscResources/WindowsFeature", { Name: "Web-Everything" });
      expect(error).toMatchObject({ message: expect.stringContaining("Web-Everything") });
    });

    test("removing a feature removes what needs it", async () => {
      await dsc.apply("PSDscResources/WindowsFeature", { Name: "Web-WMI" });
      await dsc.apply("PSDscResources/WindowsFeature", { Name: "Web-Metabase", Ensure: "Absent" });
      const { current } = await dsc.get("PSDscResources/WindowsFeature", { Name: "Web-WMI" });
      expect(current.Ensure).toBe("Absent");
    });

    test("an application pool shows IIS's defaults and keeps its password to itself", async () => {
      const Credential = { $credential: { userName: "MFADEV01\\mfaadmin", password: "a-pool-password" } };
      const wanted = { Name: "Portal", identityType: "SpecificUser", Credential, State: "Started" };
      const applied = await dsc.apply("WebAdministrationDsc/WebAppPool", wanted);
      expect(applied.current).toMatchObject({ managedRuntimeVersion: "v4.0", queueLength: 1000, State: "Started" });
      expect(applied.current).not.toHaveProperty("Credential");
      expect((await dsc.apply("WebAdministrationDsc/WebAppPool", wanted)).changed).toBe(false);
      const other = { ...wanted, Credential: { $credential: { userName: "MFADEV01\\mfaadmin", password: "another" } } };
      expect((await dsc.get("WebAdministrationDsc/WebAppPool", other)).inDesiredState).toBe(false);
      expect(JSON.stringify((await host.control("GET", "/state")).body)).not.toContain("a-pool-password");
    });

    test("recycles a pool that runs and names one that is missing", async () => {
      expect((await agent.request("appPool.recycle", { name: "portal" })).result).toEqual({
        recycled: true,
        state: "Started",
      });
      expect((await agent.request("appPool.recycle", { name: "Nobody" })).error).toMatchObject({
        code: "APP_POOL_NOT_FOUND",
      });
    });

    test("ISAPI restrictions: found expanded, shown as .NET shows them, a duplicate is refused", async () => {
      const path = "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\aspnet_isapi.dll";
      const entry = (ItemKeyValue: string) => ({
        WebsitePath: "MACHINE/WEBROOT/APPHOST",
        Filter: "system.webServer/security",
        CollectionName: "isapiCgiRestriction",
        ItemName: "add",
        ItemKeyName: "path",
        ItemKeyValue,
        ItemPropertyName: "allowed",
        ItemPropertyValue: "true",
      });
      const resource = "WebAdministrationDsc/WebConfigPropertyCollection";
      expect((await dsc.get(resource, entry(path))).current).toMatchObject({ ItemPropertyValue: "False" });
      expect((await dsc.apply(resource, entry(path))).current).toMatchObject({ ItemPropertyValue: "True" });
      expect((await dsc.get(resource, entry(path.toLowerCase()))).inDesiredState).toBe(true);
      const unexpanded = await dsc.raw("dsc.apply", resource, entry(path.replace("C:\\Windows", "%windir%")));
      expect(unexpanded.error).toMatchObject({ code: "DSC_SET_FAILED", message: expect.stringContaining("duplicate") });
    });

    test("locked sections cannot be written below the server", async () => {
      const property = (WebsitePath: string) => ({
        WebsitePath,
        Filter: "system.webServer/security/authentication/basicAuthentication",
        PropertyName: "enabled",
        Value: "True",
      });
      const resource = "WebAdministrationDsc/WebConfigProperty";
      const { error } = await dsc.raw("dsc.apply", resource, property("IIS:\\Sites\\Default Web Site"));
      expect(error).toMatchObject({ code: "DSC_SET_FAILED", hresult: 0x80070021 | 0 });
      const server = property("MACHINE/WEBROOT/APPHOST");
      expect((await dsc.get(resource, server)).current).toMatchObject({ Ensure: "Absent", Value: false });
      expect((await dsc.apply(resource, server)).current).toMatchObject({ Ensure: "Present", Value: true });
      await dsc.apply(resource, { ...server, Value: "False" });
    });

    test("a section that IIS does not have is refused", async () => {
      const { error } = await dsc.raw("dsc.get", "WebAdministrationDsc/WebConfigProperty", {
        WebsitePath: "MACHINE/WEBROOT/APPHOST",
        Filter: "system.webServer/security/authentication/basicAuthentification",
        PropertyName: "enabled",
      });
      expect(error).toMatchObject({ message: expect.stringContaining("basicAuthentification") });
    });
  });

  describe("certificates and the https binding", () => {
    const store = { Location: "LocalMachine", Store: "My" };
    const binding = (CertificateThumbprint: string, more: object = {}) => ({
      Name: "Default Web Site",
      BindingInfo: [
        {
          $cim: "DSC_WebBindingInformation",
          properties: { Protocol: "https", Port: 443, HostName: publicName, CertificateThumbprint, ...more },
        },
      ],
    });
    const importing = (pfx: { thumbprint: string; base64: string }, password: string) => ({
      Thumbprint: pfx.thumbprint,
      ...store,
      Content: pfx.base64,
      Credential: { $credential: { userName: "pfx", password } },
    });

    test("nothing listens before a certificate is bound", async () => {
      await expect(host.get("/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    });

    test("a binding needs a certificate of the store", async () => {
      const { error } = await dsc.raw("dsc.apply", "WebAdministrationDsc/WebSite", binding("A".repeat(40)));
      expect(error).toMatchObject({ code: "DSC_SET_FAILED", hresult: 0x80070520 | 0 });
    });

    test("a wrong password, an expired certificate and no PFX at all are refused", async () => {
      const pfx = await makePfx(host.authority, "right");
      const wrong = await dsc.raw("dsc.apply", "CertificateDsc/PfxImport", importing(pfx, "wrong"));
      expect(wrong.error).toMatchObject({ code: "DSC_SET_FAILED", hresult: 0x80070056 | 0 });
      expect(JSON.stringify(wrong.error)).not.toMatch(/"wrong"|right/);
      const expired = await makePfx(host.authority, "right", { notAfter: new Date(Date.now() - 60_000) });
      const late = await dsc.raw("dsc.apply", "CertificateDsc/PfxImport", importing(expired, "right"));
      expect(late.error).toMatchObject({ hresult: 0x800b0101 | 0 });
      const garbage = { ...importing(pfx, "right"), Content: Buffer.from("no PFX").toString("base64") };
      expect((await dsc.raw("dsc.apply", "CertificateDsc/PfxImport", garbage)).error).toBeDefined();
      expect((await dsc.get("CertificateDsc/PfxImport", importing(pfx, "right"))).inDesiredState).toBe(false);
    });

    test("the bound certificate is the one that is served, and another one takes over without a dropped connection", async () => {
      const first = await makePfx(host.authority, "one");
      const second = await makePfx(host.authority, "two", { modern: true });
      const open: TLSSocket[] = [];
      for (const [pfx, password] of [
        [first, "one"],
        [second, "two"],
      ] as const) {
        expect(await dsc.apply("CertificateDsc/PfxImport", importing(pfx, password))).toMatchObject({
          changed: true,
          inDesiredState: true,
        });
        await dsc.apply("WebAdministrationDsc/WebSite", binding(pfx.thumbprint));
        const answer = await host.get("/");
        expect(answer).toMatchObject({ status: 200, thumbprint: pfx.thumbprint });
        open.push(await openTls());
      }
      for (const socket of open) expect(await headOver(socket)).toMatch(/^HTTP\/1\.1 200/);
      const { current } = await dsc.get("WebAdministrationDsc/WebSite", binding(second.thumbprint));
      expect(current.BindingInfo).toEqual([
        {
          Protocol: "https",
          BindingInformation: `*:443:${publicName}`,
          IPAddress: "*",
          Port: 443,
          HostName: publicName,
          CertificateThumbprint: second.thumbprint,
          CertificateStoreName: "My",
          SslFlags: "0",
        },
      ]);
    });

    test("another host name is not served", async () => {
      expect((await host.get("/", { headers: { host: "other.contoso.com" } })).status).toBe(400);
    });

    test("the host's firewall can close the port", async () => {
      const rule = { ...plainRule, Name: "block-https", Action: "Block", Protocol: "TCP", LocalPort: ["443"] };
      await dsc.apply("NetworkingDsc/Firewall", rule);
      await expect(host.get("/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
      await dsc.apply("NetworkingDsc/Firewall", { ...rule, Ensure: "Absent" });
      expect((await host.get("/")).status).toBe(200);
    });

    test("tampering with the binding closes the port and shows", async () => {
      await host.control("POST", "/tamper", { what: "binding" });
      await expect(host.get("/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
      const { current } = await dsc.get("WebAdministrationDsc/WebSite", { Name: "Default Web Site" });
      expect(current.BindingInfo).toEqual([]);
    });
  });

  function openTls(): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const target = { host: host.address, port: host.httpsPort, servername: publicName, ca: host.authority.caPem };
      const socket: TLSSocket = connectTls(target, () => resolve(socket));
      socket.once("error", reject);
    });
  }

  function headOver(socket: TLSSocket): Promise<string> {
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.once("data", (data) => {
        socket.destroy();
        resolve(data.toString("latin1"));
      });
      socket.write(`HEAD / HTTP/1.1\r\nHost: ${publicName}\r\n\r\n`);
    });
  }

  describe("packages", () => {
    const setup = { Name: "Multi-Factor Authentication Server", ProductId: "" };
    const path = "C:\\Install\\MultiFactorAuthenticationServerSetup.exe";

    test("the installers lie where they are listed, with the hashes that are listed", async () => {
      const { body } = await host.control<{ path: string; sha256: string }[]>("GET", "/installers");
      expect(body.map((installer) => installer.path)).toContain(path);
      for (const installer of body) {
        const { result } = await agent.request("file.read", { path: installer.path.toLowerCase() });
        expect(result).toMatchObject({ exists: true, sha256: installer.sha256 });
      }
    });

    test("a file with another hash is not run", async () => {
      const FileHash = "0".repeat(64);
      const { error } = await dsc.raw("dsc.apply", "xPSDesiredStateConfiguration/xPackage", {
        ...setup,
        Path: path,
        FileHash,
      });
      expect(error).toMatchObject({ code: "DSC_SET_FAILED", message: expect.stringContaining(FileHash) });
    });

    test("a file that is no installer is not run", async () => {
      const contentBase64 = Buffer.from("MZ something else").toString("base64");
      await agent.request("file.write", {
        path: "C:\\Install\\other.exe",
        contentBase64,
        expectedSha256: null,
        backup: false,
      });
      const other = { Name: "Other", ProductId: "", Path: "C:\\Install\\other.exe", Arguments: "/quiet" };
      const { error } = await dsc.raw("dsc.apply", "xPSDesiredStateConfiguration/xPackage", other);
      expect(error).toMatchObject({ hresult: 0x800700c1 | 0 });
    });

    test("the server brings its services, its folder and its MSIs", async () => {
      const applied = await dsc.apply("xPSDesiredStateConfiguration/xPackage", { ...setup, Path: path });
      expect(applied.current).toMatchObject({ Installed: true, Version: "7.3.0.3" });
      const key = { Key: "HKLM:\\SOFTWARE\\Wow6432Node\\Positive Networks\\PhoneFactor", ValueName: "InstallPath" };
      const installPath = "C:\\Program Files\\Multi-Factor Authentication Server\\";
      expect((await dsc.get("xPSDesiredStateConfiguration/xRegistry", key)).current.ValueData).toEqual([installPath]);
      const service = await dsc.get("PSDscResources/Service", { Name: "multifactorauth" });
      expect(service.current).toMatchObject({ State: "Running", StartupType: "Automatic" });
      const { body } = await host.control<{ path: string }[]>("GET", "/installers");
      expect(body.filter((installer) => installer.path.startsWith(installPath))).toHaveLength(3);
    });

    test("the MSIs want Visual C++ and the IIS 6 metabase, and say so", async () => {
      const msi = {
        Name: "Multi-Factor Authentication User Portal",
        ProductId: "",
        Path: "C:\\Program Files\\Multi-Factor Authentication Server\\MultiFactorAuthenticationUserPortalSetup64.msi",
      };
      const resource = "xPSDesiredStateConfiguration/xPackage";
      expect((await dsc.raw("dsc.apply", resource, msi)).error).toMatchObject({
        message: expect.stringContaining("Web-Metabase"),
      });
      await dsc.apply("PSDscResources/WindowsFeature", { Name: "Web-Metabase" });
      expect((await dsc.raw("dsc.apply", resource, msi)).error).toMatchObject({
        message: expect.stringContaining("x86 and x64"),
      });
      for (const [architecture, branch] of [
        ["x64", ""],
        ["x86", "Wow6432Node\\"],
      ]) {
        const runtime = {
          Name: `Visual C++ ${architecture}`,
          ProductId: "",
          Path: `C:\\Install\\vc_redist.${architecture}.exe`,
          InstalledCheckRegKey: `SOFTWARE\\${branch}Microsoft\\VisualStudio\\14.0\\VC\\Runtimes\\${architecture}`,
          InstalledCheckRegValueName: "Installed",
          InstalledCheckRegValueData: "1",
        };
        const person = await dsc.raw("dsc.apply", resource, runtime);
        expect(person.error).toMatchObject({ message: expect.stringContaining("silent") });
        expect(
          (await dsc.apply(resource, { ...runtime, Arguments: "/install /quiet /norestart" })).inDesiredState,
        ).toBe(true);
      }
      expect((await dsc.apply(resource, msi)).inDesiredState).toBe(true);
      const file = await agent.request("file.read", { path: "C:\\inetpub\\wwwroot\\MultiFactorAuth\\web.config" });
      const { contentBase64 } = file.result as { contentBase64: string };
      expect(Buffer.from(contentBase64, "base64").toString()).toContain("USE_WEB_SERVICE_SDK");
      const application = { Website: "Default Web Site", Name: "MultiFactorAuth", WebAppPool: "", PhysicalPath: "" };
      expect((await dsc.get("WebAdministrationDsc/WebApplication", application)).current).toMatchObject({
        Ensure: "Present",
        WebAppPool: "DefaultAppPool",
        AuthenticationInfo: { Anonymous: true, Basic: false },
      });
    });
  });

  describe("other resources", () => {
    test("user rights: names are translated, others keep theirs, unknown accounts are refused", async () => {
      const right = { Policy: "Log_on_as_a_batch_job", Identity: ["mfaadmin"] };
      const { current } = await dsc.apply("SecurityPolicyDsc/UserRightsAssignment", right);
      expect(current.Identity).toEqual(expect.arrayContaining(["BUILTIN\\Administrators", "MFADEV01\\mfaadmin"]));
      expect((await agent.request("rights.get", { policy: "SeBatchLogonRight" })).result).toEqual({
        identities: current.Identity,
        source: "local",
      });
      const stranger = { ...right, Identity: ["CORP\\somebody"] };
      expect((await dsc.raw("dsc.apply", "SecurityPolicyDsc/UserRightsAssignment", stranger)).error).toMatchObject({
        message: expect.stringContaining("CORP\\somebody"),
      });
      await dsc.apply("SecurityPolicyDsc/UserRightsAssignment", { ...right, Ensure: "Absent" });
      expect((await dsc.get("SecurityPolicyDsc/UserRightsAssignment", right)).inDesiredState).toBe(false);
    });

    test("registry values are not overwritten without Force", async () => {
      const value = { Key: "HKLM\\SOFTWARE\\Test", ValueName: "Number", ValueType: "DWord", ValueData: ["0x10"] };
      const made = await dsc.apply("xPSDesiredStateConfiguration/xRegistry", { ...value, Hex: true });
      expect(made.current).toMatchObject({ ValueData: ["16"] });
      const other = { ...value, ValueData: ["17"] };
      expect((await dsc.raw("dsc.apply", "xPSDesiredStateConfiguration/xRegistry", other)).error).toBeDefined();
      expect(await dsc.apply("xPSDesiredStateConfiguration/xRegistry", { ...other, Force: true })).toMatchObject({
        inDesiredState: true,
        current: { ValueData: ["17"] },
      });
    });

    test("a service starts with what it depends on", async () => {
      await dsc.apply("PSDscResources/Service", { Name: "WAS", State: "Stopped" });
      expect((await dsc.get("PSDscResources/Service", { Name: "W3SVC" })).current.State).toBe("Stopped");
      await dsc.apply("PSDscResources/Service", { Name: "W3SVC" });
      expect((await dsc.get("PSDscResources/Service", { Name: "WAS" })).current.State).toBe("Running");
    });

    test("applying what holds already changes nothing, unless it is forced", async () => {
      const rule = { ...plainRule, Name: "Kit", DisplayName: "Kit", LocalPort: ["443"], Protocol: "TCP" };
      expect((await dsc.apply("NetworkingDsc/Firewall", rule)).changed).toBe(true);
      expect((await dsc.apply("NetworkingDsc/Firewall", rule)).changed).toBe(false);
      const forced = await dsc.raw("dsc.apply", "NetworkingDsc/Firewall", rule, { force: true });
      expect(forced.result).toMatchObject({ changed: true, inDesiredState: true });
      expect(agent.progress).toContain("[Firewall]Kit: changing");
    });
  });

  describe("a pending restart", () => {
    test("comes with the removal of the web server, is told, and goes with a restart", async () => {
      const asked = { Name: "kit" };
      expect((await dsc.get("ComputerManagementDsc/PendingReboot", asked)).inDesiredState).toBe(true);
      const removed = await dsc.apply("PSDscResources/WindowsFeature", { Name: "Web-Server", Ensure: "Absent" });
      expect(removed.rebootRequired).toBe(true);
      const waiting = await dsc.get("ComputerManagementDsc/PendingReboot", asked);
      expect(waiting).toMatchObject({ inDesiredState: false, current: { ComponentBasedServicing: true } });
      expect((await agent.request("facts")).result).toMatchObject({ pendingReboot: true });
      await host.control("POST", "/reboot");
      agent = await host.agent();
      expect((await agent.request("facts")).result).toMatchObject({ pendingReboot: false });
    });
  });

  describe("files", () => {
    const path = "C:\\Temp\\settings.config";
    const write = (content: string, expectedSha256: string | null) =>
      agent.request("file.write", {
        path,
        contentBase64: Buffer.from(content).toString("base64"),
        expectedSha256,
        backup: true,
      });
    const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");

    test("are written only over what was read, with a backup beside them", async () => {
      expect((await agent.request("file.read", { path })).result).toEqual({ exists: false });
      expect((await write("one", null)).error).toMatchObject({ code: "FILE_WRITE_FAILED" });
      await agent.request("file.write", {
        path: "C:\\Install\\settings.config",
        contentBase64: "",
        expectedSha256: null,
        backup: false,
      });
      const target = "C:\\INSTALL\\Settings.Config";
      const again = (content: string, expectedSha256: string) =>
        agent.request("file.write", {
          path: target,
          contentBase64: Buffer.from(content).toString("base64"),
          expectedSha256,
          backup: true,
        });
      const written = await again("two", sha256(""));
      const { backupPath } = written.result as { backupPath: string };
      expect(backupPath).toMatch(/\.\d{17}\.backup\.config$/);
      expect((await agent.request("file.read", { path: backupPath })).result).toMatchObject({ sha256: sha256("") });
      expect((await again("three", sha256("one"))).error).toMatchObject({ code: "FILE_CHANGED" });
      expect((await agent.request("file.read", { path: target, maxBytes: 2 })).error).toMatchObject({
        code: "FILE_TOO_LARGE",
      });
    });

    test.each(["D:\\x", "relative\\x", "C:\\..\\..\\etc\\passwd", "C:\\a\\..\\..\\b", "\\\\server\\share\\x"])(
      "a path never leaves the drive: %s",
      async (outside) => {
        const { result, error } = await agent.request("file.read", { path: outside });
        expect(error ?? result).toMatchObject(error === undefined ? { exists: false } : { code: "FILE_READ_FAILED" });
      },
    );

    test("a section encrypted here is decrypted here and nowhere else", async () => {
      const xml = '<appSettings><add key="A" value="secret &amp; more" /></appSettings>';
      const { result } = await agent.request("webconfig.encrypt", { section: "appSettings", xml });
      const encrypted = (result as { xml: string }).xml;
      expect(encrypted).toMatch(/^<appSettings configProtectionProvider="DataProtectionConfigurationProvider">/);
      expect(encrypted).not.toContain("secret");
      expect((await agent.request("webconfig.decrypt", { section: "appSettings", xml: encrypted })).result).toEqual({
        xml,
      });
      const foreign = encrypted.replace(/<CipherValue>[^<]+/, `<CipherValue>${Buffer.alloc(64, 7).toString("base64")}`);
      expect((await agent.request("webconfig.decrypt", { section: "appSettings", xml: foreign })).error).toMatchObject({
        code: "PROTECTION_FAILED",
      });
    });
  });
});
