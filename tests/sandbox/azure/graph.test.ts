import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientId, clientSecret, startTestCloud, type TestCloud } from "../../support/azureCloud.ts";

const group = "0d1f1f6c-6a3e-4d3b-9f63-1f2b6b1d7a11";
const users = [
  {
    userPrincipalName: "alice@contoso.com",
    onPremises: {
      samAccountName: "alice",
      domainName: "corp.contoso.com",
      securityIdentifier: "S-1-5-21-1-2-3-4",
      immutableId: "ABcd==",
    },
    licences: [{ sku: "EMS", group, disabledPlans: ["MFA_PREMIUM"] }],
  },
  { userPrincipalName: "o'hara@contoso.com" },
];

describe("the simulated Microsoft Graph", () => {
  let cloud: TestCloud;
  let token: string;
  beforeAll(async () => {
    cloud = await startTestCloud({ entra: { users } });
    const { body } = await cloud.login({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope: "https://graph.microsoft.com/.default",
    });
    token = body.access_token;
  });
  afterAll(() => cloud?.stop());
  const get = (path: string, headers: Record<string, string> = {}) =>
    cloud.raw(cloud.ports.graph, "GET", path, undefined, { authorization: `Bearer ${token}`, ...headers });
  const filtered = (filter: string, headers?: Record<string, string>) =>
    get(`/v1.0/users?${new URLSearchParams({ $filter: filter, ...(headers && { $count: "true" }) })}`, headers);

  it("shows of a user what was selected and no more", async () => {
    const { body } = await get("/v1.0/users?$select=userPrincipalName,licenseAssignmentStates,assignedPlans");
    expect(body.value[0]).toEqual({
      userPrincipalName: "alice@contoso.com",
      licenseAssignmentStates: [
        {
          skuId: "efccb6f7-5641-4e0e-bd10-b4976e1bf68e",
          disabledPlans: ["8a256a2b-b617-496d-b51b-e76466e88db0"],
          assignedByGroup: group,
          state: "Active",
          error: null,
        },
      ],
      assignedPlans: [
        expect.objectContaining({ servicePlanId: "41781fb2-bc02-4b7c-bd55-b576c07bb09d", capabilityStatus: "Enabled" }),
        expect.objectContaining({ servicePlanId: "8a256a2b-b617-496d-b51b-e76466e88db0", capabilityStatus: "Deleted" }),
      ],
    });
    expect(Object.keys((await get("/v1.0/users")).body.value[0]).sort()).toEqual([
      "displayName",
      "id",
      "userPrincipalName",
    ]);
  });

  it.each([
    ["userPrincipalName eq 'ALICE@contoso.com'", ["alice@contoso.com"]],
    ["userPrincipalName in ('o''hara@contoso.com','nobody@contoso.com')", ["o'hara@contoso.com"]],
    [
      "onPremisesSecurityIdentifier eq 'S-1-5-21-1-2-3-4' or userPrincipalName eq 'o''hara@contoso.com'",
      ["alice@contoso.com", "o'hara@contoso.com"],
    ],
    ["onPremisesImmutableId in ('ABcd==')", ["alice@contoso.com"]],
    ["onPremisesImmutableId in ('abcd==')", []],
  ])("finds by %s", async (filter, names) => {
    const { status, body } = await filtered(filter);
    expect([status, body.value.map((user: { userPrincipalName: string }) => user.userPrincipalName)]).toEqual([
      200,
      names,
    ]);
  });

  it.each([
    [
      "a property that only an advanced query filters",
      "onPremisesSamAccountName in ('alice')",
      "Request_UnsupportedQuery",
    ],
    ["`in` for the SID", "onPremisesSecurityIdentifier in ('S-1')", "Request_UnsupportedQuery"],
    ["a property that is not filterable", "jobTitle eq 'x'", "Request_UnsupportedQuery"],
    [
      "more than fifteen names",
      `userPrincipalName in (${Array.from({ length: 16 }, (_, i) => `'${i}'`).join(",")})`,
      "Request_UnsupportedQuery",
    ],
    ["other operators", "userPrincipalName startswith 'a'", "BadRequest"],
    ["a quote that is not doubled", "userPrincipalName eq 'o'hara'", "BadRequest"],
  ])("refuses %s", async (_, filter, code) => {
    const { status, body } = await filtered(filter);
    expect([status, body.error.code]).toEqual([400, code]);
  });

  it("filters account names in an advanced query", async () => {
    const { body } = await filtered("onPremisesSamAccountName in ('alice')", { consistencylevel: "eventual" });
    expect(body.value).toHaveLength(1);
  });

  it("lists the tenant's products with their plans", async () => {
    const { body } = await get("/v1.0/subscribedSkus?$select=skuPartNumber,servicePlans");
    expect(body.value).toContainEqual({
      skuPartNumber: "AAD_PREMIUM_P2",
      servicePlans: expect.arrayContaining([expect.objectContaining({ servicePlanName: "AAD_PREMIUM_P2" })]),
    });
  });

  it("takes no token for another service, and none at all", async () => {
    expect((await cloud.raw(cloud.ports.graph, "GET", "/v1.0/users")).status).toBe(401);
    const other = await cloud.login({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope: "https://management.azure.com/.default",
    });
    const headers = { authorization: `Bearer ${other.body.access_token}` };
    expect((await get("/v1.0/users", headers)).body.error.code).toBe("InvalidAuthenticationToken");
  });

  it("refuses what it does not simulate", async () => {
    expect((await get("/v1.0/groups")).status).toBe(400);
    expect((await get("/beta/users")).status).toBe(400);
    expect((await get("/v1.0/users?$search=x")).status).toBe(400);
    expect((await get("/v1.0/users?$select=colour")).status).toBe(400);
  });

  it("refuses a batch of more than twenty", async () => {
    const requests = Array.from({ length: 21 }, (_, index) => ({ id: String(index), method: "GET", url: "/users" }));
    const headers = { authorization: `Bearer ${token}` };
    const answer = await cloud.raw(cloud.ports.graph, "POST", "/v1.0/$batch", JSON.stringify({ requests }), headers);
    expect(answer.status).toBe(400);
  });

  it("keeps its people through a restart", async () => {
    await cloud.restart();
    expect((await get("/v1.0/users")).body.value).toHaveLength(2);
  });
});
