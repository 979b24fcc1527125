import { badRequest, conflict, invalidParameter } from "../../arm/errors.ts";
import { asList, asText, type Json, valueAt } from "../../arm/json.ts";
import { sameId } from "../../arm/resourceId.ts";
import type { RuleContext } from "../../arm/resourceType.ts";
import { machineOf } from "../network/networkInterface.ts";
import { findImage } from "./images.ts";
import { checkComputerName, checkPassword, checkUserName } from "./windowsAccount.ts";

/** General-purpose, compute- and memory-optimised sizes; `Standard_D2s_v5`, `Standard_B2ms`, `Standard_D2_v2`. */
const sizePattern = /^(Basic_A\d|Standard_(A|B|D|DS|E|F|M)\d+(-\d+)?[a-z]*(_v[2-7])?)$/;
/** Sizes without generation 2 and trusted launch: the Arm family and the old series. */
const noTrustedLaunch = /^(Basic_|Standard_(A\d|D\d+p|E\d+p|D\d+_v2$|M\d))/;

/** Everything that ARM checks of a virtual machine across its properties. */
export function checkMachine(context: RuleContext): void {
  checkSize(context);
  checkImage(context);
  checkAccount(context);
  checkPatching(context);
  checkSecurity(context);
  checkInterfaces(context);
  checkIdentity(context);
}

const at = (context: RuleContext, path: string): Json | undefined => valueAt(context.body, path);

function checkSize(context: RuleContext): void {
  const size = asText(at(context, "properties.hardwareProfile.vmSize")) ?? "";
  if (!sizePattern.test(size)) {
    throw invalidParameter(
      "vmSize",
      `The value ${size} provided for the VM size is not valid. The valid sizes in the current region are listed by the sizes API.`,
    );
  }
}

function checkImage(context: RuleContext): void {
  if (context.previous !== undefined) return;
  const reference = at(context, "properties.storageProfile.imageReference");
  const option = at(context, "properties.storageProfile.osDisk.createOption");
  if (reference === undefined) {
    if (option === "Attach") return;
    throw invalidParameter("imageReference", "Required parameter 'imageReference' is missing (null).");
  }
  if (valueAt(reference, "id") !== undefined) {
    throw invalidParameter("imageReference", "Images by id are not simulated; use publisher, offer, sku and version.");
  }
  const [publisher, offer, sku, version] = ["publisher", "offer", "sku", "version"].map((key) => {
    const value = asText(valueAt(reference, key));
    if (value === undefined)
      throw invalidParameter(`imageReference.${key}`, `Required parameter 'imageReference.${key}' is missing (null).`);
    return value;
  }) as [string, string, string, string];
  if (findImage(publisher, offer, sku) === undefined) {
    throw badRequest(
      "PlatformImageNotFound",
      `The platform image '${publisher}:${offer}:${sku}:${version}' is not available.`,
      "imageReference",
    );
  }
}

function checkAccount(context: RuleContext): void {
  const computerName = asText(at(context, "properties.osProfile.computerName"));
  const userName = asText(at(context, "properties.osProfile.adminUsername"));
  const password = context.secrets.get("properties.osProfile.adminPassword");
  if (context.previous === undefined) {
    if (computerName === undefined) throw missing("osProfile.computerName");
    if (userName === undefined) throw missing("osProfile.adminUsername");
    if (typeof password !== "string") throw missing("osProfile.adminPassword");
  }
  if (computerName !== undefined) checkComputerName(computerName);
  if (userName !== undefined) checkUserName(userName);
  if (context.previous === undefined && typeof password === "string") checkPassword(password);
  const customData = context.secrets.get("properties.osProfile.customData");
  if (
    typeof customData === "string" &&
    !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(customData)
  ) {
    throw invalidParameter(
      "customData",
      "Custom data in OSProfile must be in Base64 encoding and with a maximum length of 87380 characters.",
    );
  }
}

const missing = (path: string) => invalidParameter(path, `Required parameter '${path}' is missing (null).`);

function checkPatching(context: RuleContext): void {
  const windows = "properties.osProfile.windowsConfiguration";
  const automaticUpdates = at(context, `${windows}.enableAutomaticUpdates`) !== false;
  const agent = at(context, `${windows}.provisionVMAgent`) !== false;
  const mode = at(context, `${windows}.patchSettings.patchMode`);
  const target = "osProfile.windowsConfiguration.patchSettings";
  if (mode === "Manual" && automaticUpdates) {
    throw invalidParameter(`${target}.patchMode`, "patchMode Manual needs enableAutomaticUpdates false.");
  }
  if (mode === "AutomaticByOS" && !automaticUpdates) {
    throw invalidParameter(`${target}.patchMode`, "patchMode AutomaticByOS needs enableAutomaticUpdates true.");
  }
  if (mode === "AutomaticByPlatform" && !(agent && automaticUpdates)) {
    throw invalidParameter(
      `${target}.patchMode`,
      "patchMode AutomaticByPlatform needs provisionVMAgent true and enableAutomaticUpdates true.",
    );
  }
  if (at(context, `${windows}.patchSettings.assessmentMode`) === "AutomaticByPlatform" && !agent) {
    throw invalidParameter(
      `${target}.assessmentMode`,
      "assessmentMode AutomaticByPlatform needs provisionVMAgent true.",
    );
  }
  if (
    at(context, `${windows}.patchSettings.automaticByPlatformSettings`) !== undefined &&
    mode !== "AutomaticByPlatform"
  ) {
    throw invalidParameter(
      `${target}.automaticByPlatformSettings`,
      "automaticByPlatformSettings needs patchMode AutomaticByPlatform.",
    );
  }
  if (at(context, `${windows}.patchSettings.enableHotpatching`) === true) {
    const image = imageOf(context);
    if (!agent || mode !== "AutomaticByPlatform" || image?.azureEdition !== true) {
      throw invalidParameter(
        `${target}.enableHotpatching`,
        "enableHotpatching needs provisionVMAgent true, patchMode AutomaticByPlatform and an Azure Edition image.",
      );
    }
  }
}

function checkSecurity(context: RuleContext): void {
  const type = at(context, "properties.securityProfile.securityType");
  const before = valueAt(context.previous?.body, "properties.securityProfile.securityType");
  if (context.previous !== undefined && before !== undefined && type !== before) {
    throw conflict(
      "PropertyChangeNotAllowed",
      "Changing property 'securityProfile.securityType' is not allowed.",
      "securityProfile.securityType",
    );
  }
  if (at(context, "properties.securityProfile.uefiSettings") !== undefined && type === undefined) {
    throw invalidParameter("securityProfile.uefiSettings", "uefiSettings can be set only when securityType is set.");
  }
  if (type === undefined) return;
  const size = asText(at(context, "properties.hardwareProfile.vmSize")) ?? "";
  if (type === "ConfidentialVM") {
    throw invalidParameter("securityProfile.securityType", "Confidential virtual machines are not simulated.");
  }
  if (noTrustedLaunch.test(size)) {
    throw badRequest(
      "BadRequest",
      `The VM size '${size}' is not supported for creation of VMs with the 'TrustedLaunch' security setting.`,
    );
  }
  if (imageOf(context)?.generation === 1) {
    throw badRequest(
      "BadRequest",
      "The selected VM size and image do not fit: TrustedLaunch needs Hypervisor Generation '2', the image is of Hypervisor Generation '1'.",
      "securityProfile.securityType",
    );
  }
}

export function imageOf(context: RuleContext) {
  const reference = at(context, "properties.storageProfile.imageReference");
  const text = (key: string): string => asText(valueAt(reference, key)) ?? "";
  return findImage(text("publisher"), text("offer"), text("sku"));
}

function checkInterfaces(context: RuleContext): void {
  const interfaces = asList(at(context, "properties.networkProfile.networkInterfaces"));
  if (interfaces.length === 0) {
    throw invalidParameter(
      "networkProfile.networkInterfaces",
      "A virtual machine needs at least one network interface.",
    );
  }
  const primaries = interfaces.filter((nic) => valueAt(nic, "properties.primary") === true).length;
  if (interfaces.length > 1 && primaries !== 1) {
    throw badRequest(
      "VirtualMachineMustHaveOneNetworkInterfaceAsPrimary",
      "Exactly one network interface must be primary.",
    );
  }
  for (const reference of interfaces) {
    const nic = context.store.get(asText(valueAt(reference, "id")) ?? "");
    if (nic === undefined) continue;
    if (nic.body.location !== context.body.location) {
      throw badRequest(
        "InvalidResourceReference",
        `The machine is in ${asText(context.body.location)}, but interface ${nic.id} is in ${asText(nic.body.location)}.`,
      );
    }
    const owner = machineOf(context.store, nic.id);
    if (owner !== undefined && !sameId(owner.id, context.id)) {
      throw badRequest("NicInUse", `Network interface ${nic.id} is used by existing resource ${owner.id}.`);
    }
  }
}

function checkIdentity(context: RuleContext): void {
  const type = asText(at(context, "identity.type"));
  const assigned = at(context, "identity.userAssignedIdentities");
  const ids = Object.keys(typeof assigned === "object" && assigned !== null ? assigned : {});
  if (type?.includes("UserAssigned") !== true && ids.length > 0) {
    throw invalidParameter(
      "identity.userAssignedIdentities",
      "userAssignedIdentities needs an identity type with UserAssigned.",
    );
  }
  for (const id of ids) {
    if (context.store.get(id)?.type !== "Microsoft.ManagedIdentity/userAssignedIdentities") {
      throw badRequest("FailedIdentityOperation", `The user assigned identity '${id}' could not be found.`, "identity");
    }
  }
}
