import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode } from "dns-packet";
import type { NameServer } from "../../provider/connections/publicDns.ts";

/** One authoritative server of a test's own, over UDP on loopback. `records` is its own view of the zone. */
export async function startNameServer(
  name: string,
  records: readonly Answer[],
): Promise<NameServer & { close(): Promise<void> }> {
  const socket = createSocket("udp4");
  socket.on("message", (message, sender) => {
    const query = decode(message);
    const [question] = query.questions ?? [];
    const answers = records.filter((record) => record.type === question?.type && record.name === question.name);
    const answer = { type: "response" as const, id: query.id ?? 0, flags: AUTHORITATIVE_ANSWER };
    socket.send(
      encode({ ...answer, questions: query.questions ?? [], answers: [...answers] }),
      sender.port,
      sender.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address() as AddressInfo;
  return {
    name,
    address: `127.0.0.1:${port}`,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
