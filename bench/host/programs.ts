import type { HostConnection } from "../../provider/configuration.ts";
import { hostScriptText, loaderCommandLine, scriptLine } from "../../provider/connections/hostCommand.ts";

/** The module whose resources both programs declare. */
export const moduleName = "PSDscResources";
export const moduleVersion = "2.12.0.0";

const key = "HKEY_LOCAL_MACHINE\\SOFTWARE\\mfakit-bench";

/** The values of a registry key, one DSC resource each. */
export interface Declared {
  values: readonly string[];
}

const registryProperties = (value: string, index: number, prefix: string) => ({
  Key: `${key}-${prefix}`,
  ValueName: `value-${index}`,
  ValueData: [value],
  ValueType: "String",
  Ensure: "Present",
  // The module overwrites no value without it.
  Force: true,
});

/** A program that declares them as `mfakit:dsc:Resource`. */
export function dscProgram(root: string, host: HostConnection, { values }: Declared): string {
  return `
import * as pulumi from "@pulumi/pulumi";
import { registry } from "${root}/provider/dsc/generated/psDscResources.ts";
import { Provider } from "${root}/provider/resource.ts";
const host = ${JSON.stringify(host)};
const provider = new Provider("mfakit", { host: { ...host, privateKey: pulumi.secret(host.privateKey) } });
const declared = ${JSON.stringify(values.map((value, index) => registryProperties(value, index, "dsc")))};
declared.forEach((properties, index) => registry(\`value-\${index}\`, properties, { provider }));
`;
}

/**
 * A program that has each of them done by a remote Command of its own: the same agent script is given the same request, in a PowerShell
 * of its own. A Command does not read: to look at the host, all of them run again (`look` changes).
 */
export function commandProgram(host: HostConnection, { values, look }: Declared & { look: number }): string {
  const { address, port, user, privateKey, hostKey } = host;
  const requests = values.map((value, index) => ({
    id: 1,
    method: "dsc.apply",
    params: {
      module: moduleName,
      version: moduleVersion,
      resource: "Registry",
      properties: registryProperties(value, index, "command"),
    },
  }));
  return `
import * as pulumi from "@pulumi/pulumi";
import { Command } from "@pulumi/command/remote/index.js";
const connection = pulumi.secret(${JSON.stringify({ host: address, port, user, privateKey, hostKey })});
const script = ${JSON.stringify(scriptLine("agent", hostScriptText("agent")))};
const requests = ${JSON.stringify(requests)};
requests.forEach((request, index) => new Command(\`value-\${index}\`, {
  connection,
  create: ${JSON.stringify(loaderCommandLine)},
  stdin: \`\${script}\\n\${JSON.stringify(request)}\\n\`,
  triggers: [${look}],
  logging: "none",
  addPreviousOutputInEnv: false,
}));
`;
}
