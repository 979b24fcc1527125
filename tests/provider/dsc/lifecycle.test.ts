import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type HostSession, openHost } from "../../../provider/connections/host.ts";
import { dscLifecycle as lifecycle } from "../../../provider/dsc/lifecycle.ts";
import { dscResourceInputs } from "../../../provider/dsc/schema.ts";
import { agentProcesses } from "../../support/agentProgram.ts";
import { writeDscModules } from "../../support/dscModules.ts";
import { hostContext } from "../../support/lifecycle.ts";
import { MemoryAgent } from "../../support/memoryAgent.ts";
import { pwsh, withoutPowerShell } from "../../support/powershell.ts";
import { startSshServer, type TestProgram, type TestSshServer } from "../../support/sshServer.ts";

interface Behind {
  program: TestProgram;
  /** Empties the host's state. */
  reset(): void;
  end(): void;
}

let modules: string;
beforeAll(() => {
  modules = mkdtempSync(join(tmpdir(), "mfakit-modules-"));
  writeDscModules(modules);
  return () => rmSync(modules, { recursive: true, force: true });
});

function realAgent(): Behind {
  const folder = mkdtempSync(join(tmpdir(), "mfakit-state-"));
  const processes = agentProcesses({ PSModulePath: modules, DSC_STATE: folder }, folder);
  return {
    program: processes.program,
    reset: () => {
      for (const file of readdirSync(folder)) rmSync(join(folder, file));
    },
    end: () => {
      processes.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function scriptedAgent(): Behind {
  const agent = new MemoryAgent();
  return { program: agent.program, reset: () => agent.states.clear(), end: () => undefined };
}

const site = dscResourceInputs.parse({
  module: "WebAdministrationDsc",
  resource: "WebSite",
  properties: {
    Name: "Default Web Site",
    Ensure: "Present",
    State: "Started",
    BindingInfo: [{ Protocol: "https", Port: 443, CertificateThumbprint: "AA", CertificateStoreName: "My" }],
    LogFlags: ["Date", "Time"],
  },
});
const withProperties = (properties: object, inputs = site) => ({
  ...inputs,
  properties: { ...inputs.properties, ...properties },
});
const id = "WebAdministrationDsc/WebSite/Default Web Site";

describe.each([
  { name: "the real agent script in PowerShell 7", start: realAgent, available: pwsh !== undefined },
  { name: "a scripted agent", start: scriptedAgent, available: true },
])("with $name", ({ name, start, available }) => {
  if (!available) test.skip(`${name}: ${withoutPowerShell}`, () => undefined);
  const run = test.runIf(available);

  let behind: Behind | undefined;
  let server: TestSshServer;
  let host: HostSession;
  let context: ReturnType<typeof hostContext>["context"];

  beforeAll(async () => {
    if (!available) return;
    behind = start();
    server = await startSshServer(behind.program);
    host = await openHost(server.connection);
    ({ context } = hostContext(host));
  });

  afterAll(async () => {
    if (!available) return;
    await host.close();
    await server.close();
    behind?.end();
  });

  beforeEach(() => behind?.reset());

  run("create makes the state and reports what it read back", async () => {
    expect(await lifecycle.create(site, context)).toEqual({
      id,
      outputs: {
        module: site.module,
        resource: site.resource,
        properties: site.properties,
        current: site.properties,
        inDesiredState: true,
        rebootRequired: false,
        madeByKit: true,
      },
    });
  });

  run("read right behind it finds no difference", async () => {
    const { outputs } = await lifecycle.create(site, context);
    const read = await lifecycle.read(id, { inputs: site, outputs }, context);
    expect(read?.inputs).toEqual(site);
    expect(await lifecycle.diff?.(id, site, read?.outputs ?? outputs, site, context)).toEqual({ changes: {} });
  });

  run("read names each declared property that somebody changed, and update mends it", async () => {
    const { outputs } = await lifecycle.create(site, context);
    const tampered = withProperties({
      State: "Stopped",
      BindingInfo: [{ Protocol: "https", Port: 8443, CertificateThumbprint: "AA", CertificateStoreName: "My" }],
    });
    await lifecycle.update(id, outputs, tampered, site, context);
    const read = await lifecycle.read(id, { inputs: site, outputs }, context);
    expect(read?.inputs).toEqual(tampered);
    expect(read?.outputs.inDesiredState).toBe(false);
    const difference = await lifecycle.diff?.(id, read?.inputs ?? site, read?.outputs ?? outputs, site, context);
    expect(Object.keys(difference?.changes ?? {})).toEqual([
      "properties.State",
      "properties.BindingInfo[0].Port",
      "inDesiredState",
    ]);
    expect(await lifecycle.update(id, read?.outputs ?? outputs, site, read?.inputs ?? site, context)).toMatchObject({
      inDesiredState: true,
      properties: site.properties,
    });
  });

  run("an object that somebody removed differs in Ensure", async () => {
    const { outputs } = await lifecycle.create(site, context);
    await lifecycle.update(id, outputs, withProperties({ Ensure: "Absent" }), site, context);
    expect((await lifecycle.read(id, { inputs: site, outputs }, context))?.inputs).toEqual(
      withProperties({ Ensure: "Absent" }),
    );
  });

  run("a create that runs again after an interruption changes nothing more", async () => {
    await lifecycle.create(site, context);
    const again = await lifecycle.create(site, context);
    expect(again.id).toBe(id);
    expect(again.outputs).toMatchObject({ inDesiredState: true, madeByKit: false });
  });

  run("destroy keeps the state unless reverting was asked for", async () => {
    const { outputs } = await lifecycle.create(site, context);
    await lifecycle.delete(id, outputs, site, context);
    expect((await lifecycle.read(id, { inputs: site, outputs }, context))?.outputs.inDesiredState).toBe(true);
  });

  const reverting = { ...site, onDestroy: "revert" as const };
  run("destroy reverts what this resource made", async () => {
    const { outputs } = await lifecycle.create(reverting, context);
    await lifecycle.delete(id, outputs, reverting, context);
    expect((await lifecycle.read(id, { inputs: site, outputs }, context))?.inputs.properties.Ensure).toBe("Absent");
    await lifecycle.delete(id, outputs, reverting, context);
  });

  run("destroy keeps what was there before, changed or not", async () => {
    const before = withProperties({ State: "Stopped" });
    await lifecycle.create(before, context);
    const { outputs } = await lifecycle.create(reverting, context);
    expect(outputs.madeByKit).toBe(false);
    await lifecycle.delete(id, outputs, reverting, context);
    expect((await lifecycle.read(id, { inputs: site, outputs }, context))?.outputs.inDesiredState).toBe(true);
  });

  run("destroy removes what somebody else made when that was asked for", async () => {
    await lifecycle.create(site, context);
    const removing = { ...site, onDestroy: "remove" as const };
    const { outputs } = await lifecycle.create(removing, context);
    expect(outputs.madeByKit).toBe(false);
    await lifecycle.delete(id, outputs, removing, context);
    expect((await lifecycle.read(id, { inputs: site, outputs }, context))?.inputs.properties.Ensure).toBe("Absent");
  });

  run("import finds an object by its keys, with everything that is set", async () => {
    await lifecycle.create(site, context);
    const read = await lifecycle.read(id, undefined, context);
    expect(read?.inputs).toEqual(site);
    expect(read?.outputs).toMatchObject({ inDesiredState: true, madeByKit: false });
  });

  run("import of what is not there finds nothing", async () => {
    expect(await lifecycle.read("WebAdministrationDsc/WebSite/Nowhere", undefined, context)).toBeUndefined();
  });

  const pool = dscResourceInputs.parse({
    module: "WebAdministrationDsc",
    resource: "WebAppPool",
    properties: {
      Name: "Portal",
      identityType: "SpecificUser",
      Credential: { userName: "CORP\\PFUP", password: "pa$$ \"wörd'`n" },
    },
  });
  run("a credential reaches the module and never comes back", async () => {
    const { outputs } = await lifecycle.create(pool, context);
    expect(JSON.stringify(outputs.current)).not.toContain("wörd");
    expect(outputs.current).not.toHaveProperty("Credential");
    const read = await lifecycle.read("WebAdministrationDsc/WebAppPool/Portal", { inputs: pool, outputs }, context);
    expect(read?.inputs).toEqual(pool);
  });
});

describe("what only a script can play", () => {
  let agent: MemoryAgent;
  let server: TestSshServer;
  let host: HostSession;
  let context: ReturnType<typeof hostContext>["context"];
  let warnings: string[];

  beforeEach(async () => {
    agent = new MemoryAgent();
    server = await startSshServer(agent.program);
    agent.cut = () => server.cut();
    host = await openHost(server.connection);
    ({ context, warnings } = hostContext(host));
  });

  afterEach(async () => {
    await host.close();
    await server.close();
  });

  const applied = (result: object) => {
    agent.intercept = ({ method, params }) =>
      method === "dsc.apply"
        ? {
            result: {
              changed: true,
              current: params.properties as object,
              inDesiredState: true,
              rebootRequired: false,
              ...result,
            },
          }
        : undefined;
  };

  test("a Set that did not bring the state about is an error that names the property and keeps what is there", async () => {
    applied({ inDesiredState: false, current: { Name: "Default Web Site", Ensure: "Present", State: "Stopped" } });
    await expect(
      lifecycle.create(withProperties({ BindingInfo: undefined, LogFlags: undefined }), context),
    ).rejects.toMatchObject({
      name: "PartialFailure",
      id,
      message: expect.stringContaining(
        "[WebSite]Default Web Site: Set ended without an error, but the state still does not hold; these differ: State",
      ),
      outputs: { inDesiredState: false, properties: { State: "Stopped" } },
    });
  });

  test("a state that waits for a restart is not an error, and stays visible until it holds", async () => {
    applied({ inDesiredState: false, rebootRequired: true });
    const { outputs } = await lifecycle.create(site, context);
    expect(outputs).toMatchObject({ rebootRequired: true, inDesiredState: false });
    expect(await lifecycle.diff?.(id, site, outputs, site, context)).toEqual({ changes: { inDesiredState: "update" } });
  });

  test("a restart that is asked for stays asked for, without drift, until Windows wants none any more", async () => {
    applied({ rebootRequired: true });
    const { outputs } = await lifecycle.create(site, context);
    agent.states.set(id, { ...site.properties });
    agent.pendingReboot = true;
    expect((await lifecycle.read(id, { inputs: site, outputs }, context))?.outputs.rebootRequired).toBe(true);
    agent.pendingReboot = false;
    expect((await lifecycle.read(id, { inputs: site, outputs }, context))?.outputs.rebootRequired).toBe(false);
  });

  test("a log-on right that a group policy defines is set with a warning that names the policy", async () => {
    const right = dscResourceInputs.parse({
      module: "SecurityPolicyDsc",
      resource: "UserRightsAssignment",
      properties: { Policy: "Log_on_as_a_batch_job", Identity: ["CORP\\PFUP_MFADEV01"] },
    });
    let source = "Default Domain Policy";
    agent.intercept = ({ method }) => (method === "rights.get" ? { result: { identities: [], source } } : undefined);
    await lifecycle.create(right, context);
    expect(agent.requests.at(-1)).toMatchObject({ method: "rights.get", params: { policy: "SeBatchLogonRight" } });
    expect(warnings).toEqual([
      expect.stringContaining('The group policy "Default Domain Policy" defines the right Log_on_as_a_batch_job'),
    ]);
    source = "local";
    await lifecycle.create(right, context);
    expect(warnings).toHaveLength(1);
  });

  test("a changed password is set although no Test can see it", async () => {
    const pool = dscResourceInputs.parse({
      module: "WebAdministrationDsc",
      resource: "WebAppPool",
      properties: { Name: "Portal", Credential: { userName: "u", password: "one" } },
    });
    const { outputs } = await lifecycle.create(pool, context);
    await lifecycle.update(
      "x",
      outputs,
      withProperties({ Credential: { userName: "u", password: "two" } }, pool),
      pool,
      context,
    );
    await lifecycle.update("x", outputs, withProperties({ State: "Started" }, pool), pool, context);
    const { Credential: _, ...without } = pool.properties;
    await lifecycle.update("x", outputs, { ...pool, properties: without }, pool, context);
    const applies = agent.requests.filter(({ method }) => method === "dsc.apply");
    expect(applies.map(({ params }) => params.force)).toEqual([undefined, true, undefined, undefined]);
    expect(applies[1]?.params.properties).toMatchObject({
      Credential: { $credential: { userName: "u", password: "two" } },
    });
  });

  test("the module's pinned version and its own spelling of the properties are sent", async () => {
    await lifecycle.create(
      dscResourceInputs.parse({ ...site, properties: { name: "X", bindinginfo: [{ protocol: "http" }] } }),
      context,
    );
    expect(agent.requests.at(-1)?.params).toEqual({
      module: "WebAdministrationDsc",
      version: "4.2.1",
      resource: "WebSite",
      properties: { Name: "X", BindingInfo: [{ $cim: "DSC_WebBindingInformation", properties: { Protocol: "http" } }] },
    });
  });

  test("a connection that is lost in the middle of a Set is made again, and the create ends well", async () => {
    let applies = 0;
    agent.intercept = ({ method }) => (method === "dsc.apply" && applies++ === 0 ? "cut" : undefined);
    expect((await lifecycle.create(site, context)).outputs.inDesiredState).toBe(true);
    expect(server.accepted()).toBe(2);
  });

  test("a missing module is told with the way to install it", async () => {
    agent.intercept = () => ({ error: { code: "MODULE_NOT_FOUND", message: "the module is not installed here" } });
    await expect(lifecycle.create(site, context)).rejects.toThrow(
      "[WebSite]Default Web Site: the module is not installed here (MODULE_NOT_FOUND). Install the kit's DSC modules on the host first",
    );
  });

  const changes = async (to: object) =>
    (await lifecycle.diff?.(id, site, { ...healthy }, withProperties(to), context))?.changes;
  const healthy = { ...site, current: {}, inDesiredState: true, rebootRequired: false, madeByKit: true };
  test("another key is another object, in another case it is the same", async () => {
    expect(await changes({ Name: "Other" })).toEqual({ "properties.Name": "update-replace" });
    expect(await changes({ Name: "default web site" })).toEqual({ "properties.Name": "update" });
    expect(await changes({ State: "Stopped" })).toEqual({ "properties.State": "update" });
  });
});
