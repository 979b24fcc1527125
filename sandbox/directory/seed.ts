import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { AlreadyExistsError, Attribute, Client, type Entry, EqualityFilter } from "ldapts";
import { child } from "../../provider/directory/distinguishedName.ts";
import { sidText } from "../../provider/directory/identifiers.ts";
import { type Delegation, delegate } from "./delegate.ts";
import type { RunningDirectory } from "./start.ts";

const NORMAL_ACCOUNT = 0x200;
const ACCOUNT_DISABLED = 0x2;
const PASSWORD_NEVER_EXPIRES = 0x10000;
const GLOBAL_SECURITY_GROUP = -2147483646;

/** A service account that was there before the kit. */
export interface SeedAccount {
  /** sAMAccountName and CN. */
  name: string;
  /** Default `CN=Users,<domain>`. */
  unit?: string;
  password: string;
  description?: string;
  /** What the account may do where; without any it can only read. */
  delegations?: Delegation[];
}

export interface SeedPerson {
  /** sAMAccountName; also the front of the userPrincipalName. */
  name: string;
  givenName: string;
  surname: string;
  unit: string;
  mobile?: string;
  /** Default: a random one that nobody knows. */
  password?: string;
  /** Default `true`. */
  enabled?: boolean;
}

/** A global security group that was there before the kit. */
export interface SeedGroup {
  name: string;
  unit: string;
  description?: string;
  /** sAMAccountNames of seeded people, accounts or groups. */
  members?: string[];
}

/** What an organisation's directory has before the kit comes. */
export interface DirectorySeed {
  /** Distinguished names of organizational units, parents first. */
  units?: string[];
  accounts?: SeedAccount[];
  people?: SeedPerson[];
  groups?: SeedGroup[];
}

/** Creates what is missing. What is there stays as it is, so that a restarted sandbox keeps what people and the kit did to it. */
export async function seedDirectory(
  running: RunningDirectory,
  admin: { password: string },
  seed: DirectorySeed,
): Promise<void> {
  const client = new Client({
    url: running.ldapsUrl,
    tlsOptions: { ca: await readFile(running.caFile, "utf8") },
    timeout: 30_000,
    connectTimeout: 5_000,
  });
  try {
    await client.bind(child("CN", "Administrator", `CN=Users,${running.baseDn}`), admin.password);
    const domain = running.baseDn.replace(/DC=/g, "").replaceAll(",", ".");
    for (const unit of seed.units ?? []) await addMissing(client, unit, { objectClass: "organizationalUnit" });
    for (const account of seed.accounts ?? []) await addAccount(client, running, domain, account);
    for (const person of seed.people ?? []) await addPerson(client, domain, person);
    for (const group of seed.groups ?? []) await addGroup(client, running.baseDn, group);
  } finally {
    await client.unbind();
  }
}

async function addAccount(
  client: Client,
  running: RunningDirectory,
  domain: string,
  account: SeedAccount,
): Promise<void> {
  const name = child("CN", account.name, account.unit ?? `CN=Users,${running.baseDn}`);
  await addMissing(client, name, {
    objectClass: "user",
    sAMAccountName: account.name,
    userPrincipalName: `${account.name}@${domain}`,
    userAccountControl: String(NORMAL_ACCOUNT | PASSWORD_NEVER_EXPIRES),
    unicodePwd: passwordValue(account.password),
    description: account.description,
  });
  const delegations = account.delegations ?? [];
  if (delegations.length > 0) await delegate(running, await sidOf(client, running.baseDn, account.name), delegations);
}

async function addPerson(client: Client, domain: string, person: SeedPerson): Promise<void> {
  await addMissing(client, child("CN", `${person.givenName} ${person.surname}`, person.unit), {
    objectClass: "user",
    sAMAccountName: person.name,
    userPrincipalName: `${person.name}@${domain}`,
    givenName: person.givenName,
    sn: person.surname,
    displayName: `${person.givenName} ${person.surname}`,
    mobile: person.mobile,
    userAccountControl: String(person.enabled === false ? NORMAL_ACCOUNT | ACCOUNT_DISABLED : NORMAL_ACCOUNT),
    unicodePwd: passwordValue(person.password ?? `Aa1!${randomBytes(24).toString("base64")}`),
  });
}

async function addGroup(client: Client, baseDn: string, group: SeedGroup): Promise<void> {
  const members = await Promise.all((group.members ?? []).map((name) => distinguishedNameOf(client, baseDn, name)));
  await addMissing(client, child("CN", group.name, group.unit), {
    objectClass: "group",
    sAMAccountName: group.name,
    groupType: String(GLOBAL_SECURITY_GROUP),
    description: group.description,
    member: members.length > 0 ? members : undefined,
  });
}

async function distinguishedNameOf(client: Client, baseDn: string, sAMAccountName: string): Promise<string> {
  return (await find(client, baseDn, sAMAccountName)).dn;
}

async function sidOf(client: Client, baseDn: string, sAMAccountName: string): Promise<string> {
  return sidText((await find(client, baseDn, sAMAccountName)).objectSid as Buffer);
}

async function find(client: Client, baseDn: string, sAMAccountName: string): Promise<Entry> {
  const { searchEntries } = await client.search(baseDn, {
    filter: new EqualityFilter({ attribute: "sAMAccountName", value: sAMAccountName }),
    attributes: ["objectSid"],
    explicitBufferAttributes: ["objectSid"],
  });
  const [entry] = searchEntries;
  if (entry === undefined) throw new Error(`the seed names ${sAMAccountName}, which the directory does not have`);
  return entry;
}

async function addMissing(
  client: Client,
  name: string,
  attributes: Record<string, string | string[] | Buffer | undefined>,
): Promise<void> {
  const present = Object.entries(attributes).flatMap(([type, value]) =>
    value === undefined ? [] : [new Attribute({ type, values: Buffer.isBuffer(value) ? [value] : [value].flat() })],
  );
  try {
    await client.add(name, present);
  } catch (error) {
    if (!(error instanceof AlreadyExistsError)) throw error;
  }
}

/** The form in which Active Directory takes a password: quoted, UTF-16 little-endian (MS-ADTS 3.1.1.3.1.5.1). */
function passwordValue(password: string): Buffer {
  return Buffer.from(`"${password}"`, "utf16le");
}
