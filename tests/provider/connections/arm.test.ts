import { afterEach, describe, expect, test } from "vitest";
import { type ArmClient, openArm } from "../../../provider/connections/arm.ts";
import { type ArmServer, SECRET, startArmServer } from "../../support/armServer.ts";
import type { Answer, Handler } from "../../support/httpsServer.ts";

const THING = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Test/things/one";
const ok = (body: unknown = { name: "one" }): Answer => ({ status: 200, body });

describe("the Resource Manager client", { timeout: 20_000 }, () => {
  let server: ArmServer | undefined;
  let arm: ArmClient | undefined;
  afterEach(async () => {
    arm?.close();
    await server?.close();
  });
  const open = async (handler: Handler, change: Partial<ArmServer["connection"]> = {}) => {
    server = await startArmServer(handler);
    arm = await openArm({ ...server.connection, ...change });
    return { server, arm };
  };
  /** Answers one after the other, the last one for ever. */
  const script = (...answers: (Answer | "drop")[]): Handler => {
    let index = 0;
    return () => answers[Math.min(index++, answers.length - 1)] as Answer | "drop";
  };

  test("asks for one token and keeps one connection for many requests", async () => {
    const { server, arm } = await open(() => ok());
    for (let count = 0; count < 5; count++) await arm.get(THING, "2024-01-01");
    expect(server.tokens).toBe(1);
    // The login library keeps one of its own.
    expect(server.connections).toBeLessThanOrEqual(2);
    expect(server.requests[0]?.query.get("api-version")).toBe("2024-01-01");
  });

  test("says undefined for what does not exist, and deleting it succeeds", async () => {
    const { arm } = await open(() => ({ status: 404, body: { error: { code: "ResourceNotFound" } } }));
    expect(await arm.get(THING, "1")).toBeUndefined();
    await expect(arm.delete(THING, "1")).resolves.toBeUndefined();
    await expect(arm.put(THING, "1", {})).rejects.toMatchObject({ status: 404, armCode: "ResourceNotFound" });
  });

  test("sends conditions and reports a lost race as such", async () => {
    const { server, arm } = await open(() => ({ status: 412, body: { error: { code: "PreconditionFailed" } } }));
    await expect(arm.put(THING, "1", { a: 1 }, { ifMatch: "tag" })).rejects.toMatchObject({ status: 412 });
    await expect(arm.put(THING, "1", { a: 1 }, { ifNoneMatch: "*" })).rejects.toMatchObject({ status: 412 });
    expect(server.requests.map(({ headers }) => [headers["if-match"], headers["if-none-match"]])).toEqual([
      ["tag", undefined],
      [undefined, "*"],
    ]);
  });

  test("tries again after throttling, a server error, a locked target and a broken connection", async () => {
    const locked = { status: 409, body: { error: { code: "AnotherOperationInProgress", message: "Busy." } } };
    const throttled = { status: 429, headers: { "retry-after": "0" } };
    const { server, arm } = await open(script(throttled, { status: 503 }, locked, "drop", ok({ name: "done" })));
    expect(await arm.put(THING, "1", { a: 1 })).toEqual({ name: "done" });
    expect(server.requests).toHaveLength(5);
  });

  test("waits as long as Retry-After says", async () => {
    const { arm } = await open(script({ status: 429, headers: { "retry-after": "1" } }, ok()));
    const startedAt = performance.now();
    await arm.get(THING, "1");
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
  });

  test("does not repeat what Azure refuses for good, and shows Azure's words and what to do", async () => {
    const message = "The client 'c' does not have authorization to perform action 'x' over scope 'y'.";
    const { server, arm } = await open(() => ({
      status: 403,
      body: { error: { code: "AuthorizationFailed", message } },
    }));
    await expect(arm.get(THING, "1")).rejects.toMatchObject({
      code: "AZURE_REQUEST_FAILED",
      message: `GET ${THING}: Azure answered 403 AuthorizationFailed: ${message.slice(0, -1)}. Give the identity a role with that action on that scope (for a DNS zone: DNS Zone Contributor), wait a few minutes and run again.`,
    });
    expect(server.requests).toHaveLength(1);
  });

  test("follows Azure-AsyncOperation to the end and returns the resource", async () => {
    const { server, arm } = await open((request) => {
      const running = { status: 200, headers: { "retry-after": "0" }, body: { status: "InProgress" } };
      if (request.path === "/operations/1") {
        const polls = server.requests.filter(({ path }) => path === "/operations/1").length;
        return polls < 3 ? running : ok({ status: "Succeeded" });
      }
      if (request.method === "GET") return ok({ name: "one", properties: { provisioningState: "Succeeded" } });
      const headers = { "azure-asyncoperation": `${server.origin}/operations/1`, "retry-after": "0" };
      return { status: 201, headers, body: { properties: { provisioningState: "Creating" } } };
    });
    expect(await arm.put(THING, "1", {})).toEqual({ name: "one", properties: { provisioningState: "Succeeded" } });
  });

  test("follows Location for a delete", async () => {
    const { server, arm } = await open((request): Answer => {
      if (request.method === "DELETE") {
        return { status: 202, headers: { location: `${server.origin}/operations/2`, "retry-after": "0" } };
      }
      const polls = server.requests.filter(({ path }) => path === "/operations/2").length;
      return polls < 2 ? { status: 202, headers: { "retry-after": "0" } } : { status: 204 };
    });
    await arm.delete(THING, "1");
    expect(server.requests.map(({ path }) => path)).toEqual([THING, "/operations/2", "/operations/2"]);
  });

  test("reports why a long operation failed", async () => {
    const { server, arm } = await open((request) => {
      if (request.path === "/operations/3") {
        return ok({ status: "Failed", error: { code: "SkuNotAvailable", message: "Not here." } });
      }
      return { status: 202, headers: { "azure-asyncoperation": `${server.origin}/operations/3`, "retry-after": "0" } };
    });
    await expect(arm.put(THING, "1", {})).rejects.toMatchObject({
      armCode: "SkuNotAvailable",
      message: `PUT ${THING}: Azure answered SkuNotAvailable: Not here. Correct what Azure's message names and run again.`,
    });
  });

  test("reads all pages of a list, and sends its token nowhere else", async () => {
    const { server, arm } = await open((request) =>
      request.query.get("page") === "2"
        ? ok({ value: [3] })
        : ok({ value: [1, 2], nextLink: `${server.origin}/things?page=2` }),
    );
    expect(await arm.list("/things", "1")).toEqual([1, 2, 3]);
    await server.close();
    arm.close();

    const { arm: deceived } = await open(() => ok({ value: [], nextLink: "https://evil.example/next" }));
    await expect(deceived.list("/things", "1")).rejects.toMatchObject({ code: "AZURE_FOREIGN_LINK" });
  });

  test("sends its token to no other port of the same machine", async () => {
    const { arm } = await open(() => ok({ value: [], nextLink: "https://127.0.0.1:9/next" }));
    await expect(arm.list("/things", "1")).rejects.toMatchObject({ code: "AZURE_FOREIGN_LINK" });
  });

  test("does not repeat an action whose connection broke: it may have been done", async () => {
    const { server, arm } = await open(script("drop", ok()));
    await expect(arm.post(`${THING}/restart`, "1")).rejects.toMatchObject({ code: "AZURE_UNREACHABLE" });
    expect(server.requests).toHaveLength(1);
  });

  test("says that nobody answers at the authority's address", async () => {
    const { arm } = await open(() => ok(), { authorityHost: "https://127.0.0.1:9/" });
    await expect(arm.get(THING, "1")).rejects.toMatchObject({
      code: "AZURE_LOGIN_UNREACHABLE",
      message: expect.stringContaining("no connection (ECONNREFUSED)"),
    });
  });

  test("explains a wrong secret without showing it", async () => {
    const { arm } = await open(() => ok(), { clientSecret: `${SECRET}-wrong` });
    const failure = await arm.get(THING, "1").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "AZURE_LOGIN_FAILED" });
    expect(String(failure)).toContain("AADSTS7000215: Invalid client secret provided");
    expect(String(failure)).not.toContain(SECRET);
  });

  test("refuses a server that the trusted CAs do not vouch for", async () => {
    const { server, arm } = await open(() => ok(), { caCertificates: undefined });
    await expect(arm.get(THING, "1")).rejects.toMatchObject({
      code: "AZURE_LOGIN_UNREACHABLE",
      message: expect.stringMatching(
        /its TLS certificate is not trusted .* add that CA's certificate to azure\.caCertificates/,
      ),
    });
    expect(server.requests).toHaveLength(0);
  });

  test("stops at once when the operation is cancelled", async () => {
    const { arm } = await open(() => ({ status: 429, headers: { "retry-after": "30" } }));
    const cancelled = new AbortController();
    const request = arm.get(THING, "1", { signal: cancelled.signal });
    const startedAt = performance.now();
    setTimeout(() => cancelled.abort(), 300);
    await expect(request).rejects.toMatchObject({ name: "AbortError" });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
