import { type Check, CheckFailed } from "../verify/check.ts";
import type { Endpoint } from "./endpoint.ts";
import { caaText, type Records, recordsAt } from "./records.ts";

const authoritative: Check<Endpoint> = {
  id: "name-servers",
  step: "each authoritative server answers, and all answer the same",
  async run({ hostName, expectedAddresses, nameServers }) {
    const servers = await nameServers();
    const answers = await Promise.all(servers.map((server) => recordsAt(server, hostName)));
    const shown = answers.map(({ addresses, caa }) =>
      [addresses.join(", ") || "no address", ...caa.map(caaText)].join("; "),
    );
    const other = shown.findIndex((text) => text !== shown[0]);
    if (other > 0) {
      throw new CheckFailed(
        `${servers[0]?.name} says ${shown[0]}, but ${servers[other]?.name} says ${shown[other]}: the zone is still spreading, or its delegation names a foreign server`,
      );
    }
    const { addresses } = answers[0] as Records;
    if (addresses.join() !== [...expectedAddresses].sort().join()) {
      throw new CheckFailed(
        `${hostName} is ${addresses.join(", ") || "nowhere"}, but the deployment put it at ${expectedAddresses.join(", ")}`,
      );
    }
    return `${servers.map(({ name }) => name).join(", ")}: ${hostName} is ${addresses.join(", ")}`;
  },
};

const caa: Check<Endpoint> = {
  id: "caa",
  step: "CAA lets the certificate authority issue, and nobody else",
  async run({ hostName, caaIssuer, caaAccountUri, nameServers }) {
    const [server] = await nameServers();
    if (server === undefined) throw new CheckFailed("there is no name server to ask");
    const { caa: records } = await recordsAt(server, hostName);
    const issuers = records.flatMap(({ issue }) => (issue === undefined ? [] : [issuerOf(issue)]));
    if (caaIssuer === undefined) return `${issuers.length} records; the certificate is no public authority's`;
    if (issuers.length === 0) throw new CheckFailed(`${hostName} has no CAA record: any authority may issue for it`);
    const foreign = issuers.filter(({ domain }) => domain !== caaIssuer && domain !== "");
    if (foreign.length > 0)
      throw new CheckFailed(
        `CAA also allows ${foreign.map(({ domain }) => domain).join(", ")}, not ${caaIssuer} alone`,
      );
    const own = issuers.filter(({ domain }) => domain === caaIssuer);
    if (own.length === 0) throw new CheckFailed(`CAA does not allow ${caaIssuer}: the next renewal will be refused`);
    if (caaAccountUri !== undefined && !own.every(({ accountUri }) => accountUri === caaAccountUri)) {
      throw new CheckFailed(`CAA allows ${caaIssuer} to issue to other accounts than ${caaAccountUri}`);
    }
    return records.map(caaText).join(", ");
  },
};

/** `letsencrypt.org; accounturi=https://...` (RFC 8659 4.2, RFC 8657 3); an empty domain allows nobody. */
function issuerOf(value: string): { domain: string; accountUri: string | undefined } {
  const [domain = "", ...parameters] = value.split(";").map((part) => part.trim());
  const accountUri = parameters.find((parameter) => /^accounturi=/i.test(parameter));
  return { domain: domain.toLowerCase(), accountUri: accountUri?.slice("accounturi=".length) };
}

export const dnsChecks: readonly Check<Endpoint>[] = [authoritative, caa];
