import { ArmError } from "../../arm/errors.ts";
import { asObject, asText, type JsonObject, texts, valueAt } from "../../arm/json.ts";
import { parentOf } from "../../arm/resourceId.ts";
import type { RuleContext } from "../../arm/resourceType.ts";
import type { Store, StoredResource } from "../../arm/store.ts";
import { JoinError } from "../../effects/joinError.ts";
import { configurationsOf } from "../network/networkInterface.ts";
import { computerNameOf, interfacesOf, isHost } from "./virtualMachine.ts";

/** NetJoinDomain flag: join even when the computer is already a member. */
const joinEvenIfJoined = 0x20;

/**
 * JsonADDomainExtension: asks the domain through the network's DNS servers, binds as the given user, creates
 * the computer account, and lets the host know.
 */
export async function joinDomain(context: RuleContext): Promise<void> {
  const { id, store, effects, cloud, secrets } = context;
  const machine = store.get(parentOf(id) ?? "");
  if (machine === undefined || effects.directory === undefined) return;
  const settings = lowerKeys(valueAt(context.body, "properties.settings"));
  const password = lowerKeys(secrets.get("properties.protectedSettings")).password;
  const domain = asText(settings.name) ?? "";
  try {
    const user = asText(settings.user);
    if (user === undefined || typeof password !== "string") {
      throw new JoinError(87, "The parameter is incorrect: settings.User and protectedSettings.Password are required");
    }
    if (!/^[^\\@]+\\[^\\@]+$|^[^\\@]+@[^\\@]+$/.test(user)) {
      throw new JoinError(
        1332,
        "No mapping between account names and security IDs was done: the user must be DOMAIN\\user or user@domain",
      );
    }
    if (machine.internal.joinedDomain !== undefined && (Number(settings.options ?? 0) & joinEvenIfJoined) === 0) {
      throw new JoinError(2691, "The machine is already joined to the domain");
    }
    findDomain(domain, machine, context);
    const organizationalUnit = asText(settings.oupath);
    await effects.directory.createComputer({
      computerName: computerNameOf(machine.body),
      user,
      password,
      organizationalUnit,
    });
    if (isHost(machine.body, store, cloud)) await effects.host?.join({ domain, organizationalUnit });
  } catch (error) {
    if (error instanceof JoinError) throw extensionFailure(domain, error);
    throw error;
  }
  machine.internal.joinedDomain = domain.toLowerCase();
  store.put(machine);
}

/** Windows asks the DNS servers of its network; a server that is no domain controller does not know the domain (error 1355). */
function findDomain(domain: string, machine: StoredResource, { store, effects }: RuleContext): void {
  const servers = dnsServersOf(machine, store);
  const { directory } = effects;
  if (
    directory === undefined ||
    domain.toLowerCase() !== directory.domain.toLowerCase() ||
    !servers.includes(directory.domainControllerAddress)
  ) {
    const asked = servers.length === 0 ? "Azure's own DNS" : servers.join(", ");
    throw new JoinError(
      1355,
      `The specified domain either does not exist or could not be contacted (DNS servers asked: ${asked})`,
    );
  }
}

/** The interface's own servers before the network's. */
function dnsServersOf(machine: StoredResource, store: Store): string[] {
  return interfacesOf(machine.body, store).flatMap((nic) => {
    const own = texts(valueAt(nic.body, "properties.dnsSettings.dnsServers"));
    if (own.length > 0) return own;
    return configurationsOf(nic.body).flatMap((configuration) => {
      const subnet = asText(valueAt(configuration, "properties.subnet.id")) ?? "";
      return texts(valueAt(store.get(parentOf(subnet) ?? "")?.body, "properties.dhcpOptions.dnsServers"));
    });
  });
}

/** The handler reads its settings whatever their case. */
function lowerKeys(value: unknown): JsonObject {
  const settings = asObject(value as JsonObject);
  return Object.fromEntries(Object.entries(settings).map(([key, item]) => [key.toLowerCase(), item]));
}

function extensionFailure(domain: string, error: JoinError): ArmError {
  return new ArmError(
    409,
    "VMExtensionProvisioningError",
    "VM has reported a failure when processing extension 'JsonADDomainExtension' (publisher 'Microsoft.Compute' and type " +
      `'JsonADDomainExtension'). Error message: 'Exception(s) occured while joining Domain '${domain}''. ` +
      `Win32 error ${error.code} (0x${error.code.toString(16)}): ${error.message}.`,
  );
}
