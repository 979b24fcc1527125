/** What the simulated machine is and holds. One JSON file, replaced atomically; secrets and keys lie in files of their own. */
export interface HostState {
  version: 1;
  /** `undefined` while no virtual machine exists: nothing listens then. */
  windows?: WindowsState;
}

export interface WindowsState {
  vmId: string;
  computerName: string;
  adminUsername: string;
  /** Changes with each start of Windows. */
  bootId: string;
  /** ISO 8601. */
  bootedAt: string;
  domain?: { name: string; netbiosName: string; organizationalUnit: string };
  /** Why Windows wants a restart; empty when it does not. */
  pendingReboot: string[];
  ssh?: { port: number };
  /** Names of installed roles, role services and features. */
  features: string[];
  /** Versions of installed PowerShell modules. */
  modules: Record<string, string[]>;
  iis?: IisState;
  certificates: StoredCertificate[];
  /** Key path (`HKLM\SOFTWARE\…`) to its values. */
  registry: Record<string, Record<string, RegistryValue>>;
  services: Record<string, Service>;
  /** User right constant (`SeBatchLogonRight`) to the accounts that hold it. */
  rights: Record<string, string[]>;
  /** Uninstall entries by product id. */
  packages: Record<string, InstalledPackage>;
  firewall: Record<string, FirewallRule>;
}

export interface IisState {
  sites: Record<string, Site>;
  pools: Record<string, AppPool>;
  /** The server's and the locations' configuration: location (`""` is the server) to section to content. */
  configuration: Record<string, Record<string, SectionContent>>;
}

export interface Site {
  id: number;
  physicalPath: string;
  state: "Started" | "Stopped";
  bindings: Binding[];
  /** The root application's pool. */
  applicationPool: string;
  /** Application path below the site (`MultiFactorAuth`) to the application. */
  applications: Record<string, Application>;
  /** Virtual directories of the root application: name to physical path. */
  virtualDirectories: Record<string, string>;
  settings: Record<string, unknown>;
}

export interface Binding {
  protocol: string;
  ipAddress: string;
  port: number;
  hostName: string;
  certificateThumbprint?: string;
  certificateStoreName?: string;
  /** Bit 1: Server Name Indication. */
  sslFlags?: string;
  /** Of protocols that are not HTTP. */
  information?: string;
}

export interface Application {
  physicalPath: string;
  applicationPool: string;
  virtualDirectories: Record<string, string>;
  settings: Record<string, unknown>;
}

export interface AppPool {
  state: "Started" | "Stopped";
  /** Properties by WebAppPool's names, those with their default left out. The password lies in the protected store. */
  settings: Record<string, unknown>;
  /** Of a SpecificUser identity. */
  userName?: string;
  /** Raised by every recycle; a worker process belongs to one generation. */
  generation: number;
}

export interface SectionContent {
  attributes: Record<string, string | number | boolean>;
  /** Elements of the section's collection. */
  items: Record<string, string | number | boolean>[];
}

export interface StoredCertificate {
  location: string;
  store: string;
  thumbprint: string;
  subject: string;
  dnsNames: string[];
  notAfter: string;
  friendlyName: string;
  hasPrivateKey: boolean;
  exportable: boolean;
}

export interface RegistryValue {
  type: "String" | "Binary" | "DWord" | "QWord" | "MultiString" | "ExpandString";
  data: string[];
}

export interface Service {
  displayName: string;
  description: string;
  path: string;
  startupType: "Automatic" | "Manual" | "Disabled";
  state: "Running" | "Stopped";
  account: string;
  dependencies: string[];
}

export interface InstalledPackage {
  displayName: string;
  version: string;
  publisher: string;
  installSource: string;
  /** yyyymmdd, as the registry has it. */
  installDate: string;
  sizeKilobytes: number;
}

export interface FirewallRule {
  displayName: string;
  group: string;
  enabled: boolean;
  action: "NotConfigured" | "Allow" | "Block";
  direction: "Inbound" | "Outbound";
  profile: string[];
  protocol: string;
  localPort: string[];
  remotePort: string[];
  description: string;
  settings: Record<string, unknown>;
}
