import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { AzureConnection } from "../../../provider/configuration.ts";
import { type GraphClient, openGraph } from "../../../provider/connections/graph.ts";
import { startTestCloud, type TestCloud } from "../../support/azureCloud.ts";
import { startHttpsServer } from "../../support/httpsServer.ts";

const READ_USERS = { permissions: ["User.Read.All", "Directory.Read.All"] };
const user = (index: number) => ({ userPrincipalName: `user${index}@contoso.com` });
const named = (...indexes: number[]) => ({
  path: "/users",
  query: {
    $select: "userPrincipalName",
    $filter: `userPrincipalName in (${indexes.map((index) => `'user${index}@contoso.com'`).join(",")})`,
  },
});

describe("the Microsoft Graph client", { timeout: 20_000 }, () => {
  let cloud: TestCloud;
  const clients: GraphClient[] = [];
  const open = async (change: Partial<AzureConnection> = {}) => {
    const client = await openGraph({ ...cloud.connection, ...change });
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    cloud = await startTestCloud();
    await cloud.tenant({ users: Array.from({ length: 60 }, (_, index) => user(index)) });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await cloud.raw(cloud.ports.arm, "DELETE", "/_sandbox/faults");
    await cloud.raw(cloud.ports.arm, "DELETE", "/_sandbox/counters");
    await cloud.tenant({ appRoles: ["User.Read.All", "LicenseAssignment.Read.All"] });
  });
  afterAll(() => cloud?.stop());

  test("follows the links from page to page", async () => {
    const graph = await open();
    const found = await graph.list<{ userPrincipalName: string }>(
      { path: "/users", query: { $select: "userPrincipalName" } },
      READ_USERS,
    );
    expect(found.map(({ userPrincipalName }) => userPrincipalName).sort()).toEqual(
      Array.from({ length: 60 }, (_, index) => user(index).userPrincipalName).sort(),
    );
  });

  test("asks twenty questions in one request, and answers them in their order with all their pages", async () => {
    const graph = await open();
    const reads = [...Array.from({ length: 23 }, (_, index) => named(index)), named(1, 2, 3, 4, 5, 6, 7)];
    const lists = await graph.listMany<{ userPrincipalName: string }>(reads, READ_USERS);
    expect(lists.slice(0, 23)).toEqual(Array.from({ length: 23 }, (_, index) => [user(index)]));
    expect(lists[23]).toHaveLength(7);
    expect(await cloud.counters()).toMatchObject({ "POST Microsoft.Graph/$batch": 2 });
  });

  test("sends again what was throttled inside a batch, and nothing else", async () => {
    await cloud.fault({
      match: { method: "GET", path: "^/v1.0/users" },
      action: "status",
      status: 429,
      retryAfter: 1,
      times: 2,
    });
    const graph = await open();
    const startedAt = performance.now();
    const lists = await graph.listMany([named(0), named(1), named(2)], READ_USERS);
    expect(lists).toEqual([[user(0)], [user(1)], [user(2)]]);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
    expect(await cloud.counters()).toMatchObject({
      "POST Microsoft.Graph/$batch": 2,
      "GET Microsoft.Graph/users": 5,
    });
  });

  test("waits when a whole request is throttled, and repeats one whose answer is lost: it only reads", async () => {
    await cloud.fault(
      { match: { method: "POST", path: "/\\$batch" }, action: "status", status: 429, retryAfter: 0 },
      { match: { method: "POST", path: "/\\$batch" }, action: "dropResponse" },
    );
    const graph = await open();
    expect(await graph.listMany([named(7)], READ_USERS)).toEqual([[user(7)]]);
  });

  test("does not wait for longer than a minute", async () => {
    await cloud.fault({ match: { path: "^/v1.0/users" }, action: "status", status: 429, retryAfter: 3600, times: 0 });
    const graph = await open();
    await expect(graph.listMany([named(1)], READ_USERS)).rejects.toMatchObject({
      code: "GRAPH_REQUEST_FAILED",
      message: expect.stringMatching(/429 TooManyRequests.* Wait as long as Microsoft Graph asks for/),
    });
  });

  test("names the permission that is missing, the narrowest first, and how to do without it", async () => {
    await cloud.tenant({ appRoles: [] });
    const graph = await open();
    await expect(graph.listMany([named(1)], READ_USERS)).rejects.toMatchObject({
      code: "GRAPH_PERMISSION_MISSING",
      message:
        "Reading /users: Microsoft Graph answered 403 Authorization_RequestDenied: Insufficient privileges to complete the operation. Grant the application (not a user) the Microsoft Graph permission User.Read.All (Directory.Read.All also allows it), let an administrator consent to it, wait a few minutes and run again; or switch the check off with entra.licences.check: false.",
    });
  });

  test("explains a wrong secret without showing it", async () => {
    const graph = await open({ clientSecret: "a-wrong-secret-of-the-test" });
    const failure = await graph.list(named(1), READ_USERS).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: "AZURE_LOGIN_FAILED",
      message: expect.stringMatching(
        /AADSTS7000215.* Check azure\.clientId .* the secret azureClientSecret and its expiry/,
      ),
    });
    expect(String(failure)).not.toContain("a-wrong-secret");
  });

  test("refuses a server that the trusted CAs do not vouch for", async () => {
    const stranger = await startHttpsServer(() => ({ status: 200, body: {} }));
    const graph = await open({ graphEndpoint: stranger.origin });
    await expect(graph.list(named(1), READ_USERS)).rejects.toMatchObject({
      code: "GRAPH_UNREACHABLE",
      message: expect.stringMatching(/its TLS certificate is not trusted .* add .* to azure\.caCertificates/),
    });
    expect(stranger.requests).toHaveLength(0);
    await stranger.close();
  });

  test("says what to look at when the token is for another service", async () => {
    const error = { code: "InvalidAuthenticationToken", message: "Invalid audience." };
    const server = await startHttpsServer(() => ({ status: 401, body: { error } }));
    const caCertificates = `${cloud.caPem}\n${server.caPem}`;
    const graph = await open({ graphEndpoint: server.origin, caCertificates });
    await expect(graph.list(named(1), READ_USERS)).rejects.toMatchObject({
      code: "GRAPH_REQUEST_FAILED",
      message: expect.stringMatching(/401 InvalidAuthenticationToken: Invalid audience\. Check entra\.graphEndpoint/),
    });
    await server.close();
  });

  test("sends its token to no other address", async () => {
    const server = await startHttpsServer(({ path }) =>
      path.endsWith("/users")
        ? { status: 200, body: { value: [], "@odata.nextLink": "https://evil.example/next" } }
        : { status: 404 },
    );
    const graph = await open({
      graphEndpoint: server.origin,
      caCertificates: `${cloud.caPem}\n${server.caPem}`,
    });
    await expect(graph.list(named(1), READ_USERS)).rejects.toMatchObject({ code: "GRAPH_FOREIGN_LINK" });
    await server.close();
  });

  test("stops at once when the operation is cancelled while it waits", async () => {
    await cloud.fault({ match: { path: "^/v1.0/users" }, action: "status", status: 429, retryAfter: 30, times: 0 });
    const graph = await open();
    const cancelled = new AbortController();
    const startedAt = performance.now();
    const reading = graph.listMany([named(1)], { ...READ_USERS, signal: cancelled.signal });
    setTimeout(() => cancelled.abort(), 300);
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
