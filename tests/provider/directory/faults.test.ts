/** What others and the network do while the kit works: each time the directory ends as the program wants it, or says what to do. */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LdapProxy, startLdapProxy } from "../../support/ldapProxy.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import { attributesOf, exists, setAttribute } from "./readBack.ts";
import { DirectoryStack } from "./stack.ts";

const PEOPLE = 1100;

let domain: TestDomain;
let unit: string;
let proxy: LdapProxy;
let stack: DirectoryStack;
let counter = 0;

beforeAll(async () => {
  domain = await startTestDomain();
  unit = await domain.unit();
  // Groups are quicker to make than people, and members like them.
  await inBatches(PEOPLE, (index) =>
    domain.admin.add(memberName(index), { objectClass: "group", sAMAccountName: `member-${index}` }),
  );
});

afterAll(async () => {
  await domain.stop();
});

beforeEach(async () => {
  proxy = await startLdapProxy(domain);
  stack = new DirectoryStack(domain.connection({ domainControllers: [proxy.url, domain.running.ldapsUrl] }));
});

afterEach(async () => {
  await stack.close();
  await proxy.close();
});

async function inBatches(total: number, act: (index: number) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < total; start += 20) {
    await Promise.all(Array.from({ length: Math.min(20, total - start) }, (_, offset) => act(start + offset)));
  }
}

function memberName(index: number): string {
  return `CN=member-${index},${unit}`;
}

function accountNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `member-${index}`);
}

async function newGroup(): Promise<string> {
  counter += 1;
  const name = `Faults ${counter}`;
  await domain.admin.add(`CN=${name},${unit}`, { objectClass: "group", sAMAccountName: name });
  return name;
}

async function membersOf(group: string): Promise<number> {
  return (await attributesOf(domain, `CN=${group},${unit}`)).member?.length ?? 0;
}

describe("a domain controller that stops", () => {
  test("in the middle of a change of members: the next one ends it", async () => {
    const group = await newGroup();
    const membership = stack.resource("Membership", group);
    proxy.before("modify", async () => proxy.close());
    await membership.up({ group, members: accountNames(PEOPLE) });
    expect(await membersOf(group)).toBe(PEOPLE);
    expect(await membership.refresh()).toEqual([]);
    proxy = await startLdapProxy(domain);
  });

  test("after it carried out a change, before it answered: the next one ends it, and nobody is added twice", async () => {
    const group = await newGroup();
    const membership = stack.resource("Membership", group);
    proxy.loseAnswerOf("modify");
    await membership.up({ group, members: accountNames(PEOPLE) });
    expect(await membersOf(group)).toBe(PEOPLE);
    // Who was added before the answer was lost is the kit's too, and leaves with it.
    await membership.destroy();
    expect(await membersOf(group)).toBe(0);
  });

  test("between two resources: the next one does the rest", async () => {
    const first = stack.resource("Group", "first");
    await first.up({ name: `First ${counter}`, organizationalUnit: unit });
    await proxy.close();
    const second = stack.resource("User", "second");
    await second.up({ name: `second-${counter}`, organizationalUnit: unit });
    expect(await exists(domain, `CN=second-${counter},${unit}`)).toBe(true);
    proxy = await startLdapProxy(domain);
  });

  test("while an object is created: nothing is created twice, and the next run finds what the first one made", async () => {
    const group = stack.resource("Group", "lost");
    const program = { name: "Lost answer", organizationalUnit: unit };
    proxy.loseAnswerOf("add");
    await expect(group.up(program)).rejects.toThrow(/it is not known whether it was done.*Run `pulumi up` again/);
    await group.up(program);
    expect(group.outputs.adopted).toBe(false);
    await group.destroy();
    expect(await exists(domain, `CN=Lost answer,${unit}`)).toBe(false);
  });
});

describe("somebody else, at the same time,", () => {
  test("removes a member that is being removed", async () => {
    const group = await newGroup();
    const membership = stack.resource("Membership", group);
    await membership.up({ group, members: accountNames(3) });
    proxy.before("modify", () => setAttribute(domain, `CN=${group},${unit}`, "member", [memberName(0)]));
    await membership.up({ group, members: accountNames(1) });
    expect(await membersOf(group)).toBe(1);
    expect(await membership.refresh()).toEqual([]);
  });

  test("removes a member that stays while others are added: it shows, and comes back at the next run", async () => {
    const group = await newGroup();
    const membership = stack.resource("Membership", group);
    await membership.up({ group, members: accountNames(1) });
    proxy.before("modify", () => setAttribute(domain, `CN=${group},${unit}`, "member", []));
    await membership.up({ group, members: accountNames(2) });
    expect(membership.outputs.members).toEqual(["member-1"]);
    expect(await membership.up({ group, members: accountNames(2) })).toBe("update");
    expect(await membersOf(group)).toBe(2);
  });

  test("adds the member that is being added", async () => {
    const group = await newGroup();
    const membership = stack.resource("Membership", group);
    proxy.before("modify", () => setAttribute(domain, `CN=${group},${unit}`, "member", [memberName(0)]));
    await membership.up({ group, members: accountNames(2) });
    expect(await membersOf(group)).toBe(2);
    await membership.destroy();
    // That one was not added by the kit.
    expect(await membersOf(group)).toBe(1);
  });

  test.each([false, true])("creates the same group from another stack (adopt: %s)", async (adopt) => {
    const rivals = new DirectoryStack(domain.connection());
    const program = { name: `Rivals ${adopt}`, organizationalUnit: unit, adopt };
    const ours = stack.resource("Group", "ours");
    const theirs = rivals.resource("Group", "theirs");
    proxy.before("add", async () => void (await theirs.up(program)));
    const up = ours.up(program);
    if (adopt) {
      await up;
      expect([ours.outputs.adopted, theirs.outputs.adopted]).toEqual([true, false]);
    } else {
      await expect(up).rejects.toThrow(/exists already: this resource did not create it/);
    }
    await rivals.close();
  });

  test("runs the same program: both end with the one account", async () => {
    const twin = new DirectoryStack(domain.connection());
    const program = { name: "twin", organizationalUnit: unit };
    const runs = [stack.resource("User", "twin"), twin.resource("User", "twin")];
    await Promise.all(runs.map((run) => run.up(program)));
    const [one, other] = runs.map(({ outputs }) => outputs);
    expect(one?.objectGuid).toBe(other?.objectGuid);
    expect([one?.adopted, other?.adopted]).toEqual([false, false]);
    await twin.close();
  });
});

describe("on the wire", () => {
  /** Passes bytes on as they are and keeps what the client sent. */
  async function startTap() {
    const sent: Buffer[][] = [];
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      const { hostname, port } = new URL(domain.running.ldapsUrl);
      const controller = connect(Number(port), hostname);
      const own: Buffer[] = [];
      sent.push(own);
      client.on("data", (bytes) => void own.push(bytes));
      for (const socket of [client, controller]) {
        sockets.add(socket);
        socket.on("error", () => {});
      }
      client.pipe(controller).pipe(client);
    });
    server.listen(0, domain.options.address);
    await once(server, "listening");
    return {
      url: `ldaps://${domain.options.address}:${(server.address() as AddressInfo).port}`,
      sent,
      close: async () => {
        server.close();
        for (const socket of sockets) socket.destroy();
        await once(server, "close");
      },
    };
  }

  test("nothing but TLS goes out: no bind, no password", async () => {
    const tap = await startTap();
    const connection = domain.connection({ domainControllers: [tap.url] });
    const tapped = new DirectoryStack(connection);
    const user = tapped.resource("User", "tapped");
    await user.up({ name: "tapped", organizationalUnit: unit });
    await tapped.close();
    await tap.close();
    expect(tap.sent).toHaveLength(1);
    const bytes = Buffer.concat(tap.sent.flat());
    // 22: a TLS handshake record (RFC 8446 5.1); an LDAP message would begin with 0x30.
    expect(bytes[0]).toBe(22);
    for (const secret of [connection.bindPassword, user.outputs.password as string, "tapped"]) {
      expect(bytes.includes(secret)).toBe(false);
      expect(bytes.includes(Buffer.from(secret, "utf16le"))).toBe(false);
    }
    expect(await readFile(domain.logFile, "utf8")).not.toContain("LDAP,simple bind]");
  });

  test("members are looked up by the hundred, never one by one, and written by the thousand", async () => {
    const group = await newGroup();
    const membership = stack.resource("Membership", group);
    const program = { group, members: accountNames(PEOPLE) };
    await membership.up(program);
    // 6 of 200 names each, rootDSE, the group, who of the names is in it, its members before and after.
    expect(proxy.count("search")).toBeLessThanOrEqual(11);
    expect(proxy.count("modify")).toBe(2);
    const before = proxy.count("search");
    expect(await membership.up(program)).toBe("same");
    expect(await membership.refresh()).toEqual([]);
    expect(proxy.count("search") - before).toBeLessThanOrEqual(10);
    expect(proxy.count("modify")).toBe(2);
    expect(proxy.count("bind")).toBe(1);
  });

  test("people of nested groups are looked up by the hundred groups, never group by group", async () => {
    const group = await newGroup();
    const membership = stack.resource("Membership", group);
    await membership.up({ group, members: accountNames(PEOPLE) });
    const before = proxy.count("search");
    await membership.up({ group, members: accountNames(PEOPLE), checkReadiness: true });
    // As without the report, and 3 pages of nested groups, 6 of 200 groups each.
    expect(proxy.count("search") - before).toBeLessThanOrEqual(7 + 9);
  });
});
