import { findPool, newPool, recycle, requireIis } from "../iis/webServer.ts";
import type { Machine } from "../machine.ts";
import { sameName } from "../names.ts";
import type { AppPool } from "../state.ts";
import { WindowsError } from "../windowsError.ts";
import {
  type Credential,
  type DscSemantics,
  type DscValue,
  type Properties,
  required,
  sameValue,
  wantsPresent,
} from "./semantics.ts";

/** IIS 10's defaults, by the module's property names. */
const defaults: Record<string, DscValue> = {
  autoStart: true,
  CLRConfigFile: "",
  enable32BitAppOnWin64: false,
  enableConfigurationOverride: true,
  managedPipelineMode: "Integrated",
  managedRuntimeLoader: "webengine4.dll",
  managedRuntimeVersion: "v4.0",
  passAnonymousToken: true,
  startMode: "OnDemand",
  queueLength: 1000,
  cpuAction: "NoAction",
  cpuLimit: 0,
  cpuResetInterval: "00:05:00",
  cpuSmpAffinitized: false,
  cpuSmpProcessorAffinityMask: 4294967295,
  cpuSmpProcessorAffinityMask2: 4294967295,
  identityType: "ApplicationPoolIdentity",
  idleTimeout: "00:20:00",
  idleTimeoutAction: "Terminate",
  loadUserProfile: true,
  logEventOnProcessModel: "IdleTimeout",
  logonType: "LogonBatch",
  manualGroupMembership: false,
  maxProcesses: 1,
  pingingEnabled: true,
  pingInterval: "00:00:30",
  pingResponseTime: "00:01:30",
  setProfileEnvironment: true,
  shutdownTimeLimit: "00:01:30",
  startupTimeLimit: "00:01:30",
  orphanActionExe: "",
  orphanActionParams: "",
  orphanWorkerProcess: false,
  loadBalancerCapabilities: "HttpLevel",
  rapidFailProtection: true,
  rapidFailProtectionInterval: "00:05:00",
  rapidFailProtectionMaxCrashes: 5,
  autoShutdownExe: "",
  autoShutdownParams: "",
  disallowOverlappingRotation: false,
  disallowRotationOnConfigChange: false,
  logEventOnRecycle: "Time,Memory,PrivateMemory",
  restartMemoryLimit: 0,
  restartPrivateMemoryLimit: 0,
  restartRequestsLimit: 0,
  restartTimeLimit: "1.05:00:00",
  restartSchedule: [],
};

/** A pool setting in force: what was set, else IIS's default. */
export function poolSetting(pool: AppPool, name: string): unknown {
  return pool.settings[name] ?? defaults[name];
}

/** Where the store keeps the password of a pool's account. */
export function poolPasswordName(pool: string): string {
  return `pool:${pool.toLowerCase()}`;
}

export const webAppPool: DscSemantics = {
  get({ windows }, properties) {
    const name = required(properties, "Name");
    const found = findPool(requireIis(windows), name);
    if (found === undefined) return { Name: name, Ensure: "Absent" };
    const settings = Object.keys(defaults).map((key) => [key, poolSetting(found.pool, key) as DscValue]);
    return { Name: name, Ensure: "Present", State: found.pool.state, ...Object.fromEntries(settings) };
  },

  test(machine, properties) {
    const found = findPool(requireIis(machine.windows), required(properties, "Name"));
    if (found === undefined || !wantsPresent(properties)) return (found === undefined) !== wantsPresent(properties);
    return differences(machine, found.name, found.pool, properties).length === 0;
  },

  set(machine, properties) {
    const iis = requireIis(machine.windows);
    const name = required(properties, "Name");
    const found = findPool(iis, name);
    if (!wantsPresent(properties)) {
      if (found !== undefined) delete iis.pools[found.name];
      machine.store.setSecret(poolPasswordName(name), undefined);
      return false;
    }
    assertIdentity(found?.pool, properties);
    if (found === undefined) iis.pools[name] = newPool();
    const pool = (found?.pool ?? iis.pools[name]) as AppPool;
    const changed = differences(machine, name, pool, properties);
    if (changed.includes("Credential")) setIdentity(machine, name, pool, properties.Credential as Credential);
    for (const key of changed) if (key in defaults) pool.settings[key] = properties[key];
    // Anything but the state alone starts a new worker process, as WAS does on a configuration change.
    if (changed.some((key) => key !== "State")) recycle(pool);
    if (properties.State !== undefined) pool.state = properties.State as AppPool["state"];
    return false;
  },
};

function differences(machine: Machine, name: string, pool: AppPool, properties: Properties): string[] {
  const settings = Object.keys(properties).filter(
    (key) => key in defaults && !sameValue(properties[key], poolSetting(pool, key)),
  );
  const state = properties.State !== undefined && properties.State !== pool.state ? ["State"] : [];
  const credential = properties.Credential as Credential | undefined;
  const sameIdentity =
    credential === undefined ||
    (pool.userName !== undefined &&
      sameName(pool.userName, credential.userName) &&
      machine.store.secret(poolPasswordName(name)) === credential.password);
  return [...settings, ...state, ...(sameIdentity ? [] : ["Credential"])];
}

function assertIdentity(pool: AppPool | undefined, properties: Properties): void {
  const type =
    properties.identityType ?? (pool === undefined ? defaults.identityType : poolSetting(pool, "identityType"));
  const credential = properties.Credential as Credential | undefined;
  if (type === "SpecificUser" && credential === undefined && pool?.userName === undefined) {
    throw new WindowsError("The identity type SpecificUser needs a Credential.", { hresult: "invalidArgument" });
  }
  if (type !== "SpecificUser" && credential !== undefined) {
    throw new WindowsError("A Credential goes with the identity type SpecificUser only.", {
      hresult: "invalidArgument",
    });
  }
}

function setIdentity(machine: Machine, name: string, pool: AppPool, credential: Credential): void {
  pool.userName = credential.userName;
  machine.store.setSecret(poolPasswordName(name), credential.password);
}
