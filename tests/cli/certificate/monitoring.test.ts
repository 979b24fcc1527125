import { describe, expect, test } from "vitest";
import { judge, type Limits, unknown } from "../../../cli/certificate/monitoring.ts";
import type { CertificateStatus } from "../../../cli/certificate/status.ts";

const now = new Date("2026-03-01T00:00:00Z");
const thumbprint = "A".repeat(40);
const dates = { notBefore: "2026-02-01T00:00:00.000Z", notAfter: "2026-05-02T00:00:00.000Z" };

/** 62 of 90 days left, its renewal not due yet. */
const status: CertificateStatus = {
  hostName: "mfa.contoso.com",
  stack: {
    source: "acme",
    thumbprint,
    issuer: "CN=CA",
    ...dates,
    renewAfter: "2026-04-02T00:00:00.000Z",
    renewalBy: "authority",
  },
  served: { subject: "CN=mfa.contoso.com", issuer: "CN=CA", thumbprint, serialNumber: "01", ...dates },
};

const judged = (change: Partial<CertificateStatus>, limits: Limits = {}, at = now) =>
  judge({ ...status, ...change }, limits, at);

describe("a certificate in order", () => {
  test("is OK, with what was measured behind the bar", () => {
    expect(judged({}, { warning: 20, critical: 7, maxAge: 60 })).toEqual({
      exitCode: 0,
      line: `CERTIFICATE OK - mfa.contoso.com: 62 days left, until ${dates.notAfter} | days_left=62;20:;7: days_old=28;;60`,
    });
  });
});

describe("monitoring is told", () => {
  test.each<[string, Limits, string, 1 | 2, RegExp]>([
    ["few days left", { warning: 63 }, "2026-03-01", 1, /fewer than 63 days are left/],
    ["very few days left", { warning: 80, critical: 63 }, "2026-03-01", 2, /fewer than 63 days are left/],
    ["an age without renewal", { maxAge: 27 }, "2026-03-01", 2, /it is older than 27 days/],
    ["a renewal that did not happen", {}, "2026-04-04", 1, /its renewal is due since 2026-04-02/],
    ["the end", {}, "2026-05-03", 2, /it has expired; its renewal is due/],
  ])("of %s", (_, limits, day, exitCode, line) => {
    const verdict = judged({}, limits, new Date(`${day}T12:00:00Z`));
    expect(verdict.exitCode).toBe(exitCode);
    expect(verdict.line).toMatch(line);
  });

  test("nothing on the day on which the renewal falls due: the next deployment does it", () => {
    expect(judged({}, {}, new Date("2026-04-02T12:00:00Z")).exitCode).toBe(0);
  });

  test("of an endpoint that fails, and the worst comes first", () => {
    const verdict = judged({ served: { fault: "connect ECONNREFUSED" } }, { warning: 80 });
    expect(verdict.exitCode).toBe(2);
    expect(verdict.line).toMatch(
      /^CERTIFICATE CRITICAL - .*; the endpoint fails: connect ECONNREFUSED; fewer than 80 days/,
    );
  });

  test("of another certificate than the stack's, whose days count", () => {
    const served = {
      subject: "",
      issuer: "",
      serialNumber: "",
      ...dates,
      thumbprint: "B".repeat(40),
      notAfter: "2026-03-11T00:00:00.000Z",
    };
    const verdict = judged({ served });
    expect(verdict.exitCode).toBe(1);
    expect(verdict.line).toMatch(/: 10 days left, .*; the endpoint serves B{40}, the stack holds A{40}/);
  });
});

test("what keeps it from an answer is UNKNOWN, in one line without a bar of its own", () => {
  expect(unknown("no stack\ncalled a|b")).toEqual({ exitCode: 3, line: "CERTIFICATE UNKNOWN - no stack called a b" });
});
