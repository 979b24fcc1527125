import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dnsUpdateZone } from "../../../provider/connections/dnsUpdateZone.ts";
import { namedBinary, startBind, type TestBind } from "../../support/bind.ts";

const ZONE = "corp.example";
const NAME = `_acme-challenge.mfa.${ZONE}`;
const [one, two, foreign] = ["A", "B", "C"].map((letter) => letter.repeat(43)) as [string, string, string];

describe.skipIf(namedBinary() === undefined)("signed updates of a zone served by BIND (Debian package bind9)", () => {
  let bind: TestBind;
  beforeAll(async () => {
    bind = await startBind([ZONE]);
  });
  afterAll(() => bind?.stop());

  test("come and go beside other values at the same name", async () => {
    bind.add(ZONE, `${NAME}. 60 TXT ${foreign}`);
    const zone = dnsUpdateZone(bind.connection(ZONE), []);
    await zone.publish(NAME, [one, two], undefined);
    expect(await bind.texts(NAME)).toEqual([one, two, foreign]);
    await zone.publish(NAME, [two], undefined);
    expect(await bind.texts(NAME)).toEqual([two, foreign]);
    for (let time = 0; time < 2; time++) await zone.withdraw(NAME, undefined);
    expect(await bind.texts(NAME)).toEqual([foreign]);
  });

  test("what an interrupted run is known to have left is removed", async () => {
    const name = `_acme-challenge.left.${ZONE}`;
    await dnsUpdateZone(bind.connection(ZONE), []).publish(name, [one], undefined);
    const later = dnsUpdateZone(bind.connection(ZONE), [{ name, values: [one] }]);
    await later.publish(name, [two], undefined);
    expect(await bind.texts(name)).toEqual([two]);
    await later.withdraw(name, undefined);
    expect(await bind.texts(name)).toEqual([]);
  });

  test.each([
    ["another secret", { key: Buffer.alloc(32, 8).toString("base64") }, "BADSIG", "dnsUpdateKey"],
    ["an unknown key", { keyName: "stranger" }, "BADKEY", "keyName"],
    ["another algorithm", { algorithm: "hmac-sha512" as const }, "BADKEY", "algorithm"],
    ["another zone", { zone: "other.example" }, "NOTAUTH", "dnsUpdate.zone"],
  ])("%s is refused with what to check", async (_, change, code, next) => {
    const zone = dnsUpdateZone({ ...bind.connection(ZONE), ...change }, []);
    await expect(zone.publish(NAME, [one], undefined)).rejects.toMatchObject({
      code: "DNS_UPDATE_REFUSED",
      message: expect.stringMatching(new RegExp(`answered ${code}.*${next}`)),
    });
    expect(await bind.texts(NAME)).not.toContain(one);
  });

  test("a name outside the zone is refused", async () => {
    const publish = dnsUpdateZone(bind.connection(ZONE), []).publish(
      "_acme-challenge.elsewhere.test",
      [one],
      undefined,
    );
    await expect(publish).rejects.toThrow(/answered (NOTZONE|REFUSED)/);
  });

  test("an answer that is not signed with the key is not believed", async () => {
    const liar = createServer((socket) => {
      socket.on("data", (message) => {
        const answer = Buffer.from([0, 12, ...message.subarray(2, 4), 0xa8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        socket.end(answer);
      });
    });
    await new Promise<void>((resolve) => liar.listen(0, "127.0.0.1", resolve));
    const server = `127.0.0.1:${(liar.address() as AddressInfo).port}`;
    const publish = dnsUpdateZone({ ...bind.connection(ZONE), server }, []).publish(NAME, [one], undefined);
    await expect(publish).rejects.toThrow("the answer is not signed with the key");
    await new Promise((resolve) => liar.close(resolve));
  });

  test("a server that is not there is named with its setting, and Ctrl-C ends the waiting", async () => {
    const nobody = { ...bind.connection(ZONE), server: "127.0.0.1:1" };
    await expect(dnsUpdateZone(nobody, []).publish(NAME, [one], undefined)).rejects.toMatchObject({
      code: "DNS_UPDATE_UNANSWERED",
      message: expect.stringContaining("127.0.0.1:1"),
    });
    const stop = AbortSignal.timeout(50);
    await expect(dnsUpdateZone(nobody, []).publish(NAME, [one], stop)).rejects.toMatchObject({ name: /Abort|Timeout/ });
  });
});
