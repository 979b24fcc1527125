import { VirtualMachineExtension } from "@pulumi/azure-native/compute/virtualMachineExtension.js";
import * as pulumi from "@pulumi/pulumi";
import { Certificate, Delivery } from "../../provider/keyVault/resource.ts";
import { type HostTarget, onHost } from "../hostTarget.ts";
import {
  type ExistingVault,
  existingVault,
  type OwnVault,
  ownVault,
  type VaultSurroundings,
} from "./certificateVault.ts";
import { assignKeyVaultRole } from "./keyVaultRoles.ts";

/** A Windows machine in Azure with an identity of its own. */
export interface VaultClientHost extends HostTarget {
  /** Object id of the machine's identity. */
  readonly principalId: pulumi.Input<string>;
}

/** Arguments of {@link KeyVaultCertificate}. */
export interface KeyVaultCertificateArgs extends VaultSurroundings {
  vault: OwnVault | ExistingVault;
  /** Name of the certificate in the vault. */
  certificateName: string;
  /** What goes into the vault. */
  certificate: { thumbprint: pulumi.Input<string>; pfxBase64: pulumi.Input<string>; pfxPassword: pulumi.Input<string> };
  host: VaultClientHost;
  /** Azure name of the machine. */
  virtualMachineName: string;
}

/** How long Azure takes at most to spread a new role; see the Azure page "Troubleshoot Azure RBAC". Seconds. */
const ROLE_SPREADS_WITHIN = 600;

/** Key Vault takes 15 tags on a certificate, fewer than Azure on a resource; one of them is the kit's own. */
const MOST_TAGS = 14;

/** Seconds between two looks of the extension at the vault: the shortest that all its versions take. */
const POLLING_INTERVAL = "300";

/**
 * The way of a certificate through Azure Key Vault to the host: the vault where the kit makes it, the roles of whoever deploys and of the
 * machine, the certificate, the Key Vault extension of the machine, and the moment at which the certificate is in its store.
 */
export class KeyVaultCertificate extends pulumi.ComponentResource {
  /** Address of the vault. */
  readonly vaultUri: pulumi.Output<string>;
  /** Name of the current version in the vault. */
  readonly version: pulumi.Output<string>;
  /** What a binding with the certificate waits for. */
  readonly delivered: pulumi.Resource[];

  constructor(name: string, args: KeyVaultCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:platform:KeyVaultCertificate", name, {}, opts);
    const { host, certificate: source } = args;
    const vault = args.vault.kind === "own" ? ownVault(name, args.vault, args, this) : existingVault(args.vault, this);
    const reader = assignKeyVaultRole(
      `${name}-host`,
      {
        vaultId: vault.id,
        role: "secretsUser",
        principalId: host.principalId,
        principalType: "ServicePrincipal",
        subscriptionId: vault.subscriptionId,
      },
      { parent: this },
    );
    const certificate = new Certificate(
      `${name}-certificate`,
      {
        vaultUri: vault.uri,
        name: args.certificateName,
        thumbprint: source.thumbprint,
        pfxBase64: source.pfxBase64,
        pfxPassword: source.pfxPassword,
        ...(args.tags && { tags: Object.fromEntries(Object.entries(args.tags).slice(0, MOST_TAGS)) }),
        ...(vault.deployerRole && { rolePatienceSeconds: ROLE_SPREADS_WITHIN }),
      },
      { parent: this, ...(vault.deployerRole && { dependsOn: [vault.deployerRole] }) },
    );
    const extension = keyVaultExtension(name, args, certificate, [reader], this);
    const delivery = new Delivery(
      `${name}-delivery`,
      { thumbprint: certificate.thumbprint },
      onHost(host, this, [extension]),
    );
    this.vaultUri = vault.uri;
    this.version = certificate.version;
    this.delivered = [delivery];
    this.registerOutputs({ vaultUri: this.vaultUri, version: this.version });
  }
}

/**
 * Version 3 of the extension: the last one that runs on Windows Server 2016 and 2019. The certificate's address has no version, so that
 * the extension takes each new one; another tag makes it look at once. It leaves the binding alone: the kit switches it.
 */
function keyVaultExtension(
  name: string,
  args: KeyVaultCertificateArgs,
  certificate: Certificate,
  after: readonly pulumi.Resource[],
  parent: pulumi.Resource,
): VirtualMachineExtension {
  return new VirtualMachineExtension(
    `${name}-extension`,
    {
      resourceGroupName: args.resourceGroupName,
      location: args.location,
      ...(args.tags && { tags: args.tags }),
      vmName: args.virtualMachineName,
      vmExtensionName: "KeyVaultForWindows",
      publisher: "Microsoft.Azure.KeyVault",
      type: "KeyVaultForWindows",
      typeHandlerVersion: "3.0",
      autoUpgradeMinorVersion: true,
      forceUpdateTag: certificate.thumbprint,
      settings: {
        secretsManagementSettings: {
          pollingIntervalInS: POLLING_INTERVAL,
          linkOnRenewal: false,
          requireInitialSync: true,
          observedCertificates: [
            { url: certificate.secretUri, certificateStoreName: "MY", certificateStoreLocation: "LocalMachine" },
          ],
        },
      },
    },
    {
      ...onHost(args.host, parent, after),
      replaceOnChanges: ["publisher", "type"],
      deleteBeforeReplace: true,
      customTimeouts: { create: "30m", update: "30m" },
    },
  );
}
