import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { serveProvider } from "../../provider/engine/server.ts";
import { Arm } from "./arm/arm.ts";
import type { JsonObject } from "./arm/json.ts";
import { Registry } from "./arm/registry.ts";
import type { CloudSettings, Effects } from "./arm/resourceType.ts";
import { Store } from "./arm/store.ts";
import { azureadHandlers } from "./azuread/handlers.ts";
import { azureNativeHandlers } from "./azureNative/handlers.ts";
import { commandHandlers } from "./command/handlers.ts";
import { serveDns } from "./dns/server.ts";
import { domainJoin } from "./effects/directory.ts";
import { hostControl } from "./effects/host.ts";
import { loadExisting, settleInterrupted } from "./existing.ts";
import { PublicFront } from "./front/front.ts";
import { Graph } from "./graph/graph.ts";
import { putUser } from "./graph/users.ts";
import type { AzureOptions } from "./options.ts";
import { serveArm } from "./rest/armServer.ts";
import { serveGraph } from "./rest/graphServer.ts";
import { serveKeyVault } from "./rest/keyVaultServer.ts";
import { serveLogin } from "./rest/loginServer.ts";
import { Tokens } from "./rest/tokens.ts";
import { resourceTypes } from "./types/index.ts";

/** Ports of a running cloud. */
export interface CloudPorts {
  arm: number;
  login: number;
  azureNative: number;
  azuread: number;
  command: number;
  dns: number;
  graph: number;
  keyVault: number;
}

/** A running simulated Azure. */
export interface Cloud {
  ports: CloudPorts;
  close(): Promise<void>;
}

/** The versions of the npm packages whose providers are simulated. */
const versions = { "azure-native": "3.28.0", azuread: "6.9.1", command: "1.2.1" };

/**
 * Starts the whole simulated Azure in this process: one store behind ARM REST, Graph, the three Pulumi providers, the zone server and the
 * public addresses. Rejects when an address cannot be bound; nothing keeps listening then.
 */
export async function startCloud(options: AzureOptions): Promise<Cloud> {
  const clientSecret = readFileSync(options.clientSecretFile, "utf8").trim();
  const store = Store.open(options.stateDirectory);
  const cloud = settingsOf(options);
  const arm = new Arm(new Registry(resourceTypes), store, cloud, effectsOf(options));
  if (!store.isInitialised) {
    for (const user of options.entra.users) putUser(store, user);
    await loadExisting(arm, options.existing as unknown as JsonObject[]);
  }
  settleInterrupted(store);
  await store.flush();
  const opened: { close(): Promise<void> }[] = [];
  const open = async <S extends { close(): Promise<void>; port: number }>(starting: Promise<S>): Promise<number> => {
    const server = await starting;
    opened.push(server);
    return server.port;
  };
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((server) => server.close()));
    await arm.operations.idle();
    await store.flush();
  };
  const { address, ports, tls } = options;
  const tokens = new Tokens(clientSecret);
  const client = { ...cloud, clientSecret, objectId: cloud.clientObjectId };
  const provider = (name: keyof typeof versions, port: number) => ({
    name,
    version: versions[name],
    address: `127.0.0.1:${port}`,
  });
  try {
    const started = await Promise.all([
      open(serveArm(arm, tokens, { tls, address, port: ports.arm })),
      open(serveLogin(client, tokens, { tls, address, port: ports.login })),
      open(serveProvider({ ...provider("azure-native", ports.azureNative), handlers: azureNativeHandlers(arm) })),
      open(serveProvider({ ...provider("azuread", ports.azuread), handlers: azureadHandlers(arm) })),
      open(serveProvider({ ...provider("command", ports.command), handlers: commandHandlers() })),
      open(serveDns(store, arm.faults, options.dnsAddress, options.dnsPort)),
      open(
        serveGraph(new Graph(arm, options.entra.appRoles), tokens, cloud.tenantId, { tls, address, port: ports.graph }),
      ),
      open(serveKeyVault(arm, tokens, { tls, address, port: ports.keyVault })),
    ]);
    if (options.host !== undefined) {
      const target = { address: options.host.address, port: options.host.httpsPort };
      const front = new PublicFront(store, cloud, { port: options.publicPort, target });
      opened.push(front);
      await front.reconcile();
    }
    const [armPort, login, azureNative, azuread, command, dns, graph, keyVault] = started;
    cloud.keyVaultOrigin = `https://${address}:${keyVault}`;
    return { ports: { arm: armPort, login, azureNative, azuread, command, dns, graph, keyVault }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function settingsOf(options: AzureOptions): CloudSettings {
  return {
    tenantId: options.tenantId,
    subscriptionId: options.subscriptionId,
    clientId: options.clientId,
    clientObjectId: derivedGuid(`object of ${options.clientId}`),
    publicIpAddresses: options.publicIpAddresses,
    hostPrivateIpAddress: options.host?.privateIpAddress,
  };
}

function effectsOf({ host, directory }: AzureOptions): Effects {
  return {
    host: host === undefined ? undefined : hostControl(host.controlSocket),
    directory: directory === undefined ? undefined : domainJoin(directory),
  };
}

/** The same object id at every start, without keeping one. */
export function derivedGuid(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
