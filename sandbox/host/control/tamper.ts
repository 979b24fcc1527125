import { existsSync, readFileSync } from "node:fs";
import { decryptFile } from "../agent/protectedSection.ts";
import { expand } from "../drive.ts";
import { contentAt } from "../iis/configuration.ts";
import { aspNetIsapi } from "../iis/sections.ts";
import { requireIis, requireSite, wwwroot } from "../iis/webServer.ts";
import type { Machine } from "../machine.ts";
import { sameName } from "../names.ts";
import { writeValue } from "../windows/registry.ts";
import { accountName, batchLogonRight, holdersOf } from "../windows/rights.ts";
import { schannelProtocols } from "../windows/schannel.ts";
import { WindowsError } from "../windowsError.ts";

/** What somebody could do to the machine behind the kit's back. */
export const tamperings = ["web-config", "binding", "isapi", "batch-right", "old-tls"] as const;
export type Tampering = (typeof tamperings)[number];

/** Changes the machine; answers a sentence that says what was done. */
export async function tamper(machine: Machine, what: Tampering): Promise<{ done: string }> {
  const done = deeds[what](machine);
  await machine.changed();
  return { done };
}

const deeds: Record<Tampering, (machine: Machine) => string> = {
  "web-config": (machine) => {
    const path = `${wwwroot}\\MultiFactorAuthMobileAppWebService\\web.config`;
    const file = machine.drive.real(path);
    if (!existsSync(file)) throw new WindowsError(`There is no ${path}.`);
    const before = decryptFile(machine, readFileSync(file, "utf8"));
    const after = before.replace(
      /(key="WEB_SERVICE_SDK_AUTHENTICATION_USERNAME"\s+value=")[^"]*"/,
      '$1CORP\\somebody-else"',
    );
    if (after === before) throw new WindowsError(`${path} has no WEB_SERVICE_SDK_AUTHENTICATION_USERNAME to change.`);
    machine.drive.write(path, after);
    return `${path}: WEB_SERVICE_SDK_AUTHENTICATION_USERNAME names another account`;
  },

  binding: ({ windows }) => {
    const site = requireSite(requireIis(windows), "Default Web Site");
    const kept = site.bindings.filter((binding) => binding.protocol !== "https");
    if (kept.length === site.bindings.length)
      throw new WindowsError("Default Web Site has no https binding to remove.");
    site.bindings = kept;
    return "Default Web Site: the https binding is removed";
  },

  isapi: ({ windows }) => {
    const restrictions = contentAt(requireIis(windows), "", "system.webServer/security/isapiCgiRestriction");
    const entry = restrictions?.items.find((item) => sameName(expand(String(item.path)), expand(aspNetIsapi.x64)));
    if (entry === undefined) throw new WindowsError("ASP.NET is not in the ISAPI and CGI restrictions.");
    entry.allowed = false;
    return `${aspNetIsapi.x64}: no longer allowed`;
  },

  "batch-right": ({ windows }) => {
    const poolAccounts = Object.values(windows.iis?.pools ?? {}).flatMap(({ userName }) =>
      userName === undefined ? [] : [accountName(windows, userName)],
    );
    const holders = holdersOf(windows, batchLogonRight);
    const kept = holders.filter((holder) => !poolAccounts.some((account) => sameName(account, holder)));
    if (kept.length === holders.length)
      throw new WindowsError("No application pool's account holds the right to log on as a batch job.");
    windows.rights[batchLogonRight] = kept;
    return "Log on as a batch job: the application pools' accounts no longer hold it";
  },

  "old-tls": ({ windows }) => {
    writeValue(windows, `${schannelProtocols}\\TLS 1.0\\Server`, "Enabled", { type: "DWord", data: ["1"] });
    return "SCHANNEL: TLS 1.0 is offered to clients again";
  },
};
