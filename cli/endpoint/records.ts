import type { CaaRecord } from "node:dns";
import { Resolver } from "node:dns/promises";
import type { NameServer } from "../../provider/connections/publicDns.ts";
import { CheckFailed } from "../verify/check.ts";

/** What one server says about a name; texts are sorted, so that two servers compare. */
export interface Records {
  addresses: string[];
  caa: CaaRecord[];
}

/** Answers that mean "there is none of this type". */
const nothing = new Set(["ENODATA", "ENOTFOUND"]);

/**
 * Asks one name server for the addresses and the CAA records of a name.
 * @throws CheckFailed when the server does not answer.
 */
export async function recordsAt(server: NameServer, name: string): Promise<Records> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([server.address]);
  const ask = async <T>(question: Promise<T[]>): Promise<T[]> => {
    try {
      return await question;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (nothing.has(code)) return [];
      throw new CheckFailed(`the name server ${server.name} does not answer for ${name} (${code})`);
    }
  };
  const [ipv4, ipv6, caa] = await Promise.all([
    ask(resolver.resolve4(name)),
    ask(resolver.resolve6(name)),
    ask(resolver.resolveCaa(name)),
  ]);
  return { addresses: [...ipv4, ...ipv6].sort(), caa: caa.sort((a, b) => caaText(a).localeCompare(caaText(b))) };
}

/** Properties of a CAA record as Node names them. */
const tags = ["issue", "issuewild", "iodef", "contactemail", "contactphone"] as const;

/** A CAA record as zone files write it: `0 issue "letsencrypt.org"`. */
export function caaText(record: CaaRecord): string {
  const tag = tags.find((each) => record[each] !== undefined) ?? "issue";
  return `${record.critical} ${tag} "${record[tag]}"`;
}
