import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode } from "dns-packet";
import type { TxtRecordSet } from "../../provider/connections/txtRecordSet.ts";
import type { Handler, Answer as HttpAnswer } from "./httpsServer.ts";

/** A DNS zone in memory: written through Azure Resource Manager's paths, read through {@link startDnsServer}. */
export interface TestZone {
  id: string;
  name: string;
  /** TXT record sets by relative name. */
  sets: Map<string, TxtRecordSet>;
  /** Names whose TXT sets were written, in order. */
  writes: string[];
  handler: Handler;
  /** The texts at a fully qualified name, as a name server sees them. */
  texts(fqdn: string): string[];
  /** Puts a foreign TXT value there. */
  put(relativeName: string, ...values: string[]): void;
}

export function createZone(name = "dev.contoso.com"): TestZone {
  const id = `/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-dns/providers/Microsoft.Network/dnsZones/${name}`;
  const sets = new Map<string, TxtRecordSet>();
  const writes: string[] = [];
  let etag = 0;

  const handler: Handler = ({ method, path, query, headers, text }): HttpAnswer => {
    if (query.get("api-version") !== "2018-05-01") return refused(400, "InvalidApiVersionParameter");
    if (path === id) return { status: 200, body: { id, name, properties: { nameServers: [`ns1.${name}.`] } } };
    if (!path.startsWith(`${id}/TXT/`)) return refused(404, "NotFound");
    const relative = path.slice(`${id}/TXT/`.length);
    const current = sets.get(relative);
    if (method === "GET") return current ? { status: 200, body: current } : refused(404, "NotFound");
    const ifMatch = headers["if-match"];
    if (ifMatch !== undefined && ifMatch !== current?.etag) return refused(412, "PreconditionFailed");
    if (headers["if-none-match"] === "*" && current) return refused(412, "PreconditionFailed");
    writes.push(relative);
    if (method === "DELETE") {
      sets.delete(relative);
      return { status: current ? 200 : 204 };
    }
    const written = { etag: String(++etag), properties: (JSON.parse(text) as TxtRecordSet).properties };
    sets.set(relative, written);
    return { status: current ? 200 : 201, body: { id: path, name: relative, ...written } };
  };

  return {
    id,
    name,
    sets,
    writes,
    handler,
    texts: (fqdn) => {
      const set = sets.get(fqdn.toLowerCase().slice(0, -(name.length + 1)));
      return (set?.properties.TXTRecords ?? []).map((record) => record.value.join(""));
    },
    put: (relative, ...values) => {
      const TXTRecords = values.map((value) => ({ value: [value] }));
      sets.set(relative, { etag: String(++etag), properties: { TTL: 3600, TXTRecords, metadata: { owner: "mail" } } });
    },
  };
}

/**
 * One authoritative server, over UDP. `texts` is its own view of the zone, so that a server can lag behind. `aliases`: CNAME records
 * by name; like a server of both zones it adds what lies at their end.
 */
export async function startDnsServer(texts: (name: string) => string[], aliases: Record<string, string> = {}) {
  const socket = createSocket("udp4");
  const records = (name: string, type: string): Answer[] => {
    const alias = aliases[name.toLowerCase()];
    if (alias !== undefined) {
      const first = { type: "CNAME" as const, name, ttl: 1, data: alias };
      return type === "CNAME" ? [first] : [first, ...records(alias, type)];
    }
    if (type !== "TXT") return [];
    return texts(name).map((text) => ({ type: "TXT" as const, name, ttl: 1, data: [text] }));
  };
  socket.on("message", (message, sender) => {
    const query = decode(message);
    const answers = (query.questions ?? []).flatMap(({ name, type }) => records(name, type));
    const rcode = answers.length > 0 ? 0 : NXDOMAIN;
    const flags = AUTHORITATIVE_ANSWER | rcode;
    socket.send(
      encode({ type: "response", id: query.id ?? 0, flags, questions: query.questions ?? [], answers }),
      sender.port,
      sender.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

const NXDOMAIN = 3;

function refused(status: number, code: string): HttpAnswer {
  return { status, body: { error: { code, message: `${code}.` } } };
}
