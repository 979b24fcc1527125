import type { Params } from "../../../provider/dsc/protocol.ts";
import type { Machine } from "../machine.ts";
import { protect, unprotect } from "../windows/dataProtection.ts";
import { AgentFailure } from "./failure.ts";

const provider = "DataProtectionConfigurationProvider";
const encryptedSection =
  /^\s*<([\w.-]+)[^>]*\bconfigProtectionProvider\s*=\s*["']([^"']+)["'][^>]*>\s*<EncryptedData[^>]*>.*?<CipherValue>([^<]*)<\/CipherValue>.*?<\/EncryptedData>\s*<\/\1>\s*$/s;

/** A section of web.config with its content encrypted by this machine's key. */
export function encryptSection(machine: Machine, { section, xml }: Params<"webconfig.encrypt">): { xml: string } {
  assertElement(section, xml);
  const cipher = protect(machine, xml);
  return {
    xml: `<${section} configProtectionProvider="${provider}"><EncryptedData><CipherData><CipherValue>${cipher}</CipherValue></CipherData></EncryptedData></${section}>`,
  };
}

export function decryptSection(machine: Machine, { section, xml }: Params<"webconfig.decrypt">): { xml: string } {
  assertElement(section, xml);
  const [, , usedProvider, cipher] = encryptedSection.exec(xml) ?? [];
  if (usedProvider === undefined || cipher === undefined)
    throw new AgentFailure("BAD_REQUEST", "the section is not encrypted");
  const plain = usedProvider === provider ? unprotect(machine, cipher) : undefined;
  if (plain === undefined)
    throw new AgentFailure("PROTECTION_FAILED", "the section could not be decrypted on this host");
  return { xml: plain };
}

/** Every encrypted section of a file in plain text; unchanged where the data is not this machine's. */
export function decryptFile(machine: Machine, text: string): string {
  return text.replace(/<([\w.-]+)[^>]*\bconfigProtectionProvider\b[^>]*>.*?<\/\1>/gs, (xml) => {
    const cipher = encryptedSection.exec(xml)?.[3];
    return (cipher === undefined ? undefined : unprotect(machine, cipher)) ?? xml;
  });
}

function assertElement(section: string, xml: string): void {
  const root = /^\s*<([\w.:-]+)[\s/>]/.exec(xml)?.[1];
  const isClosed = /\/>\s*$/.test(xml) || new RegExp(`</${root?.replaceAll(".", "\\.")}\\s*>\\s*$`).test(xml);
  if (root === undefined || !isClosed) throw new AgentFailure("BAD_REQUEST", "the section is not well-formed XML");
  if (root !== section) throw new AgentFailure("BAD_REQUEST", `the XML is not the section '${section}'`);
}
