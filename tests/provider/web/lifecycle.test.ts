import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HostSession, openHost } from "../../../provider/connections/host.ts";
import { PartialFailure } from "../../../provider/engine/definition.ts";
import { configFileLifecycle as lifecycle } from "../../../provider/web/lifecycle.ts";
import { type ConfigFileOutputs, configFileInputs } from "../../../provider/web/schema.ts";
import { hostContext } from "../../support/lifecycle.ts";
import { MemoryAgent, sha256 } from "../../support/memoryAgent.ts";
import { startSshServer, type TestSshServer } from "../../support/sshServer.ts";

const path = "C:\\inetpub\\wwwroot\\MultiFactorAuth\\web.config";
const before = `<?xml version="1.0" encoding="utf-8"?>\r
<configuration>\r
  <appSettings>\r
    <add key="USE_WEB_SERVICE_SDK" value="false" />\r
    <add key="WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD" value="" />\r
  </appSettings>\r
  <applicationSettings>\r
    <pfup.Properties.Settings>\r
      <setting name="pfup_pfwssdk_PfWsSdk" serializeAs="String"><value>http://localhost:4898/PfWsSdk.asmx</value></setting>\r
    </pfup.Properties.Settings>\r
  </applicationSettings>\r
</configuration>\r
`;
const password = "s3cret&<>-password";
const url = "https://mfa.dev.contoso.com/MultiFactorAuthWebServiceSdk/PfWsSdk.asmx";
const after = before
  .replace(`SDK" value="false"`, `SDK" value="true"`)
  .replace(`PASSWORD" value=""`, `PASSWORD" value="s3cret&amp;&lt;&gt;-password"`)
  .replace("http://localhost:4898/PfWsSdk.asmx", url);

const inputs = configFileInputs.parse({
  path,
  appSettings: { USE_WEB_SERVICE_SDK: "true", WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD: password },
  applicationSettings: { _pfwssdk_PfWsSdk: url },
  applicationPool: "DefaultAppPool",
});

let agent: MemoryAgent;
let server: TestSshServer;
let host: HostSession;
let context: ReturnType<typeof hostContext>["context"];

beforeEach(async () => {
  agent = new MemoryAgent();
  agent.files.set(path, Buffer.from(before));
  server = await startSshServer(agent.program);
  agent.cut = () => server.cut();
  host = await openHost(server.connection);
  ({ context } = hostContext(host));
});

afterEach(async () => {
  await host.close();
  await server.close();
});

const fileText = () => agent.files.get(path)?.toString("utf8");
const create = () => lifecycle.create(inputs, context);

describe("create", () => {
  test("changes the named settings, keeps a backup, recycles the pool, and reports what it read back", async () => {
    const created = await create();
    expect(fileText()).toBe(after);
    expect([...agent.backups.values()].map(String)).toEqual([before]);
    expect(agent.recycled).toEqual(["DefaultAppPool"]);
    expect(created).toEqual({
      id: path,
      outputs: {
        path,
        appSettings: inputs.appSettings,
        applicationSettings: inputs.applicationSettings,
        sha256: sha256(Buffer.from(after)),
      },
    });
  });

  test("of a file that is right already writes nothing and recycles nothing", async () => {
    agent.files.set(path, Buffer.from(after));
    await create();
    expect(agent.methods()).toEqual(["file.read"]);
  });

  test("of a file that is not there says what makes it", async () => {
    agent.files.clear();
    await expect(create()).rejects.toMatchObject({ code: "CONFIG_FILE_MISSING" });
  });

  test("keeps UTF-16 and its byte order mark", async () => {
    const utf16 = (text: string) =>
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text.replace("utf-8", "utf-16"), "utf16le")]);
    agent.files.set(path, utf16(before));
    await create();
    expect(agent.files.get(path)).toEqual(utf16(after));
  });

  test("refuses a file over 5 MB without fetching it", async () => {
    agent.files.set(path, Buffer.alloc(6 * 1024 * 1024, " "));
    await expect(create()).rejects.toMatchObject({ code: "CONFIG_FILE_TOO_LARGE" });
  });

  test("of a broken file changes nothing", async () => {
    agent.files.set(path, Buffer.from(before.slice(0, -30)));
    await expect(create()).rejects.toMatchObject({ code: "CONFIG_XML_BROKEN" });
    expect(agent.methods()).toEqual(["file.read"]);
  });

  test("with a pool that is not there leaves the settings written and says both", async () => {
    agent.intercept = ({ method }) =>
      method === "appPool.recycle"
        ? { error: { code: "APP_POOL_NOT_FOUND", message: "there is no application pool" } }
        : undefined;
    await expect(create()).rejects.toMatchObject({
      name: "PartialFailure",
      id: path,
      outputs: { sha256: sha256(Buffer.from(after)) },
    });
    expect(fileText()).toBe(after);
  });

  test("of a file that cannot be written says why, and names what to look at", async () => {
    agent.intercept = ({ method }) =>
      method === "file.write"
        ? { error: { code: "FILE_WRITE_FAILED", message: `'${path}' could not be written` } }
        : undefined;
    await expect(create()).rejects.toMatchObject({
      code: "CONFIG_FILE_WRITE_FAILED",
      message: expect.stringContaining("read-only"),
    });
    expect(fileText()).toBe(before);
  });
});

describe("a recycle that failed behind the write", () => {
  /** The first deployment: the file is written, the pool is not recycled. */
  async function fail(failure: "cut" | { error: { code: string; message: string } }): Promise<ConfigFileOutputs> {
    agent.intercept = ({ method }) => (method === "appPool.recycle" ? failure : undefined);
    const error: unknown = await create().catch((caught: unknown) => caught);
    agent.intercept = undefined;
    expect(error).toBeInstanceOf(PartialFailure);
    expect(agent.recycled).toEqual([]);
    return (error as PartialFailure).outputs as ConfigFileOutputs;
  }

  test.each([
    ["IIS refused", { error: { code: "APP_POOL_FAILED", message: "the service is not running" } }],
    ["the connection was lost twice", "cut" as const],
  ])("because %s is planned and done by the next deployment, once", async (_why, failure) => {
    const outputs = await fail(failure);
    expect(lifecycle.diff?.(path, inputs, outputs, inputs, context)).toEqual({
      changes: { applicationPool: "update" },
    });
    const done = await lifecycle.update?.(path, outputs, inputs, inputs, context);
    expect(agent.recycled).toEqual(["DefaultAppPool"]);
    expect(fileText()).toBe(after);
    expect(lifecycle.diff?.(path, inputs, done as ConfigFileOutputs, inputs, context)).toEqual({ changes: {} });
  });

  test("is still to be done after a refresh", async () => {
    const outputs = await fail({ error: { code: "APP_POOL_FAILED", message: "the service is not running" } });
    const read = await lifecycle.read(path, { inputs, outputs }, context);
    expect(read?.outputs.recyclePending).toBe(true);
  });
});

describe("somebody else writes to the file", () => {
  const foreign = before.replace("<configuration>", "<configuration><!-- foreign -->");

  test("once: the change is made on top of theirs", async () => {
    let writes = 0;
    agent.intercept = ({ method }) => {
      if (method === "file.write" && writes++ === 0) agent.files.set(path, Buffer.from(foreign));
      return undefined;
    };
    await create();
    expect(fileText()).toBe(after.replace("<configuration>", "<configuration><!-- foreign -->"));
    expect(agent.methods()).toEqual([
      "file.read",
      "file.write",
      "file.read",
      "file.write",
      "file.read",
      "appPool.recycle",
    ]);
  });

  test("again and again: given up, nothing of theirs overwritten", async () => {
    let writes = 0;
    agent.intercept = ({ method }) => {
      if (method === "file.write")
        agent.files.set(path, Buffer.from(foreign.replace("foreign", `foreign ${writes++}`)));
      return undefined;
    };
    await expect(create()).rejects.toMatchObject({ code: "CONFIG_FILE_CONTESTED" });
    expect(fileText()).toContain("foreign 1");
  });
});

describe("the connection is lost", () => {
  test("behind the write: the new file is recognised, not written twice, and the pool still recycled", async () => {
    let writes = 0;
    agent.intercept = ({ method }) => {
      if (method !== "file.write" || writes++ > 0) return undefined;
      agent.files.set(path, Buffer.from(after));
      return "cut";
    };
    await create();
    expect(fileText()).toBe(after);
    expect(writes).toBe(1);
    expect(agent.recycled).toEqual(["DefaultAppPool"]);
  });

  test("before the write: it is written on the new connection", async () => {
    let writes = 0;
    agent.intercept = ({ method }) => (method === "file.write" && writes++ === 0 ? "cut" : undefined);
    await create();
    expect(fileText()).toBe(after);
    expect(writes).toBe(2);
  });
});

describe("read", () => {
  test("of an untouched file finds what was declared", async () => {
    const { outputs } = await create();
    expect(await lifecycle.read(path, { inputs, outputs }, context)).toEqual({ id: path, inputs, outputs });
  });

  test("names the setting that somebody changed, and the one that is gone", async () => {
    const { outputs } = await create();
    agent.files.set(
      path,
      Buffer.from(after.replace(`SDK" value="true"`, `SDK" value="false"`).replace(/ {4}<add key="WEB_.*\r\n/, "")),
    );
    const found = await lifecycle.read(path, { inputs, outputs }, context);
    expect(found?.inputs).toEqual({ ...inputs, appSettings: { USE_WEB_SERVICE_SDK: "false" } });
    expect(found?.outputs.appSettings).toEqual({ USE_WEB_SERVICE_SDK: "false" });
    await lifecycle.update(path, found?.outputs ?? outputs, inputs, found?.inputs ?? inputs, context);
    expect((await lifecycle.read(path, { inputs, outputs }, context))?.inputs).toEqual(inputs);
  });

  test("of a deleted file finds nothing", async () => {
    const { outputs } = await create();
    agent.files.clear();
    expect(await lifecycle.read(path, { inputs, outputs }, context)).toBeUndefined();
  });

  test("for an import gives every setting of the file", async () => {
    const found = await lifecycle.read(path, undefined, context);
    expect(found?.inputs).toEqual({
      path,
      appSettings: { USE_WEB_SERVICE_SDK: "false", WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD: "" },
      applicationSettings: { pfup_pfwssdk_PfWsSdk: "http://localhost:4898/PfWsSdk.asmx" },
      encrypt: false,
    });
  });
});

describe("encryption", () => {
  const encrypting = { ...inputs, encrypt: true };

  test("leaves no plain password in the file, and nothing else changes", async () => {
    const { outputs } = await lifecycle.create(encrypting, context);
    expect(fileText()).not.toContain("s3cret");
    expect(fileText()).toMatch(
      /<appSettings configProtectionProvider="P"><EncryptedData>\S+<\/EncryptedData><\/appSettings>\r\n {2}<app/,
    );
    expect(outputs.appSettings).toEqual(inputs.appSettings);
  });

  test("is read through: no drift, and no second write", async () => {
    const { outputs } = await lifecycle.create(encrypting, context);
    const written = fileText();
    expect(await lifecycle.read(path, { inputs: encrypting, outputs }, context)).toEqual({
      id: path,
      inputs: encrypting,
      outputs,
    });
    agent.requests.length = 0;
    await lifecycle.update(path, outputs, encrypting, encrypting, context);
    expect(fileText()).toBe(written);
    expect(agent.methods()).not.toContain("file.write");
  });

  test("that somebody took away is drift and comes back", async () => {
    const { outputs } = await lifecycle.create(encrypting, context);
    agent.files.set(path, Buffer.from(after));
    const found = await lifecycle.read(path, { inputs: encrypting, outputs }, context);
    expect(found?.inputs.encrypt).toBe(false);
    await lifecycle.update(path, outputs, encrypting, encrypting, context);
    expect(fileText()).not.toContain("s3cret");
  });

  test("that somebody added stays when a setting changes", async () => {
    await lifecycle.create(encrypting, context);
    const changed = { ...inputs, appSettings: { ...inputs.appSettings, USE_WEB_SERVICE_SDK: "false" } };
    await lifecycle.create(changed, context);
    expect(fileText()).toContain("<EncryptedData>");
    const found = await lifecycle.read(path, undefined, context);
    expect(found?.inputs.appSettings).toMatchObject({
      USE_WEB_SERVICE_SDK: "false",
      WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD: password,
    });
  });
});

describe("delete", () => {
  test("leaves the product's file as it is", async () => {
    const { outputs } = await create();
    await lifecycle.delete(path, outputs, inputs, context);
    expect(fileText()).toBe(after);
  });
});

describe("check", () => {
  test("refuses a value that XML cannot carry, without repeating it", () => {
    const failures = lifecycle.check?.({ ...inputs, appSettings: { A: "p\u0001w" } }, context);
    expect(failures).toEqual([
      { property: "appSettings.A", reason: "It has a control character, which XML cannot carry." },
    ]);
  });

  test("refuses two names for one setting", () => {
    const failures = lifecycle.check?.({ ...inputs, appSettings: { KEY: "1", key: "2" } }, context);
    expect(failures).toEqual([
      { property: "appSettings.key", reason: "It and KEY mean the same setting of the file." },
    ]);
  });
});

describe("diff", () => {
  const diff = (changed: object) =>
    lifecycle.diff?.(path, inputs, { ...inputs, sha256: "" }, { ...inputs, ...changed }, context);
  test("names the key that changes", () => {
    expect(diff({ appSettings: { ...inputs.appSettings, USE_WEB_SERVICE_SDK: "false" } })).toEqual({
      changes: { "appSettings.USE_WEB_SERVICE_SDK": "update" },
    });
  });
  test("another file replaces, another spelling of the same path does not", () => {
    expect(diff({ path: "C:\\other\\web.config" })).toEqual({ changes: { path: "update-replace" } });
    expect(diff({ path: path.toUpperCase() })).toEqual({ changes: {} });
  });
});
