import { readFile } from "node:fs/promises";
import { BerReader, EqualityFilter, SearchRequest } from "ldapts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Directory, openDirectory } from "../../../provider/connections/ldap.ts";
import { unicodePwd } from "../../../provider/directory/password.ts";
import { type LdapProxy, startLdapProxy } from "../../support/ldapProxy.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";

const CLOSED = "ldaps://127.0.0.1:1";

let domain: TestDomain;
let proxy: LdapProxy;
const opened: Directory[] = [];

beforeAll(async () => {
  domain = await startTestDomain();
});

afterAll(async () => {
  await domain.stop();
});

beforeEach(async () => {
  proxy = await startLdapProxy(domain);
});

afterEach(async () => {
  for (const directory of opened.splice(0)) await directory.close();
  await proxy.close();
});

async function open(changes: Parameters<TestDomain["connection"]>[0] = {}): Promise<Directory> {
  const directory = await openDirectory(domain.connection({ domainControllers: [proxy.url], ...changes }));
  opened.push(directory);
  return directory;
}

describe("opening a directory", () => {
  test("serves any number of requests over one connection with one bind", async () => {
    const directory = await open();
    expect(directory.baseDn).toBe(domain.baseDn);
    const reads = Array.from({ length: 20 }, () => directory.read(domain.baseDn, ["dc"]));
    expect((await Promise.all(reads)).map((entry) => entry?.text("dc"))).toEqual(Array(20).fill("corp"));
    expect(proxy.connections).toBe(1);
    expect(proxy.count("bind")).toBe(1);
  });

  test("passes over a controller that cannot be reached", async () => {
    const directory = await open({ domainControllers: [CLOSED, "ldaps://no-such-host.invalid", proxy.url] });
    expect(directory.baseDn).toBe(domain.baseDn);
  });

  test("tries a wrong password once, although there are more controllers, and says what to do", async () => {
    const bindsBefore = await refusedBinds();
    const attempt = open({
      domainControllers: [proxy.url, domain.running.ldapsUrl],
      bindPassword: "Not-the-pa55word",
    });
    await expect(attempt).rejects.toMatchObject({ code: "DIRECTORY_BIND_REFUSED", resultCode: 49 });
    await expect(attempt).rejects.toThrow(
      /refused the log-on of Administrator@corp.contoso.com: user name or password is wrong.*directoryPassword/,
    );
    await expect(attempt).rejects.not.toThrow(/Not-the-pa55word/);
    expect(proxy.count("bind")).toBe(1);
    expect((await refusedBinds()) - bindsBefore).toBe(1);
  });

  test("says that the account is disabled when that is the reason", async () => {
    const bindUser = `CN=Disabled,${await domain.unit()}`;
    const admin = await open();
    await admin.add(bindUser, { ...account("disabled1", "Right-pa55word"), userAccountControl: "514" });
    await expect(open({ bindUser, bindPassword: "Right-pa55word" })).rejects.toThrow(/the account is disabled/);
  });

  test("names each controller and its fault when none can be reached", async () => {
    const attempt = open({ domainControllers: [CLOSED, "ldaps://no-such-host.invalid"] });
    await expect(attempt).rejects.toMatchObject({ code: "DIRECTORY_UNREACHABLE" });
    await expect(attempt).rejects.toThrow(
      /ldaps:\/\/127\.0\.0\.1:1: connection refused; ldaps:\/\/no-such-host\.invalid: (name not found|name resolution failed)/,
    );
  });

  test("refuses a controller whose CA is not trusted", async () => {
    const attempt = open({ caCertificates: undefined });
    await expect(attempt).rejects.toMatchObject({ code: "DIRECTORY_CERTIFICATE" });
    await expect(attempt).rejects.toThrow(/issued by a CA that is not trusted.*directory\.caCertificates/);
    expect(proxy.count("bind")).toBe(0);
  });

  test("refuses a controller whose certificate is for another name", async () => {
    const { port } = new URL(proxy.url);
    const attempt = open({ domainControllers: [`ldaps://localhost:${port}`] });
    await expect(attempt).rejects.toMatchObject({ code: "DIRECTORY_CERTIFICATE" });
    await expect(attempt).rejects.toThrow(/certificate is for another name/);
    expect(proxy.count("bind")).toBe(0);
  });

  test("refuses a controller whose certificate has expired", async () => {
    const old = await startLdapProxy(domain, { notAfter: new Date(Date.now() - 60_000) });
    try {
      const attempt = open({ domainControllers: [old.url] });
      await expect(attempt).rejects.toMatchObject({ code: "DIRECTORY_CERTIFICATE" });
      await expect(attempt).rejects.toThrow(/its certificate has expired.*renew it; the check is never switched off/);
      expect(old.count("bind")).toBe(0);
    } finally {
      await old.close();
    }
  });

  test("refuses a controller of another domain", async () => {
    await expect(open({ domain: "fabrikam.com" })).rejects.toThrow(
      /is no domain controller of fabrikam.com: it serves the domain corp.contoso.com/,
    );
  });

  test("ends when the operation is cancelled, although the controller does not answer", async () => {
    proxy.fallSilent();
    const cancelled = new AbortController();
    const attempt = openDirectory(domain.connection({ domainControllers: [proxy.url] }), { signal: cancelled.signal });
    cancelled.abort(new Error("cancelled by the user"));
    await expect(attempt).rejects.toThrow("cancelled by the user");
  });
});

describe("a request", () => {
  test("is repeated while the controller is busy", async () => {
    const directory = await open();
    const unit = await domain.unit();
    proxy.answer("modify", 51, 2);
    await directory.modify(unit, [{ change: "replace", attribute: "description", values: ["after two refusals"] }]);
    expect(proxy.count("modify")).toBe(3);
    expect((await directory.read(unit, ["description"]))?.text("description")).toBe("after two refusals");
  });

  test("stops waiting for a busy controller when the operation is cancelled", async () => {
    const cancelled = new AbortController();
    const directory = (await open()).withSignal(cancelled.signal);
    proxy.answer("search", 52, 100);
    const reading = directory.read(domain.baseDn, ["dc"]);
    cancelled.abort(new Error("cancelled by the user"));
    await expect(reading).rejects.toThrow();
    expect(proxy.count("search")).toBeLessThan(5);
  });

  test("that only reads is sent again over a new connection when the first was lost", async () => {
    const directory = await open();
    proxy.loseAnswerOf("search");
    expect((await directory.read(domain.baseDn, ["dc"]))?.text("dc")).toBe("corp");
    expect(proxy.connections).toBe(2);
    expect(proxy.count("bind")).toBe(2);
  });

  test("that replaces values is sent again too, for twice is like once", async () => {
    const directory = await open();
    const unit = await domain.unit();
    proxy.loseAnswerOf("modify");
    await directory.modify(unit, [{ change: "replace", attribute: "description", values: ["once"] }]);
    expect(proxy.count("modify")).toBe(2);
    expect((await directory.read(unit, ["description"]))?.text("description")).toBe("once");
  });

  test("that writes anything else is never sent twice, and the error says how to go on", async () => {
    const directory = await open();
    const unit = await domain.unit();
    proxy.loseAnswerOf("add");
    await expect(directory.add(`OU=Once,${unit}`, { objectClass: "organizationalUnit" })).rejects.toMatchObject({
      code: "DIRECTORY_CONNECTION_LOST",
    });
    expect(proxy.count("add")).toBe(1);
    expect(await directory.read(`OU=Once,${unit}`, ["ou"])).toBeDefined();
  });

  test("goes to the next controller when the first one is gone", async () => {
    const directory = await open({ domainControllers: [proxy.url, domain.running.ldapsUrl] });
    await proxy.close();
    expect((await directory.read(domain.baseDn, ["dc"]))?.text("dc")).toBe("corp");
    proxy = await startLdapProxy(domain);
  });

  test("goes to the next controller when the first one says that it is shutting down, and stays there", async () => {
    const second = await startLdapProxy(domain);
    try {
      const directory = await open({ domainControllers: [proxy.url, second.url] });
      const unit = await domain.unit();
      proxy.answer("delete", 52, 1);
      await directory.remove(unit);
      await directory.read(domain.baseDn, ["dc"]);
      expect([proxy.count("delete"), second.count("delete")]).toEqual([1, 1]);
      expect(second.count("search")).toBe(2);
    } finally {
      await second.close();
    }
  });

  test.each([
    [51, "DIRECTORY_BUSY"],
    [52, "DIRECTORY_UNAVAILABLE"],
  ])("refused with result code %i by the only controller to the end says so", async (resultCode, code) => {
    const directory = await open();
    proxy.answer("delete", resultCode, 100);
    const refused = directory.remove(`OU=Gone,${domain.baseDn}`);
    await expect(refused).rejects.toMatchObject({ code, resultCode });
    await expect(refused).rejects.toThrow(/^deleting OU=Gone.*Run again later/);
    expect(proxy.count("delete")).toBe(6);
  });

  test("never goes out without a bind: after a lost connection whose password has changed, it is refused once and for all", async () => {
    const unit = await domain.unit();
    const bindUser = `CN=Reader,${unit}`;
    const admin = await open();
    await admin.add(bindUser, account("reader1", "Reader-pa55word"));
    const directory = await open({ bindUser, bindPassword: "Reader-pa55word" });
    await admin.modify(bindUser, [
      { change: "replace", attribute: "unicodePwd", values: [unicodePwd("Changed-pa55word")] },
    ]);
    const before = proxy.count("bind");
    proxy.cut();
    await expect(directory.read(domain.baseDn, ["dc"])).rejects.toMatchObject({ code: "DIRECTORY_BIND_REFUSED" });
    await expect(directory.read(domain.baseDn, ["dc"])).rejects.toMatchObject({ code: "DIRECTORY_BIND_REFUSED" });
    expect(proxy.count("bind") - before).toBe(1);
  });

  test.each([
    [19, "DIRECTORY_CONSTRAINT"],
    [10, "DIRECTORY_OTHER_DOMAIN"],
    [32, "DIRECTORY_NOT_FOUND"],
    [50, "DIRECTORY_ACCESS_DENIED"],
    [53, "DIRECTORY_UNWILLING"],
    [68, "DIRECTORY_NAME_TAKEN"],
    [80, "DIRECTORY_REFUSED"],
  ])("refused with result code %i says what was done, why, and what to do", async (resultCode, code) => {
    const directory = await open();
    proxy.answer("delete", resultCode, 1);
    const refused = directory.remove(`OU=Gone,${domain.baseDn}`);
    await expect(refused).rejects.toMatchObject({ code, resultCode });
    await expect(refused).rejects.toThrow(/^deleting OU=Gone,DC=corp.*: .*server: injected by the test\)\. [A-Z]/);
  });

  test("may take as long as the controller allows, one page or many", async () => {
    const directory = await open();
    const filter = new EqualityFilter({ attribute: "objectClass", value: "domain" });
    await directory.search({ filter, attributes: ["dc"] });
    await directory.search({ filter, attributes: ["dc"], atMost: 1 });
    await directory.read(domain.baseDn, ["dc"]);
    const limits = proxy.requests("search").map((bytes) => {
      const reader = new BerReader(bytes);
      reader.readSequence();
      const request = new SearchRequest({ messageId: reader.readInt() ?? 0, filter });
      reader.readSequence();
      request.parseMessage(reader);
      return request.timeLimit;
    });
    // The first asks the rootDSE before the bind.
    expect(limits.slice(1)).toEqual([0, 0, 0]);
  });

  test("pages through more objects than a controller gives at once", async () => {
    const directory = await open();
    const base = `CN=Schema,CN=Configuration,${domain.baseDn}`;
    const filter = new EqualityFilter({ attribute: "objectClass", value: "attributeSchema" });
    const before = proxy.count("search");
    const found = await directory.search({ base, scope: "one", filter, attributes: ["cn"] });
    const { searchEntries } = await domain.admin.search(base, { scope: "one", filter, attributes: ["cn"] });
    expect(searchEntries.length).toBeGreaterThan(1000);
    expect(found.map((entry) => entry.name).toSorted()).toEqual(searchEntries.map((entry) => entry.dn).toSorted());
    expect(proxy.count("search") - before).toBe(Math.ceil(searchEntries.length / 500));
  });
});

function account(sAMAccountName: string, password: string) {
  const userAccountControl = "512";
  return { objectClass: "user", sAMAccountName, userAccountControl, unicodePwd: unicodePwd(password) };
}

/** Lines of the controller's own log about refused binds. */
async function refusedBinds(): Promise<number> {
  const log = await readFile(domain.logFile, "utf8");
  return log.split("\n").filter((line) => line.includes("Auth: [LDAP") && line.includes("NT_STATUS_WRONG_PASSWORD"))
    .length;
}
