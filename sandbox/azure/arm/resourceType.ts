import type { Json, JsonObject } from "./json.ts";
import type { ResourceId } from "./resourceId.ts";
import type { Fields } from "./shape.ts";
import type { Store, StoredResource } from "./store.ts";

/** The description of one ARM resource type: everything the simulator knows of it is here. */
export interface ResourceType {
  /** ARM type, `Microsoft.Network/virtualNetworks`. With `variants`, the name of the family. */
  type: string;
  /** ARM types that share this description (the record types of a DNS zone). */
  variants?: readonly string[];
  /** Pulumi token, `azure-native:network:VirtualNetwork`. */
  token: `azure-native:${string}:${string}`;
  /** The API version that azure-native 3.28.0 speaks, and the further ones that the REST face accepts. */
  apiVersion: string;
  otherApiVersions: readonly string[];
  /** Id with the Pulumi SDK's names of the path parameters in braces. The last one is the resource's own name. */
  path: string;
  /** How azure-native makes a name that is not given: eight random hex digits at the end, or a UUID. */
  autoname: "random" | "uuid";
  name: NameRule;
  /** `regional`: an Azure region, required. `global`: the word `global`. `none`: the type has no location. */
  location: "regional" | "global" | "none";
  /** Top-level properties of the body beside id, name, type, etag and location. */
  body: Fields;
  /** SDK property paths that force a replacement beside the path parameters, as azure-native's metadata marks them. */
  replaceOn: readonly string[];
  /** PUT and DELETE are answered before they are done, and polled. */
  longRunning: boolean;
  /** DELETE alone is. */
  longDelete?: true;
  /** While an operation runs, the parent and its other children are locked. */
  locksParent?: true;
  /** Answers carry an `etag` and requests may carry preconditions. */
  etag?: true;
  hooks?: Hooks;
}

export interface NameRule {
  minLength: number;
  maxLength: number;
  pattern: RegExp;
  /** For people: what the pattern means. */
  meaning: string;
}

/** What the rules of a type see. */
export interface RuleContext {
  readonly id: string;
  readonly parsed: ResourceId;
  /** SDK names of the path parameters to their values. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The body as it is about to be stored; `complete` may add to it. */
  readonly body: JsonObject;
  readonly previous: StoredResource | undefined;
  readonly internal: JsonObject;
  /** Write-only values of this request, by path. */
  readonly secrets: ReadonlyMap<string, Json>;
  readonly store: Store;
  readonly cloud: CloudSettings;
  readonly effects: Effects;
  now(): Date;
}

export interface Hooks {
  /** Rules across properties and resources. Throws an `ArmError`. */
  check?(context: RuleContext): void;
  /** Fills what ARM computes. */
  complete?(context: RuleContext): void;
  /** What happens in the world. Runs as the long operation; throws an `ArmError` when it fails. */
  provision?(context: RuleContext): Promise<void>;
  /** Refuses a delete (the resource is in use). */
  checkDelete?(resource: StoredResource, context: ViewContext): void;
  deprovision?(resource: StoredResource, context: ViewContext & { effects: Effects }): Promise<void>;
  /** Called when the resource is gone: some leave something behind. */
  deleted?(resource: StoredResource, context: ViewContext): void;
  /** Adds what other resources and the present know of this one to the body that is shown. */
  view?(resource: StoredResource, body: JsonObject, context: ViewContext): void;
  /** `POST <id>/<action>`. */
  actions?: Readonly<Record<string, (body: JsonObject, context: ActionContext) => Promise<JsonObject | undefined>>>;
}

export interface ViewContext {
  readonly store: Store;
  readonly cloud: CloudSettings;
  /** Lower-case values of `$expand`. */
  readonly expand: readonly string[];
}

export interface ActionContext extends ViewContext {
  readonly resource: StoredResource;
  readonly effects: Effects;
  /** Records a change of the resource's inner state. */
  save(): void;
}

/** The subscription, and what its regions offer. */
export interface CloudSettings {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  /** Object id of the application that deploys. */
  readonly clientObjectId: string;
  /** Addresses that public IPs are given. */
  readonly publicIpAddresses: readonly string[];
  /** The private address whose virtual machine is the simulated host. */
  readonly hostPrivateIpAddress: string | undefined;
  /** Where vaults are reached, each in a folder of its name; `undefined` until they are. */
  keyVaultOrigin?: string;
}

/** What a change of the cloud does outside it. Each part is absent when the cloud runs without it. */
export interface Effects {
  readonly host: HostControl | undefined;
  readonly directory: DomainJoin | undefined;
}

/** The simulated Windows host, by its control socket. */
export interface HostControl {
  powerOn(machine: { vmId: string; computerName: string; adminUsername: string }): Promise<void>;
  powerOff(): Promise<void>;
  restart(): Promise<void>;
  /** What the Key Vault extension does in the guest. */
  installCertificate(certificate: {
    storeLocation: string;
    storeName: string;
    certificatePem: string;
    privateKeyPem: string;
    issuersPem: string[];
  }): Promise<void>;
  join(domain: { domain: string; organizationalUnit: string | undefined }): Promise<void>;
  runCommand(command: {
    script: string;
    parameters: Record<string, string>;
    protectedParameters: Record<string, string>;
  }): Promise<{ exitCode: number; output: string; error: string }>;
}

/** The domain as a Windows computer that joins it meets it. */
export interface DomainJoin {
  readonly domain: string;
  readonly domainControllerAddress: string;
  /** Creates or takes over the computer account. Throws a `JoinError`. */
  createComputer(join: {
    computerName: string;
    user: string;
    password: string;
    organizationalUnit: string | undefined;
  }): Promise<void>;
}
