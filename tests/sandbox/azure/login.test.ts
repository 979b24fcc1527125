import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientId, clientSecret, startTestCloud, type TestCloud, tenantId } from "../../support/azureCloud.ts";
import { group } from "./fixtures.ts";

describe("the login endpoint", () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud();
  });
  afterAll(async () => {
    await cloud?.stop();
  });
  const form = (changes: Record<string, string> = {}) => ({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
    scope: "https://management.azure.com/.default",
    ...changes,
  });

  it("gives a token for the right secret, and ARM takes it", async () => {
    const { status, body } = await cloud.login(form());
    expect([status, body.token_type, body.expires_in]).toEqual([200, "Bearer", 3599]);
    const headers = { authorization: `Bearer ${body.access_token}` };
    const answer = await cloud.raw(cloud.ports.arm, "GET", `${group}?api-version=2024-03-01`, undefined, headers);
    expect(answer.body.error.code).toBe("ResourceGroupNotFound");
  });
  it("gives tokens for its own ARM endpoint, and ARM refuses those for others", async () => {
    const get = async (scope: string) => {
      const { access_token } = (await cloud.login(form({ scope }))).body;
      const headers = { authorization: `Bearer ${access_token}` };
      return (await cloud.raw(cloud.ports.arm, "GET", `${group}?api-version=2024-03-01`, undefined, headers)).status;
    };
    expect(await get(`https://${cloud.address}:${cloud.ports.arm}/.default`)).toBe(404);
    expect(await get("https://graph.microsoft.com/.default")).toBe(401);
  });
  it.each([
    ["a wrong secret", { client_secret: "wrong" }, tenantId, 401, 7000215],
    ["another application", { client_id: tenantId }, tenantId, 400, 700016],
    ["another tenant", {}, clientId, 400, 90002],
    ["a scope that is none", { scope: "everything" }, tenantId, 400, 70011],
    ["another grant", { grant_type: "password" }, tenantId, 400, 70003],
    ["a federated token", { client_assertion: "x" }, tenantId, 401, 70021],
  ])("refuses %s", async (_, changes, tenant, status, code) => {
    const answer = await cloud.login(form(changes as Record<string, string>), tenant);
    expect([answer.status, answer.body.error_codes]).toEqual([status, [code]]);
    expect(answer.body.error_description).toMatch(new RegExp(`^AADSTS${code}: `));
    expect(JSON.stringify(answer.body)).not.toContain(clientSecret);
  });
  it("describes itself to clients that ask first", async () => {
    const origin = `https://${cloud.address}:${cloud.ports.login}`;
    const own = await cloud.raw(cloud.ports.login, "GET", `/${tenantId}/v2.0/.well-known/openid-configuration`);
    expect(own.body).toMatchObject({
      issuer: `${origin}/${tenantId}/v2.0`,
      token_endpoint: `${origin}/${tenantId}/oauth2/v2.0/token`,
    });
    const instance = await cloud.raw(cloud.ports.login, "GET", "/common/discovery/instance?api-version=1.1");
    expect(instance.body.tenant_discovery_endpoint).toContain(origin);
  });
  it("keeps its tokens valid through a restart", async () => {
    const { access_token } = (await cloud.login(form())).body;
    await cloud.restart();
    const headers = { authorization: `Bearer ${access_token}` };
    expect(
      (await cloud.raw(cloud.ports.arm, "GET", `${group}?api-version=2024-03-01`, undefined, headers)).status,
    ).toBe(404);
  });
});
