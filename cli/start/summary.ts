import { relative } from "node:path";
import type { StackOutputs } from "../../components/stackOutputs.ts";
import type { SandboxLayout } from "../../sandbox/layout.ts";
import { readRecord } from "../../sandbox/record.ts";
import type { Deployment } from "../deploy.ts";
import { duration } from "../duration.ts";
import { projectRoot } from "../project.ts";
import { table } from "../table.ts";
import type { CheckResult } from "../verify/check.ts";

export interface SummaryParts {
  deployment: Deployment;
  results: readonly CheckResult[];
  times: readonly (readonly [phase: string, milliseconds: number])[];
  layout: SandboxLayout;
}

/** The table that `npm start` ends with. */
export function summary({ deployment, results, times, layout }: SummaryParts): string {
  const outputs = Object.fromEntries(
    Object.entries(deployment.outputs).map(([name, { value }]) => [name, value]),
  ) as unknown as StackOutputs;
  const roots = relative(projectRoot, layout.trustedRootsFile);
  const record = readRecord(layout);
  const dns = `${record?.network}.53`;
  const howHostRuns = record?.parts.host?.message;
  const passed = results.filter(({ status }) => status === "pass").length;
  return [
    "Deployed",
    table([
      ["User Portal", outputs.userPortalUrl],
      ["Web Service SDK", outputs.webServiceSdkUrl],
      ...(outputs.mobileAppWebServiceUrl === undefined ? [] : [["Mobile App", outputs.mobileAppWebServiceUrl]]),
      ["DNS name", `${outputs.publicHostName} -> ${outputs.publicIpAddress} (served at ${dns})`],
      ["Host", outputs.computerName],
      [
        "Groups",
        `"${outputs.directory.mfaUsers}" (${outputs.people.length} people), "${outputs.directory.phoneFactorAdmins}"`,
      ],
      ["Service account", outputs.directory.serviceAccount],
      ["Certificate", `until ${outputs.certificate.notAfter}, renewed after ${outputs.certificate.renewAfter}`],
      ["Left to do by hand", outputs.manualSteps.map(({ title }) => title).join("; ")],
      ["Verified", `${passed} of ${results.length} checks`],
    ]),
    "",
    "Time",
    table(times.map(([phase, milliseconds]) => [phase, duration(milliseconds)])),
    "",
    "Real: the Pulumi engine, the program, the mfakit provider, the policies, Active Directory (Samba), the ACME authority (Pebble),",
    "SSH (OpenSSH), DNS and TLS on the wire. Simulated: Azure (ARM, azure-native, command), the inside of the Windows host, and what",
    "the product's web services do; how those are configured is not (Mono's System.Web reads the web.config that the kit wrote).",
    ...(howHostRuns === undefined ? [] : [`In the host ${howHostRuns}.`]),
    "",
    "Try next",
    table([
      [
        `curl --cacert ${roots} --resolve ${outputs.publicHostName}:443:${outputs.publicIpAddress} ${outputs.userPortalUrl}`,
      ],
      [`npx mfakit sandbox tamper web-config && npx mfakit pulumi preview --refresh --diff`],
      ["npx mfakit verify"],
    ]),
    "Stop everything: npx mfakit sandbox down",
  ].join("\n");
}
