/** The parts from which the Azure names of one environment are made. */
export interface NamingArgs {
  /** Short name of what runs there, for example `mfa`. */
  workload: string;
  /** Name of the environment, for example `dev`. */
  environment: string;
  /** Azure region in Azure's own spelling, for example `westeurope`. */
  location: string;
  /** Windows computer name of the host; names of its resources carry it. */
  computerName: string;
}

/** Explicit Azure names of everything that the kit creates. */
export interface AzureNames {
  virtualNetwork: string;
  subnet: string;
  networkSecurityGroup: string;
  publicIpAddress: string;
  networkInterface: string;
  virtualMachine: string;
  osDisk: string;
}

/**
 * Names by the Cloud Adoption Framework: resource type abbreviation, workload, environment, region. They are explicit and the same at
 * every run, because azure-native refuses to create what exists: after a lost response the same name finds the object again.
 */
export function azureNames(args: NamingArgs): AzureNames {
  const scope = [args.workload, args.environment, args.location].map(namePart).join("-");
  const host = namePart(args.computerName);
  return {
    virtualNetwork: `vnet-${scope}`,
    subnet: `snet-${scope}`,
    networkSecurityGroup: `nsg-${scope}`,
    publicIpAddress: `pip-${scope}`,
    networkInterface: `nic-${host}`,
    virtualMachine: `vm-${host}`,
    osDisk: `osdisk-${host}`,
  };
}

/** Lower case; whatever Azure's network names do not take becomes a hyphen. */
function namePart(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
