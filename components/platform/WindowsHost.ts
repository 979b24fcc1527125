import { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";
import { VirtualMachineExtension } from "@pulumi/azure-native/compute/virtualMachineExtension.js";
import { VirtualMachineRunCommandByVirtualMachine } from "@pulumi/azure-native/compute/virtualMachineRunCommandByVirtualMachine.js";
import { NetworkInterface } from "@pulumi/azure-native/network/networkInterface.js";
import type { types } from "@pulumi/command";
import { Command } from "@pulumi/command/remote/index.js";
import * as pulumi from "@pulumi/pulumi";
import { hostScriptInput, hostScriptText, loaderCommandLine } from "../../provider/connections/hostCommand.ts";
import { ReplacementGuard } from "../../provider/host/resource.ts";
import { type HostTarget, onHost } from "../hostTarget.ts";
import type { AzureNames } from "../naming.ts";
import { dscModules } from "./dscModules.ts";

/** A marketplace image. */
export interface ImageReference {
  publisher: string;
  offer: string;
  sku: string;
  /** `Major.Minor.Build`, or `latest`: resolved when the machine is created, never upgraded afterwards. */
  version: string;
}

/** The domain that the host joins. */
export interface DomainJoin {
  /** DNS name of the domain. */
  domain: string;
  /** `DOMAIN\user` or `user@domain`: an unqualified name is refused by the extension (error 1332). */
  user: string;
  /** Secret. */
  password: pulumi.Input<string>;
  /** Distinguished name of the unit for the computer account. */
  organizationalUnit: string;
}

/** The way to manage the host: OpenSSH with a pinned host key. */
export interface HostManagement {
  /** DNS name or address by which the machine that runs Pulumi reaches the host. */
  address: string;
  /** Port of the host's SSH server. */
  port: number;
  /** An administrator of the host. */
  user: string;
  /** Secret, OpenSSH PEM without passphrase: the key that logs in. */
  privateKey: pulumi.Input<string>;
  /** The public half of `privateKey`, `ssh-ed25519 AAAA...`. */
  authorizedKey: string;
  /** Secret, OpenSSH PEM without passphrase: the identity that the host gets. */
  hostPrivateKey: pulumi.Input<string>;
  /** The one host key that is accepted, `ssh-ed25519 AAAA...`. */
  hostKey: string;
}

/** Arguments of {@link WindowsHost}. */
export interface WindowsHostArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Azure region. */
  location: string;
  names: Pick<AzureNames, "networkInterface" | "virtualMachine" | "osDisk">;
  /** ARM id of the subnet. */
  subnetId: pulumi.Input<string>;
  /** ARM id of the security group for the network interface. Default: none, the subnet has one. */
  networkSecurityGroupId?: pulumi.Input<string>;
  /** DNS servers for this host alone. Default: those of the virtual network. */
  dnsServers?: string[];
  /** ARM id of the public address that serves 443 and all outbound traffic. */
  publicIpAddressId: pulumi.Input<string>;
  /** Fixed address inside the subnet. */
  privateIpAddress: string;
  /** Windows name, at most 15 characters. Another name is another machine. */
  computerName: string;
  /** Azure size, for example `Standard_D2s_v5`. */
  size: string;
  image: ImageReference;
  /** First local administrator. Another name is another machine. */
  adminUsername: string;
  /** Secret. Used once, at creation: a later change is ignored, because Azure refuses it (rotate it on the host). */
  adminPassword: pulumi.Input<string>;
  /** Encrypt disks and caches on the physical machine. Needs the subscription feature `EncryptionAtHost`. */
  encryptionAtHost: boolean;
  /** Secure boot and a virtual TPM. Needs a generation 2 image. */
  trustedLaunch: boolean;
  /**
   * Name of the machine that a plan may delete and make again. Default: none; a change that Azure cannot make on an existing machine
   * is then refused in preview.
   */
  replace?: string;
  domain: DomainJoin;
  management: HostManagement;
  /** Where the host takes the DSC modules from: `gallery`, or a folder on the host. Default `gallery`. */
  dscModuleSource?: string;
  /** Tags of every resource that takes tags. Default: none. */
  tags?: Record<string, string>;
}

/**
 * Properties that Azure cannot change on an existing machine: azure-native would preview them as an update that fails halfway with
 * 409 PropertyChangeNotAllowed, so they are declared here and the preview says "replace".
 */
const immutableProperties = [
  "osProfile.computerName",
  "osProfile.adminUsername",
  "osProfile.customData",
  "storageProfile.imageReference",
  "storageProfile.osDisk.name",
  "storageProfile.osDisk.createOption",
  "zones",
  "securityProfile.securityType",
];

/** NetJoinDomain flags of the join extension: 1 joins, 2 creates the computer account. */
const joinAndCreateAccount = "3";

/**
 * A patched, domain-joined Windows machine that is ready to be managed: network interface, machine, domain join, OpenSSH with the
 * given host key, DSC modules, in this order.
 */
export class WindowsHost extends pulumi.ComponentResource implements HostTarget {
  readonly computerName: pulumi.Output<string>;
  /** ARM id of the machine. */
  readonly virtualMachineId: pulumi.Output<string>;
  /** Object id of the machine's own identity, for role assignments. */
  readonly principalId: pulumi.Output<string>;
  /** Changes with each new machine. */
  readonly vmId: pulumi.Output<string>;
  /** The computer account is in the domain when this resource is there. */
  readonly joined: pulumi.Resource;
  readonly ready: pulumi.Resource[];
  readonly machine: pulumi.Resource;
  readonly connection: types.input.remote.ConnectionArgs;

  constructor(name: string, args: WindowsHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:platform:WindowsHost", name, {}, opts);
    this.connection = connectionOf(args.management);

    const networkInterface = hostInterface(name, args, this);
    const machine = virtualMachine(name, args, networkInterface, replacementGuard(name, args, this), this);
    const join = domainJoin(name, args, machine, this);
    const bootstrap = openSsh(name, args, machine, join, this);
    const modules = installDscModules(name, args, machine, bootstrap, this.connection, this);

    // Not read back from the machine: its whole OS profile is secret, because the administrator's password is part of it.
    this.computerName = pulumi.output(args.computerName);
    this.virtualMachineId = machine.id;
    this.principalId = machine.identity.apply((identity) => identity?.principalId ?? "");
    this.vmId = machine.vmId;
    this.joined = join;
    this.ready = [modules];
    this.machine = machine;
    this.registerOutputs({
      computerName: this.computerName,
      virtualMachineId: this.virtualMachineId,
      vmId: this.vmId,
    });
  }
}

function connectionOf(management: HostManagement): types.input.remote.ConnectionArgs {
  return {
    host: management.address,
    port: management.port,
    user: management.user,
    privateKey: management.privateKey,
    hostKey: management.hostKey,
    // After the domain join Windows restarts: give its SSH server several minutes.
    dialErrorLimit: 60,
    perDialTimeout: 15,
  };
}

function azureTarget(args: WindowsHostArgs) {
  return {
    resourceGroupName: args.resourceGroupName,
    location: args.location,
    ...(args.tags && { tags: args.tags }),
  };
}

function hostInterface(name: string, args: WindowsHostArgs, parent: pulumi.Resource): NetworkInterface {
  return new NetworkInterface(
    `${name}-nic`,
    {
      ...azureTarget(args),
      networkInterfaceName: args.names.networkInterface,
      ...(args.networkSecurityGroupId !== undefined && { networkSecurityGroup: { id: args.networkSecurityGroupId } }),
      ...(args.dnsServers && { dnsSettings: { dnsServers: args.dnsServers } }),
      ipConfigurations: [
        {
          name: "primary",
          primary: true,
          subnet: { id: args.subnetId },
          privateIPAllocationMethod: "Static",
          privateIPAddress: args.privateIpAddress,
          publicIPAddress: { id: args.publicIpAddressId },
        },
      ],
    },
    { parent },
  );
}

/** Speaks of the settings by their names in the configuration. */
function replacementGuard(name: string, args: WindowsHostArgs, parent: pulumi.Resource): ReplacementGuard {
  const { publisher, offer, sku, version } = args.image;
  return new ReplacementGuard(
    `${name}-replacement-guard`,
    {
      machine: args.computerName,
      fixed: {
        "azure.resourceGroup": args.resourceGroupName,
        "azure.location": args.location,
        "host.computerName": args.computerName,
        "host.adminUsername": args.adminUsername,
        "host.image": [publisher, offer, sku, version].join(":"),
        "host.trustedLaunch": args.trustedLaunch,
      },
      ...(args.replace !== undefined && { approval: args.replace }),
    },
    { parent },
  );
}

function virtualMachine(
  name: string,
  args: WindowsHostArgs,
  networkInterface: NetworkInterface,
  guard: ReplacementGuard,
  parent: pulumi.Resource,
): VirtualMachine {
  return new VirtualMachine(
    `${name}-vm`,
    {
      ...azureTarget(args),
      vmName: args.names.virtualMachine,
      hardwareProfile: { vmSize: args.size },
      identity: { type: "SystemAssigned" },
      osProfile: {
        computerName: args.computerName,
        adminUsername: args.adminUsername,
        adminPassword: args.adminPassword,
        windowsConfiguration: {
          provisionVMAgent: true,
          // AutomaticByPlatform is accepted only together with both of these.
          enableAutomaticUpdates: true,
          patchSettings: {
            patchMode: "AutomaticByPlatform",
            assessmentMode: "AutomaticByPlatform",
            automaticByPlatformSettings: { rebootSetting: "IfRequired" },
          },
        },
      },
      storageProfile: {
        imageReference: args.image,
        osDisk: {
          name: args.names.osDisk,
          createOption: "FromImage",
          caching: "ReadWrite",
          // The default, Detach, would leave the disk behind and its name taken.
          deleteOption: "Delete",
          managedDisk: { storageAccountType: "Premium_LRS" },
        },
      },
      securityProfile: {
        encryptionAtHost: args.encryptionAtHost,
        ...(args.trustedLaunch && {
          securityType: "TrustedLaunch",
          uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
        }),
      },
      networkProfile: { networkInterfaces: [{ id: networkInterface.id, primary: true, deleteOption: "Detach" }] },
      diagnosticsProfile: { bootDiagnostics: { enabled: true } },
    },
    {
      parent,
      dependsOn: [guard],
      replaceOnChanges: immutableProperties,
      ignoreChanges: ["osProfile.adminPassword"],
      deleteBeforeReplace: true,
      customTimeouts: { create: "30m", update: "30m", delete: "30m" },
    },
  );
}

/**
 * Joins the machine once. A second run on a joined machine breaks its trust to the domain, so changed settings are ignored: the
 * join belongs to the machine and is repeated only together with it.
 */
function domainJoin(
  name: string,
  args: WindowsHostArgs,
  machine: VirtualMachine,
  parent: pulumi.Resource,
): VirtualMachineExtension {
  return new VirtualMachineExtension(
    `${name}-domain-join`,
    {
      ...azureTarget(args),
      vmName: machine.name,
      vmExtensionName: "JsonADDomainExtension",
      publisher: "Microsoft.Compute",
      type: "JsonADDomainExtension",
      typeHandlerVersion: "1.3",
      autoUpgradeMinorVersion: true,
      settings: {
        Name: args.domain.domain,
        OUPath: args.domain.organizationalUnit,
        User: args.domain.user,
        Restart: "true",
        Options: joinAndCreateAccount,
      },
      protectedSettings: { Password: args.domain.password },
    },
    {
      ...withMachine(machine, parent),
      ignoreChanges: ["settings", "protectedSettings"],
      replaceOnChanges: ["publisher", "type"],
      deleteBeforeReplace: true,
      customTimeouts: { create: "30m" },
    },
  );
}

/** Puts OpenSSH on the host through the machine's agent, the one way in that needs no open port. */
function openSsh(
  name: string,
  args: WindowsHostArgs,
  machine: VirtualMachine,
  join: VirtualMachineExtension,
  parent: pulumi.Resource,
): VirtualMachineRunCommandByVirtualMachine {
  return new VirtualMachineRunCommandByVirtualMachine(
    `${name}-openssh`,
    {
      ...azureTarget(args),
      vmName: machine.name,
      runCommandName: "bootstrap-openssh",
      source: { script: hostScriptText("bootstrap-openssh") },
      parameters: [{ name: "Port", value: String(args.management.port) }],
      protectedParameters: pulumi.secret([
        { name: "HostPrivateKey", value: args.management.hostPrivateKey },
        { name: "AuthorizedKey", value: args.management.authorizedKey },
      ]),
      asyncExecution: false,
      timeoutInSeconds: 1800,
      treatFailureAsDeploymentFailure: true,
    },
    {
      ...withMachine(machine, parent),
      // Windows restarts after the join; a script started before would be cut off.
      dependsOn: [join],
      deleteBeforeReplace: true,
      customTimeouts: { create: "45m", update: "45m" },
    },
  );
}

function installDscModules(
  name: string,
  args: WindowsHostArgs,
  machine: VirtualMachine,
  bootstrap: pulumi.Resource,
  connection: types.input.remote.ConnectionArgs,
  parent: pulumi.Resource,
): Command {
  return new Command(
    `${name}-dsc-modules`,
    {
      connection,
      create: loaderCommandLine,
      stdin: hostScriptInput("install-dsc-modules", {
        modules: dscModules,
        source: args.dscModuleSource ?? "gallery",
      }),
      // A new machine has no modules, whatever its name.
      triggers: [machine.vmId],
      // Windows' OpenSSH accepts no environment from a client.
      addPreviousOutputInEnv: false,
    },
    {
      ...onHost({ ready: [bootstrap], machine, connection }, parent),
      customTimeouts: { create: "30m", update: "30m" },
    },
  );
}

/** Options of what is a part of the machine in Azure: it is made anew with the machine and goes with it. */
function withMachine(machine: VirtualMachine, parent: pulumi.Resource): pulumi.CustomResourceOptions {
  return { parent, deletedWith: machine, replaceWith: [machine] };
}
