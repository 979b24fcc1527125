import type { HostSession, RequestOptions } from "../connections/host.ts";
import { HostError } from "../connections/hostErrors.ts";
import { entry } from "./contract.ts";

/** The constants of the log-on rights, by the names that SecurityPolicyDsc has for them. */
const logonRights: Record<string, string> = {
  Access_this_computer_from_the_network: "SeNetworkLogonRight",
  Allow_log_on_locally: "SeInteractiveLogonRight",
  Allow_log_on_through_Remote_Desktop_Services: "SeRemoteInteractiveLogonRight",
  Log_on_as_a_batch_job: "SeBatchLogonRight",
  Log_on_as_a_service: "SeServiceLogonRight",
  Deny_access_to_this_computer_from_the_network: "SeDenyNetworkLogonRight",
  Deny_log_on_as_a_batch_job: "SeDenyBatchLogonRight",
  Deny_log_on_as_a_service: "SeDenyServiceLogonRight",
  Deny_log_on_locally: "SeDenyInteractiveLogonRight",
  Deny_log_on_through_Remote_Desktop_Services: "SeDenyRemoteInteractiveLogonRight",
};

/**
 * What to warn of when a group policy defines the log-on right that is declared here: a domain policy replaces the whole local list
 * at its next run, about every 90 minutes, so that the account loses the right again.
 */
export async function groupPolicyWarning(
  target: { resource: string; properties: Record<string, unknown> },
  host: HostSession,
  options: RequestOptions,
): Promise<string | undefined> {
  if (target.resource.toLowerCase() !== "userrightsassignment") return undefined;
  const name = String(entry(target.properties, "Policy"));
  const policy = entry(logonRights, name);
  if (policy === undefined) return undefined;
  try {
    const { source } = await host.request("rights.get", { policy }, options);
    if (source === "local") return undefined;
    return (
      `The group policy "${source}" defines the right ${name} on this host and replaces the local list at its next run. ` +
      "Add the account to the right in that policy, or take the definition out of it."
    );
  } catch (error) {
    // The warning is a help; the right itself was set.
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
