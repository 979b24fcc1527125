import { findKey, sameName } from "../names.ts";
import type { WindowsState } from "../state.ts";
import { WindowsError } from "../windowsError.ts";

/** User rights by the SecurityPolicyDsc module's names and Windows' constants. */
export const rightConstants: Record<string, string> = {
  Access_Credential_Manager_as_a_trusted_caller: "SeTrustedCredManAccessPrivilege",
  Access_this_computer_from_the_network: "SeNetworkLogonRight",
  Act_as_part_of_the_operating_system: "SeTcbPrivilege",
  Add_workstations_to_domain: "SeMachineAccountPrivilege",
  Adjust_memory_quotas_for_a_process: "SeIncreaseQuotaPrivilege",
  Allow_log_on_locally: "SeInteractiveLogonRight",
  Allow_log_on_through_Remote_Desktop_Services: "SeRemoteInteractiveLogonRight",
  Back_up_files_and_directories: "SeBackupPrivilege",
  Bypass_traverse_checking: "SeChangeNotifyPrivilege",
  Change_the_system_time: "SeSystemtimePrivilege",
  Change_the_time_zone: "SeTimeZonePrivilege",
  Create_a_pagefile: "SeCreatePagefilePrivilege",
  Create_a_token_object: "SeCreateTokenPrivilege",
  Create_global_objects: "SeCreateGlobalPrivilege",
  Create_permanent_shared_objects: "SeCreatePermanentPrivilege",
  Create_symbolic_links: "SeCreateSymbolicLinkPrivilege",
  Debug_programs: "SeDebugPrivilege",
  Deny_access_to_this_computer_from_the_network: "SeDenyNetworkLogonRight",
  Deny_log_on_as_a_batch_job: "SeDenyBatchLogonRight",
  Deny_log_on_as_a_service: "SeDenyServiceLogonRight",
  Deny_log_on_locally: "SeDenyInteractiveLogonRight",
  Deny_log_on_through_Remote_Desktop_Services: "SeDenyRemoteInteractiveLogonRight",
  Enable_computer_and_user_accounts_to_be_trusted_for_delegation: "SeEnableDelegationPrivilege",
  Force_shutdown_from_a_remote_system: "SeRemoteShutdownPrivilege",
  Generate_security_audits: "SeAuditPrivilege",
  Impersonate_a_client_after_authentication: "SeImpersonatePrivilege",
  Increase_a_process_working_set: "SeIncreaseWorkingSetPrivilege",
  Increase_scheduling_priority: "SeIncreaseBasePriorityPrivilege",
  Load_and_unload_device_drivers: "SeLoadDriverPrivilege",
  Lock_pages_in_memory: "SeLockMemoryPrivilege",
  Log_on_as_a_batch_job: "SeBatchLogonRight",
  Log_on_as_a_service: "SeServiceLogonRight",
  Manage_auditing_and_security_log: "SeSecurityPrivilege",
  Modify_an_object_label: "SeRelabelPrivilege",
  Modify_firmware_environment_values: "SeSystemEnvironmentPrivilege",
  Obtain_an_impersonation_token_for_another_user_in_the_same_session: "SeDelegateSessionUserImpersonatePrivilege",
  Perform_volume_maintenance_tasks: "SeManageVolumePrivilege",
  Profile_single_process: "SeProfileSingleProcessPrivilege",
  Profile_system_performance: "SeSystemProfilePrivilege",
  Remove_computer_from_docking_station: "SeUndockPrivilege",
  Replace_a_process_level_token: "SeAssignPrimaryTokenPrivilege",
  Restore_files_and_directories: "SeRestorePrivilege",
  Shut_down_the_system: "SeShutdownPrivilege",
  Synchronize_directory_service_data: "SeSyncAgentPrivilege",
  Take_ownership_of_files_or_other_objects: "SeTakeOwnershipPrivilege",
};

export const batchLogonRight = "SeBatchLogonRight";

/**
 * Windows' defaults for the rights that matter here. IIS_IUSRS is missing from "Log on as a batch job" on purpose: it is what a
 * group policy that defines the right leaves behind, and then each pool account needs the right by name.
 */
export function initialRights(): Record<string, string[]> {
  return {
    [batchLogonRight]: ["BUILTIN\\Administrators", "BUILTIN\\Backup Operators", "BUILTIN\\Performance Log Users"],
    SeInteractiveLogonRight: ["BUILTIN\\Administrators", "BUILTIN\\Users", "BUILTIN\\Backup Operators"],
    SeServiceLogonRight: ["NT SERVICE\\ALL SERVICES"],
    SeNetworkLogonRight: ["Everyone", "BUILTIN\\Administrators", "BUILTIN\\Users", "BUILTIN\\Backup Operators"],
  };
}

const builtIn: Record<string, string> = {
  administrators: "BUILTIN\\Administrators",
  "backup operators": "BUILTIN\\Backup Operators",
  users: "BUILTIN\\Users",
  guests: "BUILTIN\\Guests",
  iis_iusrs: "BUILTIN\\IIS_IUSRS",
  "performance log users": "BUILTIN\\Performance Log Users",
  everyone: "Everyone",
  "local service": "NT AUTHORITY\\LOCAL SERVICE",
  "network service": "NT AUTHORITY\\NETWORK SERVICE",
  system: "NT AUTHORITY\\SYSTEM",
};
const sids: Record<string, string> = {
  "s-1-5-32-544": "BUILTIN\\Administrators",
  "s-1-5-32-551": "BUILTIN\\Backup Operators",
  "s-1-5-32-568": "BUILTIN\\IIS_IUSRS",
  "s-1-5-18": "NT AUTHORITY\\SYSTEM",
  "s-1-1-0": "Everyone",
};

/**
 * The account's name as Windows shows it (`DOMAIN\name`). Names of the joined domain are taken as they are: the machine has no
 * credentials of its own to look them up.
 * @throws WindowsError when Windows could not translate the name.
 */
export function accountName(windows: WindowsState, identity: string): string {
  const text = identity.trim().replace(/^\.\\/, `${windows.computerName}\\`);
  const known = builtIn[text.toLowerCase()] ?? sids[text.replace(/^\*/, "").toLowerCase()];
  if (known !== undefined) return known;
  const upn = /^([^@\\]+)@([^@\\]+)$/.exec(text);
  if (
    upn?.[1] !== undefined &&
    upn[2] !== undefined &&
    windows.domain !== undefined &&
    sameName(upn[2], windows.domain.name)
  ) {
    return `${windows.domain.netbiosName}\\${upn[1]}`;
  }
  const [authority = "", name = ""] = text.includes("\\") ? text.split("\\", 2) : [windows.computerName, text];
  const { domain } = windows;
  if (
    domain !== undefined &&
    (sameName(authority, domain.netbiosName) || sameName(authority, domain.name)) &&
    name !== ""
  ) {
    return `${domain.netbiosName}\\${name}`;
  }
  if (sameName(authority, windows.computerName) && sameName(name, windows.adminUsername))
    return `${windows.computerName}\\${windows.adminUsername}`;
  if (sameName(authority, "BUILTIN") || sameName(authority, "NT AUTHORITY")) {
    const account = builtIn[name.toLowerCase()];
    if (account !== undefined) return account;
  }
  const pool = sameName(authority, "IIS AppPool") ? findKey(windows.iis?.pools ?? {}, name) : undefined;
  if (pool !== undefined) return `IIS APPPOOL\\${pool}`;
  if (
    sameName(authority, "NT SERVICE") &&
    (sameName(name, "ALL SERVICES") || findKey(windows.services, name) !== undefined)
  )
    return `NT SERVICE\\${name}`;
  throw new WindowsError(
    `Could not translate the account '${identity}': some or all identity references could not be translated.`,
    {
      hresult: "identityNotMapped",
    },
  );
}

export function holdersOf(windows: WindowsState, right: string): string[] {
  return windows.rights[right] ?? [];
}

export function holdsRight(windows: WindowsState, right: string, account: string): boolean {
  return holdersOf(windows, right).some((holder) => sameName(holder, account));
}
