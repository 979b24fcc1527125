import { afterEach, describe, expect, test } from "vitest";
import { openAcme } from "../../../provider/connections/acme.ts";
import { embeddedProblem, problemError } from "../../../provider/connections/acmeProblem.ts";
import { type Answer, type Handler, type HttpsServer, startHttpsServer } from "../../support/httpsServer.ts";

const NOW = new Date("2025-06-01T12:00:00Z");
const DIRECTORY = "https://acme.example/directory";

describe("what a certificate authority answers", { timeout: 20_000 }, () => {
  let server: HttpsServer | undefined;
  afterEach(() => server?.close());

  /** An authority that knows every account and answers new orders as the test wants. */
  const authority = async (newOrder: Handler) => {
    server = await startHttpsServer((request) => {
      const origin = server?.origin;
      const headers = { "replay-nonce": String(Math.random()), location: `${origin}/account/1` };
      if (request.path === "/directory") {
        const resource = (name: string) => `${origin}/${name}`;
        const directory = { newNonce: resource("nonce"), newAccount: resource("account"), newOrder: resource("order") };
        return { status: 200, body: directory };
      }
      if (request.path === "/order") return newOrder(request);
      return { status: 200, headers, body: { status: "valid" } };
    });
    return openAcme({ directoryUrl: `${server.origin}/directory`, caCertificates: server.caPem });
  };
  const solver = { present: () => Promise.resolve(), cleanUp: () => Promise.resolve() };
  const order = { dnsNames: ["mfa.contoso.com"], csr: Promise.resolve("unused") };

  test("a rate limit is told with the authority's text and the time to come back, and not hammered", async () => {
    const acme = await authority(() => ({
      status: 429,
      headers: { "retry-after": "7200", "replay-nonce": "n" },
      body: {
        type: "urn:ietf:params:acme:error:rateLimited",
        detail: "too many certificates (5) already issued for this exact set of names in the last 168h0m0s.",
      },
    }));
    const before = Date.now();
    const failure = await acme.issue(order, solver).catch((error: unknown) => error as Error);
    acme.close();

    expect(failure).toMatchObject({ code: "ACME_RATE_LIMITED" });
    const message = (failure as Error).message;
    expect(message).toContain("rateLimited: too many certificates (5) already issued for this exact set of names");
    const moment = Date.parse(/Run again after (\S+Z);/.exec(message)?.[1] ?? "");
    expect(moment).toBeGreaterThanOrEqual(before + 7_199_000);
    expect(moment).toBeLessThan(before + 7_260_000);
    expect(server?.requests.filter(({ path }) => path === "/order")).toHaveLength(1);
  });

  test("a short rate limit is waited out", async () => {
    let tries = 0;
    const acme = await authority((): Answer => {
      tries += 1;
      if (tries === 1) return { status: 429, headers: { "retry-after": "1" } };
      const type = "urn:ietf:params:acme:error:rejectedIdentifier";
      return { status: 400, headers: { "replay-nonce": "n" }, body: { type, detail: "Not for us" } };
    });
    await expect(acme.issue(order, solver)).rejects.toMatchObject({ code: "ACME_NAME_REFUSED" });
    acme.close();
    expect(tries).toBe(2);
  });

  test("something that is no ACME directory is named as such", async () => {
    const wrong = await startHttpsServer(() => ({ status: 200, body: "<html>" }));
    const acme = await openAcme({ directoryUrl: `${wrong.origin}/acme`, caCertificates: wrong.caPem });
    await expect(acme.issue(order, solver)).rejects.toMatchObject({ code: "ACME_NOT_A_DIRECTORY" });
    acme.close();
    await wrong.close();
  });

  test("an authority whose own certificate nobody trusts is refused, with the setting that helps", async () => {
    const unknown = await startHttpsServer(() => ({ status: 200, body: {} }));
    const acme = await openAcme({ directoryUrl: `${unknown.origin}/directory` });
    await expect(acme.issue(order, solver)).rejects.toMatchObject({
      code: "ACME_UNREACHABLE",
      message: expect.stringContaining("certificate.caCertificates"),
    });
    expect(unknown.requests).toHaveLength(0);
    acme.close();
    await unknown.close();
  });

  test("revoking without the account's key names the secret that is missing, and asks nobody", async () => {
    const acme = await openAcme({ directoryUrl: "https://127.0.0.1:9/directory" });
    await expect(acme.revoke("unused", { accountKeyPem: undefined, reason: "unspecified" })).rejects.toMatchObject({
      code: "ACME_ACCOUNT_UNKNOWN",
      message: expect.stringContaining("Set the secret acmeAccountKey"),
    });
    acme.close();
  });

  test("renewal information that cannot be had is no error", async () => {
    const acme = await openAcme({ directoryUrl: "https://127.0.0.1:9/directory" });
    const certificate = await startHttpsServer(() => ({ status: 200 }));
    expect(await acme.renewalWindow(certificate.caPem)).toBeUndefined();
    acme.close();
    await certificate.close();
  });

  test("the problems of single names are told one by one", () => {
    const problem = embeddedProblem({
      type: "urn:ietf:params:acme:error:compound",
      detail: "Errors during validation",
      subproblems: [
        { detail: "No TXT record found", identifier: { type: "dns", value: "a.contoso.com" } },
        { detail: "CAA forbids issuance", identifier: { type: "dns", value: "b.contoso.com" } },
      ],
    });
    expect(problemError("Certificate", DIRECTORY, problem, NOW).parts.why).toBe(
      "acme.example answered compound: Errors during validation; a.contoso.com: No TXT record found; b.contoso.com: CAA forbids issuance",
    );
  });

  test.each([
    ["caa", "ACME_VALIDATION_FAILED", "certificate.caaIssuer"],
    ["accountDoesNotExist", "ACME_ACCOUNT_UNKNOWN", "acmeAccountKey"],
    ["externalAccountRequired", "ACME_EXTERNAL_ACCOUNT_REQUIRED", "acmeExternalAccountKey"],
    ["userActionRequired", "ACME_USER_ACTION_REQUIRED", "https://acme.example/terms"],
    ["somethingNew", "ACME_REFUSED", "Correct what the authority's answer names"],
  ])("%s has the code %s and a next action", (kind, code, next) => {
    const problem = embeddedProblem({
      type: `urn:ietf:params:acme:error:${kind}`,
      detail: "No.",
      instance: "https://acme.example/terms",
    });
    const error = problemError("Certificate for x", DIRECTORY, problem, NOW);
    expect(error.code).toBe(code);
    expect(error.parts.next).toContain(next);
  });
});
