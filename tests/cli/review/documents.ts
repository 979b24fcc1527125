/** A small stack as the engine writes it into previews and states. */

export const notKnownYet = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const project = "mfa-server";

/** A secret as a stack export holds it; `--show-secrets` writes `plaintext` in place of `ciphertext`. */
export function secret(content: { ciphertext: string } | { plaintext: string }): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ...content };
}

export interface Recorded {
  urn: string;
  type: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  [name: string]: unknown;
}

export function recorded(type: string, name: string, outputs: Record<string, unknown>, more: object = {}): Recorded {
  return { urn: urnOf(type, name), custom: true, type, inputs: {}, outputs, ...more };
}

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::${project}::${type}::${name}`;
}

const securityRule = "azure-native:network:SecurityRule";
const machine = "azure-native:compute:VirtualMachine";

/** Opens port 80 to the Internet, and port 22 to somebody whom a preview does not know yet. */
export function network(port: unknown = "80"): Recorded[] {
  const rule = (
    name: string,
    destinationPortRange: unknown,
    sourceAddressPrefix: string,
    priority: number,
    line: number,
  ) =>
    recorded(
      securityRule,
      name,
      {
        name,
        networkSecurityGroupName: "nsg",
        direction: "Inbound",
        protocol: "Tcp",
        access: "Allow",
        priority,
        sourceAddressPrefix,
        destinationPortRange,
      },
      {
        sourcePosition: `project:///file:/somewhere/else/components/platform/Network.ts#${line},5`,
        stackTrace: [
          { sourcePosition: `project:///file:/somewhere/else/components/platform/Network.ts#${line},5` },
          { sourcePosition: "project:///file:/somewhere/else/index.ts#40,1" },
        ],
      },
    );
  return [
    recorded("azure-native:network:NetworkSecurityGroup", "nsg", { name: "nsg" }),
    rule("https", "443", "Internet", 100, 20),
    rule("web", port, "Internet", 110, 21),
  ];
}

/** A machine whose image is not pinned, whose disks are not encrypted, and whose password is a secret. */
export function host(password: object): Recorded {
  return recorded(
    machine,
    "vm",
    {
      name: "vm-mfa",
      osProfile: { computerName: "MFA01", windowsConfiguration: { enableAutomaticUpdates: true } },
      storageProfile: { imageReference: { publisher: "MicrosoftWindowsServer", version: "latest" } },
      securityProfile: { encryptionAtHost: false },
    },
    { id: "/subscriptions/s/vm-mfa", inputs: { osProfile: { adminUsername: "boss", adminPassword: password } } },
  );
}

export function stateDocument(resources: readonly Recorded[]): object {
  return { version: 3, deployment: { manifest: { time: "2026-01-01T00:00:00Z" }, resources } };
}

/** @param steps Operation by resource name; `create` for the rest. */
export function previewDocument(resources: readonly Recorded[], steps: Record<string, string> = {}): object {
  return {
    config: { "mfa-server:adminPassword": "[secret]" },
    steps: resources.map((resource) => {
      const op = steps[resource.urn.split("::").at(-1) ?? ""] ?? "create";
      return op === "delete"
        ? { op, urn: resource.urn, oldState: resource }
        : { op, urn: resource.urn, newState: resource };
    }),
    duration: 1,
    changeSummary: { create: resources.length },
  };
}
