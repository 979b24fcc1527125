import { readFileSync } from "node:fs";
import { Attribute, Change } from "ldapts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hostScriptInput, loaderCommandLine } from "../../../provider/connections/hostCommand.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import { type AgentLines, publicName, startWindowsHost, type WindowsHost } from "../../support/windowsHost.ts";
import { dscDriver, makePfx, versions } from "./driver.ts";

const password = "Str0ng-enough-9";
const rightPolicy = "Log_on_as_a_batch_job";
const msiFolder = "C:\\Program Files\\Multi-Factor Authentication Server";
const wwwroot = "C:\\inetpub\\wwwroot";
const isapi = "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\aspnet_isapi.dll";
const sdkPath = "/MultiFactorAuthWebServiceSdk/PfWsSdk.asmx";
const mawsPath = "/MultiFactorAuthMobileAppWebService/PfPaWs.asmx";
const mawsConfig = `${wwwroot}\\MultiFactorAuthMobileAppWebService\\web.config`;

let domain: TestDomain;
let host: WindowsHost;
let agent: AgentLines;
let dsc: ReturnType<typeof dscDriver>;

beforeAll(async () => {
  domain = await startTestDomain();
  host = await startWindowsHost(domain);
  await createAccounts();
  await host.boot();
  await deploy();
});
afterAll(async () => {
  await host?.stop();
  await domain?.stop();
});

/** What the Mobile App Web Service is deployed with; tests may leave something else behind. */
let goodConfig: string;
beforeEach(async () => {
  goodConfig ??= await readConfig();
  if ((await readConfig()) !== goodConfig) await writeConfig(goodConfig);
});

// One host lives through all of it: what stands first prepares what follows.
describe("the web services of the simulated host", { shuffle: false }, () => {
  describe("the user portal", () => {
    test("shows its log-on page to whoever comes", async () => {
      expect(await host.get("/MultiFactorAuth")).toMatchObject({
        status: 301,
        headers: { location: "/MultiFactorAuth/" },
      });
      const start = await host.get("/MultiFactorAuth/");
      expect(start.status).toBe(302);
      expect(start.headers.location).toMatch(/\/MultiFactorAuth\/login\.aspx\?ReturnUrl=/i);
      const login = await host.get("/MultiFactorAuth/login.aspx");
      expect(login.status).toBe(200);
      expect(login.text).toContain("Multi-Factor Authentication User Log In");
    });

    test("is found in any spelling of its name", async () => {
      expect((await host.get("/multifactorauth/Login.ASPX")).text).toContain("User Log In");
    });

    test.each([
      ["/MultiFactorAuth/web.config", 404],
      ["/MultiFactorAuth/WEB.CONFIG", 404],
      ["/MultiFactorAuth/web.config.20261124000000000.backup.config", 404],
      ["/MultiFactorAuthWebServiceSdk/bin/PfWsSdk.dll", 404],
      ["/MultiFactorAuthWebServiceSdk/%62in/PfWsSdk.dll", 404],
      ["/..%5c..%5cInstall%5cvc_redist.x64.exe", 400],
      ["/%2e%2e/%2e%2e/Install/readme.txt", 404],
      ["/MultiFactorAuth/../../../Install/readme.txt", 404],
    ])("nothing beside the application is served: %s", async (path, status) => {
      await agent.request("file.write", {
        path: "C:\\Install\\readme.txt",
        contentBase64: Buffer.from("not for the world").toString("base64"),
        expectedSha256: null,
        backup: false,
      });
      expect((await host.get(path)).status).toBe(status);
    });
  });

  describe("the Web Service SDK", () => {
    test("asks for credentials", async () => {
      const answer = await host.get(sdkPath);
      expect(answer.status).toBe(401);
      expect(answer.headers["www-authenticate"]).toMatch(/^Basic /);
    });

    test.each([
      ["DOMAIN\\name", "CORP\\MfaWebService"],
      ["the plain name", "MfaWebService"],
      ["the user principal name", "MfaWebService@corp.contoso.com"],
    ])("answers TestSecurity to a member, by %s", async (_, user) => {
      const answer = await testSecurity(user, password);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain("<TestSecurityResult>secure</TestSecurityResult>");
    });

    test("shows its operations and its description to a member", async () => {
      const description = await host.get(`${sdkPath}?WSDL`, { headers: basic("CORP\\MfaWebService", password) });
      expect(description.text).toMatch(/<wsdl:operation name="TestSecurity"/);
    });

    test("refuses a wrong password, a stranger to the group, and an LDAP trick", async () => {
      expect((await testSecurity("CORP\\MfaWebService", "wrong")).status).toBe(401);
      expect((await testSecurity("CORP\\Outsider", password)).status).toBe(401);
      expect((await testSecurity("CORP\\*)(objectClass=*", password)).status).toBe(401);
      expect((await testSecurity("CORP\\MfaWebService", "")).status).toBe(401);
    });

    test("takes members of groups in the group", async () => {
      expect((await testSecurity("CORP\\Nested", password)).status).toBe(200);
    });
  });

  describe("the Mobile App Web Service", () => {
    test("reaches the SDK with the settings of its web.config, TLS verified", async () => {
      expect(await testConnection()).toBe("Success");
    });

    test("tells what is wrong with its settings, and works again when they are mended", async () => {
      await writeConfig(goodConfig.replace(`value="${password}"`, 'value="another"'));
      expect(await testConnection()).toMatch(/^Error: .*HTTP 401/);
      await writeConfig(goodConfig.replace("WebServiceSdk/PfWsSdk", "WebServiceSdk/Nothing"));
      expect(await testConnection()).toMatch(/^Error: .*HTTP 404/);
      await writeConfig(goodConfig.replace(`https://${publicName}`, "https://unknown.contoso.com"));
      expect(await testConnection()).toMatch(/^Error: /);
      await writeConfig(goodConfig);
      expect(await testConnection()).toBe("Success");
    });

    test("a broken web.config is a 500, and a repaired one works", async () => {
      await writeConfig(goodConfig.replace("</configuration>", ""));
      const broken = await soap(mawsPath, "http://www.phonefactor.com/PfPaWs", "TestPfWsSdkConnection");
      expect(broken).toMatchObject({ status: 500, text: expect.stringMatching(/Unexpected end of file/) });
      await writeConfig(goodConfig);
      expect(await testConnection()).toBe("Success");
    });

    test("reads settings that were encrypted on this host", async () => {
      const section = /<appSettings>.*<\/appSettings>/s.exec(goodConfig)?.[0] as string;
      const { result } = await agent.request("webconfig.encrypt", { section: "appSettings", xml: section });
      await writeConfig(goodConfig.replace(section, () => (result as { xml: string }).xml));
      expect(await readConfig()).not.toContain(password);
      expect(await testConnection()).toBe("Success");
      await writeConfig(goodConfig);
    });

    test("does not accept a certificate that the host does not trust", async () => {
      const stranger = await startWindowsHost();
      try {
        const pfx = await makePfx(stranger.authority, "pfx");
        await bind(pfx, "pfx");
        const trusted = await makePfx(host.authority, "pfx");
        // From outside this host's certificate is the stranger's now, so the answer is asked for with the stranger's trust.
        const answer = await soap(
          mawsPath,
          "http://www.phonefactor.com/PfPaWs",
          "TestPfWsSdkConnection",
          {},
          { ca: stranger.authority.caPem },
        );
        expect(result(answer.text)).toMatch(/^Error: .*(trust|certificate|SSL|TLS)/i);
        await bind(trusted, "pfx");
        expect(await testConnection()).toBe("Success");
      } finally {
        await stranger.stop();
      }
    });

    test("tells that the product's service does not run", async () => {
      await dsc.apply("PSDscResources/Service", { Name: "MultiFactorAuth", State: "Stopped" });
      expect(await testConnection()).toMatch(/^Error: .*MultiFactorAuth/);
      await dsc.apply("PSDscResources/Service", { Name: "MultiFactorAuth", State: "Running" });
      expect(await testConnection()).toBe("Success");
    });
  });

  describe("what somebody breaks behind the kit's back", () => {
    test("web-config: the test of the connection fails", async () => {
      await host.control("POST", "/tamper", { what: "web-config" });
      expect(await readConfig()).toContain("somebody-else");
      expect(await testConnection()).toMatch(/^Error: .*HTTP 401/);
    });

    test("isapi: ASP.NET is answered with 404.2", async () => {
      await host.control("POST", "/tamper", { what: "isapi" });
      const answer = await host.get("/MultiFactorAuth/login.aspx");
      expect(answer).toMatchObject({ status: 404, text: expect.stringContaining("404.2") });
      await allowIsapi();
      expect((await host.get("/MultiFactorAuth/login.aspx")).status).toBe(200);
    });

    test("batch-right: the portal's pool stops at the next request and starts when both are mended", async () => {
      await host.control("POST", "/tamper", { what: "batch-right" });
      expect((await host.get("/MultiFactorAuth/login.aspx")).status).toBe(503);
      // The SDK's pool has no account of its own.
      expect((await host.get(sdkPath)).status).toBe(401);
      expect((await dsc.get("WebAdministrationDsc/WebAppPool", { Name: "MultiFactorAuth" })).current.State).toBe(
        "Stopped",
      );
      await giveRight();
      expect((await host.get("/MultiFactorAuth/login.aspx")).status).toBe(503);
      await makePool();
      expect((await host.get("/MultiFactorAuth/login.aspx")).status).toBe(200);
    });

    test("a pool whose account has another password does not start", async () => {
      await makePool("not-the-password");
      expect((await host.get("/MultiFactorAuth/login.aspx")).status).toBe(503);
      await makePool();
      expect((await host.get("/MultiFactorAuth/login.aspx")).status).toBe(200);
    });

    test("a service account that leaves the group is refused", async () => {
      await changeMembership("delete");
      expect(await testConnection()).toMatch(/^Error: .*HTTP 401/);
      await changeMembership("add");
      expect(await testConnection()).toBe("Success");
    });
  });

  test("no password is in the log", () => {
    expect(readFileSync(host.logFile, "utf8")).not.toMatch(new RegExp(`${password}|not-the-password`));
  });
});

async function deploy(): Promise<void> {
  await host.control("POST", "/join", {
    domain: "corp.contoso.com",
    organizationalUnit: `OU=Servers,${domain.baseDn}`,
  });
  const modules = Object.entries(versions).map(([name, version]) => ({ name, version }));
  await host.run(loaderCommandLine, hostScriptInput("install-dsc-modules", { modules, source: "gallery" }));
  agent = await host.agent();
  dsc = dscDriver(agent);
  for (const Name of ["Web-Server", "Web-Asp-Net45", "Web-Metabase", "Web-Basic-Auth"]) {
    await dsc.apply("PSDscResources/WindowsFeature", { Name });
  }
  await allowIsapi();
  await bind(await makePfx(host.authority, "pfx"), "pfx");
  const install = (Name: string, Path: string, Arguments?: string) =>
    dsc.apply("xPSDesiredStateConfiguration/xPackage", { Name, ProductId: "", Path, ...(Arguments && { Arguments }) });
  for (const architecture of ["x64", "x86"]) {
    const name = `Microsoft Visual C++ 2015 Redistributable (${architecture}) - 14.0.24215`;
    await install(name, `C:\\Install\\vc_redist.${architecture}.exe`, "/install /quiet /norestart");
  }
  await install("Multi-Factor Authentication Server", "C:\\Install\\MultiFactorAuthenticationServerSetup.exe");
  for (const [name, file] of [
    ["User Portal", "UserPortal"],
    ["Web Service SDK", "WebServiceSdk"],
    ["Mobile App Web Service", "MobileAppWebService"],
  ]) {
    await install(`Multi-Factor Authentication ${name}`, `${msiFolder}\\MultiFactorAuthentication${file}Setup64.msi`);
  }
  await dsc.apply("WebAdministrationDsc/WebApplication", {
    Website: "Default Web Site",
    Name: "MultiFactorAuthWebServiceSdk",
    WebAppPool: "DefaultAppPool",
    PhysicalPath: `${wwwroot}\\MultiFactorAuthWebServiceSdk`,
    AuthenticationInfo: {
      $cim: "DSC_WebApplicationAuthenticationInformation",
      properties: { Anonymous: false, Basic: true, Digest: false, Windows: false },
    },
  });
  await giveRight();
  await makePool();
  await dsc.apply("WebAdministrationDsc/WebApplication", {
    Website: "Default Web Site",
    Name: "MultiFactorAuth",
    WebAppPool: "MultiFactorAuth",
    PhysicalPath: `${wwwroot}\\MultiFactorAuth`,
  });
  const config = await readConfig();
  await writeConfig(
    config
      .replace(/(_USERNAME" value=")/, "$1CORP\\MfaWebService")
      .replace(/(_PASSWORD" value=")/, `$1${password}`)
      .replace(/<value>[^<]*</, `<value>https://${publicName}${sdkPath}<`),
  );
}

function giveRight() {
  return dsc.apply("SecurityPolicyDsc/UserRightsAssignment", {
    Policy: rightPolicy,
    Identity: ["CORP\\PFUP_MFADEV01"],
  });
}

function makePool(accountPassword = password) {
  const Credential = { $credential: { userName: "CORP\\PFUP_MFADEV01", password: accountPassword } };
  return dsc.apply("WebAdministrationDsc/WebAppPool", {
    Name: "MultiFactorAuth",
    identityType: "SpecificUser",
    State: "Started",
    Credential,
  });
}

function allowIsapi() {
  return dsc.apply("WebAdministrationDsc/WebConfigPropertyCollection", {
    WebsitePath: "MACHINE/WEBROOT/APPHOST",
    Filter: "system.webServer/security",
    CollectionName: "isapiCgiRestriction",
    ItemName: "add",
    ItemKeyName: "path",
    ItemKeyValue: isapi,
    ItemPropertyName: "allowed",
    ItemPropertyValue: "True",
  });
}

async function bind(pfx: { thumbprint: string; base64: string }, pfxPassword: string): Promise<void> {
  await dsc.apply("CertificateDsc/PfxImport", {
    Thumbprint: pfx.thumbprint,
    Location: "LocalMachine",
    Store: "My",
    Content: pfx.base64,
    Credential: { $credential: { userName: "pfx", password: pfxPassword } },
  });
  await dsc.apply("WebAdministrationDsc/WebSite", {
    Name: "Default Web Site",
    BindingInfo: [
      {
        $cim: "DSC_WebBindingInformation",
        properties: {
          Protocol: "https",
          Port: 443,
          HostName: publicName,
          CertificateThumbprint: pfx.thumbprint,
          CertificateStoreName: "My",
        },
      },
    ],
  });
}

async function readConfig(): Promise<string> {
  const { result } = await agent.request("file.read", { path: mawsConfig });
  return Buffer.from((result as { contentBase64: string }).contentBase64, "base64").toString("utf8");
}

async function writeConfig(text: string): Promise<void> {
  const { result: before } = await agent.request("file.read", { path: mawsConfig });
  const contentBase64 = Buffer.from(text).toString("base64");
  const expectedSha256 = (before as { sha256: string }).sha256;
  const { error } = await agent.request("file.write", {
    path: mawsConfig,
    contentBase64,
    expectedSha256,
    backup: false,
  });
  if (error !== undefined) throw new Error(JSON.stringify(error));
}

function basic(user: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}` };
}

function testSecurity(user: string, secret: string) {
  return soap(sdkPath, "http://www.phonefactor.com/PfWsSdk", "TestSecurity", basic(user, secret));
}

async function testConnection(): Promise<string> {
  const answer = await soap(mawsPath, "http://www.phonefactor.com/PfPaWs", "TestPfWsSdkConnection");
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return result(answer.text);
}

function result(text: string): string {
  return /<TestPfWsSdkConnectionResult>(.*)<\/TestPfWsSdkConnectionResult>/s.exec(text)?.[1] ?? text;
}

function soap(path: string, namespace: string, operation: string, headers: Record<string, string> = {}, options = {}) {
  return host.get(path, {
    method: "POST",
    headers: { "content-type": "text/xml; charset=utf-8", soapaction: `"${namespace}/${operation}"`, ...headers },
    body: `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><${operation} xmlns="${namespace}"/></soap:Body></soap:Envelope>`,
    ...options,
  });
}

async function createAccounts(): Promise<void> {
  const users = `CN=Users,${domain.baseDn}`;
  for (const name of ["MfaWebService", "PFUP_MFADEV01", "Outsider", "Nested"]) {
    await domain.admin.add(`CN=${name},${users}`, {
      objectClass: "user",
      sAMAccountName: name,
      userPrincipalName: `${name}@corp.contoso.com`,
      userAccountControl: "512",
      unicodePwd: Buffer.from(`"${password}"`, "utf16le") as never,
    });
  }
  const group = (name: string, members: string[]) =>
    domain.admin.add(`CN=${name},${users}`, { objectClass: "group", sAMAccountName: name, member: members });
  await group("Operators", [`CN=Nested,${users}`]);
  await group("PhoneFactor Admins", [`CN=MfaWebService,${users}`, `CN=Operators,${users}`]);
}

async function changeMembership(operation: "add" | "delete"): Promise<void> {
  const users = `CN=Users,${domain.baseDn}`;
  const modification = new Attribute({ type: "member", values: [`CN=MfaWebService,${users}`] });
  await domain.admin.modify(`CN=PhoneFactor Admins,${users}`, new Change({ operation, modification }));
}
