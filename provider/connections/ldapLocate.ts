import { Resolver } from "node:dns/promises";
import type { LookupFunction } from "node:net";
import type { DirectoryConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";

/**
 * The domain controllers to use, in order of preference: the configured ones, or else those that the domain itself publishes in DNS
 * (MS-ADTS 6.3.2.3, `_ldap._tcp.dc._msdcs.<domain>`). Of records with one priority the heaviest comes first, then the name
 * decides: RFC 2782 would choose at random, but each run should see what the run before it wrote.
 *
 * @throws UserError `DIRECTORY_CONTROLLERS_NOT_FOUND`
 */
export async function domainControllersOf(connection: DirectoryConnection): Promise<string[]> {
  if (connection.domainControllers !== undefined) return connection.domainControllers;
  const name = `_ldap._tcp.dc._msdcs.${connection.domain}`;
  try {
    const records = await resolverOf(connection).resolveSrv(name);
    return records
      .toSorted((a, b) => a.priority - b.priority || b.weight - a.weight || (a.name < b.name ? -1 : 1))
      .map((record) => `ldaps://${record.name.replace(/\.$/, "")}`);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    throw new UserError(
      "DIRECTORY_CONTROLLERS_NOT_FOUND",
      {
        what: `the domain controllers of ${connection.domain} cannot be found`,
        why: `the DNS lookup of ${name} (SRV) failed: ${FAILURES[code] ?? code}`,
        next: "Name resolvers that know the domain in directory.dnsServers, or the controllers themselves in directory.domainControllers",
      },
      { cause },
    );
  }
}

/** Finds controllers' addresses with the configured resolvers; `undefined`: with the system's. */
export function lookupOf(connection: DirectoryConnection): LookupFunction | undefined {
  if (connection.dnsServers === undefined) return undefined;
  const resolver = resolverOf(connection);
  return (host, options, callback) => {
    resolver.resolve4(host).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: 4 }));
        if (options.all === true) callback(null, found);
        else callback(null, found[0]?.address ?? "", 4);
      },
      (error) => callback(error, ""),
    );
  };
}

function resolverOf({ dnsServers }: DirectoryConnection): Resolver {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (dnsServers !== undefined) resolver.setServers(dnsServers);
  return resolver;
}

const FAILURES: Readonly<Record<string, string>> = {
  ENOTFOUND: "there is no such record",
  ENODATA: "there is no such record",
  ETIMEOUT: "no answer",
  ECONNREFUSED: "the resolver cannot be reached",
  ESERVFAIL: "the resolver failed",
};
