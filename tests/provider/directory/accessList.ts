/** Access lists as Samba's own tools read and write them, and what they do to the account itself. */
import { Attribute, Change, Client, ConstraintViolationError } from "ldapts";
import { sambaTool } from "../../../sandbox/directory/sambaTool.ts";
import type { TestDomain } from "../../support/samba.ts";

/** The access list of an object in SDDL, without its owner. */
export async function accessListOf(domain: TestDomain, name: string): Promise<string> {
  const output = await dsacl(domain, "get", name);
  return /D:\S+/.exec(output)?.[0].replace(/S:.*$/, "") ?? "";
}

/** Adds an entry in SDDL. */
export async function grant(domain: TestDomain, name: string, entry: string): Promise<void> {
  await dsacl(domain, "set", name, `--sddl=${entry}`);
}

/** The whole security descriptor, to be put back later. */
export async function descriptorOf(domain: TestDomain, name: string): Promise<Buffer> {
  const attributes = ["nTSecurityDescriptor"];
  const options = { scope: "base" as const, attributes, explicitBufferAttributes: attributes };
  const { searchEntries } = await domain.admin.search(name, options);
  return searchEntries[0]?.nTSecurityDescriptor as Buffer;
}

export async function putDescriptor(domain: TestDomain, name: string, descriptor: Buffer): Promise<void> {
  const modification = new Attribute({ type: "nTSecurityDescriptor", values: [descriptor] });
  await domain.admin.modify(name, new Change({ operation: "replace", modification }));
}

/** What the account itself does to change its password: the old value out, the new one in (MS-ADTS 3.1.1.3.1.5). */
export async function changeOwnPassword(domain: TestDomain, name: string, from: string, to: string): Promise<boolean> {
  const client = new Client({ url: domain.running.ldapsUrl, tlsOptions: { ca: domain.authority.caPem } });
  const value = (password: string) =>
    new Attribute({ type: "unicodePwd", values: [Buffer.from(`"${password}"`, "utf16le")] });
  try {
    await client.bind(name, from);
    await client.modify(name, [
      new Change({ operation: "delete", modification: value(from) }),
      new Change({ operation: "add", modification: value(to) }),
    ]);
    return true;
  } catch (error) {
    // Samba's word for a right that is missing.
    if (error instanceof ConstraintViolationError && error.message.includes("in module acl")) return false;
    throw error;
  } finally {
    await client.unbind();
  }
}

function dsacl(domain: TestDomain, command: string, name: string, ...options: string[]): Promise<string> {
  const configuration = `--configfile=${domain.running.configurationFile}`;
  return sambaTool(["dsacl", command, configuration, `--objectdn=${name}`, ...options]);
}
