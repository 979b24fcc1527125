import { createSocket } from "node:dgram";
import { promises } from "node:dns";
import { connect } from "node:net";
import { AUTHORITATIVE_ANSWER, decode, encode, type Packet, streamDecode, streamEncode } from "dns-packet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, type TestCloud } from "../../support/azureCloud.ts";
import { ids, make } from "./fixtures.ts";

describe("the zone server", () => {
  let cloud: TestCloud;
  let address: string;
  const resolver = new promises.Resolver();
  const put = (type: string, name: string, properties: object) =>
    cloud.put(`${ids.zone}/${type}/${name}?api-version=2018-05-01`, { properties: { TTL: 60, ...properties } });

  beforeAll(async () => {
    cloud = await startTestCloud();
    await make(cloud, "group", "zone", "a");
    address = cloud.address.replace(/\.20$/, ".53");
    resolver.setServers([`${address}:${cloud.ports.dns}`]);
    await put("AAAA", "mfa", { AAAARecords: [{ ipv6Address: "2001:db8::7" }] });
    await put("CAA", "mfa", { caaRecords: [{ flags: 0, tag: "issue", value: "letsencrypt.org" }] });
    await put("CNAME", "www", { CNAMERecord: { cname: "mfa.dev.contoso.com." } });
    await put("A", "*.apps", { ARecords: [{ ipv4Address: "192.0.2.9" }] });
    await put("TXT", "deep.below", { TXTRecords: [{ value: ["a"] }] });
  });
  afterAll(async () => {
    await cloud?.stop();
  });

  it("answers each type that it has", async () => {
    expect(await resolver.resolve4("mfa.dev.contoso.com", { ttl: true })).toEqual([
      { address: "203.0.113.7", ttl: 300 },
    ]);
    expect(await resolver.resolve6("MFA.dev.contoso.com")).toEqual(["2001:db8::7"]);
    expect(await resolver.resolveCaa("mfa.dev.contoso.com")).toEqual([
      { critical: 0, issue: "letsencrypt.org", type: "CAA" },
    ]);
    expect(await resolver.resolveNs("dev.contoso.com")).toHaveLength(4);
    expect(await resolver.resolveSoa("dev.contoso.com")).toMatchObject({
      hostmaster: "azuredns-hostmaster.microsoft.com",
      minttl: 300,
    });
  });
  it("follows an alias inside the zone", async () => {
    expect(await resolver.resolve4("www.dev.contoso.com")).toEqual(["203.0.113.7"]);
    expect(await resolver.resolveCname("www.dev.contoso.com")).toEqual(["mfa.dev.contoso.com"]);
  });
  it("answers a wildcard for names that are not there", async () => {
    expect(await resolver.resolve4("any.apps.dev.contoso.com")).toEqual(["192.0.2.9"]);
  });
  it("tells a missing name from a missing type", async () => {
    await expect(resolver.resolve4("none.dev.contoso.com")).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(resolver.resolveMx("mfa.dev.contoso.com")).rejects.toMatchObject({ code: "ENODATA" });
    await expect(resolver.resolve4("below.dev.contoso.com")).rejects.toMatchObject({ code: "ENODATA" });
    const nothing = await ask("none.dev.contoso.com", "A");
    expect(nothing).toMatchObject({
      rcode: "NXDOMAIN",
      answers: [],
      authorities: [{ type: "SOA", name: "dev.contoso.com", ttl: 300 }],
    });
    expect((nothing.flags ?? 0) & AUTHORITATIVE_ANSWER).not.toBe(0);
  });
  it("refuses names of other zones", async () => {
    expect(await ask("example.org", "A")).toMatchObject({ rcode: "REFUSED" });
  });
  it("serves a record as soon as it is written, two challenges beside each other, and none after the delete", async () => {
    const name = "_acme-challenge.mfa";
    await put("TXT", name, { TXTRecords: [{ value: ["one"] }, { value: ["two", "three"] }] });
    expect(await resolver.resolveTxt(`${name}.dev.contoso.com`)).toEqual([["one"], ["two", "three"]]);
    await cloud.arm("DELETE", `${ids.zone}/TXT/${name}?api-version=2018-05-01`);
    await expect(resolver.resolveTxt(`${name}.dev.contoso.com`)).rejects.toMatchObject({ code: "ENOTFOUND" });
  });
  it("cuts a long answer over UDP and gives it whole over TCP", async () => {
    await put("TXT", "long", { TXTRecords: Array.from({ length: 8 }, (_, i) => ({ value: [`${i}`.repeat(200)] })) });
    expect(await ask("long.dev.contoso.com", "TXT")).toMatchObject({ flag_tc: true, answers: [] });
    expect((await askByTcp("long.dev.contoso.com", "TXT")).answers).toHaveLength(8);
  });
  it("lets a stranger's bytes pass by", async () => {
    const socket = createSocket("udp4");
    socket.send(Buffer.from("not a question"), cloud.ports.dns, address);
    expect(await resolver.resolve4("mfa.dev.contoso.com")).toEqual(["203.0.113.7"]);
    socket.close();
  });
  it("fails when a test asks it to", async () => {
    await cloud.fault({ match: { method: "DNS", path: "^mfa\\.dev\\.contoso\\.com A$" }, action: "status" });
    expect(await ask("mfa.dev.contoso.com", "A")).toMatchObject({ rcode: "SERVFAIL" });
    expect(await ask("mfa.dev.contoso.com", "A")).toMatchObject({ rcode: "NOERROR" });
  });

  const question = (name: string, type: "A" | "TXT"): Packet => ({
    type: "query",
    id: 7,
    flags: 0x0100,
    questions: [{ name, type }],
  });

  function ask(name: string, type: "A" | "TXT"): Promise<Packet & { rcode?: string }> {
    const socket = createSocket("udp4");
    return new Promise((resolve, reject) => {
      socket.once("error", reject).once("message", (message) => {
        socket.close();
        resolve(decode(message));
      });
      socket.send(encode(question(name, type)), cloud.ports.dns, address);
    });
  }

  function askByTcp(name: string, type: "A" | "TXT"): Promise<Packet> {
    const socket = connect(cloud.ports.dns, address, () => socket.write(streamEncode(question(name, type))));
    let received = Buffer.alloc(0);
    return new Promise((resolve, reject) => {
      socket.once("error", reject).on("data", (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        if (received.length < 2 || received.length < received.readUInt16BE(0) + 2) return;
        socket.destroy();
        resolve(streamDecode(received) as Packet);
      });
    });
  }
});
