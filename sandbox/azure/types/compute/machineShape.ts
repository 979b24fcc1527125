import { any, choice, computed, flag, integer, list, map, object, reference, tags, text } from "../../arm/shape.ts";
import { extensionFields } from "./extensionFields.ts";

const managedDisk = () =>
  object({
    id: text(),
    storageAccountType: choice([
      "Standard_LRS",
      "StandardSSD_LRS",
      "Premium_LRS",
      "Premium_ZRS",
      "StandardSSD_ZRS",
      "PremiumV2_LRS",
      "UltraSSD_LRS",
    ]),
    diskEncryptionSet: reference("Microsoft.Compute/diskEncryptionSets"),
  });

const diskOptions = () => ({
  name: text({ createOnly: true }),
  createOption: choice(["FromImage", "Empty", "Attach", "Copy", "Restore"], { required: true, createOnly: true }),
  caching: choice(["None", "ReadOnly", "ReadWrite"]),
  diskSizeGB: integer({ minimum: 1, maximum: 32767 }),
  deleteOption: choice(["Delete", "Detach"], { default: "Detach" }),
  writeAcceleratorEnabled: flag(),
  managedDisk: managedDisk(),
});

const storageProfile = object(
  {
    imageReference: object(
      {
        publisher: text(),
        offer: text(),
        sku: text(),
        version: text({ pattern: /^(latest|\d+\.\d+\.\d+)$/ }),
        id: text(),
        exactVersion: computed(text()),
      },
      { createOnly: true },
    ),
    osDisk: object({ osType: choice(["Windows", "Linux"]), ...diskOptions() }),
    dataDisks: list(object({ lun: integer({ required: true, minimum: 0, maximum: 63 }), ...diskOptions() }), {
      default: [],
    }),
    diskControllerType: choice(["SCSI", "NVMe"], { default: "SCSI" }),
  },
  { required: "service" },
);

const windowsConfiguration = object({
  provisionVMAgent: flag({ default: true }),
  enableAutomaticUpdates: flag({ default: true }),
  timeZone: text(),
  patchSettings: object(
    {
      patchMode: choice(["Manual", "AutomaticByOS", "AutomaticByPlatform"], { default: "AutomaticByOS" }),
      assessmentMode: choice(["ImageDefault", "AutomaticByPlatform"], { default: "ImageDefault" }),
      enableHotpatching: flag(),
      automaticByPlatformSettings: object({
        rebootSetting: choice(["Unknown", "IfRequired", "Never", "Always"]),
        bypassPlatformSafetyChecksOnUserSchedule: flag(),
      }),
    },
    { default: { patchMode: "AutomaticByOS", assessmentMode: "ImageDefault" } },
  ),
  winRM: object({ listeners: list(object({ protocol: choice(["Http", "Https"]), certificateUrl: text() })) }),
});

const osProfile = object({
  computerName: text({ createOnly: true }),
  adminUsername: text({ createOnly: true }),
  adminPassword: text({ writeOnly: true, createOnly: true }),
  customData: text({ writeOnly: true, createOnly: true, maxLength: 87380 }),
  windowsConfiguration,
  allowExtensionOperations: flag({ default: true }),
  requireGuestProvisionSignal: flag({ default: true }),
  secrets: list(any(), { default: [] }),
});

/** What a virtual machine consists of; Linux machines and scale sets are not simulated. */
export const machineBody = {
  tags: tags(),
  zones: list(choice(["1", "2", "3"]), { createOnly: true, maxItems: 1 }),
  identity: object({
    type: choice(["SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned", "None"]),
    userAssignedIdentities: map(any(), { sdkList: true }),
    principalId: computed(text()),
    tenantId: computed(text()),
  }),
  properties: object(
    {
      hardwareProfile: object({ vmSize: text({ required: "service" }) }, { required: "service" }),
      storageProfile,
      osProfile,
      networkProfile: object(
        {
          networkInterfaces: list(
            object({
              id: text({ required: "service", refersTo: ["Microsoft.Network/networkInterfaces"] }),
              properties: object({ primary: flag(), deleteOption: choice(["Delete", "Detach"]) }, { flatten: true }),
            }),
            { required: "service" },
          ),
        },
        { required: "service" },
      ),
      securityProfile: object({
        securityType: choice(["TrustedLaunch", "ConfidentialVM"]),
        uefiSettings: object({ secureBootEnabled: flag(), vTpmEnabled: flag() }),
        encryptionAtHost: flag(),
      }),
      diagnosticsProfile: object({ bootDiagnostics: object({ enabled: flag(), storageUri: text() }) }),
      additionalCapabilities: object({ ultraSSDEnabled: flag(), hibernationEnabled: flag() }),
      licenseType: choice(["Windows_Server", "Windows_Client", "None"]),
      priority: choice(["Regular", "Low", "Spot"], { createOnly: true }),
      evictionPolicy: choice(["Deallocate", "Delete"]),
      extensionsTimeBudget: text(),
      userData: text({ writeOnly: true }),
      vmId: computed(text()),
      timeCreated: computed(text()),
      instanceView: computed(any()),
      provisioningState: computed(text()),
    },
    { flatten: true, required: true },
  ),
  resources: computed(
    list(
      object({
        id: text(),
        name: text(),
        type: text(),
        location: text(),
        tags: tags(),
        properties: object(extensionFields, { flatten: true }),
      }),
    ),
  ),
  systemData: computed(any()),
};
