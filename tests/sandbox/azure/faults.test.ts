import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestCloud, type TestCloud } from "../../support/azureCloud.ts";
import { fixtures, path } from "./fixtures.ts";

describe("faults and counters of the simulated cloud", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await startTestCloud();
  });
  afterEach(() => cloud.stop());
  const put = () => cloud.arm("PUT", path(fixtures.group), fixtures.group.body);

  it("throttles with Retry-After, as often as it is told to", async () => {
    await cloud.fault({
      match: { method: "PUT", path: "resourceGroups/rg-test$" },
      action: "status",
      status: 429,
      retryAfter: 7,
      times: 2,
    });
    for (let i = 0; i < 2; i++) {
      const answer = await put();
      expect([answer.status, answer.body.error.code, answer.headers["retry-after"]]).toEqual([
        429,
        "TooManyRequests",
        "7",
      ]);
    }
    expect((await put()).status).toBe(201);
  });
  it("answers with any status and code without doing what was asked", async () => {
    await cloud.fault({ match: {}, action: "status", status: 409, code: "QuotaExceeded" });
    expect((await put()).body.error.code).toBe("QuotaExceeded");
    expect((await cloud.arm("GET", path(fixtures.group))).status).toBe(404);
  });
  it("loses the response after the change", async () => {
    await cloud.fault({ match: { method: "PUT" }, action: "dropResponse" });
    await expect(put()).rejects.toThrow(/hang up|ECONNRESET/);
    expect((await cloud.arm("GET", path(fixtures.group))).status).toBe(200);
  });
  it("goes on until it is cleared when it has no number", async () => {
    await cloud.fault({ match: {}, action: "status", status: 503, times: 0 });
    for (let i = 0; i < 5; i++) expect((await put()).status).toBe(503);
    expect((await cloud.raw(cloud.ports.arm, "GET", "/_sandbox/faults")).body).toMatchObject([{ left: "always" }]);
    await cloud.raw(cloud.ports.arm, "DELETE", "/_sandbox/faults");
    expect((await put()).status).toBe(201);
  });
  it("refuses a fault that it does not understand", async () => {
    const answer = await cloud.raw(cloud.ports.arm, "POST", "/_sandbox/faults", '[{"match":{},"action":"explode"}]');
    expect(answer.status).toBe(400);
  });
  it("counts requests by method and type", async () => {
    await put();
    await cloud.arm("GET", path(fixtures.group));
    await cloud.arm("GET", path(fixtures.group));
    const counters = async () => (await cloud.raw(cloud.ports.arm, "GET", "/_sandbox/counters")).body;
    expect(await counters()).toEqual({
      total: 3,
      byRequest: { "GET Microsoft.Resources/resourceGroups": 2, "PUT Microsoft.Resources/resourceGroups": 1 },
    });
    await cloud.raw(cloud.ports.arm, "DELETE", "/_sandbox/counters");
    expect(await counters()).toEqual({ total: 0, byRequest: {} });
  });
});
