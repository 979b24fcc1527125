import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Attribute, Change, Client, EqualityFilter } from "ldapts";
import type { Settings } from "../environment/complete.ts";
import { deriveNames } from "../environment/derive.ts";
import { loadSettings } from "../environment/load.ts";
import { yamlSource } from "../environment/sources/yaml.ts";
import { openArm } from "../provider/connections/arm.ts";
import { UserError } from "../provider/engine/userError.ts";
import { readEndpoints } from "./endpoints.ts";
import type { SandboxEndpoints } from "./environmentFile.ts";
import { askHost } from "./hostClient.ts";
import type { SandboxLayout } from "./layout.ts";
import { ensureSecrets, type SandboxSecrets } from "./secrets.ts";

/** What one act of tampering needs to know. */
interface Scene {
  layout: SandboxLayout;
  settings: Settings;
  endpoints: SandboxEndpoints;
  secrets: SandboxSecrets;
}

/** Each breaks one thing the way a person could, by the part's own interface, and answers what it did. */
const acts: Record<string, (scene: Scene) => Promise<string>> = {
  "web-config": (scene) => onHost(scene, "web-config"),
  binding: (scene) => onHost(scene, "binding"),
  isapi: (scene) => onHost(scene, "isapi"),
  "batch-right": (scene) => onHost(scene, "batch-right"),
  "old-tls": (scene) => onHost(scene, "old-tls"),
  "service-account": resetPassword,
  membership: removeMember,
  nsg: denyHttps,
  record: moveRecord,
};

export const tamperings = Object.keys(acts);

/**
 * Breaks one thing behind the kit's back.
 * @returns what was broken, for a person
 * @throws UserError `UNKNOWN_TAMPERING`, `SANDBOX_DOWN`
 */
export async function tamper(layout: SandboxLayout, what: string): Promise<string> {
  const act = acts[what];
  if (act === undefined) {
    throw new UserError("UNKNOWN_TAMPERING", {
      what: `cannot tamper with "${what}"`,
      why: `what can be broken: ${tamperings.join(", ")}`,
      next: "Name one of them.",
    });
  }
  const endpoints = readEndpoints(layout);
  if (endpoints === undefined) {
    throw new UserError("SANDBOX_DOWN", {
      what: "there is no sandbox to tamper with",
      why: "it has never been up",
      next: "Run `npm start`.",
    });
  }
  const settings = loadSettings(yamlSource(layout.environmentFile));
  return act({ layout, settings, endpoints, secrets: await ensureSecrets(layout) });
}

async function onHost({ layout }: Scene, what: string): Promise<string> {
  const { done } = await askHost<{ done: string }>(join(layout.root, "host.sock"), "POST", "/tamper", { what });
  return done;
}

function resetPassword(scene: Scene): Promise<string> {
  const { name } = scene.settings.directory.serviceAccount;
  return asAdministrator(scene, async (client) => {
    const account = await find(client, scene, name);
    const password = Buffer.from(`"Zz9-${crypto.randomUUID()}"`, "utf16le");
    const change = new Change({
      operation: "replace",
      modification: new Attribute({ type: "unicodePwd", values: [password] }),
    });
    await client.modify(account, change);
    return `the password of ${account} was set by somebody else`;
  });
}

function removeMember(scene: Scene): Promise<string> {
  const { serviceAccount, phoneFactorAdmins } = scene.settings.directory;
  return asAdministrator(scene, async (client) => {
    const [group, account] = await Promise.all([
      find(client, scene, phoneFactorAdmins.name),
      find(client, scene, serviceAccount.name),
    ]);
    await client.modify(
      group,
      new Change({ operation: "delete", modification: new Attribute({ type: "member", values: [account] }) }),
    );
    return `${account} was removed from ${group}`;
  });
}

async function asAdministrator<T>(
  { settings, endpoints, secrets }: Scene,
  act: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    url: `ldaps://${endpoints.network.domainController}`,
    tlsOptions: { ca: readFileSync(endpoints.caFile, "utf8") },
  });
  try {
    await client.bind(`administrator@${settings.domain.name}`, secrets.domainAdministrator);
    return await act(client);
  } finally {
    await client.unbind();
  }
}

async function find(client: Client, { settings }: Scene, accountName: string): Promise<string> {
  const { searchEntries } = await client.search(deriveNames(settings).baseDn, {
    filter: new EqualityFilter({ attribute: "sAMAccountName", value: accountName }),
    attributes: ["cn"],
  });
  const [entry] = searchEntries;
  if (entry === undefined) throw notDeployed(`the domain has no ${accountName}`);
  return entry.dn;
}

interface SecurityRule {
  id: string;
  properties: { access: string; direction: string; destinationPortRange?: string; [name: string]: unknown };
}

function denyHttps(scene: Scene): Promise<string> {
  return withArm(scene, async (arm) => {
    const { subscriptionId, resourceGroup } = scene.settings.azure;
    const groups = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/networkSecurityGroups`;
    const found = await arm.list<{ properties: { securityRules?: SecurityRule[] } }>(groups, "2024-05-01");
    const rule = found
      .flatMap(({ properties }) => properties.securityRules ?? [])
      .find(({ properties }) => properties.destinationPortRange === "443" && properties.direction === "Inbound");
    if (rule === undefined) throw notDeployed("no security rule opens port 443");
    await arm.put(rule.id, "2024-05-01", { properties: { ...rule.properties, access: "Deny" } });
    return `${rule.id} denies port 443`;
  });
}

function moveRecord(scene: Scene): Promise<string> {
  return withArm(scene, async (arm) => {
    const { dnsZoneId, recordName } = deriveNames(scene.settings);
    const id = `${dnsZoneId}/A/${recordName}`;
    const record = await arm.get<{ properties: { TTL: number } }>(id, "2018-05-01");
    if (record === undefined) throw notDeployed(`there is no record ${id}`);
    // An address of the sandbox's own network where nobody answers.
    const elsewhere = scene.endpoints.network.publicIps.at(-1);
    await arm.put(id, "2018-05-01", {
      properties: { TTL: record.properties.TTL, ARecords: [{ ipv4Address: elsewhere }] },
    });
    return `${id} points at ${elsewhere}`;
  });
}

async function withArm<T>(
  { settings, secrets }: Scene,
  act: (arm: Awaited<ReturnType<typeof openArm>>) => Promise<T>,
): Promise<T> {
  const arm = await openArm({ ...settings.azure, clientSecret: secrets.azureClientSecret });
  try {
    return await act(arm);
  } finally {
    arm.close();
  }
}

function notDeployed(why: string): UserError {
  return new UserError("NOTHING_TO_TAMPER", {
    what: "there is nothing to tamper with",
    why,
    next: "Deploy first: `npm start`.",
  });
}
