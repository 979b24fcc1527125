import { Resolver } from "node:dns/promises";
import type { Settings } from "../../environment/complete.ts";
import { loadSettings } from "../../environment/load.ts";
import { yamlSource } from "../../environment/sources/yaml.ts";
import { type NameServer, resolveNameServers } from "../../provider/connections/publicDns.ts";
import type { DeploymentContext } from "../context.ts";
import { publicOutputs } from "../stackOutputs.ts";
import { CheckFailed } from "../verify/check.ts";
import type { Endpoint } from "./endpoint.ts";
import { recordsAt } from "./records.ts";

/** The endpoint of a deployed environment, from its settings and its stack's outputs. */
export async function openEndpoint(
  context: DeploymentContext,
): Promise<{ endpoint: Endpoint; outputs: Awaited<ReturnType<typeof publicOutputs>> }> {
  const settings = loadSettings(yamlSource(context.configFile));
  const outputs = await publicOutputs(context);
  return { endpoint: endpointOf(settings, outputs), outputs };
}

function endpointOf(
  { publicEndpoint, certificate }: Settings,
  outputs: Awaited<ReturnType<typeof publicOutputs>>,
): Endpoint {
  const hostName = outputs.publicHostName;
  let found: Promise<NameServer[]> | undefined;
  const nameServers = () => {
    found ??= authoritativeServers(publicEndpoint.zone.name, publicEndpoint.dnsServers);
    return found;
  };
  return {
    hostName,
    expectedAddresses: [outputs.publicIpAddress, ...publicEndpoint.ipv6Addresses],
    caaIssuer: certificate.caaIssuer,
    caaAccountUri: publicEndpoint.caaAccountUri,
    thumbprint: outputs.certificate.thumbprint,
    url: outputs.userPortalUrl,
    port: 443,
    httpPort: 80,
    trustedRoots: publicEndpoint.trustedRoots,
    now: new Date(),
    nameServers,
    addresses: async () => {
      const [server] = await nameServers();
      return server === undefined ? [] : (await recordsAt(server, hostName)).addresses;
    },
  };
}

/** The configured servers that see the zone, else those that its delegation names. */
async function authoritativeServers(zone: string, configured: readonly string[] | undefined): Promise<NameServer[]> {
  if (configured !== undefined) return resolveNameServers(configured);
  try {
    return await resolveNameServers((await new Resolver().resolveNs(zone)).sort());
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new CheckFailed(`the zone ${zone} has no name servers that can be found (${code}): is it delegated?`, {
      cause,
    });
  }
}
