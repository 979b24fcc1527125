import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type Answer, decode, encode } from "dns-packet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDirectory } from "../../../provider/connections/ldap.ts";
import { domainControllersOf } from "../../../provider/connections/ldapLocate.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";

let domain: TestDomain;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  domain = await startTestDomain();
});

afterAll(async () => {
  for (const stop of stops) await stop();
  await domain.stop();
});

/** A resolver that knows these records and nothing else. */
async function resolverWith(records: Answer[]): Promise<string> {
  const socket = createSocket("udp4");
  socket.on("message", (message, sender) => {
    const { id = 0, questions = [] } = decode(message);
    const [question] = questions;
    const answers = records.filter(({ type, name }) => type === question?.type && name === question.name.toLowerCase());
    const flags = answers.length > 0 ? 0 : 3;
    socket.send(encode({ type: "response", id, flags, questions, answers }), sender.port, sender.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  stops.push(async () => socket.close());
  return `127.0.0.1:${(socket.address() as AddressInfo).port}`;
}

function srv(target: string, priority: number, weight: number): Answer {
  return { type: "SRV", name: "_ldap._tcp.dc._msdcs.corp.contoso.com", data: { target, port: 389, priority, weight } };
}

test("without a list, the domain's own DNS names the controllers, whose certificates must carry these names", async () => {
  const dnsServers = [
    await resolverWith([
      srv("dc1.corp.contoso.com", 10, 100),
      srv("gone.corp.contoso.com", 0, 100),
      { type: "A", name: "dc1.corp.contoso.com", data: domain.options.address },
    ]),
  ];
  const connection = domain.connection({ domainControllers: undefined, dnsServers });
  const directory = await openDirectory(connection);
  try {
    expect((await directory.read(domain.baseDn, ["dc"]))?.text("dc")).toBe("corp");
  } finally {
    await directory.close();
  }
});

test("a controller that the DNS names, but whose certificate is for another name, is refused", async () => {
  const dnsServers = [
    await resolverWith([
      srv("dc9.corp.contoso.com", 0, 100),
      { type: "A", name: "dc9.corp.contoso.com", data: domain.options.address },
    ]),
  ];
  await expect(openDirectory(domain.connection({ domainControllers: undefined, dnsServers }))).rejects.toMatchObject({
    code: "DIRECTORY_CERTIFICATE",
  });
});

test("controllers come by priority, then by weight, then by name, the same in each run", async () => {
  const dnsServers = [
    await resolverWith([
      srv("far.corp.contoso.com", 20, 100),
      srv("c.corp.contoso.com", 10, 50),
      srv("b.corp.contoso.com", 10, 100),
      srv("a.corp.contoso.com", 10, 50),
    ]),
  ];
  expect(await domainControllersOf(domain.connection({ domainControllers: undefined, dnsServers }))).toEqual([
    "ldaps://b.corp.contoso.com",
    "ldaps://a.corp.contoso.com",
    "ldaps://c.corp.contoso.com",
    "ldaps://far.corp.contoso.com",
  ]);
});

test("a domain that the resolver does not know says which record was asked for, and what to set", async () => {
  const dnsServers = [await resolverWith([])];
  const attempt = openDirectory(domain.connection({ domainControllers: undefined, dnsServers }));
  await expect(attempt).rejects.toMatchObject({ code: "DIRECTORY_CONTROLLERS_NOT_FOUND" });
  await expect(attempt).rejects.toThrow(
    /_ldap\._tcp\.dc\._msdcs\.corp\.contoso\.com \(SRV\) failed: there is no such record.*directory\.dnsServers/,
  );
});
