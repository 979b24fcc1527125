/** Reads the directory by OpenLDAP's ldapsearch, and changes it as somebody else would: without any code of the kit. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Attribute, Change, Client, InvalidCredentialsError } from "ldapts";
import type { TestDomain } from "../../support/samba.ts";

const run = promisify(execFile);
const NO_SUCH_OBJECT = 32;

/** All attributes of one object; objectGUID and objectSid as text. An attribute without values is absent. */
export async function attributesOf(domain: TestDomain, name: string): Promise<Record<string, string[] | undefined>> {
  const attributes = await ldapsearch(domain, name);
  if (attributes === undefined) throw new Error(`${name} does not exist`);
  return attributes;
}

export async function exists(domain: TestDomain, name: string): Promise<boolean> {
  return (await ldapsearch(domain, name)) !== undefined;
}

/** Replaces the values of an attribute; none removes it. */
export async function setAttribute(domain: TestDomain, name: string, type: string, values: string[]): Promise<void> {
  const modification = new Attribute({ type, values });
  await domain.admin.modify(name, new Change({ operation: "replace", modification }));
}

/** Sets a password as an administrator would. */
export async function setPassword(domain: TestDomain, name: string, password: string): Promise<void> {
  const modification = new Attribute({ type: "unicodePwd", values: [Buffer.from(`"${password}"`, "utf16le")] });
  await domain.admin.modify(name, new Change({ operation: "replace", modification }));
}

/** Whether this name and password can log on; as many attempts as calls. */
export async function canLogOn(domain: TestDomain, user: string, password: string): Promise<boolean> {
  const client = new Client({ url: domain.running.ldapsUrl, tlsOptions: { ca: domain.authority.caPem } });
  try {
    await client.bind(user, password);
    return true;
  } catch (error) {
    if (error instanceof InvalidCredentialsError) return false;
    throw error;
  } finally {
    await client.unbind();
  }
}

async function ldapsearch(domain: TestDomain, name: string): Promise<Record<string, string[]> | undefined> {
  const bind = ["-x", "-D", `CN=Administrator,CN=Users,${domain.baseDn}`, "-y", domain.adminPasswordFile];
  const format = ["-LLL", "-o", "ldif-wrap=no"];
  const args = [...bind, ...format, "-H", domain.running.ldapsUrl, "-s", "base", "-b", name];
  const env = { ...process.env, LDAPTLS_CACERT: domain.running.caFile };
  try {
    const { stdout } = await run("ldapsearch", args, { env });
    return parseLdif(stdout);
  } catch (error) {
    if ((error as { code?: number }).code === NO_SUCH_OBJECT) return undefined;
    throw error;
  }
}

/** One LDIF record (RFC 2849): `type: text` or `type:: base64`. */
function parseLdif(text: string): Record<string, string[]> {
  const attributes: Record<string, string[]> = {};
  for (const line of text.split("\n")) {
    const [, type, encoded, value = ""] = /^([^:]+)(::?) ?(.*)$/.exec(line) ?? [];
    if (type === undefined) continue;
    const bytes = Buffer.from(value, encoded === "::" ? "base64" : "utf8");
    attributes[type] = [...(attributes[type] ?? []), textOf(type, bytes)];
  }
  return attributes;
}

function textOf(type: string, bytes: Buffer): string {
  const hex = (number: number, digits: number) => number.toString(16).padStart(digits, "0");
  if (type === "objectGUID") {
    const front = [hex(bytes.readUInt32LE(0), 8), hex(bytes.readUInt16LE(4), 4), hex(bytes.readUInt16LE(6), 4)];
    return [...front, bytes.toString("hex", 8, 10), bytes.toString("hex", 10)].join("-");
  }
  if (type === "objectSid") {
    const parts = Array.from({ length: bytes.readUInt8(1) }, (_, index) => bytes.readUInt32LE(8 + 4 * index));
    return `S-${bytes.readUInt8(0)}-${bytes.readUIntBE(2, 6)}-${parts.join("-")}`;
  }
  return bytes.toString("utf8");
}
