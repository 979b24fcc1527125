import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallContext } from "../../../provider/engine/handlers.ts";
import type { Properties } from "../../../provider/engine/values.ts";
import { azureadHandlers } from "../../../sandbox/azure/azuread/handlers.ts";
import { startProvider } from "./providerHarness.ts";

const group = "azuread:index/group:Group";
const application = "azuread:index/application:Application";
const servicePrincipal = "azuread:index/servicePrincipal:ServicePrincipal";
const credential = "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential";

describe("the simulated azuread provider", () => {
  let provider: ReturnType<typeof startProvider>;
  let handlers: ReturnType<typeof azureadHandlers>;
  const context = {
    session: null,
    signal: new AbortController().signal,
    progress: () => undefined,
    warn: () => undefined,
  } as CallContext<null>;
  const resource = (type: string) => ({ urn: `urn:pulumi:dev::test::${type}::own`, type, name: "own" });
  const create = async (type: string, inputs: Properties) => {
    const created = await handlers.create?.({ ...resource(type), inputs, preview: false }, context);
    if (created === undefined) throw new Error("not created");
    return created;
  };

  beforeEach(() => {
    provider = startProvider();
    handlers = azureadHandlers(provider.arm);
  });
  afterEach(() => provider.stop());

  it("makes an application, its service principal and a federated credential", async () => {
    const app = await create(application, { displayName: "deploy" });
    expect(app.id).toMatch(/^\/applications\/[0-9a-f-]{36}$/);
    const principal = await create(servicePrincipal, { clientId: app.outputs.clientId });
    expect(principal.outputs).toMatchObject({ displayName: "deploy", clientId: app.outputs.clientId });
    const trust = {
      applicationId: app.id,
      audiences: ["api://AzureADTokenExchange"],
      displayName: "main",
      issuer: "https://ci",
      subject: "main",
    };
    const made = await create(credential, trust);
    expect(made.id).toMatch(new RegExp(`^${String(app.outputs.objectId)}/federatedIdentityCredential/`));
    await expect(create(credential, { ...trust, displayName: "again" })).rejects.toThrow(/same issuer and subject/);
  });
  it("wants an application behind a service principal, and only one of each", async () => {
    await expect(create(servicePrincipal, { clientId: "none" })).rejects.toThrow(/NoBackingApplicationObject/);
    const app = await create(application, { displayName: "deploy" });
    await create(servicePrincipal, { clientId: app.outputs.clientId });
    await expect(create(servicePrincipal, { clientId: app.outputs.clientId })).rejects.toThrow(/already in use/);
  });
  it("accepts two groups of one name unless the program forbids it, and then finds neither by name", async () => {
    const inputs = { displayName: "MFA Admins", securityEnabled: true };
    const first = await create(group, inputs);
    await create(group, inputs);
    await expect(create(group, { ...inputs, preventDuplicateNames: true })).rejects.toThrow(/already exists/);
    const get = (args: Properties) =>
      Promise.resolve().then(() =>
        handlers.invoke?.({ token: "azuread:index/getGroup:getGroup", args, preview: false }, context),
      );
    await expect(get({ displayName: "MFA Admins" })).rejects.toThrow(/multiple groups/);
    await expect(get({ displayName: "none" })).rejects.toThrow(/No group found/);
    expect(await get({ objectId: first.outputs.objectId as string })).toMatchObject({
      result: { displayName: "MFA Admins" },
    });
  });
  it("refuses a group that is neither a security nor a mail group, and unknown properties", async () => {
    await expect(create(group, { displayName: "x" })).rejects.toThrow(/must be specified/);
    const checked = await handlers.check?.(
      { ...resource(group), olds: {}, news: { displayName: "x", colour: "red" }, randomSeed: new Uint8Array() },
      context,
    );
    expect(checked?.failures).toEqual([{ property: "colour", reason: expect.stringContaining("not a property") }]);
  });
  it("reads without a false alarm, sees a change, and forgets what is gone", async () => {
    const inputs = { displayName: "MFA Admins", securityEnabled: true };
    const { id, outputs } = await create(group, inputs);
    const read = async () => handlers.read?.({ ...resource(group), id, inputs, outputs }, context);
    expect((await read())?.inputs).toEqual(inputs);
    await handlers.update?.(
      {
        ...resource(group),
        id,
        oldInputs: inputs,
        oldOutputs: outputs,
        newInputs: { ...inputs, description: "by hand" },
        ignoreChanges: [],
        preview: false,
      },
      context,
    );
    expect((await read())?.inputs).toEqual({ ...inputs, description: "by hand" });
    await handlers.delete?.({ ...resource(group), id, inputs, outputs }, context);
    expect(await read()).toBeUndefined();
  });
  it("replaces a credential for another name, and updates its description", async () => {
    const diff = (newInputs: Properties) =>
      handlers.diff?.(
        {
          ...resource(credential),
          id: "x",
          oldInputs: { displayName: "a" },
          oldOutputs: {},
          newInputs,
          ignoreChanges: [],
        },
        context,
      );
    expect(await diff({ displayName: "b" })).toMatchObject({ replaces: ["displayName"] });
    expect(await diff({ displayName: "a", description: "x" })).toMatchObject({ replaces: [], diffs: ["description"] });
  });
  it("is known to role assignments", async () => {
    const scope = (
      await provider.create("azure-native:resources:ResourceGroup", { resourceGroupName: "rg", location: "westeurope" })
    ).id;
    const { outputs } = await create(group, { displayName: "Operators", securityEnabled: true });
    const assignment = {
      scope,
      roleAssignmentName: "0f5e7d3c-1c2b-4a39-8d7e-6f5a4b3c2d1e",
      principalType: "Group",
      roleDefinitionId: "r",
    };
    const made = await provider.create("azure-native:authorization:RoleAssignment", {
      ...assignment,
      principalId: outputs.objectId,
    });
    expect(made.outputs).toMatchObject({ principalId: outputs.objectId, scope });
  });
  it("makes a user, keeps no password, and puts the user into a group once", async () => {
    const user = "azuread:index/user:User";
    const member = "azuread:index/groupMember:GroupMember";
    const inputs = { userPrincipalName: "svc@contoso.com", displayName: "svc", password: "Correct-Horse-7" };
    const { id, outputs } = await create(user, inputs);
    expect(outputs).toMatchObject({ password: "Correct-Horse-7", mailNickname: "svc", accountEnabled: true });
    expect(JSON.stringify(provider.arm.store.all())).not.toContain("Correct-Horse-7");
    const read = await handlers.read?.({ ...resource(user), id, inputs, outputs }, context);
    expect(read).toMatchObject({ inputs, outputs: { password: "Correct-Horse-7" } });
    await expect(create(user, inputs)).rejects.toThrow(/same value for property userPrincipalName/);
    await expect(create(user, { ...inputs, userPrincipalName: "x@contoso.com", password: "short" })).rejects.toThrow(
      /password complexity/,
    );
    const { outputs: made } = await create(group, { displayName: "Admins", securityEnabled: true });
    const membership = { groupObjectId: made.objectId as string, memberObjectId: outputs.objectId as string };
    expect((await create(member, membership)).id).toBe(`${String(made.objectId)}/member/${String(outputs.objectId)}`);
    await expect(create(member, membership)).rejects.toThrow(/already exists/);
    await expect(create(member, { ...membership, memberObjectId: "nobody" })).rejects.toThrow(
      /'nobody' does not exist/,
    );
  });
  it("knows Microsoft Graph's permissions by name, and refuses others", async () => {
    const args = { clientId: "00000003-0000-0000-c000-000000000000" };
    const token = "azuread:index/getServicePrincipal:getServicePrincipal";
    const graph = await handlers.invoke?.({ token, args, preview: false }, context);
    const { appRoleIds = {} } = (graph?.result ?? {}) as { appRoleIds?: Record<string, string> };
    const access = (id: string) => [{ resourceAppId: args.clientId, resourceAccesses: [{ id, type: "Role" }] }];
    const role = appRoleIds["User.Read.All"] ?? "";
    await create(application, { displayName: "reads", requiredResourceAccesses: access(role) });
    const wrong = create(application, { displayName: "x", requiredResourceAccesses: access("none") });
    await expect(wrong).rejects.toThrow(/no application permission of Microsoft Graph/);
  });
});
